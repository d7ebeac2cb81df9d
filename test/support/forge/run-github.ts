import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseYaml } from '../../../src/platform/yaml.ts';
import { type ExpressionValue, evaluate, filledIn, isTrue } from './expressions.ts';
import { BOT, type ForgeWorld } from './forge-world.ts';
import { runShell } from './run-shell.ts';

// biome-ignore lint/suspicious/noExplicitAny: a parsed workflow, whose members the runner reads freely
type Node = any;

export interface WorkflowEvent {
  readonly name: 'schedule' | 'workflow_dispatch' | 'pull_request' | 'push';
  /** Of the event, as in github.event. */
  readonly event?: ExpressionValue;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Paths that a push or a pull request changes. */
  readonly paths?: readonly string[];
  /** GITHUB_REF. */
  readonly ref?: string;
  /** A fork's pull request: the token only reads, and no environment gives its secrets. */
  readonly isFromFork?: boolean;
}

export interface JobRun {
  readonly name: string;
  readonly result: 'success' | 'failure' | 'skipped';
  readonly said: string;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface GithubRunner {
  /** Folder with npx and npm, the first in PATH. */
  readonly tools: string;
  /** Secrets by environment; a job has only those of its own. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly variables: Readonly<Record<string, string>>;
  /** Called with the process group of each step. */
  readonly started?: (group: number) => void;
}

const WORKFLOW = '.github/workflows/sailplan.yml';
/** Actions of others that a test does not run: what they do, the runner does. */
const KNOWN = /^actions\/(?:checkout|setup-node|upload-artifact)@[0-9a-f]{40}$/;

/**
 * Runs the workflow of the protected branch for one event, as GitHub would: triggers and path filters, needs, conditions,
 * permissions of the token, secrets of the environment, composite actions, outputs. null: the event starts no run.
 */
export async function runWorkflow(
  world: ForgeWorld,
  given: WorkflowEvent,
  runner: GithubRunner,
): Promise<Readonly<Record<string, JobRun>> | null> {
  const text = world.git(world.bare, 'show', `main:${WORKFLOW}`);
  const workflow = parseYaml(text, WORKFLOW) as Node;
  if (!isTriggered(workflow['on'], given)) return null;
  const runs: Record<string, JobRun> = {};
  const names = Object.keys(workflow['jobs']);
  for (const name of names) {
    const job = workflow['jobs'][name];
    for (const before of [job['needs'] ?? []].flat())
      if (runs[before] === undefined) throw new Error(`job ${name} needs ${before}, which comes later`);
    runs[name] = await runJob(name, job, workflow, { world, given, runner, runs });
  }
  return runs;
}

function isTriggered(on: Node, { name, event, paths = [] }: WorkflowEvent): boolean {
  if (!(name in on)) return false;
  if (name === 'schedule') return on.schedule.some(({ cron }: Node) => cron === (event as Node)?.schedule);
  const filter = on[name]?.paths as readonly string[] | undefined;
  return filter === undefined || paths.some((path) => filter.some((glob) => matches(glob, path)));
}

/** `*` stands for any part without a slash, `**` with a slash for any folders. */
export function matches(glob: string, path: string): boolean {
  const pattern = glob
    .split(/(\*\*\/|\*\*|\*)/)
    .map((part) =>
      part === '**/'
        ? '(?:.*/)?'
        : part === '**'
          ? '.*'
          : part === '*'
            ? '[^/]*'
            : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${pattern}$`).test(path);
}

interface Around {
  readonly world: ForgeWorld;
  readonly given: WorkflowEvent;
  readonly runner: GithubRunner;
  readonly runs: Readonly<Record<string, JobRun>>;
}

async function runJob(name: string, job: Node, workflow: Node, around: Around): Promise<JobRun> {
  const { world, given, runner, runs } = around;
  const permissions = job['permissions'] ?? workflow['permissions'] ?? {};
  const held = Object.fromEntries(
    Object.entries(permissions as Record<string, 'read' | 'write'>).map(
      ([scope, level]) => [scope, given.isFromFork ? 'read' : level] as const,
    ),
  );
  const token = world.token(BOT, held);
  const secrets = given.isFromFork ? {} : (runner.secrets[job['environment'] ?? ''] ?? {});
  const github = {
    event_name: given.name,
    event: given.event ?? null,
    actor: 'kim',
    repository: 'example/shop',
    token,
  };
  const needs = Object.fromEntries(
    [job['needs'] ?? []]
      .flat()
      .map((one: string) => [one, { result: runs[one]?.result ?? null, outputs: { ...runs[one]?.outputs } }]),
  );
  const context = {
    github,
    secrets,
    vars: runner.variables,
    needs,
    inputs: { ...given.inputs },
  } as ExpressionValue;
  const before = [job['needs'] ?? []].flat().map((one: string) => runs[one]?.result);
  const functions = {
    cancelled: () => false,
    always: () => true,
    success: () => before.every((result) => result === 'success'),
    failure: () => before.includes('failure'),
  };
  const condition = job['if'] === undefined ? 'success()' : String(job['if']).replace(/^\$\{\{|\}\}$/g, '');
  const isStatusNamed = /\b(cancelled|always|success|failure)\(\)/.test(condition);
  const isRun = isTrue(evaluate(condition, context, functions)) && (isStatusNamed || functions.success());
  if (!isRun) return { name, result: 'skipped', said: '', outputs: {} };
  if (job['timeout-minutes'] === undefined) throw new Error(`job ${name} has no time-out`);
  let folder = '';
  const steps: Record<string, { outputs: Record<string, string> }> = {};
  let said = '';
  let result: JobRun['result'] = 'success';
  for (const step of job['steps']) {
    const here = { ...(context as object), steps } as ExpressionValue;
    const inputs = filledAll(step['with'], here, functions);
    const uses = String(step['uses'] ?? '');
    if (uses.startsWith('actions/checkout@')) {
      if (!KNOWN.test(uses)) throw new Error(`${uses} is not pinned by a commit`);
      if (
        inputs['ref'] !== 'main' ||
        inputs['fetch-depth'] !== '0' ||
        inputs['persist-credentials'] !== 'false'
      )
        throw new Error(`job ${name} checks out something else than the protected branch as a whole`);
      folder = world.clone();
    } else if (uses.startsWith('./')) {
      const ended = await runAction(uses, inputs, { ...around, folder, github, token });
      said += ended.said;
      if (step['id'] !== undefined) steps[step['id']] = { outputs: ended.outputs };
      if (ended.code !== 0) result = 'failure';
    } else throw new Error(`a step that the runner does not know: ${JSON.stringify(step)}`);
    if (result === 'failure') break;
  }
  const outputs = filledAll(job['outputs'], { ...(context as object), steps } as ExpressionValue, functions);
  return { name, result, said, outputs };
}

const filledAll = (
  values: Node,
  context: ExpressionValue,
  functions: Parameters<typeof filledIn>[2],
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => [name, filledIn(String(value), context, functions)]),
  );

interface ActionCall extends Around {
  readonly folder: string;
  readonly github: object;
  readonly token: string;
}

async function runAction(
  uses: string,
  given: Readonly<Record<string, string>>,
  { world, folder, github, runner, given: event }: ActionCall,
): Promise<{
  readonly code: number | null;
  readonly said: string;
  readonly outputs: Record<string, string>;
}> {
  const file = join(folder, uses, 'action.yml');
  const action = parseYaml(readFileSync(file, 'utf8'), file) as Node;
  for (const name of Object.keys(given))
    if (action.inputs[name] === undefined) throw new Error(`${uses} has no input ${name}`);
  const functions = { success: () => true, always: () => true };
  const inputs: Record<string, string> = {};
  for (const [name, { default: fallback, required }] of Object.entries<Node>(action.inputs)) {
    const value =
      given[name] ??
      (fallback === undefined ? '' : filledIn(String(fallback), { github } as ExpressionValue, functions));
    if (required === true && value === '') throw new Error(`${uses} needs the input ${name}`);
    inputs[name] = value;
  }
  const steps: Record<string, { outputs: Record<string, string> }> = {};
  let said = '';
  for (const [index, step] of action.runs.steps.entries()) {
    const context = { github, inputs, steps } as ExpressionValue;
    const condition =
      step['if'] === undefined ? true : isTrue(evaluate(String(step['if']), context, functions));
    if (!condition) continue;
    if (step['uses'] !== undefined) {
      if (!KNOWN.test(step['uses'])) throw new Error(`${step['uses']} is not pinned by a commit`);
      continue;
    }
    // Text from outside never stands in a shell line.
    if (/\$\{\{/.test(step['run'])) throw new Error(`an expression in a shell line: ${step['run']}`);
    const output = join(folder, '.git', `output-${index}`);
    writeFileSync(output, '');
    const env = {
      ...world.jobEnv,
      PATH: `${runner.tools}:${world.jobEnv['PATH']}`,
      GITHUB_REF: event.ref ?? 'refs/heads/main',
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: join(world.desk.folder, 'summary.md'),
      ...filledAll(step['env'], context, functions),
    };
    const cwd = join(folder, filledIn(String(step['working-directory'] ?? '.'), context, functions));
    const ended = await runShell(step['run'], {
      cwd,
      env,
      ...(runner.started === undefined ? {} : { started: runner.started }),
    });
    said += ended.out + ended.err;
    if (step['id'] !== undefined) steps[step['id']] = { outputs: outputsIn(output) };
    if (ended.code !== 0) return { code: ended.code, said, outputs: {} };
  }
  const outputs = Object.fromEntries(
    Object.entries<Node>(action.outputs ?? {}).map(([name, { value }]) => [
      name,
      filledIn(String(value), { inputs, steps } as ExpressionValue, functions),
    ]),
  );
  return { code: 0, said, outputs };
}

function outputsIn(path: string): Record<string, string> {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}
