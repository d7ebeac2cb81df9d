import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { sha256 } from '../../src/core/json/canonical-json.ts';
import { type ForgeJobs, forkRequest, openJobs, type Runs } from '../support/forge/forge-jobs.ts';
import { type ForgeKind, fileOf } from '../support/forge/forge-world.ts';
import { BUILT } from '../support/forge/run-shell.ts';
import { createKeyring, type Keyring } from '../support/keyring.ts';
import { type ServedProgram, serveProgram } from '../support/served-program.ts';
import { runCommand } from '../support/shop-workspace.ts';

/** The workflow and the component that `init --ci` writes, run line by line against a bare repository and the forge's API. */
jest.setTimeout(180_000);

const MERGE = {
  mode: 'merge',
  merge: { ref: 'refs/remotes/origin/main', squash: 'refuse' },
  max_age_hours: 72,
};
const TRUSTING = { ...MERGE, merge: { ...MERGE.merge, squash: 'trust_forge' } };
const HOUR = 3_600_000;

const open: ForgeJobs[] = [];
const rings: Keyring[] = [];
afterEach(async () => {
  for (const { world } of open.splice(0)) await world.close();
  for (const ring of rings.splice(0)) ring.remove();
});

let served: ServedProgram;
beforeAll(async () => {
  served = await serveProgram();
});
afterAll(() => served.close());

/** Jobs whose program runs in this process, until one is told to start the built one. */
async function jobsOf(
  kind: ForgeKind,
  rules?: object,
  files?: Readonly<Record<string, string>>,
): Promise<ForgeJobs> {
  const jobs = await openJobs(kind, rules, files);
  jobs.start(served.script('cli'));
  open.push(jobs);
  return jobs;
}

/** The results of the jobs that ran. */
const results = (runs: Runs | null) =>
  Object.fromEntries(
    Object.values(runs ?? {}).flatMap(({ name, result }) =>
      result === 'skipped' ? [] : [[name.replace('sailplan-', ''), result]],
    ),
  );

/** Expects these results, and shows what a job said where it has another one. */
function expectRuns(runs: Runs | null, wanted: Readonly<Record<string, string>>): string {
  const said = Object.values(runs ?? {})
    .map((one) => one.said)
    .join('\n');
  const found = results(runs);
  const isAsWanted = JSON.stringify(found) === JSON.stringify(wanted);
  expect({ found, said: isAsWanted ? '' : said }).toEqual({ found: wanted, said: '' });
  return said;
}

const planned = (kind: ForgeKind) =>
  kind === 'github'
    ? { plan: 'success', check: 'success', replan: 'success' }
    : { plan: 'success', apply: 'success' };

/** The scheduled job; returns the open request. */
async function proposed(jobs: ForgeJobs) {
  expectRuns(await jobs.schedule('plan'), planned(jobs.world.kind));
  const request = jobs.world.state.requests.findLast(
    ({ state, head }) => state === 'open' && head.startsWith('sailplan/'),
  );
  if (request === undefined) throw new Error('no open request');
  return { ...request, id: request.head.replace('sailplan/', '') };
}

/** Merges a request, and runs the job that the merge starts. */
async function merged(
  jobs: ForgeJobs,
  number: number,
  how: 'merge' | 'squash' | 'rebase' = 'merge',
  atMs?: number,
): Promise<Runs | null> {
  const before = jobs.world.git(jobs.world.bare, 'rev-parse', 'main');
  jobs.world.merge(number, how, atMs);
  return jobs.pushed(before);
}

const APPLIED = { apply: 'success' };
const commentsOn = ({ world }: ForgeJobs, number: number) =>
  world.state.comments.filter((one) => one.number === number);
const isInLine = ({ world }: ForgeJobs) =>
  world.desk.sandbox.edit.product('churn-watch').metadata.get('credits_estimate_max') === '50';
const reportOf = ({ world }: ForgeJobs, id: string) =>
  JSON.parse(fileOf(world, 'main', `plans/${id}/report.json`) ?? 'null');

/** Commits an approval to the request's branch, as a reviewer does. */
async function approve({ world }: ForgeJobs, id: string, who: string, ring: Keyring): Promise<void> {
  const folder = world.clone();
  world.git(folder, 'checkout', '-q', `sailplan/${id}`);
  const words = ['approve', id, '--as', `${who}@example.com`, '--yes', '--sign', join(ring.folder, who)];
  const { code, err } = await runCommand(words, folder, world.jobEnv);
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  world.git(folder, 'add', 'plans');
  world.git(folder, 'commit', '-q', '-m', `Approval by ${who}`);
  world.git(folder, 'push', '-q', 'origin', `sailplan/${id}`);
}

describe.each(['github', 'gitlab'] as const)('%s', (kind) => {
  test('from an empty repository: init, plan, checks, review, merge, apply, report, drift issue opened and closed', async () => {
    const jobs = await jobsOf(kind);
    jobs.start(BUILT);
    const { world } = jobs;
    const { number, id, title } = await proposed(jobs);
    expect(title).toMatch(/^Plan [0-9a-f]{16} for 127\.0\.0\.1:\d+: \d+ changes$/);
    expect(commentsOn(jobs, number)).toEqual([
      expect.objectContaining({ body: expect.stringContaining('product.churn-watch') }),
    ]);
    // A job's own request starts no workflow on GitHub, so its commit has the results as statuses.
    const head = world.git(world.bare, 'rev-parse', `sailplan/${id}`);
    const statuses = world.state.statuses.map(({ commit, name, state }) => [commit, name, state]);
    expect(statuses).toEqual(
      kind === 'github'
        ? [
            [head, 'check', 'success'],
            [head, 'replan', 'success'],
          ]
        : [],
    );
    if (kind === 'gitlab') expectRuns(await jobs.request(number), { check: 'success', replan: 'success' });
    expect(expectRuns(await jobs.schedule('plan'), planned(kind))).toContain('proposed already');
    expect(world.desk.sandbox.log.counts.mutations).toBe(0);

    expectRuns(await merged(jobs, number), APPLIED);
    expect(isInLine(jobs)).toBe(true);
    expect(reportOf(jobs, id)).toMatchObject({
      converged: true,
      approvals: [{ approver: expect.stringContaining('Kim Doe') }],
    });
    const commit = world.git(world.bare, 'rev-parse', 'main');
    expect(commentsOn(jobs, number).at(-1)?.body).toContain(`${commit}/plans/${id}/report.json`);
    expect(expectRuns(await jobs.manual('apply'), APPLIED)).toContain('No merged plan waits');

    // A page of the demo has an error, which the job says by its exit code; the issue is for differences.
    expect(expectRuns(await jobs.schedule('drift'), { drift: 'failure' })).toContain(
      'No differences. 1 error; 1 page skipped',
    );
    expect(world.state.issues).toEqual([]);
    world.desk.sandbox.edit.setMetadata('churn-watch', 'credits_estimate_max', '31');
    expectRuns(await jobs.schedule('drift'), { drift: 'failure' });
    expect(world.state.issues).toEqual([
      expect.objectContaining({
        state: 'open',
        title: expect.stringContaining('differ'),
        body: expect.stringMatching(/product\.churn-watch[\s\S]*edited in Saleor/),
      }),
    ]);
    expectRuns(await jobs.schedule('drift'), { drift: 'failure' });
    world.desk.sandbox.edit.setMetadata('churn-watch', 'credits_estimate_max', '50');
    expectRuns(await jobs.schedule('drift'), { drift: 'failure' });
    expect(world.state.issues).toEqual([expect.objectContaining({ state: 'closed' })]);
    expect(commentsOn(jobs, world.state.issues[0]?.number ?? 0).at(-1)?.body).toContain(
      'no differences any more',
    );
  });

  test('a plan that another one supersedes is closed, with a word and a link, and proposed again when it is right again', async () => {
    const jobs = await jobsOf(kind);
    const { world } = jobs;
    const first = await proposed(jobs);
    const catalog = world.desk.read('catalog.json');
    world.desk.write('catalog.json', catalog.replace('Know who leaves before they do', 'Know who stays'));
    const second = await proposed(jobs);
    expect(world.state.requests.map(({ state }) => state)).toEqual(['closed', 'open']);
    expect(commentsOn(jobs, first.number).at(-1)?.body).toMatch(
      new RegExp(`Superseded by \\[plan ${second.id}\\].*${second.number}>`),
    );
    expect(world.git(world.bare, 'branch', '--list', first.head)).toBe('');
    world.desk.write('catalog.json', catalog);
    const third = await proposed(jobs);
    expect([third.id, world.state.requests.map(({ state }) => state)]).toEqual([
      first.id,
      ['closed', 'closed', 'open'],
    ]);
    expectRuns(await merged(jobs, third.number), APPLIED);
  });

  test('a cancelled apply loses nothing: the next run finds the plan and finishes it', async () => {
    const jobs = await jobsOf(kind);
    const { world, running } = jobs;
    const { number, id } = await proposed(jobs);
    let mutations = 0;
    world.desk.sandbox.intercept = ({ kind: what }) => {
      if (what === 'mutation') mutations += 1;
      if (mutations !== 2 || running.group === null) return undefined;
      process.kill(-running.group, 'SIGKILL');
      running.group = null;
      return { kind: 'drop', isExecuted: true };
    };
    jobs.start(BUILT);
    expectRuns(await merged(jobs, number), { apply: 'failure' });
    jobs.start(served.script('cli'));
    expect([running.group, reportOf(jobs, id)]).toEqual([null, null]);
    world.desk.sandbox.intercept = undefined;
    // Nobody pushes: the scheduled run sees what waits.
    const runs = await jobs.schedule('plan');
    expect(results(runs)).toMatchObject({ plan: 'success', apply: 'success' });
    expect([isInLine(jobs), reportOf(jobs, id).converged]).toEqual([true, true]);
    const { code } = await runCommand(['audit', 'verify'], world.clone(), world.jobEnv);
    expect(code).toBe(0);
  });
});

/** Rules that ask for the signed approvals of two people, beside the merge. */
function signedByTwo() {
  const ring = createKeyring();
  rings.push(ring);
  for (const name of ['max', 'kim']) ring.make(name);
  const signers = ['max', 'kim']
    .map((name) => `${name}@example.com namespaces="sailplan" ${ring.publicKey(name)}\n`)
    .join('');
  const allowed = { path: 'allowed_signers', sha256: sha256(signers) };
  const rules = { ...MERGE, approvals: 2, signatures: 'required', allowed_signers: allowed };
  return { ring, rules, files: { allowed_signers: signers } };
}

describe('what a plan needs before it is applied', () => {
  test('the approvals of two people, committed to its branch', async () => {
    const { ring, rules, files } = signedByTwo();
    const jobs = await jobsOf('github', rules, files);
    const { number, id } = await proposed(jobs);
    await approve(jobs, id, 'kim', ring);
    expectRuns(await jobs.request(number), { check: 'success', replan: 'success' });
    await approve(jobs, id, 'max', ring);
    expectRuns(await merged(jobs, number), APPLIED);
    expect(reportOf(jobs, id).approvals).toHaveLength(3);
  });

  test('one is too few: red, with a word on the request; proposed again, and applied with the second', async () => {
    const { ring, rules, files } = signedByTwo();
    const jobs = await jobsOf('github', rules, files);
    const { number, id } = await proposed(jobs);
    await approve(jobs, id, 'kim', ring);
    expectRuns(await merged(jobs, number), { apply: 'failure' });
    expect(commentsOn(jobs, number).at(-1)?.body).toContain('merged');
    expect(isInLine(jobs)).toBe(false);
    const again = await proposed(jobs);
    expect([again.id, again.title]).toEqual([id, expect.stringContaining('again')]);
    await approve(jobs, id, 'max', ring);
    expectRuns(await merged(jobs, again.number), APPLIED);
    expect(isInLine(jobs)).toBe(true);
  });

  test.each([
    'squash',
    'rebase',
  ] as const)('a %s merge is the approval where the policy trusts the forge', async (how) => {
    const jobs = await jobsOf('github', TRUSTING);
    const { number, id } = await proposed(jobs);
    expectRuns(await merged(jobs, number, how), APPLIED);
    expect(reportOf(jobs, id).converged).toBe(true);
    expect(commentsOn(jobs, number).at(-1)?.body).toContain('is applied');
  });

  test('a plan that is applied too late is refused, proposed again by its provenance alone, and applied', async () => {
    const jobs = await jobsOf('github');
    const { world } = jobs;
    const { number, id } = await proposed(jobs);
    expectRuns(await merged(jobs, number, 'merge', Date.now() - 100 * HOUR), { apply: 'failure' });
    const again = await proposed(jobs);
    expect(again.id).toBe(id);
    // Nothing of the plan itself changes: git sees when it was made, and what people read.
    const differing = world.git(world.bare, 'diff', '--name-only', `main...${again.head}`).split('\n');
    expect(differing).toContain(`plans/${id}/provenance.json`);
    expect(differing).not.toContain(`plans/${id}/plan.json`);
    expectRuns(await merged(jobs, again.number), APPLIED);
    expect(isInLine(jobs)).toBe(true);
  });

  test('a plan that is needed a second time', async () => {
    const jobs = await jobsOf('github');
    const { world } = jobs;
    const first = await proposed(jobs);
    expectRuns(await merged(jobs, first.number), APPLIED);
    const { metadata } = world.desk.sandbox.edit.product('churn-watch');
    expect(metadata.get('credits_estimate_max')).toBe('50');
    world.desk.sandbox.edit.setMetadata('churn-watch', 'credits_estimate_max', '31');
    const second = await proposed(jobs);
    expectRuns(await merged(jobs, second.number), APPLIED);
    world.desk.sandbox.edit.setMetadata('churn-watch', 'credits_estimate_max', '31');
    const third = await proposed(jobs);
    expect([third.id, third.title]).toEqual([second.id, expect.stringContaining('again')]);
    expectRuns(await merged(jobs, third.number), APPLIED);
    expect(isInLine(jobs)).toBe(true);
  });
});

describe('a pull request of a fork', () => {
  test('is checked without a secret, is never taken for ours, and closes nothing', async () => {
    const jobs = await jobsOf('github');
    const { world } = jobs;
    const { number, id, head } = await proposed(jobs);
    const files = {
      [`plans/${id}/plan.json`]: fileOf(world, head, `plans/${id}/plan.json`) ?? '',
      [`plans/${id}/report.json`]: '{}',
    };
    const theirs = forkRequest(world, head, files);
    const said = expectRuns(await jobs.request(theirs), { check: 'failure' });
    expect(said).toContain('only apply writes such files');
    const catalog = world.desk.read('catalog.json');
    world.desk.write('catalog.json', catalog.replace('Know who leaves before they do', 'Know who stays'));
    await proposed(jobs);
    const states = Object.fromEntries(world.state.requests.map((one) => [one.number, one.state]));
    expect([states[number], states[theirs]]).toEqual(['closed', 'open']);
    expect(commentsOn(jobs, theirs)).toEqual([]);
  });
});

test('no secret reaches a job that runs for forks, and each token may do what its job needs and no more', () => {
  const text = readFileSync(join('examples', 'github', '.github', 'workflows', 'sailplan.yml'), 'utf8');
  const jobs = Object.fromEntries(
    text
      .slice(text.indexOf('\njobs:\n'))
      .split(/\n {2}(?=\w+:\n)/)
      .slice(1)
      .map((job) => [job.slice(0, job.indexOf(':')), job]),
  );
  expect(Object.keys(jobs)).toEqual(['plan', 'check', 'replan', 'apply', 'drift']);
  expect(text).not.toMatch(/^\s*pull_request_target:/m);
  expect(jobs['check']).not.toMatch(/secrets\.|environment:/);
  expect(jobs['replan']).toContain('head.repo.full_name == github.repository');
  for (const name of ['plan', 'replan', 'drift']) expect(jobs[name]).not.toContain('secrets.SALEOR_TOKEN ');
  expect(Object.values(jobs).every((job) => job.includes('timeout-minutes'))).toBe(true);
  expect(
    Object.fromEntries(
      Object.entries(jobs).map(([name, job]) => [name, /permissions: \{ (.*) \}/.exec(job)?.[1]]),
    ),
  ).toEqual({
    plan: 'contents: write, pull-requests: write',
    check: 'contents: read, statuses: write',
    replan: 'contents: read, pull-requests: write, statuses: write',
    apply: 'contents: write, pull-requests: write',
    drift: 'contents: read, issues: write',
  });
});
