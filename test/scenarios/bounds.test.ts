import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { type AnyDocument, createWorkspace, removeWorkspaces, type Workspace } from '../support/workspace.ts';

/** What a branch, a site or a shop can bring: only so much of it is read, and it sends no token to the other side. */
jest.setTimeout(60_000);
let sandbox: Sandbox;
let at: Workspace;
let site: Server;
/** Requests that the site got. */
let asked: { url: string; headers: IncomingHttpHeaders }[];
beforeEach(async () => {
  sandbox = await startSandbox({ seed: demoShop() });
  at = createWorkspace();
  at.write('catalog.json', JSON.stringify(demoExport()));
  asked = [];
  site = createServer((request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers });
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end('{}');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  site.closeAllConnections();
  await new Promise((resolve) => site.close(resolve));
  await sandbox.close();
  removeWorkspaces();
});

const TOKEN = 'the-token-of-the-site-0123456789';
const siteOrigin = () => `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
const shopOrigin = () => new URL(sandbox.url).origin;
const shopEnv = () => ({ SALEOR_API_URL: sandbox.url, SALEOR_TOKEN: sandbox.tokens.full });
const config = (members: object) =>
  at.write(
    'sailplan.config.json',
    JSON.stringify({ format: 'sailplan-config', format_version: '1.0', ...members }),
  );

async function planned(): Promise<string> {
  const words = ['plan', '--desired', 'catalog.json', '--create-missing', '--json'];
  const { stdout } = await at.call(words, { env: shopEnv() });
  return JSON.parse(stdout).id;
}

describe('below a folder of plans', () => {
  const ODD: readonly (readonly [string, (path: string) => void])[] = [
    ['a link to a device without end', (path) => symlinkSync('/dev/zero', path)],
    ['a pipe that nobody writes to', (path) => void execFileSync('mkfifo', [path])],
    ['a folder', (path) => void mkdirSync(path)],
    ['a link to a file elsewhere', (path) => symlinkSync('/etc/passwd', path)],
    ['a link to nothing', (path) => symlinkSync('no/where', path)],
  ];
  const FILES = [
    ['plan.json'],
    ['approvals/a.json'],
    [
      'provenance.json',
      'author.json',
      'accept.json',
      'runs/1/journal.jsonl',
      'runs/1/report.mac',
      'report.json',
    ],
  ];
  test.each(ODD)('%s ends no command and is never believed', async (_, place) => {
    for (const names of FILES) {
      const id = await planned();
      for (const name of names) {
        const path = join(at.path, 'plans', id, name);
        mkdirSync(join(path, '..'), { recursive: true });
        rmSync(path, { recursive: true, force: true });
        place(path);
      }
      for (const words of [['status'], ['verify', id], ['show', id], ['apply', id, '--no-policy']]) {
        const { code, stdout, stderr } = await at.call(words, { env: shopEnv(), timeoutMs: 5_000 });
        expect({ names, words, isOk: code === 0 && words[0] === 'apply' }).toMatchObject({ isOk: false });
        expect(stdout + stderr).not.toMatch(/internal error|^ +at /m);
        expect(stdout + stderr).not.toContain('root:x:');
      }
      rmSync(join(at.path, 'plans'), { recursive: true, force: true });
    }
  });

  test('an archive, a lock and a folder of runs that are links', async () => {
    const id = await planned();
    await at.call(['approve', id, '--as', 'ada@example.com', '--yes']);
    const outside = join(at.path, 'outside');
    for (const name of ['archive', `${id}/runs`, `${id}/approvals`]) {
      mkdirSync(outside, { recursive: true });
      const path = join(at.path, 'plans', name);
      rmSync(path, { recursive: true, force: true });
      symlinkSync(outside, path);
      const { code, stderr } = await at.call(['apply', id, '--no-policy'], { env: shopEnv() });
      expect([name, code === 0, stderr]).toEqual([
        name,
        false,
        expect.stringMatching(/symbolic link|not a plain file/),
      ]);
      rmSync(path);
      expect(execFileSync('ls', [outside]).toString()).toBe('');
    }
    expect(sandbox.log.counts.mutations).toBe(0);
  });
});

describe('a config of a branch', () => {
  test.each([
    ['contract', '../contract.json'],
    ['policy', '/etc/hostname'],
    ['capability_registry', '../../etc/passwd'],
    ['capability_registry', 'linked'],
    ['desired', 'deep/../../catalog.json'],
    ['desired', 'linked'],
    ['out', '/tmp'],
    ['out', 'dangling/plans'],
  ])('names nothing outside its repository: %s %s', async (name, path) => {
    symlinkSync('/etc/passwd', join(at.path, 'linked'));
    symlinkSync('../elsewhere', join(at.path, 'dangling'));
    config({ desired: 'catalog.json', [name]: path });
    const { code, stdout, stderr } = await at.call(['plan', '--create-missing'], { env: shopEnv() });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${name} leads out of the repository`)]);
    expect(stdout + stderr).not.toContain('root:');
  });

  test('may name files beside it, and in a subfolder', async () => {
    at.write('data/catalog.json', at.read('catalog.json'));
    config({ desired: 'data/catalog.json', out: './deep/plans' });
    expect((await at.call(['plan', '--create-missing'], { env: shopEnv() })).code).toBe(0);
  });

  test('is asked for no address that nobody allowed, also without a token', async () => {
    const address = `${siteOrigin()}/export/`;
    for (const members of [
      { desired: address },
      { desired: 'catalog.json', capability_registry: address },
      { desired: 'api-v2', wagtail: { base_url: address, page_type: 'a.B', locale: 'en' } },
    ]) {
      config(members);
      const run = await at.call(['lint']);
      expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('only a config file names it')]);
      expect(asked).toEqual([]);
      const env = { SAILPLAN_ALLOWED_ORIGINS: `wagtail=${siteOrigin()}` };
      await at.call(['lint'], { env });
      expect(asked.splice(0).length).toBeGreaterThan(0);
    }
  });
});

describe('a token and a header are of one side', () => {
  const lists = () => [
    `${shopOrigin()} ${siteOrigin()}`,
    `wagtail=${siteOrigin()}`,
    `wagtail=${siteOrigin()},saleor=${shopOrigin()}`,
    `${shopOrigin()},wagtail=${siteOrigin()}`,
  ];

  test('the shop’s token never goes to the site', async () => {
    for (const list of lists()) {
      config({ saleor_api_url: `${siteOrigin()}/graphql/`, desired: 'catalog.json' });
      const env = { SALEOR_TOKEN: sandbox.tokens.full, SAILPLAN_ALLOWED_ORIGINS: list };
      const { code, stderr } = await at.call(['plan'], { env });
      expect([code, stderr]).toEqual([1, expect.stringContaining('the Saleor token is not sent to')]);
      expect(asked).toEqual([]);
    }
  });

  test('the site’s token never goes to the shop', async () => {
    for (const list of [`saleor=${shopOrigin()}`, `${siteOrigin()} ${shopOrigin()}`, shopOrigin()]) {
      config({ desired: `${shopOrigin()}/export/` });
      const env = { ...shopEnv(), WAGTAIL_TOKEN: TOKEN, SAILPLAN_ALLOWED_ORIGINS: list };
      const before = sandbox.log.counts.requests;
      const { code, stderr } = await at.call(['lint'], { env });
      expect([code, stderr]).toEqual([1, expect.stringContaining('the Wagtail token is not sent to')]);
      expect(sandbox.log.counts.requests).toBe(before);
    }
  });

  test('a header without a side is refused where both are asked, and goes to the only one otherwise', async () => {
    const env = { ...shopEnv(), GATE: 'secret-of-a-gateway' };
    const words = ['plan', '--desired', `${siteOrigin()}/export/`, '--header-env'];
    const bare = await at.call([...words, 'x-gate=GATE'], { env });
    expect([bare.code, bare.stderr]).toEqual([1, expect.stringContaining('saleor:x-gate=GATE')]);
    expect(asked).toEqual([]);
    await at.call([...words, 'saleor:x-gate=GATE'], { env });
    await at.call([...words, 'wagtail:x-other=GATE'], { env });
    expect(asked.map(({ headers }) => [headers['x-gate'], headers['x-other']])).toEqual([
      [undefined, undefined],
      [undefined, 'secret-of-a-gateway'],
    ]);
    await at.call(['lint', '--desired', `${siteOrigin()}/export/`, '--header-env', 'x-gate=GATE'], { env });
    expect(asked.at(-1)?.headers['x-gate']).toBe('secret-of-a-gateway');
  });

  test('a header that is typed wrongly is not said back', async () => {
    for (const given of ['Authorization: Bearer s3cr3t-value', 'x-gate=s3cr3t-value!', 's3cr3t-value']) {
      const { code, stderr } = await at.call(['lint', '--desired', 'catalog.json', '--header-env', given]);
      const isQuoted = stderr.includes('s3cr3t-value');
      expect([given, code === 0 || !isQuoted]).toEqual([given, true]);
    }
  });
});

/** Escapes, C1 controls, bidi controls, zero-width characters and markup, as a title or label can have them. */
const HOSTILE = '\u009b31m\u0085\u202e\u200b\u007f\u001b[31m</script><script>x</script>';
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e<]/;

test('no document that is printed as JSON has a raw control, bidi or invisible character, or markup', async () => {
  const catalog = structuredClone(demoExport()) as AnyDocument;
  for (const offering of catalog.offerings) offering.title = `${HOSTILE} ${offering.title}`;
  for (const offering of catalog.offerings) offering.outcome_tagline = `${HOSTILE} tagline`;
  for (const terms of Object.values<AnyDocument>(catalog.taxonomies))
    for (const term of terms) term.label = `${HOSTILE}${term.label}`;
  delete catalog.content_sha256;
  at.write('catalog.json', JSON.stringify(catalog));
  const id = await planned();
  await at.call(['approve', id, '--as', 'ada@example.com', '--yes']);
  const commands = [
    ['lint', '--desired', 'catalog.json', '--format', 'json'],
    ['plan', '--desired', 'catalog.json', '--create-missing', '--json'],
    ['drift', '--desired', 'catalog.json', '--format', 'json'],
    ['show', id, '--format', 'json'],
    ['verify', id, '--json'],
    ['status', '--json'],
    ['doctor', '--desired', 'catalog.json', '--json'],
    ['apply', id, '--no-policy', '--dry-run', '--json'],
    ['apply', id, '--no-policy', '--json', '--log', 'json'],
    ['audit', '--json'],
    ['snapshot', 'wagtail', '--desired', 'catalog.json'],
    ['snapshot', 'saleor'],
  ];
  for (const words of commands) {
    const { stdout, stderr } = await at.call(words, { env: shopEnv() });
    expect({ words, raw: RAW.exec(stdout)?.[0] ?? RAW.exec(stderr)?.[0] ?? null }).toEqual({
      words,
      raw: null,
    });
    for (const line of stdout.startsWith('{\n') || stdout.startsWith('[')
      ? [stdout]
      : stdout.trim().split('\n'))
      if (line !== '') expect(() => JSON.parse(line)).not.toThrow();
  }
});

test('words of a shop in the next step make no line of their own', async () => {
  sandbox.intercept = ({ query }) =>
    query.includes('channels')
      ? {
          kind: 'edit',
          edit: (json: AnyDocument) =>
            JSON.parse(JSON.stringify(json).replaceAll('default-channel', 'a\\n::error::forged\\u202e')),
        }
      : undefined;
  const { stderr } = await at.call(['plan', '--desired', 'catalog.json'], {
    env: { ...shopEnv(), SALEOR_CHANNEL_SLUG: 'web' },
  });
  expect(stderr).toContain('\\u{a}\\u{3a}:error::forged\\u{202e}');
  expect(stderr.split('\n').length).toBeLessThanOrEqual(3);
});

describe('an answer without end', () => {
  const answering = (text: string) => {
    site.removeAllListeners('request');
    site.on('request', (request, response) => {
      asked.push({ url: request.url ?? '', headers: request.headers });
      request.resume();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(text);
    });
  };
  const env = () => ({ SALEOR_API_URL: `${siteOrigin()}/graphql/`, SALEOR_TOKEN: sandbox.tokens.full });

  test.each([
    ['brackets', '['.repeat(5_000_000)],
    ['objects', '{"a":'.repeat(1_000_000)],
    ['both in turn', '[{"a":'.repeat(1_000_000)],
    ['empty lists', `{"data":[${'[],'.repeat(2_000_000)}[]]}`],
  ])('%s: refused before it is parsed', async (_, text) => {
    answering(text);
    for (const [words, given] of [
      [['plan', '--desired', 'catalog.json'], env()],
      [['lint', '--desired', `${siteOrigin()}/export/`], {}],
    ] as const) {
      const { code, stderr } = await at.call(words, { env: given });
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/nested deeper than 64 levels|values in|1500000 are allowed/),
      ]);
    }
  });

  test('a site of 2^40 pages, one at a time, and one whose pages are never full', async () => {
    const words = ['lint', '--desired', 'api-v2', '--wagtail-url', `${siteOrigin()}/api/v2/`];
    const call = () => at.call([...words, '--page-type', 'a.B', '--locale', 'en']);
    answering(JSON.stringify({ meta: { total_count: 2 ** 40 }, items: [{ id: 1 }] }));
    expect((await call()).stderr).toContain('at most 1000000 items are read');
    expect(asked.length).toBeLessThan(10);
    asked.length = 0;
    answering(JSON.stringify({ meta: { total_count: 900_000 }, items: [{ id: 1, key: 'a', label: 'A' }] }));
    const { code, stderr } = await call();
    expect([code, stderr]).toEqual([1, expect.stringContaining('gave 1 of 900000')]);
    expect(asked.length).toBeLessThan(10);
  });
});

describe('an address that is none', () => {
  test('costs its links, and is not said back', async () => {
    config({
      desired: 'catalog.json',
      saleor_api_url: 'http://ada:s3cr3t-value@[bad',
      saleor_dashboard_url: 'http://[::1',
      wagtail: {
        admin_url: 'ht tp://ada:s3cr3t-value',
        media_base_url: 'http://[x',
        base_url: '::s3cr3t-value',
      },
    });
    const policy = { format: 'sailplan-policy', format_version: '1.0' };
    const targets = { live: { api_url: 'https://ada:s3cr3t-value@[bad', approvals: 1 } };
    at.write('sailplan.policy.json', JSON.stringify({ ...policy, targets }));
    for (const words of [['lint'], ['plan'], ['doctor'], ['status'], ['lint', '--desired', 'http://[::1']]) {
      const { stdout, stderr } = await at.call(words, { env: { SALEOR_TOKEN: sandbox.tokens.full } });
      expect({ words, text: stdout + stderr }).toEqual({
        words,
        text: expect.not.stringMatching(/s3cr3t-value|internal error|Invalid URL/),
      });
    }
  });

  test('a pipe that a person types is read to its end', async () => {
    const run = await at.shell('$SAILPLAN snapshot wagtail --desired <(cat catalog.json) | head -c 20');
    expect([run.stdout.startsWith('{'), run.stderr]).toEqual([true, '']);
  });
});
