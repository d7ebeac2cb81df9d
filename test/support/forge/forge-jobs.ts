import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLI } from '../shop-workspace.ts';
import { type ForgeKind, type ForgeWorld, openWorld } from './forge-world.ts';
import { type JobRun, runWorkflow, type WorkflowEvent } from './run-github.ts';
import { runPipeline } from './run-gitlab.ts';
import { BUILT, runShell, writeTools } from './run-shell.ts';

export type Runs = Readonly<Record<string, JobRun>>;

/** The events of a forge, as the files that `init --ci` wrote answer them. Job names are those without `sailplan-`. */
export interface ForgeJobs {
  readonly world: ForgeWorld;
  schedule(step: 'plan' | 'drift'): Promise<Runs>;
  manual(step: 'plan' | 'apply' | 'drift'): Promise<Runs>;
  /** A pull request was opened, or got a commit. */
  request(number: number): Promise<Runs>;
  /** The protected branch got what changed since `before`. null: no job starts. */
  pushed(before: string): Promise<Runs | null>;
  /** From now on jobs start the program by this script; at first the built program. */
  start(program: string): void;
  /** Process group of the step that runs, for those who stop it. */
  running: { group: number | null };
}

const READ_ONLY = { SALEOR_READ_TOKEN: 'full' } as const;

/** An empty repository after `init --ci`, with the rules of a policy in place of those that init writes, if any. */
export async function openJobs(
  kind: ForgeKind,
  rules?: object,
  files: Readonly<Record<string, string>> = {},
): Promise<ForgeJobs> {
  const world = await openWorld(kind, { isEmpty: true });
  const folder = world.clone();
  const env = { ...world.jobEnv, GITHUB_ACTIONS: '', GITLAB_CI: '', ...shopOf(world, 'SALEOR_TOKEN') };
  // The built program has the files beside it.
  const line = `'${process.execPath}' '${CLI}' init --desired catalog.json --ci ${kind}`;
  const { code, err } = await runShell(line, { cwd: folder, env });
  if (code !== 0) {
    await world.close();
    throw new Error(err);
  }
  if (rules !== undefined) {
    const policy = { format: 'sailplan-policy', format_version: '1.0', default: rules };
    writeFileSync(join(folder, 'sailplan.policy.json'), `${JSON.stringify(policy, null, 2)}\n`);
  }
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  // `npm install` writes it; the runner's npm installs nothing.
  writeFileSync(join(folder, 'package-lock.json'), '{}\n');
  world.git(folder, 'checkout', '-q', '-B', 'main');
  world.git(folder, 'add', '-A');
  world.git(folder, 'commit', '-q', '-m', 'Set up sailplan');
  world.git(folder, 'push', '-q', 'origin', 'main');
  const tools = join(world.desk.folder, 'runner-bin');
  const start = (program: string) => writeTools(tools, program);
  start(BUILT);
  const running: ForgeJobs['running'] = { group: null };
  const started = (group: number) => {
    running.group = group;
  };
  const headOf = (number: number) => {
    const request = world.state.requests.find((one) => one.number === number);
    if (request === undefined) throw new Error(`no request ${number}`);
    const sha = world.git(
      world.bare,
      'rev-parse',
      `refs/heads/${request.isFromFork ? `fork/${request.head}` : request.head}`,
    );
    const ref = kind === 'github' ? `refs/pull/${number}/head` : `refs/merge-requests/${number}/head`;
    world.git(world.bare, 'update-ref', ref, sha);
    return { request, sha, paths: changed(world, `main...${sha}`) };
  };
  if (kind === 'github') {
    const runner = {
      secrets: {
        'sailplan-read': { ...shopOf(world, 'SALEOR_READ_TOKEN') },
        'sailplan-write': { ...shopOf(world, 'SALEOR_TOKEN') },
      },
      variables: {},
      tools,
      started,
    };
    const run = (event: WorkflowEvent) => runWorkflow(world, event, runner);
    const must = async (event: WorkflowEvent) => (await run(event)) ?? {};
    return {
      world,
      start,
      running,
      schedule: (step) =>
        must({ name: 'schedule', event: { schedule: step === 'plan' ? '17 5 * * 1-5' : '47 6 * * *' } }),
      manual: (step) => must({ name: 'workflow_dispatch', inputs: { step } }),
      request: (number) => {
        const { request, sha, paths } = headOf(number);
        const repo = { full_name: request.isFromFork ? 'stranger/shop' : 'example/shop' };
        const event = { pull_request: { number, head: { sha, ref: request.head, repo } } };
        return must({
          name: 'pull_request',
          event,
          ref: `refs/pull/${number}/merge`,
          paths,
          isFromFork: request.isFromFork,
        });
      },
      pushed: (before) => run({ name: 'push', paths: changed(world, `${before}..main`) }),
    };
  }
  const token = world.token('project_7_bot', { api: 'write' });
  const variables = {
    '': { GITLAB_TOKEN: token },
    'sailplan-read': { ...shopOf(world, 'SALEOR_READ_TOKEN') },
    'sailplan-write': { ...shopOf(world, 'SALEOR_TOKEN') },
  };
  const run = async (
    event: Parameters<typeof runPipeline>[1],
    given: Parameters<typeof runPipeline>[2]['variables'] = variables,
  ) => {
    const runs = await runPipeline(world, event, { variables: given, tools, started });
    return runs === null
      ? null
      : Object.fromEntries(Object.entries(runs).map(([name, one]) => [name.replace('sailplan-', ''), one]));
  };
  return {
    world,
    start,
    running,
    schedule: async (step) =>
      (await run({ source: 'schedule', variables: step === 'plan' ? {} : { SAILPLAN_STEP: 'drift' } })) ?? {},
    manual: async (step) => (await run({ source: 'web', variables: { SAILPLAN_STEP: step } })) ?? {},
    request: async (number) => {
      const { request, paths } = headOf(number);
      const of = {
        CI_MERGE_REQUEST_IID: String(number),
        CI_MERGE_REQUEST_REF_PATH: `refs/merge-requests/${number}/head`,
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID: request.isFromFork ? '8' : '7',
      };
      // A fork's pipeline runs in the fork, without the variables of this project.
      return (
        (await run(
          { source: 'merge_request_event', variables: of, paths },
          request.isFromFork ? {} : variables,
        )) ?? {}
      );
    },
    pushed: (before) => run({ source: 'push', paths: changed(world, `${before}..main`) }),
  };

  function shopOf(
    { desk: { env: given } }: ForgeWorld,
    name: 'SALEOR_TOKEN' | keyof typeof READ_ONLY,
  ): Record<string, string> {
    return { SALEOR_API_URL: given['SALEOR_API_URL'] ?? '', [name]: given['SALEOR_TOKEN'] ?? '' };
  }
}

const changed = ({ git, bare }: ForgeWorld, range: string): readonly string[] =>
  git(bare, 'diff', '--name-only', range).split('\n');

/** Adds a request of a fork, whose branch has the name that it likes. */
export function forkRequest(
  world: ForgeWorld,
  head: string,
  files: Readonly<Record<string, string>>,
): number {
  world.commit(`fork/${head}`, files, 'Eve <eve@example.com>');
  const number = world.state.requests.length + world.state.issues.length + 1;
  world.state.requests.push({
    number,
    head,
    base: 'main',
    title: 'Hello',
    author: 'eve',
    isFromFork: true,
    body: '',
    state: 'open',
    mergedAs: null,
  });
  return number;
}
