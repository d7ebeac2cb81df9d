import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { GTM_V1 } from '../../src/contract/contract.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import {
  type AnyDocument,
  createWorkspace,
  EXPORT,
  exportWith,
  type ProgramResult,
  removeWorkspaces,
  SNAPSHOT,
  singleErrorOf,
  type Workspace,
} from '../support/workspace.ts';

/** Bad words and bad files: exit 1, one clear message with the place and the next step, nothing written anywhere. */
const PLAN = ['plan', '--desired', EXPORT, '--actual', SNAPSHOT];
const on = (desired: string, ...words: readonly string[]) => [
  'plan',
  '--desired',
  desired,
  '--actual',
  SNAPSHOT,
  ...words,
];
const at = (actual: string) => ['plan', '--desired', EXPORT, '--actual', actual];
const page = (bend: (one: AnyDocument) => void) => exportWith((document) => bend(document.offerings[3]));
const snapshot = (bend: (document: AnyDocument) => void) => {
  const document = JSON.parse(readFileSync(SNAPSHOT, 'utf8'));
  bend(document);
  return JSON.stringify(document);
};

interface Case {
  readonly words: readonly string[];
  /** What the message must hold. */
  readonly says: readonly string[];
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly env?: NodeJS.ProcessEnv;
}

const say = (words: readonly string[], ...says: readonly string[]): Case => ({ words, says });
const file = (
  name: string,
  content: string | Uint8Array,
  words: readonly string[],
  ...says: readonly string[]
): Case => ({
  words,
  says,
  files: { [name]: content },
});

const shopWith = (token: string) => ({
  SALEOR_API_URL: 'http://127.0.0.1:59/graphql/',
  SALEOR_TOKEN: token,
});

const CASES: Readonly<Record<string, Case>> = {
  'unknown option': say([...PLAN, '--limt', '3'], '--limt', 'Did you mean --limit?'),
  'unknown option, its beginning': say([...PLAN, '--create'], '--create-missing'),
  'one dash': say([...PLAN, '-strict'], '-strict', 'Did you mean --strict?'),
  'unknown command': say(['paln'], '"paln"', 'Did you mean plan?'),
  'no command first': say(['--json', 'plan'], 'give the command first'),
  '--limit abc': say([...PLAN, '--limit', 'abc'], '--limit', '"abc"'),
  '--limit 0': say([...PLAN, '--limit', '0'], '--limit', '"0"'),
  '--limit -1': say([...PLAN, '--limit', '-1'], '--limit', '"-1"'),
  '--limit 1e3': say([...PLAN, '--limit', '1e3'], '--limit', '"1e3"'),
  'option twice': say([...PLAN, '--desired', 'x.json'], '--desired is given more than once'),
  'switch twice': say([...PLAN, '--strict', '--strict'], '--strict is given more than once'),
  'switch on and off': say([...PLAN, '--strict', '--no-strict'], '--strict is given more than once'),
  'switch with a value': say([...PLAN, '--strict=maybe'], '--strict takes no value', '"maybe"'),
  '--out --limit 3': say([...PLAN, '--out', '--limit', '3'], '--out needs a value'),
  '--no-out': say([...PLAN, '--no-out'], '--out needs a value'),
  '--only-slugs a,,b': say([...PLAN, '--only-slugs', 'a,,b'], '--only-slugs needs'),
  '--only-slugs unknown': say(
    [...PLAN, '--only-slugs', 'offering-013x'],
    'offering-013x',
    'Did you mean offering-013',
  ),
  'one word too many': say(['snapshot', 'saleor', 'wagtail'], '"wagtail" is an extra argument'),
  'a word missing': say(['apply'], 'the folder plans contains no plan', '--out'),
  'two shops at once': say(['sandbox', '--empty', '--shop', 'x.json'], '--empty and --shop'),
  'a side that is none': say(['snapshot', 'magento'], '"magento"'),
  'a format that is none': say(['show', 'x', '--format', 'yaml'], 'yaml', 'markdown'),
  '--strict --create-missing': say([...PLAN, '--strict', '--create-missing'], 'cannot be combined'),
  'no desired state': say(['plan'], '--desired'),
  'missing file': say(on('nope.json'), 'nope.json', 'no such file'),
  'a folder as file': say(on('/'), 'it is a folder'),
  'an address of another kind': say(on('ftp://cms.example.com/x'), 'ftp:'),
  'an address that nothing answers': say(on('http://127.0.0.1:59/x'), '127.0.0.1:59', 'connection refused'),
  'not UTF-8': file('in.json', Uint8Array.from([0x7b, 0xe9, 0x7d]), on('in.json'), 'in.json', 'UTF-8'),
  'not JSON': file('in.json', 'hello', on('in.json'), 'in.json', 'JSON'),
  'truncated JSON': file(
    'in.json',
    readFileSync(EXPORT, 'utf8').slice(0, 9000),
    on('in.json'),
    'in.json',
    'ends too early',
  ),
  empty: file('in.json', '', on('in.json'), 'in.json is empty'),
  'HTML instead of JSON': file('in.json', '<!doctype html><html></html>', on('in.json'), 'in.json', 'HTML'),
  'another document': file('in.json', '{}', on('in.json'), 'in.json', 'not a catalog export'),
  'a snapshot as desired': say(on(SNAPSHOT), 'sailplan-actual'),
  'wrong format_version': file(
    'in.json',
    exportWith((document) => (document.format_version = 2)),
    on('in.json'),
    'format_version',
    '2',
  ),
  'a place in the schema': file(
    'in.json',
    page((one) => (one.page_id = 'seven')),
    on('in.json'),
    'offerings[3].page_id',
  ),
  __proto__: file('in.json', '{"__proto__": {}}', on('in.json'), '__proto__'),
  'a NUL': file(
    'in.json',
    exportWith((document) => (document.source.page_type = 'a\0b')),
    on('in.json'),
    'source.page_type',
    'NUL',
  ),
  'nested too deep': file('in.json', '['.repeat(9000) + ']'.repeat(9000), on('in.json'), '64 levels'),
  'edited by hand': file(
    'in.json',
    readFileSync(EXPORT, 'utf8').replace('Offering 31', 'Offering XX'),
    on('in.json'),
    'content_sha256',
  ),
  'a shop file of another kind': say(at(EXPORT), 'not a snapshot'),
  'a shop file that is cut off': file(
    'shop.json',
    readFileSync(SNAPSHOT, 'utf8').slice(0, 9000),
    at('shop.json'),
    'shop.json',
  ),
  'a shop file of a newer format': file(
    'shop.json',
    snapshot((one) => (one.format_version = '2.0')),
    at('shop.json'),
    'shop.json',
    '2.0',
  ),
  'a shop file with a wrong place': file(
    'shop.json',
    snapshot((one) => (one.actual.products['offering-001'].id = 5)),
    at('shop.json'),
    'offering-001',
  ),
  'a shop file that lacks a product': file(
    'shop.json',
    snapshot((one) => delete one.actual.products['offering-001']),
    at('shop.json'),
    '301',
    '302',
  ),
  'registry missing': say([...PLAN, '--capability-registry', 'nope'], 'nope', 'no such file'),
  'registry empty': file('ids', '', [...PLAN, '--capability-registry', 'ids'], 'ids holds no id'),
  'registry broken': file('ids', '["a"', [...PLAN, '--capability-registry', 'ids'], 'ids is not JSON'),
  'registry of numbers': file('ids', '["ocr", 7]', [...PLAN, '--capability-registry', 'ids'], 'ids: [1]'),
  'registry an HTML page': file('ids', '<html>', [...PLAN, '--capability-registry', 'ids'], 'HTML'),
  'contract broken': file('own.json', '{', [...PLAN, '--contract', 'own.json'], 'own.json is not JSON'),
  'config with an unknown member': file(
    'c.json',
    '{"format": "sailplan-config", "format_version": "1.0", "outt": "x"}',
    [...PLAN, '--config', 'c.json'],
    'c.json',
    'outt',
    'Did you mean out?',
  ),
  'config with an unknown member deep inside': file(
    'c.json',
    '{"format": "sailplan-config", "format_version": "1.0", "targets": {"staging": {"saleor_api_ulr": "https://shop.example.com/graphql/"}}}',
    [...PLAN, '--config', 'c.json'],
    'targets.staging',
    'saleor_api_ulr',
    'Did you mean saleor_api_url?',
  ),
  'config that excludes until a day that never comes': file(
    'c.json',
    '{"format": "sailplan-config", "format_version": "1.0", "ignore": [{"ref": "product.a", "reason": "x", "until": "2026-02-31"}]}',
    [...PLAN, '--config', 'c.json'],
    'ignore[0].until: 2026-02-31 is not a calendar day',
  ),
  'contract with a misspelt member': file(
    'own.json',
    JSON.stringify({ ...GTM_V1, namming: 'key' }),
    [...PLAN, '--contract', 'own.json'],
    'namming',
    'Did you mean naming?',
  ),
  'cannot be combined': say([...PLAN, '--desired', 'api-v2'], '--desired is given more than once'),
  'a shop that is both asked and read from a file': say(
    [...PLAN, '--actual', SNAPSHOT],
    '--actual is given more than once',
  ),
  'config with a token': file(
    'c.json',
    '{"format": "sailplan-config", "format_version": "1.0", "saleor_token": "sneaky-value"}',
    [...PLAN, '--config', 'c.json'],
    'saleor_token',
  ),
  '--out below a file': file('file', 'x', [...PLAN, '--out', 'file/plans'], 'file/plans', 'not a folder'),
  '--out where nothing can be': say(
    [...PLAN, '--out', '/proc/x/plans'],
    '/proc/x/plans',
    'cannot be written',
  ),
  '--report-path a folder': { ...say(['sync', '--desired', EXPORT, '--report-path', '/'], 'it is a folder') },
  'no such plan': say(['show', '0123456789abcdef'], '0123456789abcdef'),
  'a plan that is none': file('plan.json', '{}', ['show', 'plan.json'], 'not a plan'),
  'a report that is none': file('report.json', '{}', ['show', 'report.json'], 'report.json is not a report'),
  'a report that is cut off': file(
    'report.json',
    '{"runs"',
    ['show', 'report.json'],
    'report.json: not JSON',
  ),
  'a report that is missing': say(['show', 'report.json'], 'report.json', 'no such file'),
  'a site that is no JSON': file(
    'site.json',
    '{',
    ['sandbox', '--site', 'site.json'],
    'site.json is not JSON',
  ),
  'a fault that is none': say(['sandbox', '--faults', 'fire:1'], 'fire', '429'),
  'a port that is none': say(['sandbox', '--port', '99999'], 'port 99999', 'up to 65535'),
  'workers of a shop that is not slow': say(['sandbox', '--workers', '4'], '--workers', '--latency'),
  'an empty token': { ...say(['plan', '--desired', EXPORT], 'SALEOR_TOKEN is empty'), env: shopWith('') },
  'a token of blanks': {
    ...say(['plan', '--desired', EXPORT], 'SALEOR_TOKEN begins or ends with a space'),
    env: shopWith('          '),
  },
  'a token with a line break': {
    ...say(PLAN, 'SALEOR_TOKEN contains a line break'),
    env: shopWith('abcdefgh\nijk'),
  },
  'a token with its scheme': { ...say(PLAN, 'without "Bearer"'), env: shopWith('Bearer abcdefghijkl') },
  'a token and a file of it': {
    ...say(PLAN, 'SALEOR_TOKEN and SALEOR_TOKEN_FILE are both set'),
    env: { SALEOR_TOKEN: 'abcdefghijkl', SALEOR_TOKEN_FILE: 'token' },
  },
  'a token file that is missing': {
    ...say(PLAN, 'token cannot be read', 'no such file'),
    env: { SALEOR_TOKEN_FILE: 'token' },
  },
  'an empty token file': {
    ...file('token', '\n', PLAN, 'token is empty'),
    env: { SALEOR_TOKEN_FILE: 'token' },
  },
  'a token file that is too short': {
    ...file('token', 'abc\n', PLAN, 'SALEOR_TOKEN', '8'),
    env: { SALEOR_TOKEN_FILE: 'token' },
  },
  'token too short': { ...say(PLAN, 'SALEOR_TOKEN', '8'), env: { SALEOR_TOKEN: 'abc' } },
};

const ran = new Map<string, { run: ProgramResult; at: Workspace }>();
let shop: Sandbox;

beforeAll(async () => {
  shop = await startSandbox();
  const waiting = Object.entries(CASES);
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, { words, files = {}, env = {} }] = next;
      const folder = createWorkspace();
      for (const [path, content] of Object.entries(files)) folder.write(path, content);
      ran.set(name, { run: await folder.call(words, { env }), at: folder });
    }
  };
  await Promise.all([worker(), worker(), worker()]);
}, 60_000);
afterAll(async () => {
  removeWorkspaces();
  await shop.close();
});

test.each(Object.keys(CASES))('%s', (name) => {
  const { run, at: folder } = ran.get(name) as { run: ProgramResult; at: Workspace };
  const { says, files = {} } = CASES[name] as Case;
  const message = singleErrorOf(run);
  expect(run.code).toBe(1);
  for (const words of says) expect(message).toContain(words);
  expect(folder.files()).toEqual(Object.keys(files));
});

test('what stands for a token in a config file is refused, and its value said nowhere', () => {
  const { run, at: folder } = ran.get('config with a token') as { run: ProgramResult; at: Workspace };
  expect([run.code, run.stdout, run.stderr.includes('sneaky-value')]).toEqual([1, '', false]);
  expect(folder.read('c.json')).toContain('sneaky-value');
});

test.each([
  ['a bare one', 'TOKEN'],
  ['one with a line break at its end', 'TOKEN\n'],
  ['one of Windows', 'TOKEN\r\n'],
])('a token from a file, %s, is the token', async (_, content) => {
  const folder = createWorkspace();
  folder.write('secret', content.replace('TOKEN', shop.tokens.full));
  const env = { SALEOR_API_URL: shop.url, SALEOR_TOKEN_FILE: join(folder.path, 'secret') };
  const run = await folder.call(['doctor'], { env });
  expect([run.code, run.stdout + run.stderr]).toEqual([
    0,
    expect.stringContaining('the token has MANAGE_PRODUCTS'),
  ]);
  expect(run.stdout + run.stderr).not.toContain(shop.tokens.full);
});

/** What is wrong with one page leaves that page out; the plan is written, and says where and what next. */
test.each<[string, (document: AnyDocument) => void, string, string]>([
  [
    'two pages for one product',
    ({ offerings }) => (offerings[1].saleor_product_id = offerings[0].saleor_product_id),
    'product_claimed_twice',
    'product.offering-031',
  ],
  [
    'product missing',
    ({ offerings }) => Object.assign(offerings[0], { saleor_product_id: '', saleor_product_slug: 'nowhere' }),
    'product_missing',
    'page.40',
  ],
  [
    'unknown taxonomy key',
    ({ offerings }) => (offerings[0].roles = ['foundr']),
    'term_unknown',
    'product.offering-031',
  ],
  [
    'no cp_offering_id',
    ({ offerings }) => (offerings[0].cp_offering_id = ''),
    'required_field_empty',
    'product.offering-031',
  ],
  [
    'min > max',
    ({ offerings }) => (offerings[0].credits_estimate_min = 90),
    'estimate_reversed',
    'product.offering-031',
  ],
  [
    'a malformed key',
    ({ taxonomies }) => (taxonomies.roles[0].key = 'Data Analyst'),
    'key_malformed',
    'taxonomy.roles',
  ],
  [
    'a key that occurs twice',
    ({ taxonomies }) => taxonomies.roles.push(taxonomies.roles[0]),
    'key_duplicate',
    'taxonomy.roles',
  ],
])('%s: an error that names it, and the rest is planned', async (_, bend, code, ref) => {
  const folder = createWorkspace();
  const two = (document: AnyDocument) => {
    document.offerings = document.offerings.filter((one: AnyDocument) => [40, 44].includes(one.page_id));
    bend(document);
  };
  folder.write('in.json', exportWith(two));
  const run = await folder.call([...on('in.json'), '--create-missing', '--json']);
  const { errored, diagnostics, summary } = JSON.parse(run.stdout);
  expect([run.code, errored]).toEqual([0, false]);
  const found = diagnostics.filter((one: AnyDocument) => one.code === code && one.severity === 'error');
  expect(found.map((one: AnyDocument) => one.ref)).toContain(ref);
  expect([found[0].message, found[0].hint]).toEqual([
    expect.stringMatching(/\S/),
    expect.stringMatching(/\S/),
  ]);
  expect(summary.create).toBeGreaterThan(0);
});

test.each([
  ['a JSON array of ids', JSON.stringify(['ocr'])],
  ['a JSON array of {id}', JSON.stringify([{ id: 'ocr' }])],
  ['one id a line', '# ours\nocr\n\n'],
])('capability not in the registry, %s', async (_, registry) => {
  const folder = createWorkspace();
  folder.write('ids', registry);
  const run = await folder.call([...PLAN, '--capability-registry', 'ids', '--json', '--strict']);
  const { diagnostics, errored } = JSON.parse(run.stdout);
  const unknown = diagnostics.filter((one: AnyDocument) => one.code === 'registry_unknown');
  expect([run.code, errored]).toEqual([1, true]);
  expect(unknown.length).toBeGreaterThan(5);
  expect(unknown.filter((one: AnyDocument) => one.data.key === 'ocr')).toEqual([]);
});

test('plan --json has the words of every problem, notes and several of one code and ref included', async () => {
  const folder = createWorkspace();
  const bend = (document: AnyDocument) => {
    document.taxonomies.roles.push({ key: 'number', label: 7 }, { key: 'flag', label: true });
    document.taxonomies.roles.push({ key: 'zoologist', label: 'Zoologist' });
  };
  folder.write('in.json', exportWith(bend));
  const run = await folder.call([
    ...on('in.json'),
    '--create-missing',
    '--exclude',
    'value.gsv_roles.zoologist',
    '--json',
  ]);
  const { diagnostics } = JSON.parse(run.stdout);
  const silent = diagnostics.filter(({ message, hint }: AnyDocument) => !message || hint === undefined);
  expect(silent).toEqual([]);
  const words = diagnostics.filter(({ code }: AnyDocument) => code === 'term_malformed');
  expect(words.map(({ message }: AnyDocument) => message)).toEqual([
    expect.stringContaining('"number"'),
    expect.stringContaining('"flag"'),
  ]);
  expect(diagnostics.some(({ severity }: AnyDocument) => severity === 'note')).toBe(true);
});

test('an HTML page under an address, and a site that serves the export', async () => {
  const html = await createWorkspace().call(on(shop.url));
  expect([html.code, singleErrorOf(html)]).toEqual([1, expect.stringContaining('HTML')]);
  expect(shop.log.counts.mutations).toBe(0);
});
