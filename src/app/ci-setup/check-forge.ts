import { own } from '../../core/json/records.ts';
import { type CiSetupFinding, checked, problem } from './ci-setup-finding.ts';
import type { Pipeline } from './pipeline-job.ts';

/** Reads of the forge's API. null: it does not exist, or this token cannot see it; forges answer the same for both. */
export interface ForgeReader {
  readonly forge: Pipeline['forge'];
  /** GitHub, GitLab. */
  readonly name: string;
  /** Whether pushes to the branch are restricted. */
  isProtected(branch: string): Promise<boolean | null>;
  /** Name of each environment → whether only chosen branches may use it. */
  environments(): Promise<Readonly<Record<string, boolean>> | null>;
}

/** Branch protection and environments, as far as the token may see them. */
export async function forgeFindings(
  forge: ForgeReader | null,
  pipelines: readonly Pipeline[],
): Promise<readonly CiSetupFinding[]> {
  const ours = pipelines.filter((one) => forge === null || one.forge === forge.forge);
  const named = ours.flatMap(({ file, jobs, inputs }) =>
    jobs.flatMap((job) =>
      environmentsOf(job.environment, inputs).map((environment) => ({ ...job, file, environment })),
    ),
  );
  const branch = ours.flatMap(({ branches }) => branches)[0] ?? 'main';
  if (forge === null)
    return [
      problem('warning', 'ci_forge_unseen', {
        message: `branch protection of ${branch} and environments${named.length === 0 ? '' : ` (${unique(named.map(({ environment }) => environment)).join(', ')})`} were not checked: no token of the forge`,
        fix: 'Set GITHUB_TOKEN and GITHUB_REPOSITORY (or GITLAB_TOKEN, CI_API_V4_URL and CI_PROJECT_ID), or look at the settings of the repository.',
      }),
    ];
  return [...(await branchFindings(forge, branch)), ...(await environmentFindings(forge, named))];
}

/** The name for each call, if it contains an input; none if the name is only known during a run. */
function environmentsOf(
  name: string | null,
  calls: readonly Readonly<Record<string, string>>[],
): readonly string[] {
  if (name === null) return [];
  const names = calls.map((inputs) =>
    name.replace(/\$\{\{\s*inputs\.([\w-]+)\s*\}\}/g, (all, key: string) => own(inputs, key) ?? all),
  );
  return unique(names.length === 0 ? [name] : names).filter((one) => !one.includes('$'));
}

async function branchFindings(forge: ForgeReader, branch: string): Promise<readonly CiSetupFinding[]> {
  const isProtected = await forge.isProtected(branch);
  if (isProtected === true) return [checked('ci_branch_protected', `${forge.name} protects ${branch}`)];
  return [
    isProtected === null
      ? problem('warning', 'ci_forge_unseen', {
          message: `${forge.name} does not show whether ${branch} is protected to this token`,
          fix: 'Look at the settings of the repository.',
        })
      : problem('error', 'ci_branch_unprotected', {
          message: `${branch} is not protected: anyone who can push can apply a plan without a review`,
          fix: `Protect ${branch} in the settings of ${forge.name}: pull requests only, with a review of the code owners.`,
        }),
  ];
}

interface NamedJob {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly environment: string;
  readonly steps: readonly { readonly kind: string }[];
}

async function environmentFindings(
  forge: ForgeReader,
  jobs: readonly NamedJob[],
): Promise<readonly CiSetupFinding[]> {
  if (jobs.length === 0) return [];
  const there = await forge.environments();
  if (there === null)
    return [
      problem('warning', 'ci_forge_unseen', {
        message: `${forge.name} does not show all of its environments to this token`,
        fix: 'Look at the settings of the repository.',
      }),
    ];
  const found = jobs.flatMap(({ name, file, line, environment, steps }): CiSetupFinding[] => {
    const place = { file, line };
    if (!Object.hasOwn(there, environment)) {
      const near = Object.keys(there).find((one) => one.toLowerCase() === environment.toLowerCase());
      // GitHub creates a missing environment at the first run, without secrets and for every branch.
      const message = `job ${name} uses the environment ${environment}, which ${forge.name} does not have${near === undefined ? '' : ` (it has ${near})`}`;
      const fix = near === undefined ? 'Create it, with its secrets.' : `Write ${near}.`;
      return [problem('error', 'ci_environment_missing', { message, fix, place })];
    }
    if (there[environment] === true || !steps.some(({ kind }) => kind === 'apply')) return [];
    const message = `every branch may use the environment ${environment}, which has the token that writes to the shop`;
    return [
      problem('error', 'ci_environment_open', { message, fix: 'Limit it to the protected branch.', place }),
    ];
  });
  return found.length > 0
    ? found
    : [checked('ci_environments', `${forge.name} has the environments of the jobs`)];
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];
