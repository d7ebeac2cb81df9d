import { afterAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { isOnce, memberTwice } from '../../../../src/core/json/duplicate-members.ts';
import { walk } from '../../../../src/core/json/json-bounds.ts';
import { draws } from '../../../support/draws.ts';
import {
  createWorkspace,
  EXPORT,
  exportWith,
  removeWorkspaces,
  SNAPSHOT,
  singleErrorOf,
} from '../../../support/workspace.ts';

/** What a reader could take in two ways is refused, with the place. */
jest.setTimeout(60_000);
afterAll(removeWorkspaces);

test.each([
  ['{"a": 1, "b": 2}', null],
  ['{"a": 1, "a": 1}', 'a'],
  ['{"a": [{"x": 1}, {"x": 1, "y": {"z": 1, "z": 2}}]}', 'a[1].y.z'],
  // The same name in another object, as a value, spelt otherwise, or with brackets in a text.
  ['{"a": {"a": "a"}, "b": ["a", "a"]}', null],
  ['{"\\u0061": 1, "a": 2}', 'a'],
  ['{"a": "{\\"a\\": 1, [", "b": "]"}', null],
  ['[[1, 2], [{"a": 1}, {"a": 1, "a": 2}]]', '[1][1].a'],
])('%s: %s', (text, place) => {
  expect(memberTwice(text)).toBe(place);
});

test('counting agrees with looking: what it lets pass holds no member twice, and plain texts pass', () => {
  const name = fc.constantFrom('a', 'b', ':', '"', '\\', '\\"', '":', ' ', 'é');
  const { document } = fc.letrec<{ document: string; text: string; record: string; list: string }>((tie) => ({
    document: fc.oneof({ depthSize: 'small' }, tie('text'), tie('record'), tie('list')),
    text: fc.array(name, { maxLength: 3 }).map((parts) => JSON.stringify(parts.join(''))),
    record: fc
      .array(fc.tuple(tie('text'), fc.constantFrom(':', ': ', ' :', '\n:'), tie('document')), {
        maxLength: 4,
      })
      .map((members) => `{${members.map((parts) => parts.join('')).join(',')}}`),
    list: fc.array(tie('document'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
  }));
  let passed = 0;
  fc.assert(
    fc.property(document, (text) => {
      if (!isOnce(text, walk(JSON.parse(text), 0).names)) return;
      passed += 1;
      expect(memberTwice(text)).toBeNull();
    }),
    { numRuns: draws(1_000, 3_000) },
  );
  expect(passed).toBeGreaterThan(draws(150, 500));
  const plain = '{"a": [{"b": "c:d", "e": {}}], "f": "\\"", "g": null}';
  expect(isOnce(plain, 5)).toBe(true);
});

const planned = (at: ReturnType<typeof createWorkspace>, ...words: readonly string[]) =>
  at.call(['plan', '--actual', SNAPSHOT, ...words]);

test('an export without a seal that holds a member twice is refused, whichever of the two was meant', async () => {
  const at = createWorkspace();
  const text = exportWith(() => undefined).replace(
    '"saleor_product_slug":',
    '"saleor_product_slug":"other","saleor_product_slug":',
  );
  at.write('catalog.json', text);
  const run = await planned(at, '--desired', 'catalog.json');
  expect([run.code, singleErrorOf(run)]).toEqual([
    1,
    expect.stringContaining('offerings[0].saleor_product_slug: this member occurs twice'),
  ]);
  expect(at.files()).toEqual(['catalog.json']);
});

test.each([
  ['Host', 'sailplan sets this header itself'],
  ['authorization', 'SALEOR_TOKEN'],
  ['Content-Length', 'sailplan sets this header itself'],
  ['Transfer-Encoding', 'sailplan sets this header itself'],
])('--header-env %s is refused', async (name, says) => {
  const at = createWorkspace();
  const env = {
    SALEOR_API_URL: 'http://127.0.0.1:9/graphql/',
    SALEOR_TOKEN: 'token-0123456789',
    VALUE: 'value-0123456789',
  };
  const run = await at.call(['plan', '--desired', EXPORT, '--header-env', `${name}=VALUE`], { env });
  expect([run.code, singleErrorOf(run)]).toEqual([1, expect.stringContaining(says)]);
});

test('--header-env with one header twice is refused', async () => {
  const at = createWorkspace();
  const env = {
    SALEOR_API_URL: 'http://127.0.0.1:9/graphql/',
    SALEOR_TOKEN: 'token-0123456789',
    A: 'value-0123456789',
  };
  const run = await at.call(
    ['plan', '--desired', EXPORT, '--header-env', 'X-One=A', '--header-env', 'x-one=A'],
    { env },
  );
  expect([run.code, singleErrorOf(run)]).toEqual([1, expect.stringContaining('twice')]);
});
