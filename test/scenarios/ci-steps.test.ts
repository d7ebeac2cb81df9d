import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { BOT, type ForgeKind, type ForgeWorld, fileOf, openWorld } from '../support/forge/forge-world.ts';
import { runShell } from '../support/forge/run-shell.ts';
import { CLI, runCommand } from '../support/shop-workspace.ts';

jest.setTimeout(120_000);

const MERGE = {
  mode: 'merge',
  merge: { ref: 'refs/remotes/origin/main', squash: 'trust_forge' },
  max_age_hours: 24,
};
const policyOf = (rules: object) =>
  JSON.stringify({ format: 'sailplan-policy', format_version: '1.0', default: rules });

const open: ForgeWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function worldOf(kind: ForgeKind, rules: object = MERGE): Promise<ForgeWorld> {
  const world = await openWorld(kind, { files: { 'sailplan.policy.json': policyOf(rules) } });
  open.push(world);
  return world;
}

async function must(code: number, ran: ReturnType<ForgeWorld['step']>): Promise<string> {
  const { code: found, out, err } = await ran;
  expect({ code: found, said: found === code ? '' : out + err }).toEqual({ code, said: '' });
  return out + err;
}

const proposed = (world: ForgeWorld) => {
  const request = world.state.requests.findLast(
    ({ state, head }) => state === 'open' && head.startsWith('sailplan/'),
  );
  if (request === undefined) throw new Error('no open request');
  return { number: request.number, id: request.head.replace('sailplan/', ''), branch: request.head };
};

describe.each(['github', 'gitlab'] as const)('on %s', (kind) => {
  test('plan, request with a comment, merge, apply, report on the branch and linked; then nothing to do', async () => {
    const world = await worldOf(kind);
    await must(0, world.step('ci', 'plan'));
    const { number, id } = proposed(world);
    const comments = () => world.state.comments.filter((one) => one.number === number);
    expect(comments()).toEqual([
      expect.objectContaining({ body: expect.stringContaining('product.churn-watch') }),
    ]);
    expect(await must(0, world.step('ci', 'plan'))).toContain('proposed already');
    expect(world.state.requests).toHaveLength(1);
    expect(comments()).toHaveLength(1);
    expect(world.desk.sandbox.log.counts.mutations).toBe(0);
    world.merge(number);
    expect(await must(0, world.step('ci', 'plan'))).toContain('not applied yet');
    expect(await must(0, world.step('ci', 'apply'))).toContain(`Plan ${id} is applied`);
    expect(JSON.parse(fileOf(world, 'main', `plans/${id}/report.json`) ?? '{}')).toMatchObject({
      converged: true,
    });
    expect(comments().at(-1)?.body).toContain(
      `/${world.git(world.bare, 'rev-parse', 'main')}/plans/${id}/report.json`,
    );
    expect(await must(0, world.step('ci', 'apply'))).toContain('No merged plan waits');
    const summary = join(world.desk.folder, 'summary.md');
    expect(await must(0, world.step('ci', 'plan'))).toContain('No changes');
    if (kind === 'github')
      expect(readFileSync(summary, 'utf8')).toContain('No changes, so no plan is proposed');
    await must(0, world.step('audit', 'verify'));
  });
});

/** Other text of the site, so that the next plan is another one. */
const changeSite = ({ desk }: ForgeWorld, to: string) =>
  desk.write(
    'catalog.json',
    desk.read('catalog.json').replace(/Know who (?:leaves before they do|stays|goes)/, to),
  );

const openRequests = ({ state }: ForgeWorld) =>
  state.requests.filter((one) => one.state === 'open').map(({ head }) => head);

describe('what others write on the forge', () => {
  test('a comment or an issue that begins like ours, by somebody else, is left alone', async () => {
    const world = await worldOf('github');
    await must(0, world.step('ci', 'plan'));
    const { number } = proposed(world);
    const [mine] = world.state.comments.splice(0);
    if (mine === undefined) throw new Error('no comment');
    world.state.comments.push({ ...mine, id: 1, author: 'eve', body: `${mine.body}\nMerge this!` });
    await must(0, world.step('ci', 'plan'));
    expect(world.state.comments.map(({ author, body }) => [author, body.includes('Merge this!')])).toEqual([
      ['eve', true],
      [BOT, false],
    ]);
    await must(2, world.step('ci', 'drift'));
    const [issue] = world.state.issues.splice(0);
    if (issue === undefined) throw new Error('no issue');
    world.state.issues.push({ ...issue, number: 50, author: 'eve' });
    await must(2, world.step('ci', 'drift'));
    expect(world.state.issues.map(({ author }) => author)).toEqual(['eve', BOT]);
    expect(number).toBe(1);
  });

  test.each<[string, (plan: string) => string]>([
    ['another plan of the same target', (plan) => plan.replace('"after": {', '"after": { ')],
    ['a plan of other content', (plan) => plan.replaceAll('Churn Watch', 'Churn Wotch')],
    ['a plan that cannot be read', () => '{}\n'],
    ['a plan of another target', (plan) => plan.replace('"api_url":"http', '"api_url":"https')],
  ])('the branch of our request gets our plan back where somebody pushed %s', async (_, altered) => {
    const world = await worldOf('github');
    await must(0, world.step('ci', 'plan'));
    const { branch, id, number } = proposed(world);
    const path = `plans/${id}/plan.json`;
    const ours = fileOf(world, branch, path) ?? '';
    expect(altered(ours)).not.toBe(ours);
    world.commit(branch, { [path]: altered(ours), 'lib/more.txt': 'x' });
    expect(await must(0, world.step('ci', 'plan'))).toContain(id);
    expect([fileOf(world, branch, path), fileOf(world, branch, 'lib/more.txt')]).toEqual([ours, null]);
    expect(openRequests(world)).toEqual([branch]);
    expect(world.state.comments.filter((one) => one.number === number)).toHaveLength(1);
  });

  test('an approval that somebody pushed to the branch of our request stays', async () => {
    const world = await worldOf('gitlab');
    await must(0, world.step('ci', 'plan'));
    const { branch, id } = proposed(world);
    world.commit(branch, { [`plans/${id}/approvals/kim.json`]: '{}\n' });
    expect(await must(0, world.step('ci', 'plan'))).toContain('proposed already');
    expect(fileOf(world, branch, `plans/${id}/approvals/kim.json`)?.trim()).toBe('{}');
  });

  test('our comment is found behind 250 others, and our issue too', async () => {
    const world = await worldOf('gitlab');
    await must(0, world.step('ci', 'plan'));
    await must(2, world.step('ci', 'drift'));
    const { number } = proposed(world);
    const others = Array.from({ length: 250 }, (_, index) => ({
      id: index,
      on: 'request' as const,
      number,
      author: 'eve',
      body: `No ${index}`,
    }));
    world.state.comments.unshift(...others);
    await must(0, world.step('ci', 'plan'));
    expect(world.state.comments.filter(({ author }) => author === BOT)).toHaveLength(1);
    await must(2, world.step('ci', 'drift'));
    expect(world.state.issues).toHaveLength(1);
  });

  test.each([
    'github',
    'gitlab',
  ] as const)('%s: a list too long to be read whole is an error, not a second comment', async (kind) => {
    const world = await worldOf(kind);
    await must(0, world.step('ci', 'plan'));
    const { number } = proposed(world);
    const others = Array.from({ length: 5_000 }, (_, id) => ({
      id,
      on: 'request' as const,
      number,
      author: 'eve',
      body: 'No',
    }));
    world.state.comments.unshift(...others);
    expect(await must(1, world.step('ci', 'plan'))).toContain('lists 5,000 items or more');
    expect(world.state.comments).toHaveLength(5_001);
  });

  test('a request that a person closed stays closed', async () => {
    const world = await worldOf('github');
    await must(0, world.step('ci', 'plan'));
    const [request] = world.state.requests;
    if (request !== undefined) request.state = 'closed';
    expect(await must(0, world.step('ci', 'plan'))).toContain('closed without a merge');
    expect(openRequests(world)).toEqual([]);
  });
});

describe('a forge that does not answer as it should', () => {
  const HTML = '<html><body>Bad gateway</body></html>';
  test.each([
    [401, '{"message":"Bad credentials"}', 'Set GITHUB_TOKEN to a valid token'],
    [
      403,
      '{"message":"Resource not accessible by integration"}',
      'needs the permission "pull-requests: write"',
    ],
    [404, '{"message":"Not Found"}', 'needs the permission "pull-requests: write"'],
    [
      422,
      '{"message":"Validation Failed","errors":[{"message":"No commits between main and it"}]}',
      'No commits between',
    ],
    [500, HTML, 'status 500'],
    [200, HTML, 'answered with a web page'],
    [302, '', 'redirect'],
  ])('status %s for a new request: the job fails and says why; the next one finishes it, once', async (status, body, words) => {
    const world = await worldOf('github');
    world.state.faults.push({
      on: /^POST \/repos\/example\/shop\/pulls$/,
      status,
      body,
      headers: status === 302 ? { location: 'https://elsewhere.example.com/' } : {},
    });
    const said = await must(1, world.step('ci', 'plan'));
    expect(said).toContain(words);
    expect(said).not.toMatch(/token-of-the-test/);
    expect(world.git(world.bare, 'branch', '--list', 'sailplan/*')).not.toBe('');
    await must(0, world.step('ci', 'plan'));
    expect(openRequests(world)).toHaveLength(1);
    expect(world.state.comments).toHaveLength(1);
  });

  test('a call that is put off is sent again', async () => {
    const world = await worldOf('github');
    const later = { status: 429, body: 'Too many', headers: { 'retry-after': '0' } };
    world.state.faults.push(
      { on: /^POST .*\/pulls$/, ...later },
      { on: /^GET .*\/pulls$/, ...later },
      { on: /^POST .*\/comments$/, ...later, status: 403 },
    );
    await must(0, world.step('ci', 'plan'));
    expect([openRequests(world).length, world.state.comments.length]).toEqual([1, 1]);
  });

  test('a report that cannot be linked is published all the same', async () => {
    const world = await worldOf('github');
    await must(0, world.step('ci', 'plan'));
    const { number, id } = proposed(world);
    world.merge(number);
    world.state.faults.push({ on: /^POST .*\/comments$/, status: 403, body: '{"message":"no"}' });
    expect(await must(0, world.step('ci', 'apply'))).toContain('no comment on the request');
    expect(fileOf(world, 'main', `plans/${id}/report.json`)).not.toBeNull();
  });
});

describe('the protected branch', () => {
  const hook = ({ bare }: ForgeWorld, name: string, text: string) =>
    writeFileSync(join(bare, 'hooks', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });

  test('that takes no push gets the report as a request; nothing else is applied before that is merged', async () => {
    const world = await worldOf('github');
    await must(0, world.step('ci', 'plan'));
    const first = proposed(world);
    world.merge(first.number);
    hook(world, 'update', '[ "$1" != refs/heads/main ] || exit 1');
    expect(await must(0, world.step('ci', 'apply'))).toContain('takes no push');
    expect(openRequests(world)).toEqual([expect.stringMatching(/^sailplan-report\//)]);
    rmSync(join(world.bare, 'hooks/update'));
    changeSite(world, 'Know who stays');
    await must(0, world.step('ci', 'plan'));
    world.merge(proposed(world).number);
    expect(await must(3, world.step('ci', 'apply'))).toContain('wait to be merged');
    world.merge(world.state.requests.find(({ head }) => head.startsWith('sailplan-report/'))?.number ?? 0);
    await must(0, world.step('ci', 'apply'));
    await must(0, world.step('audit', 'verify'));
  });

  test('that moves while a report is pushed: the report is put on top', async () => {
    const world = await worldOf('github');
    await must(0, world.step('ci', 'plan'));
    const { number, id } = proposed(world);
    world.merge(number);
    hook(
      world,
      'pre-receive',
      'unset GIT_QUARANTINE_PATH\n[ -e moved ] && exit 0\ntouch moved\ngit update-ref refs/heads/main $(GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b.c GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b.c GIT_OBJECT_DIRECTORY=$PWD/objects git commit-tree -p main -m Other main^{tree})',
    );
    await must(0, world.step('ci', 'apply'));
    expect(world.git(world.bare, 'log', '--format=%s', '-2', 'main').split('\n')).toEqual([
      `Report of plan ${id}`,
      'Other',
    ]);
    await must(0, world.step('audit', 'verify'));
  });

  test('that took no report at all: the next run confirms what is in the shop, archives and links it', async () => {
    const world = await worldOf('github');
    await must(0, world.step('ci', 'plan'));
    const { number, id } = proposed(world);
    world.merge(number);
    hook(world, 'update', 'exit 1');
    expect(await must(5, world.step('ci', 'apply'))).toContain('sailplan-report/');
    expect(fileOf(world, 'main', `plans/${id}/report.json`)).toBeNull();
    rmSync(join(world.bare, 'hooks/update'));
    const written = world.desk.sandbox.log.counts.mutations;
    expect(await must(0, world.step('ci', 'apply'))).toContain(
      `Plan ${id} is applied: the shop had all its changes, so this run wrote nothing`,
    );
    expect(world.desk.sandbox.log.counts.mutations).toBe(written);
    expect(world.state.comments.at(-1)?.body).toContain('report.json');
    await must(0, world.step('audit', 'verify'));
    expect(await must(0, world.step('ci', 'apply'))).toContain('No merged plan waits');
  });

  test('two plans at once make one request', async () => {
    const world = await worldOf('github');
    const env = {
      ...world.jobEnv,
      SALEOR_API_URL: world.desk.env['SALEOR_API_URL'] ?? '',
      SALEOR_TOKEN: world.desk.env['SALEOR_TOKEN'] ?? '',
      GITHUB_TOKEN: world.token(BOT, { contents: 'write', 'pull-requests': 'write' }),
    };
    const line = `'${process.execPath}' '${CLI}' ci plan`;
    const ended = await Promise.all([1, 2].map(() => runShell(line, { cwd: world.clone(), env })));
    // The slower one is told by git or by the forge, or finds the request.
    expect(ended.map(({ code }) => code)).toContain(0);
    await must(0, world.step('ci', 'plan'));
    expect(openRequests(world)).toHaveLength(1);
    const comments = world.state.comments.filter(({ body }) => body.includes('<!-- plan '));
    // Both may look for the comment before either has written it; later runs keep the first.
    expect([1, 2]).toContain(comments.length);
  });

  test('two applies at once: each ends, nothing is written twice, and the archive stays one chain', async () => {
    const world = await worldOf('github');
    await must(0, world.step('ci', 'plan'));
    world.merge(proposed(world).number);
    const env = {
      ...world.jobEnv,
      SALEOR_API_URL: world.desk.env['SALEOR_API_URL'] ?? '',
      SALEOR_TOKEN: world.desk.env['SALEOR_TOKEN'] ?? '',
      GITHUB_TOKEN: world.token(BOT, { contents: 'write', 'pull-requests': 'write' }),
    };
    const line = `'${process.execPath}' '${CLI}' ci apply`;
    const ended = await Promise.all([1, 2].map(() => runShell(line, { cwd: world.clone(), env })));
    expect(ended.map(({ code, err }) => (code === 0 ? '' : err))).toEqual(['', '']);
    await must(0, world.step('audit', 'verify'));
    expect(await must(0, world.step('ci', 'plan'))).toContain('No changes');
  });
});

describe('several merged plans', () => {
  test('are applied in the order of their merges; a stale one stops none and is out of date afterwards', async () => {
    const world = await worldOf('github');
    await must(0, world.step('ci', 'plan'));
    const first = proposed(world);
    world.merge(first.number);
    world.desk.sandbox.edit.setMetadata('churn-watch', 'credits_estimate_max', '31');
    await must(0, world.step('ci', 'plan'));
    const second = proposed(world);
    world.merge(second.number);
    const said = await must(0, world.step('ci', 'apply', '--json'));
    expect(said).not.toContain('::error');
    expect(
      JSON.parse(said.slice(said.indexOf('{'), said.lastIndexOf('}') + 1)).plans.map(
        ({ id, outcome }: { id: string; outcome: string }) => [id, outcome],
      ),
    ).toEqual([
      [first.id, 'stale'],
      [second.id, 'applied'],
    ]);
    expect(await must(0, world.step('ci', 'apply'))).toContain(
      `Plan ${first.id} is not applied: a plan that was merged later`,
    );
    // What no apply takes up again does not wait, and pages with errors are no match.
    const after = await must(0, world.step('ci', 'plan'));
    expect(after).toMatch(
      /^No changes, so no plan is proposed\. 1 error; 1 page skipped: sailplan lint lists them\.$/m,
    );
    expect(after).not.toContain(first.id);
  });

  test('a stale one fails one job, and is then named with what to do until the next plan is applied', async () => {
    const world = await worldOf('github');
    await must(0, world.step('ci', 'plan'));
    const stale = proposed(world);
    world.merge(stale.number);
    world.desk.sandbox.edit.setMetadata('churn-watch', 'credits_estimate_max', '31');
    expect(await must(4, world.step('ci', 'apply'))).toContain(`Plan ${stale.id} is stale: the shop changed`);
    const comments = world.state.comments.length;
    const tip = () => world.git(world.bare, 'rev-parse', 'main');
    const reported = tip();
    for (const _ of ['second', 'third']) {
      const said = await must(0, world.step('ci', 'apply'));
      expect(said).toContain(`Plan ${stale.id} is still stale, as an earlier job reported`);
      expect(said).not.toContain('Nothing is left to apply');
    }
    expect([world.state.comments.length, tip()]).toEqual([comments, reported]);
    // It no longer starts the job that applies; the next plan takes its place.
    expect(await must(0, world.step('ci', 'plan'))).not.toContain('not applied yet');
    world.merge(proposed(world).number);
    expect(await must(0, world.step('ci', 'apply'))).toContain('is applied');
  });

  test('a stale one that is right again is applied by the next job, or proposed again', async () => {
    const world = await worldOf('github');
    await must(0, world.step('ci', 'plan'));
    const stale = proposed(world);
    world.merge(stale.number);
    world.desk.sandbox.edit.setMetadata('churn-watch', 'credits_estimate_max', '31');
    await must(4, world.step('ci', 'apply'));
    world.desk.sandbox.edit.setMetadata('churn-watch', 'credits_estimate_max', '30');
    expect(await must(0, world.step('ci', 'plan'))).toContain('again, because it was stale');
    expect(await must(0, world.step('ci', 'apply'))).toContain(`Plan ${stale.id} is applied`);
  });

  test('a merged plan with a decision under another name is not applied', async () => {
    const world = await worldOf('gitlab');
    await must(0, world.step('ci', 'plan'));
    const { number, id, branch } = proposed(world);
    world.commit(branch, { [`plans/${id}/approvals/kim.JSON`]: '{}\n' });
    world.merge(number);
    expect(await must(1, world.step('ci', 'apply'))).toContain('is not named like an approval');
    expect(world.desk.sandbox.log.counts.mutations).toBe(0);
  });

  test('one that is out of date and right again is proposed again', async () => {
    const world = await worldOf('github');
    const plan = async (value: string) => {
      world.desk.sandbox.edit.setMetadata('churn-watch', 'credits_estimate_max', value);
      await must(0, world.step('ci', 'plan'));
      return proposed(world);
    };
    await must(0, world.step('ci', 'plan'));
    world.merge(proposed(world).number);
    await must(0, world.step('ci', 'apply'));
    const stale = await plan('31');
    world.merge(stale.number);
    world.merge((await plan('32')).number);
    await must(0, world.step('ci', 'apply'));
    const again = await plan('31');
    expect(again.id).toBe(stale.id);
    world.merge(again.number);
    expect(await must(0, world.step('ci', 'apply'))).toContain(`Plan ${stale.id} is applied`);
  });

  test('one that ended half-way is resumed before any other', async () => {
    const world = await worldOf('github');
    await must(0, world.step('ci', 'plan'));
    const first = proposed(world);
    world.merge(first.number);
    changeSite(world, 'Know who stays');
    await must(0, world.step('ci', 'plan'));
    const second = proposed(world);
    world.merge(second.number);
    let refused = 0;
    world.desk.sandbox.intercept = ({ query }) => {
      if (!query.includes('productUpdate') && !query.includes('updateMetadata')) return undefined;
      refused += 1;
      return {
        kind: 'reply',
        status: 400,
        body: '{"errors":[{"message":"no"}]}',
        contentType: 'application/json',
      };
    };
    const said = await must(5, world.step('ci', 'apply'));
    expect(said).toContain(`Plan ${second.id} waits for the plan before it`);
    expect(refused).toBeGreaterThan(0);
    world.desk.sandbox.intercept = undefined;
    const again = await must(0, world.step('ci', 'apply'));
    expect(again.indexOf(`Plan ${first.id} is applied`)).toBeGreaterThan(-1);
    expect(again).toContain(`Plan ${second.id} is applied`);
    await must(0, world.step('audit', 'verify'));
  });
});

describe('what is not approved is not applied', () => {
  test.each([
    [
      'altered after its merge',
      (world: ForgeWorld, id: string) =>
        void world.commit('main', {
          [`plans/${id}/plan.json`]: (fileOf(world, `sailplan/${id}`, `plans/${id}/plan.json`) ?? '').replace(
            '"~40/run"',
            '"~41/run"',
          ),
        }),
      'altered',
    ],
  ] as const)('a plan that was %s', async (_, act, words) => {
    const world = await worldOf('github', { ...MERGE, merge: { ...MERGE.merge, squash: 'refuse' } });
    await must(0, world.step('ci', 'plan'));
    const { number, id } = proposed(world);
    world.merge(number);
    act(world, id);
    expect(await must(3, world.step('ci', 'apply'))).toContain(words);
    expect(world.desk.sandbox.log.counts.mutations).toBe(0);
  });

  test('a plan that was squashed, where the policy asks for a merge', async () => {
    const world = await worldOf('github', { ...MERGE, merge: { ...MERGE.merge, squash: 'refuse' } });
    await must(0, world.step('ci', 'plan'));
    world.merge(proposed(world).number, 'squash');
    const said = await must(3, world.step('ci', 'apply'));
    expect(said).toContain('added the plan without a merge');
    expect(said).toMatch(/^::error title=[^:]*plan\.[0-9a-f]{16}[^:]*::.*is merged and not applied/m);
  });

  test('a plan that brings its own rules', async () => {
    const world = await worldOf('github');
    await must(0, world.step('ci', 'plan'));
    const { number, branch } = proposed(world);
    world.commit(branch, { 'sailplan.policy.json': policyOf({ ...MERGE, max_age_hours: 2400 }) });
    expect(await must(3, world.step('ci', 'check', '--commit', `origin/${branch}`))).toContain(
      'cannot change its own rules',
    );
    world.merge(number);
    expect(await must(3, world.step('ci', 'apply'))).toContain('cannot change its own rules');
  });
});

describe('what a pull request may not do', () => {
  test('an altered plan, or one that holds a link, is red in the check and in the re-plan', async () => {
    const world = await worldOf('github');
    await must(0, world.step('ci', 'plan'));
    const { id, branch } = proposed(world);
    const path = `plans/${id}/plan.json`;
    const text = fileOf(world, branch, path) ?? '';
    world.commit(branch, { [path]: text.replace('"~40/run"', '"~41/run"') });
    for (const step of ['check', 'replan'])
      expect(await must(3, world.step('ci', step, '--commit', `origin/${branch}`))).toContain('altered');
    const folder = world.clone();
    world.git(folder, 'checkout', '-q', branch);
    rmSync(join(folder, path));
    symlinkSync('/proc/self/environ', join(folder, path));
    world.git(folder, 'add', '-A');
    world.git(folder, 'commit', '-q', '-m', 'Link');
    world.git(folder, 'push', '-q', 'origin', branch);
    for (const step of ['check', 'replan'])
      expect(await must(3, world.step('ci', step, '--commit', `origin/${branch}`))).toMatch(
        /not a (?:plain|regular) file/,
      );
  });

  test.each([
    'plans/ID/runs/1/journal.jsonl',
    'plans/ID/report.json',
    'plans/archive/shop.jsonl',
    'plans/.lock-shop',
  ])('a plan that comes with %s is red in the check', async (path) => {
    const world = await worldOf('github');
    await must(0, world.step('ci', 'plan'));
    const { id, branch } = proposed(world);
    world.commit(branch, { [path.replace('ID', id)]: '{}\n' });
    expect(await must(3, world.step('ci', 'check', '--commit', `origin/${branch}`))).toContain(
      'only apply writes such files',
    );
  });

  test('the site or the shop moved on: the re-plan says what differs', async () => {
    const world = await worldOf('github');
    await must(0, world.step('ci', 'plan'));
    const { branch } = proposed(world);
    changeSite(world, 'Know who stays');
    const said = await must(4, world.step('ci', 'replan', '--commit', `origin/${branch}`));
    expect(said).toMatch(/^~ product\.churn-watch: metadata\.outcome_tagline$/m);
    expect(said).toMatch(/^::error title=[^:]*plan\.[0-9a-f]{16}[^:]*::.*is not what both sides say now/m);
  });
});

describe('the token of the forge', () => {
  test.each([
    ['plain http to another machine', { GITHUB_API_URL: 'http://github.example.com' }, 'unencrypted'],
    ['no token', { GITHUB_TOKEN: '' }, 'GITHUB_TOKEN is not set'],
    ['no job of a forge', { GITHUB_ACTIONS: '' }, 'Give --forge github or --forge gitlab'],
  ])('%s: refused before anything is sent', async (_, env, words) => {
    const world = await worldOf('github');
    const folder = world.clone();
    const given = {
      ...world.jobEnv,
      SALEOR_API_URL: world.desk.env['SALEOR_API_URL'],
      SALEOR_TOKEN: world.desk.env['SALEOR_TOKEN'],
      GITHUB_TOKEN: 'token-of-the-test',
      ...env,
    };
    expect(await must(1, runCommand(['ci', 'plan'], folder, given))).toContain(words);
    expect(world.state.calls).toEqual([]);
  });
});
