import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import type { Intercept } from '../../src/sandbox/server/fault-injection.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import {
  type AnyDocument,
  createWorkspace,
  type ProgramResult,
  parseEvents,
  removeWorkspaces,
  shopEnv,
  singleErrorOf,
  type Workspace,
} from '../support/workspace.ts';

/** Shops that answer badly, and plans that may not be applied: one message, the right exit code, no mutation. */
jest.setTimeout(30_000);
const PLAN = ['plan', '--desired', 'catalog.json', '--create-missing'];
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

/** A copy of the approved plan's folder, to be spoilt. */
async function copy(): Promise<Workspace> {
  const other = createWorkspace();
  await other.shell(`cp -r ${at.path}/. .`);
  return other;
}

/**
 * Refused with this exit code and these words; nothing reached the shop, and nothing was written but, of an apply, the
 * report of this start, which says so.
 */
async function refused(
  folder: Workspace,
  words: readonly string[],
  code: number,
  says: readonly string[],
  given = env,
): Promise<ProgramResult> {
  const before = shop.log.counts.mutations;
  const files = folder.files();
  const run = await folder.call(words, { env: given });
  const message = singleErrorOf(run);
  expect([run.code, message]).toEqual([code, message]);
  for (const text of says) expect(message).toContain(text);
  expect(shop.log.counts.mutations).toBe(before);
  const added = folder.files().filter((name) => !files.includes(name));
  expect(folder.files().filter((name) => !added.includes(name))).toEqual(files);
  for (const name of added) {
    expect([words[0], name]).toEqual([
      'apply',
      expect.stringMatching(/^plans\/[0-9a-f]{16}\/(runs|refusals)\/\d+\/report\.json$/),
    ]);
    const { converged, totals, outcomes, errors } = folder.json(name);
    expect({ converged, unattempted: totals.not_attempted }).toEqual({
      converged: false,
      unattempted: outcomes.length,
    });
    expect(run.stderr).toContain(errors[0].message);
  }
  return run;
}

const APPLY = () => ['apply', id, '--no-policy'];

test.each<[string, (url: string) => NodeJS.ProcessEnv, readonly string[]]>([
  ['no address', () => ({ SALEOR_API_URL: '' }), ['SALEOR_API_URL']],
  ['no token', () => ({ SALEOR_TOKEN: undefined }), ['SALEOR_TOKEN is not set']],
  ['an empty token', () => ({ SALEOR_TOKEN: '' }), ['SALEOR_TOKEN is empty']],
  [
    'wrong token',
    () => ({ SALEOR_TOKEN: 'wrong-token-0123456789' }),
    ['token is not accepted', 'SALEOR_TOKEN'],
  ],
  ['token too short', () => ({ SALEOR_TOKEN: 'abc' }), ['SALEOR_TOKEN has 3 characters']],
  ['token with a line break', () => ({ SALEOR_TOKEN: 'sandbox-full\nxxxxxxx' }), ['line break']],
  ['token without permission', () => ({ SALEOR_TOKEN: shop.tokens.none }), ['MANAGE_PRODUCTS']],
  ['address without its last slash', (url) => ({ SALEOR_API_URL: url.slice(0, -1) }), ['ends in /graphql/']],
  [
    'address with user and password',
    (url) => ({ SALEOR_API_URL: url.replace('//', '//ada:hunter2@') }),
    ['user name and password'],
  ],
  [
    'plain http to another machine',
    () => ({ SALEOR_API_URL: 'http://shop.example.com/graphql/' }),
    ['plain http', '--allow-http'],
  ],
  [
    'an address that is none',
    () => ({ SALEOR_API_URL: 'shop.example.com' }),
    ['SALEOR_API_URL is not an http(s) address'],
  ],
  [
    'an address of another kind',
    () => ({ SALEOR_API_URL: 'ftp://a:secret@shop.example.com/' }),
    ['SALEOR_API_URL is not an http(s) address'],
  ],
  [
    'a shop that is not there',
    () => ({ SALEOR_API_URL: 'http://127.0.0.1:59/graphql/' }),
    ['connection refused'],
  ],
  ['another page than the API', (url) => ({ SALEOR_API_URL: url.replace('/graphql/', '/') }), ['404']],
])('the shop: %s', async (_, bend, says) => {
  const folder = createWorkspace();
  folder.write('catalog.json', at.read('catalog.json'));
  const run = await refused(folder, PLAN, 1, says, { ...env, ...bend(shop.url) });
  expect(run.stderr).not.toMatch(/hunter2|a:secret/);
});

const answers =
  (status: number, body: string, contentType = 'application/json'): Intercept =>
  () => ({
    kind: 'reply',
    status,
    body,
    contentType,
    headers: { 'retry-after': '0' },
  });

/** Each total one higher than what is there. */
const lies = (value: AnyDocument): AnyDocument => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(lies);
  const members = Object.entries(value).map(([name, member]) => [
    name,
    name === 'totalCount' ? Number(member) + 1 : lies(member),
  ]);
  return Object.fromEntries(members);
};

test('a shop that answers HTML, 500, 429 for ever, another JSON, half of it, or with false totals', async () => {
  const bad: readonly (readonly [string, Intercept])[] = [
    ['text/html', answers(200, '<html>Maintenance</html>', 'text/html')],
    ['500', answers(500, '{}')],
    ['429', answers(429, '{}')],
    ['GraphQL', answers(200, '{"ok":true}')],
    ['JSON', () => ({ kind: 'truncate' })],
    ['the shop counts', () => ({ kind: 'edit', edit: lies })],
  ];
  const ask = async ([says, intercept]: (typeof bad)[number]) => {
    const other = await startSandbox({ seed: demoShop(), intercept });
    const folder = createWorkspace();
    folder.write('catalog.json', at.read('catalog.json'));
    const run = await folder.call(PLAN, { env: shopEnv(other) });
    await other.close();
    expect([run.code, singleErrorOf(run)]).toEqual([1, expect.stringContaining(says)]);
    expect([other.log.counts.mutations, folder.files()]).toEqual([0, ['catalog.json']]);
  };
  await Promise.all(bad.map(ask));
});

test('a token that stands in a label is found, and nothing is written', async () => {
  const folder = createWorkspace();
  const document: AnyDocument = demoExport();
  document.offerings[0].card_tagline = `Use ${shop.tokens.full} to try it`;
  delete document.content_sha256;
  folder.write('catalog.json', JSON.stringify(document));
  const run = await refused(folder, PLAN, 1, ['SALEOR_TOKEN occurs in it', 'the new plan in plans']);
  expect(run.stderr).not.toContain(shop.tokens.full);
});

test.each<[string, number, string, (folder: Workspace) => unknown, readonly string[]]>([
  ['without an approval', 3, 'approv', (folder) => folder.shell(`rm -r plans/${id}/approvals`), []],
  [
    'with an altered approval',
    3,
    'approv',
    (folder) => folder.shell(`sed -i 's/"payload": *"\\(.\\)/"payload":"A\\1/' plans/${id}/approvals/*`),
    [],
  ],
  [
    'of a newer minor version',
    3,
    '1.2',
    (folder) =>
      folder.shell(`sed -i 's/"format_version": "1.0"/"format_version": "1.2"/' plans/${id}/plan.json`),
    [],
  ],
  [
    'of another major version',
    3,
    '2.0',
    (folder) =>
      folder.shell(`sed -i '0,/"format_version": "1.0"/s//"format_version": "2.0"/' plans/${id}/plan.json`),
    [],
  ],
  ['that is cut off', 3, 'not JSON', (folder) => folder.shell(`truncate -s 5000 plans/${id}/plan.json`), []],
  [
    'under a policy with an unknown member',
    3,
    'aprovals',
    (folder) =>
      folder.write(
        'sailplan.policy.json',
        JSON.stringify({ format: 'sailplan-policy', format_version: '1.0', default: { aprovals: 1 } }),
      ),
    [],
  ],
  ['under a policy that is missing', 3, 'p.json', () => undefined, ['--policy', 'p.json']],
  ['without a policy, and without a terminal', 3, '--no-policy', () => undefined, ['']],
  ['with another contract', 3, 'contract', (folder) => ownContract(folder), ['--contract', 'own.json']],
])('a plan %s is refused: exit %d', async (_, code, says, spoil, words) => {
  const folder = await copy();
  await spoil(folder);
  const rest = words[0] === '' ? [] : words.includes('--policy') ? words : ['--no-policy', ...words];
  const given = says === 'aprovals' ? ['apply', id] : ['apply', id, ...rest];
  await refused(folder, given, code, [says]);
});

function ownContract(folder: Workspace): void {
  const { contract } = folder.json(`plans/${id}/plan.json`);
  folder.write('own.json', JSON.stringify({ ...contract, name: 'our-own' }));
}

test('an approval of another plan does not count', async () => {
  const folder = await copy();
  await folder.call([...PLAN, '--limit', '3'], { env });
  const other = folder.ids().find((one) => one !== id) ?? '';
  await folder.shell(`cp -r plans/${id}/approvals plans/${other}/`);
  await refused(folder, ['apply', other, '--no-policy'], 3, [other]);
});

test('another target', async () => {
  const other = await startSandbox({ seed: demoShop() });
  try {
    await refused(at, APPLY(), 3, [shop.url, other.url], shopEnv(other));
    expect(other.log.counts.mutations).toBe(0);
  } finally {
    await other.close();
  }
});

test('locked by one who lives, by one who is dead; --force-unlock names the plan', async () => {
  const folder = await copy();
  const name = new URL(shop.url);
  const lock = (pid: number) => JSON.stringify({ pid, host: HOST, plan: id, at: '2026-11-23T09:00:00.000Z' });
  const [path = ''] = await lockPathOf(folder);
  folder.write(path, lock(process.pid));
  await refused(folder, APPLY(), 3, ['may be running', `--force-unlock ${id}`]);
  folder.write(path, lock(4_000_000));
  await refused(folder, APPLY(), 3, ['no longer running', `--force-unlock ${id}`]);
  await refused(folder, [...APPLY(), '--force-unlock', '0000000000000000'], 3, [id]);
  folder.write(path, 'nonsense');
  await refused(folder, APPLY(), 3, ['delete that file']);
  expect(name.hostname).toBe('127.0.0.1');
});

const HOST = (await import('node:os')).hostname();

/** Where the lock lies, seen in an apply that is held up. */
async function lockPathOf(folder: Workspace): Promise<readonly string[]> {
  let found: readonly string[] = [];
  shop.intercept = () => {
    found = folder.files().filter((one) => one.includes('.lock'));
    return { kind: 'reply', status: 404, body: '' };
  };
  await folder.call(APPLY(), { env });
  shop.intercept = undefined;
  return found;
}

test('an unwritable --report-path is found before anything is written', async () => {
  await refused(at, [...APPLY(), '--report-path', '/'], 1, ['it is a folder']);
});

test('stdin closed, stdout closed, `| head`: no word, and the exit code of the command', async () => {
  const closed = await at.shell(
    `$SAILPLAN show ${id} | head -1; echo "\${PIPESTATUS[0]}"; $SAILPLAN approve ${id} --as x <&-; echo $?; $SAILPLAN show ${id} >&-; echo $?`,
  );
  expect(closed.stdout).toMatch(/^Plan .*\n0\n3\n0\n$/);
  expect(closed.stderr).toContain('there is no terminal');
  expect(closed.stderr).not.toMatch(/EPIPE|Error|\.mjs/);
});

test('--json gives one document on stdout and nothing else; apply gives one a line', async () => {
  const folder = await copy();
  const runs: Record<string, readonly string[]> = {
    plan: [...PLAN, '--json'],
    verify: ['verify', id, '--json'],
    show: ['show', id, '--format', 'json'],
    snapshot: ['snapshot', 'saleor', '--json'],
    sync: ['sync', '--desired', 'catalog.json', '--json'],
  };
  for (const [name, words] of Object.entries(runs)) {
    const run = await folder.call(words, { env });
    expect([name, typeof JSON.parse(run.stdout)]).toEqual([name, 'object']);
  }
  const run = await folder.call([...APPLY(), '--dry-run', '--json'], { env });
  expect(parseEvents(run.stdout).map(({ event }) => event)).toEqual(['started', 'finished']);
  expect(shop.log.counts.mutations).toBe(0);
});
