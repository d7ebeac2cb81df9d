import { posix } from 'node:path';
import type { EarlierDecision } from '../approval/verification.ts';
import { WRITTEN_FILE } from '../platform/files.ts';
import { blobSize, commitId, lineOf, readBlob } from '../platform/git-objects.ts';
import { type Git, isRepository, openGit, placeIn, workTreeOf } from '../platform/git-program.ts';
import { everyChangeBelow, type FileChange, isBlob } from '../platform/git-versions.ts';
import type { Workspace } from './options.ts';
import { type Folder, filesIn, storedBytes } from './store/plan-folder.ts';

interface PlanHistory {
  readonly changes: readonly FileChange[];
  /** Ids of the first-parent line. */
  readonly line: ReadonlySet<string>;
}

/** The commands that judge several plans read the history once. */
const shared = new WeakMap<Workspace, Map<string, Promise<PlanHistory>>>();

/** Versions per plan that are looked at, the newest ones. */
const VERSIONS_MAX = 200;
const BYTES_MAX = 1024 * 1024;

/**
 * Every version of the files in a plan's approvals/ that a commit of the checked-out branch has, also one that a branch had before
 * it was merged. Empty outside git. Throws a Failure (git_missing, history_incomplete).
 */
export async function committedDecisions(
  folder: Folder,
  workspace: Workspace,
): Promise<readonly EarlierDecision[]> {
  const { path, plans } = folder;
  const top = workTreeOf(path);
  if (top === null || !isRepository(top)) return [];
  const git = openGit(path);
  const [place, out] = [placeIn(git.top, path), placeIn(git.top, plans)];
  if (place === null || out === null) return [];
  const known = shared.get(workspace) ?? new Map<string, Promise<PlanHistory>>();
  shared.set(workspace, known);
  const history = known.get(out) ?? historyIn(git, out);
  known.set(out, history);
  const { changes, line } = await history;
  const former = await beforeRemoval(
    git,
    changes.find(
      ({ commit, path: file, blob }) => file === `${place}/plan.json` && blob === null && line.has(commit),
    ),
  );
  const mine = new Map<string, FileChange>();
  for (const change of changes)
    if (posix.dirname(change.path) === `${place}/approvals` && !former.has(change.commit))
      mine.set(`${change.path} ${change.blob}`, mine.get(`${change.path} ${change.blob}`) ?? change);
  const present = filesIn(folder, 'approvals', '.json').map((file) => storedBytes(path, file, WRITTEN_FILE));
  const found: EarlierDecision[] = [];
  // Most files have one version, which is the one of the checkout.
  for (const { commit, path: file, blob } of [...mine.values()].slice(0, VERSIONS_MAX))
    if (
      blob !== null &&
      !present.some((bytes) => isBlob(bytes, blob)) &&
      (await blobSize(git, blob)) <= BYTES_MAX
    )
      found.push({ commit, file: posix.basename(file), bytes: await readBlob(git, blob) });
  return found;
}

/** A plan that was removed from the branch and merged again has no decisions from before. */
const beforeRemoval = async (git: Git, removal: FileChange | undefined): Promise<ReadonlySet<string>> =>
  new Set(
    removal === undefined
      ? []
      : (await git.read('rev-list', removal.commit)).toString('utf8').trim().split('\n'),
  );

async function historyIn(git: Git, folder: string): Promise<PlanHistory> {
  const tip = await commitId(git, 'HEAD');
  if (tip === null) return { changes: [], line: new Set() };
  const changes = await everyChangeBelow(git, tip, folder);
  return { changes, line: new Set((await lineOf(git, tip)).map(({ id }) => id)) };
}
