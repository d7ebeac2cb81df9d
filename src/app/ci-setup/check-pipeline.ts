import type { Config } from '../config-file.ts';
import { type CiSetupFinding, problem } from './ci-setup-finding.ts';
import { neededVariables } from './needed-variables.ts';
import type { Pipeline, PipelineJob, PipelineStep, StepKind } from './pipeline-job.ts';

/** Problems of a workflow or pipeline that its file alone shows. */
export function checkPipeline(pipeline: Pipeline, config: Config | null): readonly CiSetupFinding[] {
  return [
    ...triggerFindings(pipeline),
    ...pipeline.jobs.flatMap((job) => [
      ...job.steps.flatMap((step) => variableFindings(pipeline, job, step, config)),
      ...rightFindings(pipeline, job),
      ...runFindings(pipeline, job),
    ]),
  ];
}

function triggerFindings({ file, triggers }: Pipeline): readonly CiSetupFinding[] {
  if (!triggers.includes('pull_request_target')) return [];
  const message = 'pull_request_target runs what a fork sends with the secrets of this repository';
  return [
    problem('error', 'ci_secrets_for_forks', { message, fix: 'Use pull_request.', place: { file, line: 1 } }),
  ];
}

function variableFindings(
  { forge, file }: Pipeline,
  job: PipelineJob,
  { kind, variables, isAction }: PipelineStep,
  config: Config | null,
): readonly CiSetupFinding[] {
  // On GitLab every variable of the project reaches every job.
  if (forge === 'gitlab') return [];
  const place = { file, line: job.line };
  const secrets = Object.entries(variables).filter(([, value]) => /\bsecrets\./.test(value));
  if (kind === 'check' && secrets.length > 0) {
    const message = `job ${job.name} runs for pull requests and has secrets (${secrets.map(([name]) => name).join(', ')})`;
    return [
      problem('warning', 'ci_check_has_secrets', {
        message,
        fix: 'Remove them: ci check is offline.',
        place,
      }),
    ];
  }
  const hasAddress = Object.hasOwn(variables, 'SALEOR_API_URL');
  return neededVariables(config, kind, hasAddress).flatMap(({ name, isSecret, isCertain, why }) => {
    if (Object.hasOwn(variables, name) || Object.hasOwn(variables, `${name}_FILE`)) return [];
    const stored = name === 'SALEOR_TOKEN' && kind !== 'apply' ? 'SALEOR_READ_TOKEN' : name;
    const value = `\${{ ${isSecret ? 'secrets' : 'vars'}.${stored} }}`;
    const fix = isAction
      ? `Add to "with" of the step: ${name
          .replace(/^SAILPLAN_/, '')
          .toLowerCase()
          .replaceAll('_', '-')}: ${value}`
      : `Add to "env" of the step: ${name}: ${value}`;
    const message = `job ${job.name} (${kind}) does not pass ${name}: ${why}`;
    return [problem(isCertain ? 'error' : 'warning', 'ci_variable_missing', { message, fix, place })];
  });
}

/** The write permissions that each step needs on GitHub. */
const RIGHTS: Readonly<Partial<Record<StepKind, readonly string[]>>> = {
  plan: ['contents', 'pull-requests'],
  replan: ['pull-requests'],
  apply: ['contents', 'pull-requests'],
  drift: ['issues'],
};

function rightFindings({ forge, file }: Pipeline, job: PipelineJob): readonly CiSetupFinding[] {
  if (forge === 'gitlab') return [];
  const place = { file, line: job.line };
  const { permissions } = job;
  if (permissions === null) {
    const fix = 'Add "permissions: { contents: read }" to the workflow, and to each job what it writes.';
    const message = `job ${job.name} has the default rights of the repository, which may be all`;
    return [problem('warning', 'ci_rights_not_limited', { message, fix, place })];
  }
  if (permissions === 'write-all')
    return [
      problem('warning', 'ci_rights_not_limited', {
        message: `job ${job.name} may write everything`,
        fix: 'Name the rights that it needs.',
        place,
      }),
    ];
  const wanted = unique(
    job.steps.flatMap(({ kind, variables }) => (ownToken(variables) ? [] : (RIGHTS[kind] ?? []))),
  );
  const missing = wanted.filter((scope) => typeof permissions === 'string' || permissions[scope] !== 'write');
  if (missing.length === 0) return [];
  const fix = `Add to its permissions: ${missing.map((scope) => `${scope}: write`).join(', ')}.`;
  return [
    problem('error', 'ci_right_missing', {
      message: `job ${job.name} may not write ${missing.join(', ')}`,
      fix,
      place,
    }),
  ];
}

/** The token of an App or a person has permissions of its own. */
const ownToken = (variables: PipelineStep['variables']): boolean => {
  const token = variables['GITHUB_TOKEN'] ?? variables['GH_TOKEN'];
  return token !== undefined && !/\bgithub\.token\b|secrets\.GITHUB_TOKEN\b/.test(token);
};

function runFindings({ forge, file }: Pipeline, job: PipelineJob): readonly CiSetupFinding[] {
  const place = { file, line: job.line };
  const found: CiSetupFinding[] = [];
  const add = (severity: 'warning' | 'error', code: string, message: string, fix: string) =>
    found.push(problem(severity, code, { message, fix, place }));
  const kinds = new Set(job.steps.map(({ kind }) => kind));
  const needsHistory = (['plan', 'check', 'replan', 'apply'] as const).some((kind) => kinds.has(kind));
  if (needsHistory && job.checkouts.some(({ isWhole }) => !isWhole))
    add(
      'error',
      'ci_history_incomplete',
      `job ${job.name} fetches only the newest commit, and the rules are read from the history`,
      forge === 'github' ? 'Add "fetch-depth: 0" to its checkout.' : 'Set the variable GIT_DEPTH to 0.',
    );
  if (kinds.has('apply') && job.isCancelled)
    add(
      'error',
      'ci_apply_cancelled',
      `a newer run cancels job ${job.name}, half-way through an apply`,
      forge === 'github' ? 'Remove "cancel-in-progress: true".' : 'Remove "interruptible: true".',
    );
  if (!job.hasTimeout)
    add(
      'warning',
      'ci_no_timeout',
      `job ${job.name} has no time limit${forge === 'github' ? ' (GitHub: 6 hours)' : ' of its own'}`,
      forge === 'github' ? 'Add "timeout-minutes: 30".' : 'Add "timeout: 30 minutes".',
    );
  if (kinds.has('apply') && job.environment === null)
    add(
      'warning',
      'ci_no_environment',
      `job ${job.name} writes to the shop and has no environment, so the write token is not bound to the protected branch`,
      'Give it an environment whose secrets only the protected branch gets.',
    );
  if ((kinds.has('check') || kinds.has('replan')) && job.checkouts.some(({ keepsToken }) => keepsToken))
    add(
      'warning',
      'ci_token_in_checkout',
      `job ${job.name} leaves its token in the checkout`,
      'Add "persist-credentials: false" to its checkout.',
    );
  const loose = job.actions.filter((uses) => !/@[0-9a-f]{40}$/.test(uses));
  if (loose.length > 0)
    add(
      'warning',
      'ci_action_not_pinned',
      `job ${job.name} runs what a tag or branch may become: ${unique(loose).join(', ')}`,
      'Name each action by its commit (40 hex digits), with the version in a comment.',
    );
  return found;
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];
