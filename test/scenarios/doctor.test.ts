import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { ask, everyNode } from '../slow/saleor/remove.mjs';
import { callMain } from '../support/call-main.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.close();
});

interface Finding {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

async function doctor(env: NodeJS.ProcessEnv, ...words: readonly string[]) {
  const { code, stdout } = await callMain(['doctor', '--json', ...words], {
    folder: process.cwd(),
    env: { SALEOR_API_URL: sandbox.url, SALEOR_TOKEN: sandbox.tokens.full, ...env },
    timeoutMs: 20_000,
    bin: 'cli',
  });
  const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: Finding[] };
  return { code, ok, findings, bad: findings.filter(({ severity }) => severity === 'error') };
}

const EXPORT = ['--desired', 'test/recordings/wagtail-export.json'];

test('a token with all that is asked for: nothing blocks, labels are counted, nothing is written', async () => {
  const { code, ok, findings } = await doctor({}, ...EXPORT, '--create-missing', '--sync-attributes');
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  expect(findings.find(({ code: name }) => name === 'labels')?.message).toMatch(
    /^\d+ labels are stored as translations/,
  );
  expect(findings.filter(({ code: name }) => name === 'will_be_planned')).toHaveLength(20);
  expect(sandbox.log.counts.mutations).toBe(0);
});

test.each([
  ['limited', ['--create-missing'], ['permission_missing'], /MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES/],
  ['types', [], ['permission_missing'], /MANAGE_PRODUCTS/],
  ['inactive', [], ['token_invalid'], /not accepted/],
] as const)('the token %s is named with what it lacks', async (name, words, codes, message) => {
  const { code, bad } = await doctor({ SALEOR_TOKEN: sandbox.tokens[name] }, ...words);
  expect({ code, codes: bad.map((one) => one.code) }).toEqual({ code: 1, codes });
  expect(bad[0]?.message).toMatch(message);
  expect(bad.every(({ fix }) => fix !== '')).toBe(true);
});

test('without translations: a warning that counts the labels, and nothing blocks', async () => {
  const { code, findings } = await doctor({ SALEOR_TOKEN: sandbox.tokens.two }, ...EXPORT);
  expect(code).toBe(0);
  expect(findings.find((one) => one.code === 'label_in_translation')?.message).toMatch(
    /^\d+ labels are not stored/,
  );
});

test('addresses: the slash that is missing, nobody there, no TLS there', async () => {
  const { port } = new URL(sandbox.url);
  const codes = async (url: string) => (await doctor({ SALEOR_API_URL: url })).bad.map(({ code }) => code);
  expect(await codes(sandbox.url.slice(0, -1))).toEqual(['slash_missing', 'answer_invalid']);
  expect(await codes('http://127.0.0.1:9/graphql/')).toEqual(['unreachable']);
  expect(await codes(`https://127.0.0.1:${port}/graphql/`)).toEqual(['unreachable']);
});

test('a shop that answers nobody without a token says 401', async () => {
  const body = JSON.stringify({
    errors: [
      {
        message: 'Storefront traffic is not allowed.',
        extensions: { code: 'STOREFRONT_TRAFFIC_NOT_ALLOWED' },
      },
    ],
  });
  sandbox.intercept = () => ({ kind: 'reply', status: 401, body });
  const { code, bad } = await doctor({});
  sandbox.intercept = undefined;
  expect({ code, codes: bad.map((one) => one.code) }).toEqual({ code: 1, codes: ['token_invalid'] });
  expect(bad[0]?.message).toMatch(/this shop requires a token/);
});

test('an attribute that is missing blocks only a token that cannot create it', async () => {
  const attributes = await everyNode(sandbox.url, sandbox.tokens.full, 'attributes');
  const id = attributes.find(({ slug }) => slug === 'gsv_maturity')?.id;
  await ask(sandbox.url, sandbox.tokens.full, 'mutation($id:ID!){attributeDelete(id:$id){errors{code}}}', {
    id,
  });
  const lacks = await doctor({});
  expect([lacks.code, lacks.findings.find(({ code }) => code === 'attribute_missing')?.severity]).toEqual([
    0,
    'warning',
  ]);
  const cannot = await doctor({ SALEOR_TOKEN: sandbox.tokens.limited });
  expect(cannot.bad.map(({ code }) => code)).toEqual(['attribute_missing']);
  expect((await doctor({}, '--create-attributes')).code).toBe(0);
});

test('a header whose variable is not set is a finding, after those before it', async () => {
  const { code, findings } = await doctor({}, '--header-env', 'X-Gate=NOT_SET');
  expect(code).toBe(1);
  expect(findings.slice(-2).map(({ severity, message }) => [severity, message])).toEqual([
    ['ok', `${sandbox.url}, without TLS`],
    ['error', '--header-env X-Gate=NOT_SET: the variable NOT_SET is not set'],
  ]);
});

test('without a site it leads to init, and to no plan that would fail', async () => {
  const { code, stdout } = await callMain(['doctor'], {
    folder: process.cwd(),
    env: { SALEOR_API_URL: sandbox.url, SALEOR_TOKEN: sandbox.tokens.full },
    timeoutMs: 20_000,
    bin: 'cli',
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/\nNext: name the site: sailplan init --desired FILE .*\n$/);
  expect(stdout).not.toContain('sailplan plan');
});
