import { readFileSync } from 'node:fs';
import { expect, jest, test } from '@jest/globals';
import { demoExport } from '../../src/sandbox/demo/demo-shop.ts';
import { useDemoShop } from '../support/demo-sandbox.ts';
import { createWorkspace, EXPORT, SNAPSHOT, shopEnv, singleErrorOf } from '../support/workspace.ts';

/** Files as editors, hooks and git on Windows leave them. */
jest.setTimeout(180_000);
const shop = useDemoShop();
const MARK = '\ufeff';
const OPTIONS = { timeoutMs: 120_000 };

test('a byte order mark is accepted wherever people write JSON', async () => {
  const at = createWorkspace();
  const contract = readFileSync('src/contract/gtm-v1.json', 'utf8');
  at.write('contract.json', `${MARK}${contract}`);
  at.write('registry.json', `${MARK}["lead_scoring"]`);
  at.write('catalog.json', `${MARK}${readFileSync(EXPORT, 'utf8')}`);
  at.write('shop.json', `${MARK}${readFileSync(SNAPSHOT, 'utf8')}`);
  at.write(
    'sailplan.config.json',
    `${MARK}${JSON.stringify({ format: 'sailplan-config', format_version: '1.0', desired: 'catalog.json', contract: 'contract.json', capability_registry: 'registry.json' })}`,
  );
  const run = await at.call(['plan', '--actual', 'shop.json', '--create-missing', '--json'], OPTIONS);
  expect([run.stderr, run.code]).toEqual([expect.not.stringContaining('sailplan:'), 0]);
  expect(JSON.parse(run.stdout).plan).toMatch(/^plans\//);
});

test('a checkout with CRLF is named as that, and the hint’s way back works', async () => {
  const at = createWorkspace();
  const plan = ['plan', '--desired', EXPORT, '--actual', SNAPSHOT, '--create-missing'];
  expect((await at.call(plan, OPTIONS)).code).toBe(0);
  const [id = ''] = at.ids();
  expect((await at.call(['approve', id, '--as', 'ada@example.com', '--yes'], OPTIONS)).code).toBe(0);
  const git = async (line: string) => {
    const run = await at.shell(`export GIT_CONFIG_GLOBAL=/dev/null; ${line}`, OPTIONS);
    expect([run.stderr, run.code]).toEqual([expect.anything(), 0]);
  };
  await git('git init -q . && git add -A && git -c user.name=a -c user.email=a@example.com commit -qm plan');
  await git('rm -rf plans && git config core.autocrlf true && git checkout -q -- plans');
  expect(at.read(`plans/${id}/plan.json`)).toContain('\r\n');
  for (const command of ['verify', 'apply'] as const) {
    const run = await at.call([command, id, '--no-policy'], { ...OPTIONS, env: shopEnv(shop()) });
    const message = singleErrorOf(run);
    expect([run.code, message]).toEqual([3, expect.stringContaining('its line ends are CRLF')]);
    expect(message).toContain('"plans/** -text" to .gitattributes');
  }
  at.write('.gitattributes', 'plans/** -text\n');
  await git(`rm -rf plans/${id} && git checkout -q -- plans`);
  expect((await at.call(['verify', id, '--no-policy'], OPTIONS)).code).toBe(0);
  at.write(`plans/${id}/plan.json`, at.read(`plans/${id}/plan.json`).trimEnd());
  expect(singleErrorOf(await at.call(['verify', id, '--no-policy'], OPTIONS))).toContain(
    'the newline at its end was added or removed',
  );
});

test('init writes .gitattributes beside .gitignore, and adds only what is missing', async () => {
  const at = createWorkspace();
  at.write('catalog.json', JSON.stringify(demoExport()));
  at.write('.gitattributes', '*.png binary\nplans/** -text');
  const run = await at.call(['init', '--desired', 'catalog.json'], { ...OPTIONS, env: shopEnv(shop()) });
  expect([run.code, run.stdout]).toEqual([0, expect.stringContaining('.gitattributes')]);
  expect(at.read('.gitattributes')).toBe(
    '*.png binary\nplans/** -text\nsailplan.*.json -text\nallowed_signers -text\n',
  );
});

test.each([
  [['--desired', 'https://cms.example.com/catalog-export/?token=S3CRET'], 'token'],
  [['--desired', 'https://cms.example.com/catalog-export/?format=json&k=S3CRET'], 'k'],
  [['--desired', 'https://ada:S3CRET@cms.example.com/catalog-export/'], 'user name'],
  [['--wagtail-url', 'https://cms.example.com/api/v2/?api_key=S3CRET'], 'api_key'],
  [['--wagtail-url', 'https://S3CRET@cms.example.com/api/v2/'], 'user name'],
  [['--desired', 'https://cms.example.com/catalog-export/#S3CRET'], '#'],
])('init refuses an address that may hold a secret: %j', async (words, named) => {
  const at = createWorkspace();
  const run = await at.call(['init', ...words], { ...OPTIONS, env: shopEnv(shop()) });
  const message = singleErrorOf(run);
  expect([run.code, message]).toEqual([1, expect.stringContaining(named)]);
  expect(message).toMatch(/WAGTAIL_TOKEN|--header-env/);
  expect(message).not.toContain('S3CRET');
  expect(at.files()).toEqual([]);
});

test('UTF-16, as PowerShell writes it, is named as that; a token file may begin with a byte order mark', async () => {
  const at = createWorkspace();
  const text = readFileSync(EXPORT, 'utf8');
  const little = Buffer.from(`${MARK}${text}`, 'utf16le');
  for (const bytes of [little, Buffer.from(little).swap16()]) {
    at.write('catalog.json', bytes);
    const run = await at.call(['plan', '--desired', 'catalog.json', '--actual', SNAPSHOT], OPTIONS);
    expect([run.code, singleErrorOf(run)]).toEqual([1, expect.stringContaining('is UTF-16, not UTF-8')]);
  }
  const { SALEOR_TOKEN, ...env } = shopEnv(shop());
  at.write('catalog.json', JSON.stringify(demoExport()));
  at.write('token', `${MARK}${SALEOR_TOKEN}\r\n`);
  const run = await at.call(['plan', '--desired', 'catalog.json', '--create-missing'], {
    ...OPTIONS,
    env: { ...env, SALEOR_TOKEN_FILE: 'token' },
  });
  expect([run.stderr, run.code]).toEqual([expect.not.stringContaining('sailplan:'), 0]);
});
