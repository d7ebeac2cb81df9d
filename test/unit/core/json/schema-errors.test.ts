import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { faultsOf, type Validator } from '../../../../src/core/json/schema-errors.ts';
import validateReport from '../../../../src/review/generated/report.js';

describe('faults of a document', () => {
  const saying = (errors: Validator['errors']): Validator => Object.assign(() => errors === null, { errors });

  test('stand with their place, once each', () => {
    const fault = { instancePath: '/offerings/3/roles/1', keyword: 'type', params: { type: 'string' } };
    expect(faultsOf(saying([fault, fault]), { offerings: [0, 0, 0, { roles: [0, {}] }] })).toEqual([
      'offerings[3].roles[1]: must be text in quotes, not an object',
    ]);
    const extra = {
      instancePath: '',
      keyword: 'additionalProperties',
      params: { additionalProperty: 'colour' },
    };
    const slashed = { instancePath: '/a~1b/c~0d', keyword: 'unheard', params: { allowedValues: ['x', 1] } };
    expect(faultsOf(saying([extra, slashed]), {})).toEqual([
      'there is no member "colour"',
      'a/b.c~d: is not valid',
    ]);
  });

  test('are none when it is right, and none is invented', () => {
    expect(faultsOf(saying(null), {})).toEqual([]);
    expect(
      faultsOf(
        Object.assign(() => false, { errors: null }),
        {},
      ),
    ).toEqual([]);
  });
});

test('an unknown member comes with the nearest and with what is allowed at its place', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  const shop = { additionalProperties: false, properties: { url: {}, slug: {} } };
  const schema = {
    additionalProperties: false,
    properties: { color: {}, shops: { additionalProperties: shop }, size: {} },
  };
  const known = { '': ['color', 'shops', 'size'], '/shops/*': ['slug', 'url'] };
  const faults = (value: unknown) => faultsOf(ajv.compile(schema) as Validator, value, known);
  expect(faults({ colour: 1 })).toEqual([
    'there is no member "colour". Did you mean color? Allowed: color, shops, size',
  ]);
  expect(faults({ zzz: 1 })).toEqual(['there is no member "zzz". Allowed: color, shops, size']);
  expect(faults({ shops: { a: { ulr: 1 } } })).toEqual([
    'shops.a: there is no member "ulr". Did you mean url? Allowed: slug, url',
  ]);
  // What is allowed is listed once for each kind of place.
  expect(faults({ zzz: 1, yyy: 1, shops: { a: { ulr: 1 }, b: { x: 1 } } })).toEqual([
    'there is no member "zzz". Allowed: color, shops, size',
    'there is no member "yyy"',
    'shops.a: there is no member "ulr". Did you mean url? Allowed: slug, url',
    'shops.b: there is no member "x"',
  ]);
});

test('a document of another format has that error only', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  const schema = { additionalProperties: false, required: ['url'], properties: { format: { const: 'a' } } };
  expect(faultsOf(ajv.compile(schema) as Validator, { format: 'b', more: 1, most: 2 })).toEqual([
    'format: must be "a", not "b"',
  ]);
});

describe('the words for what is wrong', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  const SHORT_IF = JSON.parse('{"if": {"type": "string"}, "then": {"minLength": 2}}');
  test.each<[string, object, unknown, string]>([
    ['anyOf', { anyOf: [{ type: 'string' }, { type: 'null' }] }, 5, 'does not have an allowed form'],
    ['const', { const: 'a' }, 'b', 'must be "a", not "b"'],
    ['enum', { enum: ['key', 'b'] }, 'kye', 'must be one of key, b, not "kye". Did you mean key?'],
    ['enum, nothing near', { enum: ['a', 'b'] }, 5, 'must be one of a, b, not 5'],
    ['false schema', JSON.parse('false'), 1, 'is not allowed here'],
    ['exclusiveMinimum', { exclusiveMinimum: 5 }, 5, 'must be more than 5, not 5'],
    ['if', SHORT_IF, 'a', 'cannot be combined with the other members'],
    ['maxItems', { maxItems: 1 }, [1, 2], 'may have at most 1 items'],
    ['maxLength', { maxLength: 1 }, 'ab', 'may have at most 1 characters'],
    ['maximum', { maximum: 1 }, 2, 'must be at most 1, not 2'],
    ['minItems', { minItems: 1 }, [], 'needs at least 1 item'],
    ['minLength', { minLength: 1 }, '', 'is empty'],
    ['minLength of more', { minLength: 2 }, '', 'needs at least 2 characters'],
    ['minProperties', { minProperties: 2 }, {}, 'needs at least 2 members'],
    ['minimum', { minimum: 1 }, 0, 'must be at least 1, not 0'],
    ['not', { not: { type: 'string' } }, 'a', 'is not allowed'],
    [
      'oneOf',
      { oneOf: [{ type: 'string' }, { minLength: 1 }] },
      'a',
      'must have exactly one of the allowed forms',
    ],
    ['pattern', { pattern: '^a' }, 'b', 'must have the form ^a'],
    [
      'pattern of a day',
      { pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
      'b',
      'must be a day, such as 2026-12-31',
    ],
    ['propertyNames', { propertyNames: { maxLength: 1 } }, { ab: 1 }, '"ab" is not an allowed name'],
    ['required', { required: ['a'] }, {}, 'the member "a" is missing'],
    ['type', { type: ['string', 'null'] }, 1, 'must be text in quotes or null, not the number 1'],
    ['type, and no text is shown', { type: 'array' }, 'secret', 'must be a list, not text'],
    ['type of true', { type: 'array' }, true, 'must be a list, not true'],
    ['uniqueItems', { uniqueItems: true }, [1, 1], 'items 1 and 2 are the same'],
  ])('%s', (_, schema, value, words) => {
    expect(faultsOf(ajv.compile(schema) as Validator, value)).toContain(words);
  });
});

test('a document of many faults has its first thousand, and is wrong all the same', () => {
  const report = { format_version: '1.0', outcomes: Array(40_000).fill({ unknown: 1 }) };
  expect(validateReport(report)).toBe(false);
  expect(validateReport.errors?.length).toBe(1_000);
  const faults = faultsOf(validateReport, report);
  expect(faults.length).toBeLessThanOrEqual(1_000);
  expect(faults.every((fault) => typeof fault === 'string')).toBe(true);
});
