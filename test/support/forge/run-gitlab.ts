import { parseYaml } from '../../../src/platform/yaml.ts';
import type { ForgeWorld } from './forge-world.ts';
import { type JobRun, matches } from './run-github.ts';
import { runShell } from './run-shell.ts';

// biome-ignore lint/suspicious/noExplicitAny: a parsed pipeline, whose members the runner reads freely
type Node = any;

export interface PipelineEvent {
  readonly source: 'schedule' | 'web' | 'push' | 'merge_request_event';
  readonly variables?: Readonly<Record<string, string>>;
  readonly paths?: readonly string[];
}

export interface GitlabRunner {
  /** Folder with npx and npm, the first in PATH. */
  readonly tools: string;
  /** Variables of the project, by environment: '' reaches every job. */
  readonly variables: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly started?: (group: number) => void;
}

/**
 * Runs the pipeline of the protected branch for one event, as GitLab would: includes with their inputs, `extends`, rules with
 * their paths, needs, variables and scripts. null: no rule of any job applies.
 */
export async function runPipeline(
  world: ForgeWorld,
  event: PipelineEvent,
  runner: GitlabRunner,
): Promise<Readonly<Record<string, JobRun>> | null> {
  const read = (path: string) => world.git(world.bare, 'show', `main:${path}`);
  const main = parseYaml(read('.gitlab-ci.yml'), '.gitlab-ci.yml') as Node;
  const jobs: Record<string, Node> = {};
  for (const { local, inputs } of main.include) Object.assign(jobs, included(read(local), inputs ?? {}));
  const runs: Record<string, JobRun> = {};
  for (const [name, own] of Object.entries(jobs)) {
    if (name.startsWith('.')) continue;
    const job = {
      ...jobs[own.extends],
      ...own,
      variables: { ...jobs[own.extends]?.variables, ...own.variables },
    };
    const variables = {
      CI_COMMIT_BRANCH: 'main',
      CI_PIPELINE_SOURCE: event.source,
      ...world.jobEnv,
      ...event.variables,
    };
    const isOn = job.rules.some(
      (rule: Node) =>
        holds(rule.if, variables) &&
        (rule.changes === undefined ||
          (event.paths ?? []).some((path) => rule.changes.some((glob: string) => matches(glob, path)))),
    );
    const failed = [job.needs ?? []].flat().some((before: string) => runs[before]?.result !== 'success');
    if (!isOn || failed) {
      if (isOn) runs[name] = { name, result: 'skipped', said: '', outputs: {} };
      continue;
    }
    runs[name] = await runJob(name, job, { world, variables, runner });
  }
  return Object.keys(runs).length === 0 ? null : runs;
}

/** A component: the document behind `---`, with the inputs of the first one filled in. */
function included(text: string, given: Readonly<Record<string, string>>): Record<string, Node> {
  const [head = '', ...rest] = text.split(/^---$/m);
  const spec = (parseYaml(head, 'the component') as Node).spec.inputs;
  for (const name of Object.keys(given))
    if (spec[name] === undefined) throw new Error(`the component has no input ${name}`);
  const filled = rest.join('---').replace(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name: string) => {
    if (spec[name] === undefined) throw new Error(`the component has no input ${name}`);
    return given[name] ?? String(spec[name].default);
  });
  return parseYaml(filled, 'the component') as Record<string, Node>;
}

/** `$A == "x" && $B != $C`: a variable that is not set is null. */
function holds(rule: string, variables: Readonly<Record<string, string>>): boolean {
  const value = (word: string): string | null =>
    word.startsWith('$')
      ? (variables[word.slice(1)] ?? null)
      : word.startsWith('"')
        ? word.slice(1, -1)
        : null;
  return rule.split(' && ').every((part) => {
    const [, left = '', sign, right = ''] = /^(\S+) (==|!=) (\S+)$/.exec(part) ?? [];
    if (sign === undefined) throw new Error(`a rule that is not understood: ${rule}`);
    return (value(left) === value(right)) === (sign === '==');
  });
}

async function runJob(
  name: string,
  job: Node,
  {
    world,
    variables,
    runner,
  }: {
    readonly world: ForgeWorld;
    readonly variables: Readonly<Record<string, string>>;
    readonly runner: GitlabRunner;
  },
): Promise<JobRun> {
  if (job.timeout === undefined) throw new Error(`job ${name} has no time-out`);
  const folder = world.clone();
  const expanded = Object.fromEntries(
    Object.entries(job.variables as Record<string, unknown>).map(([key, value]) => [
      key,
      String(value).replace(/\$(\w+)/g, (_, one: string) => variables[one] ?? ''),
    ]),
  );
  const environment = job.environment?.name ?? '';
  const env = {
    ...expanded,
    ...variables,
    GITLAB_USER_LOGIN: 'kim',
    PATH: `${runner.tools}:${world.jobEnv['PATH']}`,
    ...runner.variables[''],
    ...(environment === '' ? {} : runner.variables[environment]),
  };
  // The image's shell runs all lines of a job in one process.
  const lines = [
    ...job.before_script.map((line: string) => line.replace(' --cache .npm', '')),
    ...job.script,
  ];
  const ended = await runShell(lines.join('\n'), {
    cwd: folder,
    env,
    ...(runner.started === undefined ? {} : { started: runner.started }),
  });
  return { name, result: ended.code === 0 ? 'success' : 'failure', said: ended.out + ended.err, outputs: {} };
}
