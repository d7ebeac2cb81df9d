import { join } from 'node:path';
import { rulesFor } from '../../approval/policy/policy.ts';
import type { Rules } from '../../approval/policy/rules.ts';
import type { Target } from '../../core/actual-state.ts';
import { Failure } from '../../core/failure.ts';
import { plural } from '../../core/text/counting.ts';
import { isFile, readText, WRITTEN_FILE } from '../../platform/files.ts';
import { isShallow } from '../../platform/git-objects.ts';
import { type Git, isRepository, openGit, placeIn, workTreeOf } from '../../platform/git-program.ts';
import type { Config } from '../config-file.ts';
import type { Workspace } from '../options.ts';
import { loadPolicy } from '../verify-plan.ts';
import { type ForgeReader, forgeFindings } from './check-forge.ts';
import { checkPipeline } from './check-pipeline.ts';
import { ownerFindings, packageFindings, policyFindings, type RulePaths } from './check-repository.ts';
import { type CiSetupFinding, checked, problem } from './ci-setup-finding.ts';
import { isIgnoredBy } from './code-owners.ts';
import { findPipelines } from './find-pipelines.ts';
import type { Pipeline } from './pipeline-job.ts';

export interface CiQuestion {
  readonly workspace: Workspace;
  readonly config: Config | null;
  /** null: no shop is named, so the rules for it are unknown. */
  readonly target: Target | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** null: there is no token for the API of the forge. */
  readonly forge: ForgeReader | null;
}

/** Checks what CI needs, from the checkout, the environment and, with a token, the API of the forge. Changes nothing. */
export async function diagnoseCi(question: CiQuestion): Promise<readonly CiSetupFinding[]> {
  const { workspace, config, env, forge } = question;
  const top = workTreeOf(process.cwd());
  if (top === null || !isRepository(top))
    return [
      problem('error', 'ci_no_repository', {
        message: 'this folder is in no git repository',
        fix: 'Run it in a clone of the repository that CI uses.',
      }),
    ];
  const { pipelines, findings } = findPipelines(top);
  const paths = pathsOf(top, workspace, pipelines);
  const first = pipelines[0];
  if (first === undefined)
    return [
      ...findings,
      problem('error', 'ci_no_pipeline', {
        message: 'no workflow in .github/workflows and no .gitlab-ci.yml calls sailplan',
        fix: 'sailplan init --ci github, or --ci gitlab, writes one.',
      }),
    ];
  const folder = paths.config?.includes('/') ? paths.config.replace(/\/[^/]*$/, '') : '';
  return [
    ...findings,
    ...pipelines.flatMap((pipeline) => withSummary(pipeline, checkPipeline(pipeline, config))),
    ...rulesAnd(question, (rules) => policyFindings(rules, paths.policy, pipelines)),
    ...ownerFindings(top, first.forge, paths),
    ...packageFindings(top, folder, pipelines),
    ...(await gitFindings(openGit(top), paths)),
    ...environmentFindings(env, pipelines),
    ...(await forgeOrFailure(forge, pipelines)),
  ];
}

/** If the forge cannot be reached, the other checks still run. */
async function forgeOrFailure(
  ...asked: Parameters<typeof forgeFindings>
): Promise<readonly CiSetupFinding[]> {
  try {
    return await forgeFindings(...asked);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [problem('warning', error.code, { message: error.message, fix: error.hint })];
  }
}

const withSummary = (
  { file, jobs }: Pipeline,
  findings: readonly CiSetupFinding[],
): readonly CiSetupFinding[] =>
  findings.length > 0
    ? findings
    : [
        checked(
          'ci_pipeline',
          `${file}: ${plural(jobs.length, 'job')} with their variables, rights and limits`,
        ),
      ];

function pathsOf(top: string, workspace: Workspace, pipelines: readonly Pipeline[]): RulePaths {
  const { out, policyPath, configPath, contractPath } = workspace;
  const place = (path: string | null) => (path === null ? null : placeIn(top, path));
  return {
    out: place(out) ?? out,
    policy: place(policyPath) ?? policyPath,
    config: place(configPath),
    contract: place(contractPath),
    pipelines: pipelines.map(({ file }) => file),
  };
}

/** A policy that cannot be used becomes a finding. */
function rulesAnd(
  { workspace, target }: CiQuestion,
  check: (rules: Rules | null) => readonly CiSetupFinding[],
): readonly CiSetupFinding[] {
  try {
    const policy = loadPolicy(workspace);
    if (policy === null) return check(null);
    const rules = target === null ? policy.default : rulesFor(policy, target);
    return rules === null ? [] : check(rules);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [problem('error', error.code, { message: error.message, fix: error.hint })];
  }
}

async function gitFindings(git: Git, { out }: RulePaths): Promise<readonly CiSetupFinding[]> {
  const plan = `${out}/0123456789abcdef/plan.json`;
  const found: CiSetupFinding[] = [];
  if (await isShallow(git))
    found.push(
      problem('error', 'ci_shallow', {
        message: 'this is a shallow clone, so who merged a plan cannot be seen',
        fix: 'git fetch --unshallow; in CI fetch-depth: 0 (GitHub) or GIT_DEPTH: 0 (GitLab).',
      }),
    );
  const text = (await git.read('check-attr', 'text', '--', plan)).toString();
  if (!/: text: unset\s*$/.test(text))
    found.push(
      problem('warning', 'ci_line_ends', {
        message: `git may change line ends in ${out}/, and then the digest of a plan is wrong`,
        fix: `Add to .gitattributes: ${out}/** -text`,
      }),
    );
  const ignore = join(git.top, '.gitignore');
  if (isFile(ignore) && isIgnoredBy(readText(ignore, WRITTEN_FILE), plan))
    found.push(
      problem('error', 'ci_plans_ignored', {
        message: `.gitignore leaves ${out}/ out, so no plan reaches a pull request`,
        fix: `Remove the line that covers ${out}/.`,
      }),
    );
  return found.length > 0
    ? found
    : [checked('ci_git', 'the history is whole, and git keeps plans as they are')];
}

/** In a job: the variables that it has. */
function environmentFindings(
  env: CiQuestion['env'],
  pipelines: readonly Pipeline[],
): readonly CiSetupFinding[] {
  const isGithub = env['GITHUB_ACTIONS'] === 'true';
  if (!isGithub && env['GITLAB_CI'] !== 'true') return [];
  const names = isGithub ? ['GITHUB_TOKEN', 'GH_TOKEN'] : ['GITLAB_TOKEN'];
  const found: CiSetupFinding[] = [];
  const steps = pipelines.flatMap(({ jobs }) => jobs.flatMap((job) => job.steps));
  if (steps.some(({ kind }) => kind !== 'check' && kind !== 'lint') && !names.some((name) => env[name]))
    found.push(
      problem('warning', 'ci_no_forge_token', {
        message: `this job has no ${names[0]}, which ci plan, replan, apply and drift need`,
        fix: isGithub
          ? `Add to the step: GITHUB_TOKEN: \${{ github.token }}`
          : 'Add a project access token with the scope api as the masked variable GITLAB_TOKEN.',
      }),
    );
  return found;
}
