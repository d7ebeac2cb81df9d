import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import {
  createWorkspace,
  type ProgramResult,
  removeWorkspaces,
  shopEnv,
  singleErrorOf,
  type Workspace,
} from '../support/workspace.ts';

/** What people mistype, misplace and pipe away: one clear line, the right exit code, nothing half-done. */
jest.setTimeout(60_000);
const PLAN = ['plan', '--desired', 'catalog.json', '--create-missing'];
const LEAK = 'wonderfully-secret-0123456789';
let shop: Sandbox;
let env: NodeJS.ProcessEnv;
let at: Workspace;
let id: string;

beforeAll(async () => {
  shop = await startSandbox({ seed: demoShop() });
  env = shopEnv(shop);
  at = createWorkspace();
  at.write('catalog.json', JSON.stringify(demoExport()));
  await at.call(PLAN, { env });
  [id = ''] = at.ids();
  await at.call(['approve', id, '--as', 'ada@example.com', '--yes']);
});
afterAll(async () => {
  removeWorkspaces();
  await shop.close();
});

/** In a folder of its own: these words end so, say this, ask the shop for no write and leave nothing behind. */
async function refused(
  words: readonly string[],
  { code = 1, says, files = {}, given = env }: Expected,
): Promise<ProgramResult> {
  const folder = createWorkspace();
  folder.write('catalog.json', JSON.stringify(demoExport()));
  for (const [name, content] of Object.entries(files)) folder.write(name, content);
  const before = folder.files();
  const mutations = shop.log.counts.mutations;
  const run = await folder.call(words, { env: given });
  const message = singleErrorOf(run);
  for (const part of says) expect(message).toContain(part);
  expect([run.code, folder.files(), shop.log.counts.mutations]).toEqual([code, before, mutations]);
  expect(run.stdout + run.stderr).not.toContain(LEAK);
  return run;
}

interface Expected {
  readonly code?: number;
  readonly says: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly given?: NodeJS.ProcessEnv;
}

const CONFIG = { format: 'sailplan-config', format_version: '1.0' };
const withConfig = (more: object): Readonly<Record<string, string>> => ({
  'sailplan.config.json': JSON.stringify({ ...CONFIG, ...more }),
});

describe('a member that is unknown is named with the nearest that may stand there', () => {
  test.each<[string, object, string]>([
    ['at the top', { saleor_api_ulr: 'x' }, 'Did you mean saleor_api_url?'],
    [
      'inside',
      { wagtail: { base_ulr: 'x' } },
      'wagtail: there is no member "base_ulr". Did you mean base_url?',
    ],
    ['of a target', { targets: { staging: { saleor_api_uri: 'x' } } }, 'Did you mean saleor_api_url?'],
    ['of an exclusion', { ignore: [{ ref: 'a', reasn: 'b' }] }, 'Did you mean reason?'],
  ])('config, %s', async (_, more, says) => {
    await refused(['status'], { says: ['sailplan.config.json', says], files: withConfig(more) });
  });

  test('contract', async () => {
    const contract = { format: 'sailplan-contract', format_version: '1.0', namin: 'key', attributes: [] };
    await refused([...PLAN, '--contract', 'own.json'], {
      says: ['own.json', '"namin". Did you mean naming?'],
      files: { 'own.json': JSON.stringify(contract) },
    });
  });

  test('policy: refused, since what it meant to ask for is not known', async () => {
    const folder = createWorkspace();
    await folder.shell(`cp -r ${at.path}/. .`);
    folder.write('sailplan.policy.json', JSON.stringify({ default: { aprovals: 2 } }));
    const run = await folder.call(['apply', id], { env });
    expect([run.code, singleErrorOf(run)]).toEqual([3, expect.stringContaining('Did you mean approvals')]);
    expect(shop.log.counts.mutations).toBe(0);
  });

  test('a name that is like none of them gets no guess', async () => {
    const run = await refused(['status'], {
      says: ['"zzzzzzzz". Allowed: '],
      files: withConfig({ zzzzzzzz: 1 }),
    });
    expect(run.stderr).not.toContain('Did you mean');
  });

  test.each(['2026-02-31', '2026-13-01', '2025-02-29'])('a day that is none: %s', async (until) => {
    const ignore = [{ ref: 'product.x', reason: 'later', until }];
    await refused(['status'], {
      says: [`ignore[0].until: ${until} is not a calendar day`],
      files: withConfig({ ignore }),
    });
  });
});

test('"snapshots": "changed" in the config and --limit: said, since the file is not small', async () => {
  const folder = createWorkspace();
  folder.write('catalog.json', JSON.stringify(demoExport()));
  folder.write('sailplan.config.json', withConfig({ snapshots: 'changed' })['sailplan.config.json'] ?? '');
  const run = await folder.call([...PLAN, '--limit', '3'], { env });
  expect([run.code, run.stderr]).toEqual([0, expect.stringContaining('cannot be combined with --limit')]);
});

describe('cannot be combined', () => {
  test('init', async () => {
    await refused(['init', '--desired', 'catalog.json', '--wagtail-url', 'http://127.0.0.1:9/api/v2/'], {
      says: ['cannot be combined'],
    });
  });

  test('a plan and a source; a plan and a step that it lacks', async () => {
    const folder = createWorkspace();
    await folder.shell(`cp -r ${at.path}/. .`);
    const sync = (...words: readonly string[]) => folder.call(['sync', '--plan', id, ...words], { env });
    const both = await sync('--desired', 'catalog.json');
    expect([both.code, singleErrorOf(both)]).toEqual([1, expect.stringContaining('cannot be combined')]);
    const step = await sync('--sync-attributes');
    expect([step.code, singleErrorOf(step)]).toEqual([
      1,
      expect.stringContaining('was written without --sync-attributes'),
    ]);
    expect(shop.log.counts.mutations).toBe(0);
  });
});

describe('tokens', () => {
  const bare = () => ({ SALEOR_API_URL: shop.url });

  test.each([
    ['empty', '', 'SALEOR_TOKEN is empty'],
    ['blank', '          ', 'SALEOR_TOKEN begins or ends with a space'],
    ['two lines', `${LEAK}\n${LEAK}`, 'contains a line break'],
    ['with a line break', `${LEAK}\n`, 'ends with a space or a line break'],
  ])('%s', async (_, SALEOR_TOKEN, says) => {
    await refused(PLAN, { says: [says], given: { ...bare(), SALEOR_TOKEN } });
  });

  test('in the config file: under a name of its own, as a value, where a comma is missing; never echoed', async () => {
    await refused(['status'], {
      says: ['saleor_token', 'tokens never go into it'],
      files: withConfig({ saleor_token: LEAK }),
      given: {},
    });
    await refused(['status'], {
      says: ['contains a token', 'SALEOR_TOKEN_FILE'],
      files: withConfig({ saleor_dashboard_url: `https://shop.example.com/?t=${LEAK}` }),
      given: { ...bare(), SALEOR_TOKEN: LEAK },
    });
    const run = await refused(['status'], {
      says: ['is not JSON'],
      files: { 'sailplan.config.json': `{"format": "x", "t": ${LEAK}}` },
      given: {},
    });
    expect(run.stderr).not.toContain('wonderf');
  });

  test('from a file, without the line break at its end; a header’s the same way', async () => {
    const folder = createWorkspace();
    folder.write('catalog.json', JSON.stringify(demoExport()));
    folder.write('token', `${shop.tokens.full}\r\n`);
    folder.write('header', `${LEAK}\n`);
    const given = { ...bare(), SALEOR_TOKEN_FILE: 'token', GATE_FILE: join(folder.path, 'header') };
    const words = [...PLAN, '--header-env', 'X-Gate=GATE', '--debug', 'trace.jsonl'];
    const run = await folder.call(words, { env: given });
    expect([run.code, folder.ids()]).toEqual([0, [expect.stringMatching(/^[0-9a-f]{16}$/)]]);
    for (const name of folder.files()) {
      if (name === 'token' || name === 'header') continue;
      expect(folder.read(name)).not.toContain(LEAK);
      expect(folder.read(name)).not.toContain(shop.tokens.full);
    }
  });

  test('a secret of a file that stands in a label is found, and nothing is written', async () => {
    const bent = JSON.stringify(demoExport()).replaceAll('Voice Concierge', `Voice ${LEAK}`);
    const document = JSON.parse(bent);
    delete document.content_sha256;
    const run = await refused([...PLAN, '--header-env', 'X-Gate=GATE'], {
      says: ['the value of GATE occurs in it'],
      files: { 'catalog.json': JSON.stringify(document), gate: `${LEAK}\n` },
      given: { ...env, GATE_FILE: 'gate' },
    });
    expect(run.stderr).toContain('it is not written');
  });

  test.each<[string, NodeJS.ProcessEnv, readonly string[]]>([
    ['both', { SALEOR_TOKEN: LEAK, SALEOR_TOKEN_FILE: 'token' }, ['SALEOR_TOKEN and SALEOR_TOKEN_FILE']],
    ['no such file', { SALEOR_TOKEN_FILE: 'nope' }, ['nope', 'no such file']],
    ['a folder', { WAGTAIL_TOKEN_FILE: '/' }, ['/', 'it is a folder']],
    ['an empty file', { SALEOR_TOKEN_FILE: 'empty' }, ['SALEOR_TOKEN_FILE: empty is empty']],
    ['more than one line', { SALEOR_TOKEN_FILE: 'lines' }, ['SALEOR_TOKEN', 'line break']],
    ['a short one', { SALEOR_TOKEN_FILE: 'short' }, ['SALEOR_TOKEN has 3 characters']],
  ])('a file of a secret, %s', async (_, given, says) => {
    const files = { token: LEAK, empty: '\n', lines: `${LEAK}\n${LEAK}\n`, short: 'abc\n' };
    await refused(PLAN, { says, files, given: { SALEOR_API_URL: shop.url, ...given } });
  });

  test('a secret of a file that is typed where it does not belong is not said back', async () => {
    const folder = createWorkspace();
    folder.write('token', `${LEAK}\n`);
    const { code, stderr } = await folder.call(['plan', LEAK], { env: { SALEOR_TOKEN_FILE: 'token' } });
    expect([code, stderr]).toEqual([1, expect.stringContaining('"[SALEOR_TOKEN]" is not possible here')]);
    expect(stderr).not.toContain(LEAK);
  });

  test('a secret from a pipe is read once, and not at all where it is not needed', async () => {
    const folder = createWorkspace();
    const env = { SALEOR_API_URL: shop.url };
    const piped = (before: string, words: string) =>
      folder.shell(`mkfifo pipe; ${before} SALEOR_TOKEN_FILE=pipe timeout 20 $SAILPLAN ${words}`, { env });
    const { stdout, stderr } = await piped(`(echo ${LEAK} > pipe &);`, 'doctor; rm pipe');
    expect([stdout, stderr]).toEqual([expect.stringContaining('the token is not accepted'), '']);
    expect((await piped('', '--help; code=$?; rm pipe; exit $code')).code).toBe(0);
    expect((await piped('', 'plan nonsense; code=$?; rm pipe; exit $code')).code).toBe(1);
  });

  test('help answers all the same', async () => {
    const run = await createWorkspace().call(['plan', '--help'], { env: { SALEOR_TOKEN_FILE: 'nope' } });
    expect([run.code, run.stderr]).toEqual([0, '']);
  });
});

describe('paths', () => {
  test.each<[string, readonly string[], string]>([
    ['--out of a snapshot', ['snapshot', 'saleor', '--out', '.'], 'it is a folder'],
    ['--debug', [...PLAN, '--debug', '.'], 'it is a folder'],
    ['--debug below nothing', [...PLAN, '--debug', 'no/such/trace'], 'no such file or folder'],
    ['--config', ['status', '--config', '.'], 'it is a folder'],
    ['--contract', [...PLAN, '--contract', '.'], 'it is a folder'],
    ['--desired below a file', ['plan', '--desired', 'catalog.json/x'], 'a part of the path is not a folder'],
  ])('%s', async (_, words, says) => {
    await refused(words, { says: [says] });
  });

  test('--out where nobody may write: exit 1, and nothing is left half-written', async () => {
    const folder = createWorkspace();
    folder.write('catalog.json', JSON.stringify(demoExport()));
    folder.write('shut/x', '');
    chmodSync(join(folder.path, 'shut'), 0o555);
    const before = folder.files();
    // Root writes everywhere; /proc takes nothing from anybody.
    const out = process.getuid?.() === 0 ? '/proc/plans' : 'shut/plans';
    const run = await folder.call([...PLAN, '--out', out], { env });
    expect([run.code, singleErrorOf(run), folder.files()]).toEqual([
      1,
      expect.stringContaining('cannot be written'),
      before,
    ]);
    chmodSync(join(folder.path, 'shut'), 0o755);
  });

  test('what is there already: a snapshot is replaced whole, a config only with --force, a plan keeps its approval', async () => {
    const folder = createWorkspace();
    await folder.shell(`cp -r ${at.path}/. .`);
    folder.write('shop.json', 'x'.repeat(2_000_000));
    await folder.call(['snapshot', 'saleor', '--out', 'shop.json'], { env });
    expect(folder.json('shop.json').format).toBe('sailplan-actual');
    const policy = '{\n  "$schema": "./policy.schema.json",\n  "format": "sailplan-policy"\n}\n';
    folder.write('other.json', policy);
    const refused = await folder.call(['snapshot', 'saleor', '--out', 'other.json'], { env });
    expect([refused.code, singleErrorOf(refused)]).toEqual([
      1,
      expect.stringContaining('is a policy of sailplan'),
    ]);
    expect(folder.read('other.json')).toBe(policy);
    folder.write('sailplan.config.json', '{"mine": true}');
    const init = await folder.call(['init', '--desired', 'catalog.json'], { env });
    expect([init.code, singleErrorOf(init)]).toEqual([1, expect.stringContaining('--force')]);
    expect(folder.read('sailplan.config.json')).toBe('{"mine": true}');
    await folder.shell('rm sailplan.config.json');
    const before = folder.files();
    const again = await folder.call(PLAN, { env });
    expect([again.code, folder.files()]).toEqual([0, before]);
    expect(existsSync(join(folder.path, 'plans', id, 'approvals'))).toBe(true);
  });
});

describe('a pipe that closes, a terminal that is missing, a terminal that is narrow', () => {
  test.each<[string, string, number]>([
    ['show', 'show ID', 0],
    ['status', 'status', 0],
    ['audit', 'audit', 0],
    ['verify', 'verify ID --json', 3],
    ['drift', 'drift --desired catalog.json', 2],
    ['plan', 'plan --desired catalog.json --create-missing', 0],
    ['plan --json', 'plan --desired catalog.json --create-missing --json', 0],
    ['plan --detailed-exitcode', 'plan --desired catalog.json --create-missing --detailed-exitcode', 2],
    ['plan --fail-on', 'plan --desired catalog.json --create-missing --sync-products --fail-on warning', 6],
    ['plan --fail-on-skipped', 'plan --desired catalog.json --sync-products --fail-on-skipped', 6],
    ['a share that is none', 'plan --desired catalog.json --fail-on-skipped=x', 1],
    ['an unknown hazard', 'plan --desired catalog.json --fail-on slug_chang', 1],
    ['an error', 'show nope', 1],
    ['help', '--help', 0],
  ])('`%s | head -1`, and a reader who is gone at once: its exit code, and no stack', async (_, line, code) => {
    const said = line.replaceAll('ID', id);
    for (const reader of ['head -1', 'true']) {
      const run = await at.shell(`$SAILPLAN ${said} 2>err.txt | ${reader}; echo "\${PIPESTATUS[0]}"`, {
        env,
      });
      expect([said, reader, run.stdout.trimEnd().split('\n').at(-1)]).toEqual([said, reader, String(code)]);
      expect(at.read('err.txt')).not.toMatch(/EPIPE|\.mjs|^ +at /m);
    }
  });

  test('`apply --json | head -1`: the run goes on to its end, and its report is there', async () => {
    const other = await startSandbox({ seed: demoShop() });
    try {
      const folder = createWorkspace();
      folder.write('catalog.json', JSON.stringify(demoExport()));
      await folder.call(PLAN, { env: shopEnv(other) });
      const [plan = ''] = folder.ids();
      await folder.call(['approve', plan, '--as', 'ada@example.com', '--yes']);
      const run = await folder.shell(
        `$SAILPLAN apply ${plan} --no-policy --json 2>err.txt | true; echo "\${PIPESTATUS[0]}"`,
        { env: shopEnv(other) },
      );
      expect([run.stdout, folder.read('err.txt')]).toEqual(['0\n', '']);
      expect(folder.json(`plans/${plan}/report.json`).converged).toBe(true);
    } finally {
      await other.close();
    }
  });

  test.each<[string, readonly string[], number, string]>([
    ['approve', ['approve', 'ID', '--as', 'x@example.com'], 3, '--plan-id'],
    ['init', ['init'], 1, '--desired FILE'],
    ['sync --no-dry-run', ['sync', '--no-dry-run', '--plan', 'ID'], 3, '--no-policy'],
  ])('%s without a terminal says which flag goes instead of the question', async (_, words, code, says) => {
    const folder = createWorkspace();
    await folder.shell(`cp -r ${at.path}/. .`);
    const run = await folder.call(
      words.map((word) => word.replace('ID', id)),
      { env },
    );
    expect([run.code, singleErrorOf(run)]).toEqual([code, expect.stringContaining(says)]);
    expect(shop.log.counts.mutations).toBe(0);
  });

  test.each([
    ['show', 0],
    ['status', 0],
    ['plan --desired catalog.json --create-missing', 0],
    ['show --help', 0],
    ['show nope', 1],
  ])('on a terminal of 20 columns: %s', async (line, code) => {
    const words = line === 'show' ? `show ${id}` : line;
    const run = await at.shell(
      `script -qec "stty cols 20 rows 10; NO_COLOR=1 $SAILPLAN ${words}" /dev/null | tr -d '\\r'; echo "\${PIPESTATUS[0]}"`,
      { env },
    );
    const lines = run.stdout.trimEnd().split('\n');
    expect(lines.at(-1)).toBe(String(code));
    expect(run.stdout).not.toMatch(/\.mjs|RangeError|^ +at /m);
    // Whatever can be broken is: nothing but single words (refs, addresses, commands) is wider.
    const wide = lines.filter((each) => each.length > 20 && !/^\S*\s*\S+( \S{1,3})?$/.test(each.trim()));
    if (line === `show ${id}`) expect(wide).toEqual([]);
  });

  test('questions on a terminal: what was typed ahead answers them, and Ctrl-C ends', async () => {
    const folder = createWorkspace();
    folder.write('catalog.json', JSON.stringify(demoExport()));
    const asked = await folder.shell(
      `printf 'catalog.json\\ngithub\\n' | script -qec "$SAILPLAN init" /dev/null; echo "\${PIPESTATUS[1]}"`,
      { env },
    );
    expect(asked.stdout.trimEnd().split('\n').at(-1)).toBe('0');
    expect(folder.files()).toContain('.github/workflows/sailplan.yml');
    const other = createWorkspace();
    const stopped = await other.shell(
      `(sleep 2; printf '\\003'; sleep 1) | script -qec "$SAILPLAN init" /dev/null; echo "\${PIPESTATUS[1]}"`,
      { env },
    );
    expect(stopped.stdout.trimEnd().split('\n').at(-1)).toMatch(/(^|\D)130$/);
    expect(other.files()).toEqual([]);
  });
});
