import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { sha256 } from '../../src/core/json/canonical-json.ts';
import { demoExport } from '../../src/sandbox/demo/demo-shop.ts';
import { type Forge, openForge } from '../support/forge-scripts.ts';
import { createKeyring, type Keyring } from '../support/keyring.ts';
import { CLI, runCommand } from '../support/shop-workspace.ts';

jest.setTimeout(60_000);

const HOUR = 3_600_000;
const MERGE = {
  mode: 'merge',
  merge: { ref: 'refs/remotes/origin/main', squash: 'refuse' },
  max_age_hours: 24,
};
const policyOf = (rules: object) => ({ format: 'sailplan-policy', format_version: '1.0', default: rules });

const open: Forge[] = [];
const rings: Keyring[] = [];
afterEach(async () => {
  for (const forge of open.splice(0)) await forge.desk.close();
  for (const ring of rings.splice(0)) ring.remove();
});

async function forgeWith(rules: object | ((folder: string) => object) = MERGE): Promise<Forge> {
  const forge = await openForge((folder) => policyOf(typeof rules === 'function' ? rules(folder) : rules));
  open.push(forge);
  return forge;
}

async function must(code: number, ran: ReturnType<Forge['script']>): Promise<string> {
  const { code: found, out, err } = await ran;
  expect({ code: found, said: found === code ? '' : out + err }).toEqual({ code, said: '' });
  return out + err;
}

/** The scheduled job; gives the plan's branch and id. */
async function proposed(forge: Forge): Promise<{ branch: string; id: string }> {
  await must(0, forge.script(forge.clone(), 'plan.sh'));
  const branch = forge.state().requests.at(-1)?.head ?? '';
  return { branch, id: branch.replace('sailplan/', '') };
}

const tips = (forge: Forge, folder: string) => ({
  BEFORE: forge.git(folder, 'rev-parse', 'origin/main^'),
  AFTER: forge.git(folder, 'rev-parse', 'origin/main'),
});

/** The job after a merge. */
function merged(forge: Forge): ReturnType<Forge['script']> {
  const folder = forge.clone();
  Object.assign(forge.env, tips(forge, folder));
  return forge.script(folder, 'merged.sh');
}

/** The jobs of a pull request, up to `check` or `replan`. */
async function request(forge: Forge, branch: string, name: 'check.sh' | 'replan.sh') {
  const folder = forge.clone();
  forge.env['REQUEST_REF'] = `refs/heads/${branch}`;
  await must(0, forge.script(folder, 'fetch.sh'));
  return forge.script(folder, name, 'FETCHED', ...(name === 'replan.sh' ? [branch] : []));
}

const writes = ({ desk }: Forge): number => desk.sandbox.log.counts.mutations;
const untouched = (forge: Forge): void => expect(writes(forge)).toBe(0);

describe('plan, pull request, merge, apply, report', () => {
  test('the whole story; the comment is updated in place, the same plan is proposed once', async () => {
    const forge = await forgeWith();
    const { branch, id } = await proposed(forge);
    expect(forge.git(forge.clone(), 'ls-tree', '-r', '--name-only', `origin/${branch}`).split('\n')).toEqual(
      expect.arrayContaining([`plans/${id}/plan.json`, `plans/${id}/review.md`]),
    );
    expect(await must(0, forge.script(forge.clone(), 'plan.sh'))).toContain('proposed already');
    expect(await must(0, request(forge, branch, 'check.sh'))).toContain('is whole');
    expect(await must(0, request(forge, branch, 'replan.sh'))).toContain('is what both sides say now');
    const { requests, comments } = forge.state();
    expect(requests.map(({ head }) => head)).toEqual([branch]);
    expect(comments).toEqual([{ id: 100, number: 1, body: expect.stringContaining(`product.churn-watch`) }]);
    untouched(forge);

    forge.merge(branch);
    await must(0, merged(forge));
    expect(forge.desk.sandbox.edit.product('churn-watch').metadata.get('credits_estimate_max')).toBe('50');
    const after = forge.clone();
    expect(JSON.parse(readFileSync(join(after, `plans/${id}/report.json`), 'utf8'))).toMatchObject({
      converged: true,
      approvals: [{ approver: expect.stringContaining('Kim Doe') }],
    });
    expect((await runCommand(['audit', 'verify'], after, forge.env)).code).toBe(0);
    expect(await must(0, forge.script(after, 'plan.sh'))).toContain('No changes');
    expect(await must(0, merged(forge))).not.toContain('exit code');
    forge.env['RESUME'] = id;
    expect(await must(0, merged(forge))).toContain(`Plan ${id}: exit code 0`);
  });

  test('a protected branch that takes no push gets the report as a pull request', async () => {
    const forge = await forgeWith();
    const { branch } = await proposed(forge);
    forge.merge(branch);
    const hook = join(forge.desk.folder, 'forge.git/hooks/update');
    writeFileSync(hook, '#!/bin/sh\n[ "$1" != refs/heads/main ] || exit 1\n', { mode: 0o755 });
    await must(0, merged(forge));
    expect(forge.state().requests.at(-1)?.head).toMatch(/^sailplan-report\//);
  });

  test('on GitLab the same, with its API', async () => {
    const forge = await forgeWith();
    const gitlab = await startGitlab();
    try {
      Object.assign(forge.env, gitlab.env);
      await must(0, forge.script(forge.clone(), 'plan.sh'));
      const branch = gitlab.requests[0]?.['source_branch'] ?? '';
      expect(branch).toMatch(/^sailplan\/[0-9a-f]{16}$/);
      expect(await must(0, request(forge, branch, 'replan.sh'))).toContain('is what both sides say now');
      expect(gitlab.requests).toHaveLength(1);
      expect(gitlab.notes).toHaveLength(1);
      expect(gitlab.calls).toContain('PUT /projects/7/merge_requests/1/notes/1');
      expect(gitlab.notes[0]).toContain('<!-- sailplan -->');
      expect(gitlab.tokens).toEqual(new Set(['glpat-secret-of-the-test']));
    } finally {
      await gitlab.close();
    }
  });
});

describe('what is not approved is not applied', () => {
  test('a plan that is not merged', async () => {
    const forge = await forgeWith();
    const { branch, id } = await proposed(forge);
    const folder = forge.clone();
    forge.git(folder, 'checkout', '-q', `origin/${branch}`, '--', `plans/${id}`);
    expect(await must(3, forge.script(folder, 'apply.sh', id))).toContain(
      'is not on refs/remotes/origin/main',
    );
    untouched(forge);
  });

  test('a plan that was altered after its merge', async () => {
    const forge = await forgeWith();
    const { branch, id } = await proposed(forge);
    forge.merge(branch);
    const after = forge.git(forge.clone(), 'rev-parse', 'origin/main');
    forge.commit(`plans/${id}/plan.json`, (text) => text.replace('"~40/run"', '"~41/run"'));
    const folder = forge.clone();
    expect(await must(3, forge.script(folder, 'apply.sh', `${after}^`, after))).toContain('was altered');
    untouched(forge);
  });

  test('a plan that nobody merged, but pushed, or squashed', async () => {
    const forge = await forgeWith();
    const { branch } = await proposed(forge);
    forge.merge(branch, { squash: true });
    expect(await must(3, merged(forge))).toContain('brought the plan without a merge');
    untouched(forge);
  });

  test('a plan older than the policy allows', async () => {
    const forge = await forgeWith();
    const { branch } = await proposed(forge);
    forge.merge(branch, { atMs: Date.now() - 25 * HOUR });
    expect(await must(3, merged(forge))).toContain('a merge is valid for 24 h');
    untouched(forge);
  });

  test('a plan that brings its own rules', async () => {
    const forge = await forgeWith();
    const { branch } = await proposed(forge);
    const folder = forge.clone();
    forge.git(folder, 'switch', '-q', branch);
    const loose = policyOf({ ...MERGE, max_age_hours: 2400 });
    writeFileSync(join(folder, 'sailplan.policy.json'), JSON.stringify(loose, null, 2));
    forge.git(folder, 'commit', '-q', '-a', '-m', 'Loosen');
    forge.git(folder, 'push', '-q', 'origin', branch);
    forge.merge(branch);
    expect(await must(3, merged(forge))).toContain('A pull request cannot change its own rules');
    untouched(forge);
  });

  test('a shallow clone is refused with the depth to set', async () => {
    const forge = await forgeWith();
    const { branch, id } = await proposed(forge);
    forge.merge(branch);
    const folder = join(forge.desk.folder, 'shallow');
    forge.git(
      forge.desk.folder,
      'clone',
      '-q',
      '--depth',
      '1',
      `file://${forge.desk.folder}/forge.git`,
      folder,
    );
    expect(await must(3, forge.script(folder, 'apply.sh', id))).toContain('fetch-depth: 0');
    untouched(forge);
  });

  test('a plan approved by its author, who may not; another person may', async () => {
    const ring = createKeyring();
    rings.push(ring);
    for (const name of ['max', 'kim']) ring.make(name);
    const signers = ['max', 'kim']
      .map((name) => `${name}@example.com namespaces="sailplan" ${ring.publicKey(name)}\n`)
      .join('');
    const forge = await forgeWith((folder) => {
      writeFileSync(join(folder, 'allowed_signers'), signers);
      return {
        ...MERGE,
        approvals: 1,
        signatures: 'required',
        allowed_signers: { path: 'allowed_signers', sha256: sha256(signers) },
        author_may_approve: false,
      };
    });
    Object.assign(forge.env, { SAILPLAN_USER: 'max@example.com', SAILPLAN_KEY: join(ring.folder, 'max') });
    const { branch, id } = await proposed(forge);
    const approve = async (name: string) => {
      const folder = forge.clone();
      forge.git(folder, 'switch', '-q', branch);
      const words = [
        'approve',
        id,
        '--as',
        `${name}@example.com`,
        '--sign',
        join(ring.folder, name),
        '--yes',
      ];
      expect((await runCommand(words, folder, forge.env)).code).toBe(0);
      forge.git(folder, 'add', '-A');
      forge.git(folder, 'commit', '-q', '-m', `Approval by ${name}`);
      forge.git(folder, 'push', '-q', 'origin', branch);
    };
    await approve('max');
    forge.merge(branch);
    expect(await must(3, merged(forge))).toContain('the author of a plan may not approve it');
    untouched(forge);
    await approve('kim');
    forge.merge(branch);
    forge.env['RESUME'] = id;
    await must(0, merged(forge));
  });
});

describe('what changed in between', () => {
  test('the site: the re-plan in the pull request is red and says what differs', async () => {
    const forge = await forgeWith();
    const { branch } = await proposed(forge);
    const changed = JSON.stringify(demoExport(), null, 2);
    forge.desk.write('catalog.json', changed.replace('Know who leaves before they do', 'Know who stays'));
    const said = await must(4, request(forge, branch, 'replan.sh'));
    expect(said).toContain('is not what both sides say now');
    expect(said).toContain('~ product.churn-watch: metadata.outcome_tagline');
    untouched(forge);
  });

  test('the shop: apply stops before its first write', async () => {
    const forge = await forgeWith();
    const { branch } = await proposed(forge);
    forge.merge(branch);
    forge.desk.sandbox.edit.setMetadata('churn-watch', 'credits_estimate_max', '31');
    expect(await must(4, merged(forge))).toContain('churn-watch');
    untouched(forge);
  });

  test('the contract on the protected branch: the plan is of another one', async () => {
    const forge = await forgeWith();
    const { branch } = await proposed(forge);
    forge.merge(branch);
    const { AFTER } = tips(forge, forge.clone());
    const contract = readFileSync('src/contract/gtm-v1.json', 'utf8').replace('"gtm-v1"', '"gtm-v2"');
    forge.commit('contract.json', () => contract);
    forge.commit('sailplan.config.json', (text) =>
      JSON.stringify({ ...JSON.parse(text), contract: 'contract.json' }),
    );
    const said = await must(3, forge.script(forge.clone(), 'apply.sh', `${AFTER}^`, AFTER));
    expect(said).toContain('is not the one of this checkout');
    untouched(forge);
  });
});

describe('what a pull request may not do', () => {
  test('an altered plan, or one that holds more than plain files, is red in the check without secrets', async () => {
    const forge = await forgeWith();
    const { branch, id } = await proposed(forge);
    const push = (message: string) => {
      forge.git(folder, 'add', '-A');
      forge.git(folder, 'commit', '-q', '-m', message);
      forge.git(folder, 'push', '-q', 'origin', branch);
    };
    const folder = forge.clone();
    forge.git(folder, 'switch', '-q', branch);
    const path = join(folder, `plans/${id}/plan.json`);
    const text = readFileSync(path, 'utf8');
    for (const name of ['SALEOR_TOKEN', 'SALEOR_API_URL']) delete forge.env[name];
    writeFileSync(path, text.replace('"~40/run"', '"~41/run"'));
    push('Alter');
    expect(await must(3, request(forge, branch, 'check.sh'))).toContain('the plan was altered');
    writeFileSync(path, text);
    mkdirSync(join(folder, `plans/${id}/approvals`));
    symlinkSync('/proc/self/environ', join(folder, `plans/${id}/approvals/kim.json`));
    push('Link');
    expect(await must(3, request(forge, branch, 'check.sh'))).toContain('not a plain file');
  });

  test.each([
    ['plans/ID/runs/1/journal.jsonl'],
    ['plans/ID/report.json'],
    ['plans/archive/shop.jsonl'],
    ['plans/.lock-shop'],
  ])('a plan that comes with %s is red in the check', async (path) => {
    const forge = await forgeWith();
    const { branch, id } = await proposed(forge);
    const folder = forge.clone();
    forge.git(folder, 'switch', '-q', branch);
    const file = join(folder, path.replace('ID', id));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '{}\n');
    forge.git(folder, 'add', '-A', '--force');
    forge.git(folder, 'commit', '-q', '-m', 'Evidence');
    forge.git(folder, 'push', '-q', 'origin', branch);
    for (const name of ['SALEOR_TOKEN', 'SALEOR_API_URL']) delete forge.env[name];
    expect(await must(3, request(forge, branch, 'check.sh'))).toContain('only an apply writes that');
  });
  test('no secret reaches a fork: events, conditions and checkouts of the workflows', () => {
    const github = readFileSync('examples/github/.github/workflows/sailplan.yml', 'utf8');
    const jobs = Object.fromEntries(
      github
        .slice(github.indexOf('\njobs:\n'))
        .split(/\n {2}(?=\w+:\n)/)
        .slice(1)
        .map((job) => [job.slice(0, job.indexOf(':')), job]),
    );
    expect(Object.keys(jobs)).toEqual(['plan', 'check', 'replan', 'apply']);
    expect(github).not.toMatch(/^\s*pull_request_target:/m);
    expect(jobs['check']).not.toMatch(/secrets\.|environment:|GH_TOKEN/);
    expect(jobs['replan']).toContain('head.repo.full_name == github.repository');
    expect(jobs['replan']).not.toContain('secrets.SALEOR_TOKEN');
    // Scripts come from the protected branch in every job; text from outside never stands in a script line.
    for (const job of Object.values(jobs))
      expect(job).toMatch(/actions\/checkout@[0-9a-f]{40} # v[\d.]+\s+with:\s+ref: main\s/);
    for (const [line] of github.matchAll(/- run: .*/g)) expect(line).not.toContain('${{');
  });

  test('every shell line of the workflows is a script that runs here, or installs', () => {
    const lines = [
      ...readFileSync('examples/github/.github/workflows/sailplan.yml', 'utf8').matchAll(/- run: (.*)/g),
      ...readFileSync('examples/gitlab/.gitlab-ci.yml', 'utf8').matchAll(/^ {2,4}- ((?!if:).*)$/gm),
    ].map(([, line = '']) => line);
    const mine = readFileSync('test/scenarios/pull-request.test.ts', 'utf8');
    const called = lines.flatMap((line) => /bash ci\/([a-z]+\.sh)/.exec(line)?.[1] ?? []);
    expect(new Set(called)).toEqual(new Set(['plan.sh', 'check.sh', 'replan.sh', 'fetch.sh', 'merged.sh']));
    for (const name of called) expect(mine).toContain(`'${name}'`);
    const others = lines.filter((line) => !line.includes('bash ci/'));
    expect(new Set(others.map((line) => line.split(' ').slice(0, 2).join(' ')))).toEqual(
      new Set(['npm ci', 'git fetch', 'git checkout']),
    );
    expect(readdirSync('examples/ci').filter((name) => name.endsWith('.sh'))).toHaveLength(11);
    expect(CLI).toContain('dist');
  });
});

/** As much of GitLab's API as the script uses. */
async function startGitlab() {
  const requests: Record<string, string>[] = [];
  const notes: string[] = [];
  const calls: string[] = [];
  const tokens = new Set<string | undefined>();
  const server = createServer(async (message, response) => {
    let text = '';
    for await (const part of message) text += part;
    const form = Object.fromEntries(new URLSearchParams(text));
    const [path = ''] = (message.url ?? '').split('?');
    calls.push(`${message.method} ${path}`);
    tokens.add(message.headers['private-token'] as string);
    const answer = (value: unknown) => response.end(JSON.stringify(value));
    if (path.endsWith('/merge_requests') && message.method === 'POST') return answer(requests.push(form));
    if (path.endsWith('/merge_requests')) return answer(requests.map((_, index) => ({ iid: index + 1 })));
    if (path.endsWith('/notes') && message.method === 'POST') return answer(notes.push(form['body'] ?? ''));
    if (path.endsWith('/notes')) return answer(notes.map((body, index) => ({ id: index + 1, body })));
    notes[0] = form['body'] ?? '';
    return answer({});
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const env = {
    FORGE: 'gitlab',
    CI_API_V4_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    CI_PROJECT_ID: '7',
    GITLAB_TOKEN: 'glpat-secret-of-the-test',
  };
  const close = () => new Promise<void>((done) => void server.close(() => done()));
  return { requests, notes, calls, tokens, env, close };
}
