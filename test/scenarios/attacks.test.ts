import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { countWrites, parseJournal } from '../../src/apply/journal-history.ts';
import type { Offering } from '../../src/core/desired-state.ts';
import { rivalsOf } from '../../src/diff/match-products.ts';
import { attemptRequest } from '../../src/platform/http/attempt.ts';
import { createSecrets } from '../../src/platform/secret-redaction.ts';
import { missingRootField } from '../../src/saleor/graphql/client.ts';
import { shopError } from '../../src/saleor/graphql/response-errors.ts';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import {
  type AnyDocument,
  createWorkspace,
  removeWorkspaces,
  shopEnv,
  singleErrorOf,
  type Workspace,
} from '../support/workspace.ts';

const TOKEN = 'canaryCANARYcanaryCANARY012345';
const open: Sandbox[] = [];
afterEach(async () => {
  removeWorkspaces();
  for (const one of open.splice(0)) await one.close();
});

async function desk(bend: (document: AnyDocument) => void = () => undefined) {
  const sandbox = await startSandbox({ seed: demoShop(), tokens: { full: TOKEN } });
  open.push(sandbox);
  const at: Workspace = createWorkspace();
  const document: AnyDocument = JSON.parse(JSON.stringify(demoExport()));
  bend(document);
  delete document.content_sha256;
  at.write('catalog.json', JSON.stringify(document));
  const env = shopEnv(sandbox);
  const call = (...words: string[]) => at.call(words, { env });
  const plan = () => call('plan', '--desired', 'catalog.json', '--create-missing');
  return { sandbox, at, call, plan };
}

async function approved() {
  const one = await desk();
  expect(await one.plan()).toMatchObject({ code: 0 });
  const [id = ''] = one.at.ids();
  expect(await one.call('approve', id, '--as', 'ada@example.com', '--yes')).toMatchObject({ code: 0 });
  return { ...one, id, apply: () => one.call('apply', id, '--no-policy') };
}

describe('a token stands nowhere, however it came there', () => {
  const secrets = createSecrets({ SALEOR_TOKEN: TOKEN });

  test('cut short by an ellipsis', () => {
    expect(secrets.redact(`bad ${TOKEN.slice(0, 22)}…, and ${TOKEN.slice(0, 9)}… again`)).toBe(
      'bad [SALEOR_TOKEN]…, and [SALEOR_TOKEN]… again',
    );
    expect(secrets.redact(`${TOKEN.slice(0, 5)}… says little`)).toBe(`${TOKEN.slice(0, 5)}… says little`);
    expect(() => secrets.assertNoSecret(`bad ${TOKEN.slice(0, 22)}…`, 'journal')).toThrow(/SALEOR_TOKEN/);
    expect(() => secrets.assertNoSecret('an offering…', 'journal')).not.toThrow();
  });

  test('in a long error of the shop', async () => {
    const { sandbox, plan } = await desk();
    const body = JSON.stringify({ errors: [{ message: `${'x'.repeat(178)}${TOKEN}` }] });
    sandbox.intercept = () => ({ kind: 'reply', status: 200, body });
    const error = singleErrorOf(await plan());
    expect(error).toContain('x[SALEOR_TOKEN]…');
    expect(error).not.toContain('canary');
  });

  test('echoed by the shop in the errors of a mutation: the run goes on, and nothing holds it', async () => {
    const { sandbox, at, id, apply } = await approved();
    const errors = [
      { field: 'id', code: 'INVALID', message: `refused ${TOKEN}`, attributes: null, values: null },
    ];
    sandbox.intercept = ({ query }) => {
      const aliases = query.match(/\bm\d+(?=:\s*productUpdate)/g) ?? [];
      const data = Object.fromEntries(aliases.map((alias) => [alias, { product: null, errors }]));
      return aliases.length === 0
        ? undefined
        : { kind: 'reply', status: 200, body: JSON.stringify({ data }) };
    };
    const run = await apply();
    expect(run.code).toBe(5);
    expect(JSON.stringify(run)).not.toContain('canary');
    const report = at.read(`plans/${id}/report.json`);
    expect(report).toContain('refused [SALEOR_TOKEN]');
    expect(`${report}${at.read(`plans/${id}/runs/1/journal.jsonl`)}`).not.toContain('canary');
    sandbox.intercept = undefined;
    expect(await apply()).toMatchObject({ code: 0 });
  });

  test.each([
    [[TOKEN]],
    [[`--${TOKEN}`]],
    [['plan', '--limit', TOKEN]],
  ])('typed in a wrong place: %j', async (words) => {
    const run = await createWorkspace().call(words, { env: { SALEOR_TOKEN: TOKEN } });
    expect(run.code).toBe(1);
    expect(singleErrorOf(run)).not.toContain('canary');
  });

  test('--help answers where the token is too short', async () => {
    expect(await createWorkspace().call(['--help'], { env: { SALEOR_TOKEN: 'abc' } })).toMatchObject({
      code: 0,
    });
  });

  test.each([
    [['plan', '--desired', `http://ada:${TOKEN}@[bad/x`]],
    [['plan', '--desired', 'catalog.json', '--capability-registry', `http://ada:${TOKEN}@127.0.0.1:9/x`]],
  ])('inside an address: %j', async (words) => {
    const { call } = await desk();
    const run = await call(...words);
    expect(run.code).toBe(1);
    expect(singleErrorOf(run)).not.toContain('canary');
  });

  test('an address with a password is refused before anything is sent', async () => {
    const url = `http://ada:${TOKEN}@127.0.0.1:1/x`;
    const request = {
      method: 'GET',
      headers: {},
      timeoutMs: 1_000,
      maxBytes: 10,
      isRepeatable: true,
    } as const;
    const outcome = await attemptRequest({ ...request, url });
    expect(outcome).toMatchObject({ kind: 'final', failure: { code: 'usage' } });
    expect(outcome.kind === 'final' && outcome.failure.message).not.toContain('canary');
  });
});

describe('an answer that is JSON and not what was asked for', () => {
  test.each([
    '{"data":{}}',
    '{"data":{"shop":null,"app":null,"me":null}}',
    '{"data":{"shop":5,"app":7,"me":null}}',
    '{"data":{"m0":5}}',
    '{"data":{"shop":{"name":"","version":"3.23.0","domain":{"host":""}},"app":{"permissions":"all"},"me":null}}',
    '{"data":{},"errors":{"message":"boo"}}',
    '{"errors":[{"message":{"toString":1}}]}',
    '{"errors":[{"message":"a","path":[{"toString":1}]}]}',
    '{"errors":[{"message":"a","extensions":{"code":{"valueOf":null}}}]}',
  ])('%s', async (body) => {
    const { sandbox, plan, at } = await desk();
    sandbox.intercept = () => ({ kind: 'reply', status: 200, body });
    const run = await plan();
    expect(run.code).toBe(1);
    singleErrorOf(run);
    expect(at.ids()).toEqual([]);
  });

  test('names the first field that is not there', () => {
    const asked = parse('{ a { x } b: c { x } }');
    expect(missingRootField(asked, { a: { x: 1 }, b: null })).toBeNull();
    expect(missingRootField(asked, { a: { x: 1 } })).toBe('b');
    expect(missingRootField(asked, { a: 5, b: null })).toBe('a');
  });

  test('an error of any shape has words', () => {
    expect(shopError({ message: { toString: 1 }, path: [{}, 'a', 0], extensions: { code: {} } })).toEqual({
      message: 'not a text',
      path: ['a', 0],
      code: 'not a text',
    });
    const deep = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
    expect(shopError({ message: deep, extensions: { code: deep } }).message).toBe('not a text');
    expect(shopError({ message: 5, extensions: { code: true } })).toMatchObject({
      message: '5',
      code: 'true',
    });
  });
});

describe('a shop that lies about a product', () => {
  const lies: Readonly<Record<string, (node: AnyDocument) => void>> = {
    'an attribute twice, the second time empty': ({ attributes }) => {
      attributes.push({ ...attributes[0], values: [] });
    },
    'a value that is null': ({ attributes }) => {
      attributes[0].values = [null];
    },
    'metadata as a list': (node) => {
      node.metafields = ['a'];
    },
    'a flag that is a text': ({ attributes }) => {
      for (const { values } of attributes)
        for (const value of values) if (value.boolean !== null) value.boolean = 'true';
    },
    'the slug of another product': (node) => {
      node.slug = 'churn-watch';
    },
  };
  test.each(Object.entries(lies))('%s', async (_, lie) => {
    const { sandbox, plan, at } = await desk();
    const edit = (json: AnyDocument) => {
      for (const page of Object.values<AnyDocument>(json.data))
        for (const { node } of page?.edges ?? []) if ('metafields' in node) lie(node);
      return json;
    };
    sandbox.intercept = ({ query }) => (query.includes('metafields') ? { kind: 'edit', edit } : undefined);
    const run = await plan();
    expect(run.code).toBe(1);
    expect(singleErrorOf(run)).toMatch(/twice|empty|same slug|missing|neither true nor false/);
    expect(at.ids()).toEqual([]);
  });
});

describe('files and marks that others left', () => {
  test.each(['{', '{}', 'null', '{"runs":[null]}'])('report.json is %s: ignored and named', async (text) => {
    const { at, id, apply } = await approved();
    at.write(`plans/${id}/report.json`, text);
    const run = await apply();
    expect(run.code).toBe(0);
    expect(run.stderr).toContain(`plans/${id}/report.json is ignored`);
    expect(at.json(`plans/${id}/report.json`)).toMatchObject({ converged: true, runs: [{ number: 1 }] });
  });

  test('lines of a journal that are no entries say nothing', () => {
    const lines = [
      '{"event":"intent","refs":"a"}',
      '{"at":"x","event":"intent","refs":[5]}',
      '{"refs":{"join":1}}',
      '5',
    ];
    expect(parseJournal(lines.join('\n'))).toEqual([]);
    const intent = { at: 'x', event: 'intent', kind: 'update_product', refs: ['product.a'] };
    expect(countWrites([parseJournal([...lines, JSON.stringify(intent)].join('\n'))])).toEqual(
      new Map([['product.a', 1]]),
    );
  });

  test('a mark that we did not write', async () => {
    const { apply, sandbox } = await approved();
    sandbox.intercept = ({ query }) =>
      query.includes('privateMetafields')
        ? {
            kind: 'edit',
            edit: (json: AnyDocument) => {
              json.data.app.privateMetafields = { sailplan_applied: '[null,5,{"policy":"x"}]' };
              return json;
            },
          }
        : undefined;
    expect(await apply()).toMatchObject({ code: 0 });
  });

  test.each(['null', '{'])('provenance.json is %s: the plan is listed all the same', async (text) => {
    const { at, id, call } = await approved();
    at.write(`plans/${id}/provenance.json`, text);
    const run = await call('status');
    expect(run.code).toBe(0);
    expect(run.stdout).toContain(id);
  });

  test('runs is a file', async () => {
    const { at, id, apply, sandbox } = await approved();
    at.write(`plans/${id}/runs`, 'x');
    singleErrorOf(await apply());
    expect(sandbox.log.counts.mutations).toBe(0);
  });
});

describe('many pages that name one product', () => {
  const page = (page_id: number) => ({ page_id, title: `Page ${page_id}` }) as Offering;

  test('each names ten of the others', () => {
    const group = Array.from({ length: 13 }, (_, index) => page(index));
    const rivals: AnyDocument = rivalsOf(group[3] as Offering, group);
    expect(rivals.others.map((one: AnyDocument) => one.page_id)).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9, 10]);
    expect(rivals.more).toBe(2);
    expect(rivalsOf(page(0), [page(0)])).toBeNull();
  });

  test('ten thousand of them are planned in a moment', async () => {
    const { plan } = await desk((document) => {
      const [first] = document.offerings;
      for (let more = 0; more < 10_000; more += 1)
        document.offerings.push({ ...first, page_id: 100_000 + more });
    });
    const run = await plan();
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/and 9990 more name the same product|pages skipped/);
  }, 30_000);
});

describe('what is printed is true', () => {
  test('a dry run of an apply says what it would write, and not that something failed', async () => {
    const { call, id, apply, sandbox } = await approved();
    const dry = await call('apply', id, '--no-policy', '--dry-run');
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.stdout).toContain('10 changes would be made');
    expect(dry.stdout).not.toMatch(/Mend what failed|Not converged/);
    expect(sandbox.log.counts.mutations).toBe(0);
    expect(await apply()).toMatchObject({ code: 0 });
    const again = await call('apply', id, '--no-policy', '--dry-run');
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain('0 changes would be made');
    expect(again.stdout).not.toMatch(/Mend what failed|Not converged|Approve the plan/);
  });

  test('status of a plan that a run found done already', async () => {
    const { at, id, call, apply } = await approved();
    expect(await apply()).toMatchObject({ code: 0 });
    rmSync(join(at.path, 'plans', 'archive'), { recursive: true });
    rmSync(join(at.path, 'plans', id, 'runs'), { recursive: true });
    rmSync(join(at.path, 'plans', id, 'report.json'));
    expect(await apply()).toMatchObject({ code: 0 });
    expect((await call('status')).stdout).not.toContain('incomplete');
  });

  test('plans/archive is a file', async () => {
    const { at, call } = await approved();
    at.write('plans/archive', 'x');
    const run = await call('audit');
    expect(run.code).toBe(1);
    singleErrorOf(run);
  });
});
