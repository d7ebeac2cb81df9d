import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { type AnyDocument, createWorkspace, finalReport, removeWorkspaces } from '../support/workspace.ts';

/** Odd answers, a secret in them and a full disk under the output: each run ends in order, with its own report. */

jest.setTimeout(60_000);
const open: Sandbox[] = [];
afterEach(async () => {
  removeWorkspaces();
  for (const one of open.splice(0)) await one.close();
});

const TOKEN = 'canaryCANARYcanaryCANARY/12345';

async function approved() {
  const sandbox = await startSandbox({ seed: demoShop(), tokens: { full: TOKEN } });
  open.push(sandbox);
  const at = createWorkspace();
  at.write('catalog.json', JSON.stringify(demoExport()));
  const env = { SALEOR_API_URL: sandbox.url, SALEOR_TOKEN: TOKEN };
  await at.call(['plan', '--desired', 'catalog.json', '--create-missing', '--quiet'], { env });
  const [id = ''] = at.ids();
  await at.call(['approve', id, '--as', 'ada@example.com', '--yes'], { env });
  return { sandbox, at, id, env, apply: () => at.call(['apply', id, '--no-policy', '--json'], { env }) };
}

const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`);

type Sent = Parameters<NonNullable<Sandbox['intercept']>>[0];
const isCatalogue = ({ kind, fields }: Sent) =>
  kind === 'mutation' && fields.every(({ name }) => name !== 'updatePrivateMetadata');
const isNote = ({ kind, fields }: Sent) =>
  kind === 'mutation' && fields.some(({ name }) => name === 'updatePrivateMetadata');

describe('an answer of another shape', () => {
  const ANSWERS: readonly [string, (json: AnyDocument) => AnyDocument][] = [
    ['an error nested 4,000 deep', () => ({ errors: [{ message: deep(4_000) }] })],
    ['an error that is a list', () => ({ errors: [[]] })],
    ['a code nested 4,000 deep', () => ({ errors: [{ message: 'no', extensions: { code: deep(4_000) } }] })],
    [
      'numbers in place of the payloads',
      (json) => ({ data: Object.fromEntries(Object.keys(json.data).map((key) => [key, 5])) }),
    ],
    [
      'errors of a payload that are no list',
      (json) => ({
        data: Object.fromEntries(Object.keys(json.data).map((key) => [key, { errors: { length: 0 } }])),
      }),
    ],
  ];

  test.each(
    ANSWERS,
  )('%s, to each first write: the run ends with report and exit code 0 or 5', async (_, edit) => {
    const { sandbox, at, id, apply } = await approved();
    let seen = 0;
    sandbox.intercept = (request) => {
      if (!isCatalogue(request)) return undefined;
      seen += 1;
      return seen === 1 ? { kind: 'edit', edit } : undefined;
    };
    const { code, stdout, stderr } = await apply();
    expect([0, 5]).toContain(code);
    expect(finalReport(stdout)).toMatchObject({ exit_code: code });
    expect(at.json(`plans/${id}/report.json`).outcomes).toEqual(finalReport(stdout).outcomes);
    expect(stderr).not.toContain('internal error');
  });

  test.each(ANSWERS)('%s, to lease and mark: the run is the same', async (_, edit) => {
    const { sandbox, apply } = await approved();
    sandbox.intercept = (request) => (isNote(request) ? { kind: 'edit', edit } : undefined);
    const { code, stdout, stderr } = await apply();
    expect(code).toBe(0);
    expect(finalReport(stdout)).toMatchObject({ converged: true, totals: { applied: 10 } });
    expect(stderr).toContain('the mark in the shop was not written');
  });

  const UNNAMED = 'lacks the shop’s host, version or name';
  test.each([
    [5, UNNAMED],
    [null, UNNAMED],
    [['x'], UNNAMED],
    [deep(4_000), 'nested deeper than 64 levels'],
  ])('a name of the shop that is %p: nothing is written', async (name, message) => {
    const { sandbox, apply } = await approved();
    const edit = (json: AnyDocument) => ({
      ...json,
      data: { ...json.data, shop: { ...json.data.shop, name } },
    });
    sandbox.intercept = ({ query }) => (query.includes('Preflight') ? { kind: 'edit', edit } : undefined);
    const { code, stderr } = await apply();
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(sandbox.log.counts.mutations).toBe(0);
  });
});

describe('the token in what the shop says', () => {
  const SPELLINGS: readonly [string, string][] = [
    ['as it is', TOKEN],
    [
      'with \\u escapes',
      [...TOKEN].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    ],
    ['with an escaped slash', TOKEN.replace('/', '\\/')],
    ['in base64', Buffer.from(`x ${TOKEN}`).toString('base64')],
  ];
  const places: readonly [string, (request: Sent) => boolean][] = [
    ['an error of a write', isCatalogue],
    ['an error of every read after the first write', (request) => request.kind === 'query'],
    ['an error of lease and mark', isNote],
  ];
  const all = places.flatMap(([place, isHit]) =>
    SPELLINGS.map(([how, text]) => [place, how, isHit, text] as const),
  );

  test.each(all)('%s, %s: the report is the true one, without it', async (_, __, isHit, text) => {
    const { sandbox, at, id, apply } = await approved();
    let hasWritten = false;
    sandbox.intercept = (request) => {
      const isStruck = isHit(request) && (hasWritten || request.kind === 'mutation');
      hasWritten ||= isCatalogue(request);
      return isStruck
        ? {
            kind: 'reply',
            status: 200,
            contentType: 'application/json',
            isExecuted: true,
            body: `{"errors":[{"message":"trace: ${text}"}]}`,
          }
        : undefined;
    };
    const { code, stdout, stderr } = await apply();
    expect([0, 5]).toContain(code);
    const report = finalReport(stdout);
    expect(at.json(`plans/${id}/report.json`)).toEqual(report);
    const kept = at
      .files()
      .filter((name) => !name.startsWith('catalog'))
      .map((name) => (name.endsWith('/') ? '' : at.read(name)));
    for (const one of [stdout, stderr, ...kept]) expect(one).not.toContain(TOKEN);
  });
});

describe('an output that takes no more', () => {
  test.each([
    ['the events on a full disk', '--json > /dev/full', 5],
    ['the text on a full disk', '> /dev/full', 5],
    ['the notes on a full disk', '2> /dev/full > text', 0],
    ['both', '> /dev/full 2>&1', 5],
    ['a reader that goes away at once', '--json | true', 0],
    ['the trace on a full disk', '--debug /dev/full > text', 0],
  ])('%s: the run is finished, with its report', async (_, where, code) => {
    const { at, id, env } = await approved();
    const { stdout } = await at.shell(
      `set -o pipefail; $SAILPLAN apply ${id} --no-policy ${where}; echo "\${PIPESTATUS[0]}" > code`,
      { env },
    );
    expect({ stdout, code: at.read('code').trim() }).toEqual({ stdout: '', code: String(code) });
    expect(at.json(`plans/${id}/report.json`)).toMatchObject({ converged: true, totals: { applied: 10 } });
    expect(at.files().filter((name) => name.includes('.lock-'))).toEqual([]);
  });

  test('another command: exit code 1', async () => {
    const { at, id, env } = await approved();
    const { code, stderr } = await at.shell(`$SAILPLAN show ${id} > /dev/full`, { env });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('no space left') });
  });
});
