import type { ForgeClient } from '../../app/ci/ports.ts';
import { openHttp } from '../../app/open-shop.ts';
import { Failure } from '../../core/failure.ts';
import {
  type ForgeName,
  forgeIn,
  forgeOf,
  gitCredentialsOf,
} from '../../platform/forge/forge-environment.ts';
import { namedCommit } from '../../platform/git-objects.ts';
import { type Git, openGit } from '../../platform/git-program.ts';
import { openRemote, type RemoteRepository } from '../../platform/git-remote.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { type Args, type Io, textArg } from '../io.ts';

/** What the steps of a job share. */
export interface CiJob {
  readonly git: Git;
  readonly remote: RemoteRepository;
  /** The protected branch. */
  readonly base: { readonly branch: string; readonly ref: string };
  /** Throws a Failure (usage, origin_not_allowed). */
  forge(): ForgeClient;
}

/** Throws a Failure (history_incomplete). */
export function openJob(args: Args, io: Io): CiJob {
  const git = openGit(process.cwd());
  const given = textArg(args, 'base') ?? `origin/${io.env['CI_DEFAULT_BRANCH'] || 'main'}`;
  const short = given.replace(/^refs\/remotes\//, '');
  const [, remote, branch] = /^(?!refs\/)([\w.-]+)\/([\w./-]+)$/.exec(short) ?? [];
  const name = forgeName(args, io);
  let opened: ForgeClient | null = null;
  return {
    git,
    remote: openRemote({
      git,
      remote: remote ?? 'origin',
      credentials: gitCredentialsOf(name, io.env),
      person: { name: 'sailplan', email: 'sailplan@noreply.invalid' },
    }),
    base: { branch: branch ?? '', ref: branch === undefined ? given : `refs/remotes/${short}` },
    forge: () => {
      if (name === null)
        throw new Failure(
          'usage',
          'neither GitHub Actions nor GitLab CI runs this command',
          'Give --forge github or --forge gitlab, and set what its jobs set: GITHUB_TOKEN and GITHUB_REPOSITORY, or GITLAB_TOKEN, CI_API_V4_URL and CI_PROJECT_ID.',
        );
      opened ??= forgeOf(name, io.env, { http: openHttp(io), clock: systemClock });
      return opened;
    },
  };
}

const forgeName = (args: Args, { env }: Io): ForgeName | null =>
  (textArg(args, 'forge') as ForgeName | undefined) ?? forgeIn(env);

/** Brings this checkout to the newest commit of the protected branch, whatever commit the job was started for. */
export async function checkOutBase({ remote, base }: CiJob): Promise<string> {
  if (base.branch === '')
    throw new Failure(
      'usage',
      `--base ${base.ref} is not a branch of a remote`,
      'For example --base origin/main.',
    );
  const tip = await remote.fetch(`refs/heads/${base.branch}`, base.ref);
  await remote.checkOut(tip);
  return tip;
}

/** The number of the request that the job is about; null: about none. */
export function requestNumber({ env }: Io): number | null {
  const found =
    /^refs\/pull\/([1-9][0-9]*)\//.exec(env['GITHUB_REF'] ?? '')?.[1] ?? env['CI_MERGE_REQUEST_IID'];
  return found !== undefined && /^[1-9][0-9]*$/.test(found) ? Number(found) : null;
}

/**
 * The commit of --commit, fetched where this clone lacks it, else the newest of the request that the job is about. Throws a
 * Failure (usage, history_incomplete).
 */
export async function requestCommit({ git, remote }: CiJob, args: Args, io: Io): Promise<string> {
  const given = textArg(args, 'commit');
  if (given !== undefined && (await namedCommit(git, given)) !== null) return given;
  const number = requestNumber(io);
  const ref = number === null ? null : (io.env['CI_MERGE_REQUEST_REF_PATH'] ?? `refs/pull/${number}/head`);
  if (ref !== null) {
    const fetched = await remote.fetch(ref);
    if (given === undefined) return fetched;
    if ((await namedCommit(git, given)) !== null) return given;
  }
  if (given !== undefined && /^[0-9a-f]{40,64}$/.test(given)) return remote.fetch(given);
  throw new Failure(
    'usage',
    given === undefined
      ? 'no pull request started this job, and no --commit is given'
      : `there is no commit ${given} here`,
    'Fetch the pull request’s newest commit and name it, e.g. --commit FETCH_HEAD.',
  );
}
