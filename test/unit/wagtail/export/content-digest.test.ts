import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../../../src/core/json/json-value.ts';
import { createPythonPrinter, pythonForm } from '../../../../src/wagtail/export/content-digest.ts';
import { draws } from '../../../support/draws.ts';

test.each<[string, readonly Json[], readonly string[]]>([
  ['names in another order', [{ b: 1, a: [{ d: 1, c: 'é' }] }], ['{"a":[{"c":"é","d":1}],"b":1}']],
  ['numbers for names', [{ 10: 1, 9: 2, a: 3 }], ['{"10":1,"9":2,"a":3}']],
  ['names beyond U+FFFF', [{ '\u{ffff}': 1, '\u{10000}': 2 }], ['{"\u{ffff}":1,"\u{10000}":2}']],
  [
    'as many members with other names',
    [
      { b: 1, a: 2 },
      { d: 1, c: 2 },
    ],
    ['{"a":2,"b":1}', '{"c":2,"d":1}'],
  ],
  [
    'one of them inside',
    [{ b: { 2: 1, 10: 1 }, a: [[{ 2: 1, 10: 1 }]] }],
    ['{"a":[[{"10":1,"2":1}]],"b":{"10":1,"2":1}}'],
  ],
])('objects with %s are printed as Python prints them', (_, objects, printed) => {
  const print = createPythonPrinter();
  expect(objects.map(print)).toEqual(printed);
  expect(objects.map(pythonForm)).toEqual(printed);
});

test('one printer prints any values as pythonForm does', () => {
  const name = fc.constantFrom(
    'a',
    'b',
    'B',
    'page_id',
    '1',
    '10',
    '2a',
    '',
    'constructor',
    '\u{ffff}',
    '\u{1f600}',
    'é',
  );
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<Json>(null, true, 0, -1.5, 1e21, 'x', '"\\\n', '\u{1f600}'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    ) as fc.Arbitrary<Json>,
  }));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), (values) => {
      const print = createPythonPrinter();
      expect(values.map(print)).toEqual(values.map(pythonForm));
    }),
    { numRuns: draws(500, 2_000) },
  );
});
