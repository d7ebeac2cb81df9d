import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { faultsOf, type Validator } from '../../../../src/core/json/schema-errors.ts';

describe('faults of a document', () => {
  const saying = (errors: Validator['errors']): Validator => Object.assign(() => errors === null, { errors });

  test('stand with their place, once each', () => {
    const fault = { instancePath: '/offerings/3/roles/1', keyword: 'type', params: { type: 'string' } };
    expect(faultsOf(saying([fault, fault]), {})).toEqual(['offerings[3].roles[1]: must be string']);
    const extra = {
      instancePath: '',
      keyword: 'additionalProperties',
      params: { additionalProperty: 'colour' },
    };
    const slashed = { instancePath: '/a~1b/c~0d', keyword: 'unheard', params: { allowedValues: ['x', 1] } };
    expect(faultsOf(saying([extra, slashed]), {})).toEqual([
      'document: must NOT have additional properties (colour)',
      'a/b.c~d: is not valid (x, 1)',
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

describe('the words for what is wrong', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  test.each<[string, object, unknown]>([
    ['additionalProperties', { additionalProperties: false }, { more: 1 }],
    ['anyOf', { anyOf: [{ type: 'string' }, { type: 'null' }] }, 5],
    ['const', { const: 'a' }, 'b'],
    ['enum', { enum: ['a', 'b'] }, 'c'],
    ['false schema', false as unknown as object, 1],
    ['exclusiveMinimum', { exclusiveMinimum: 5 }, 5],
    ['if', JSON.parse('{"if": {"type": "string"}, "then": {"minLength": 2}}'), 'a'],
    ['maxItems', { maxItems: 1 }, [1, 2]],
    ['maxLength', { maxLength: 1 }, 'ab'],
    ['maximum', { maximum: 1 }, 2],
    ['minItems', { minItems: 1 }, []],
    ['minLength', { minLength: 1 }, ''],
    ['minProperties', { minProperties: 1 }, {}],
    ['minimum', { minimum: 1 }, 0],
    ['not', { not: { type: 'string' } }, 'a'],
    ['oneOf', { oneOf: [{ type: 'string' }, { minLength: 1 }] }, 'a'],
    ['pattern', { pattern: '^a' }, 'b'],
    ['propertyNames', { propertyNames: { maxLength: 1 } }, { ab: 1 }],
    ['required', { required: ['a'] }, {}],
    ['type', { type: ['string', 'null'] }, 1],
    ['uniqueItems', { uniqueItems: true }, [1, 1]],
  ])('%s: are those of ajv', (keyword, schema, value) => {
    const validate = ajv.compile(schema);
    const faults = faultsOf(validate as unknown as Validator, value);
    const error = validate.errors?.find((one) => one.keyword === keyword);
    expect(error?.message).toBeTruthy();
    expect(faults.some((fault) => fault.startsWith(`document: ${error?.message}`))).toBe(true);
  });
});
