import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { Failure } from '../../../src/core/failure.ts';
import { canonical, digest, inOrder, isSame, sha256 } from '../../../src/core/json/canonical-json.ts';
import type { Json } from '../../../src/core/json/json-value.ts';
import { byCodeUnit, own, sortedRecord } from '../../../src/core/json/records.ts';
import { faultsOf, type Validator } from '../../../src/core/json/schema-errors.ts';
import { kindOf, ref } from '../../../src/core/resource-ref.ts';
import { didYouMean, near } from '../../../src/core/text/did-you-mean.ts';
import { HIDDEN } from '../../../src/core/text/invisible-characters.ts';

describe('canonical JSON (RFC 8785)', () => {
  test.each<[string, Json, string]>([
    [
      'members by UTF-16 code units, not by code points',
      { '\u{1f600}': 1, '\ufb33': 2, a: 3, A: 4, '': 5 },
      '{"":5,"A":4,"a":3,"\u{1f600}":1,"\ufb33":2}',
    ],
    ['names that look like numbers by code units too', { 10: 1, 9: 2, 1: 3 }, '{"1":3,"10":1,"9":2}'],
    [
      'no blanks, at any depth',
      { offering: { roles: ['founder', ['ops']] } },
      '{"offering":{"roles":["founder",["ops"]]}}',
    ],
    ['the order of a list', ['b', 'a'], '["b","a"]'],
    [
      'numbers in ECMAScript’s own form',
      [1e21, 1e-7, 0.1, 100, -0, 4.5e-9, 333333333.3333333],
      '[1e+21,1e-7,0.1,100,0,4.5e-9,333333333.3333333]',
    ],
    [
      'only the escapes that must be',
      '\u0000\u001f\b\t\n\f\r"\\/\u007f\u2028é',
      '"\\u0000\\u001f\\b\\t\\n\\f\\r\\"\\\\/\u007f\u2028é"',
    ],
    ['literals', [null, true, false], '[null,true,false]'],
    [
      'words of the language as ordinary members',
      JSON.parse('{"constructor":1,"__proto__":{"a":2}}'),
      '{"__proto__":{"a":2},"constructor":1}',
    ],
    ['nothing', {}, '{}'],
  ])('keeps %s', (_, value, text) => {
    expect(canonical(value)).toBe(text);
    expect(canonical(JSON.parse(text))).toBe(text);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1, 1n])('refuses %s', (value) => {
    expect(() => canonical([value] as never)).toThrow(TypeError);
  });

  test('the digest is SHA-256 of the UTF-8 bytes of that form', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(digest({ b: 1, a: 'é' })).toBe(sha256(Buffer.from('{"a":"é","b":1}', 'utf8')));
  });
});

test('a text of many pieces has the digest of the whole, also where a piece ends beside a surrogate pair', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => ({
    title: `${'\u{1f600}'.repeat(index % 7)} offering`,
  }));
  expect(digest(many)).toBe(sha256(canonical(many)));
  expect(canonical(many)).toBe(JSON.stringify(many));
});

describe('values of JSON', () => {
  test.each<[Json | undefined, Json | undefined, boolean]>([
    [{ a: 1, b: [{}] }, { b: [{}], a: 1 }, true],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [[], {}, false],
    [{}, [], false],
    [{ a: 1 }, { b: 1 }, false],
    [{ a: 1 }, { a: 1, b: 1 }, false],
    [{}, { constructor: 1 }, false],
    [{ toString: 1 }, { a: 1 }, false],
    [null, {}, false],
    [undefined, undefined, true],
    [undefined, null, false],
    ['1', 1, false],
  ])('%j and %j are the same: %s', (a, b, expected) => {
    expect(isSame(a, b)).toBe(expected);
    expect(isSame(b, a)).toBe(expected);
  });

  test('a record has only what it owns', () => {
    expect(own({} as Record<string, unknown>, 'constructor')).toBeUndefined();
    expect(own({ constructor: 1 } as unknown as Record<string, number>, 'constructor')).toBe(1);
    expect(
      Object.keys(
        sortedRecord([
          ['__proto__', 1],
          ['b', 2],
          ['a', 3],
        ]),
      ),
    ).toEqual(['__proto__', 'a', 'b']);
  });

  test('order is that of code units, on every machine', () => {
    expect(['é', 'z', 'Z', '_', 'a'].sort(byCodeUnit)).toEqual(['Z', '_', 'a', 'z', 'é']);
    expect(byCodeUnit('a', 'a')).toBe(0);
  });
});

describe('near names', () => {
  test('offer what a typing error could have meant, nearest first, three at most', () => {
    expect(near('data_analist', ['founder', 'data_analyst', 'data_analysts'])).toEqual([
      'data_analyst',
      'data_analysts',
    ]);
    expect(near('ab', ['aa', 'ac', 'bb', 'cb', 'zz'])).toEqual(['aa', 'ac', 'bb']);
    expect(near('founder', ['invoice_reader'])).toEqual([]);
  });

  test('are a question, or nothing', () => {
    expect(didYouMean('foundr', ['founder', 'found'])).toBe('Did you mean found or founder?');
    expect(didYouMean('founder', [])).toBe('');
  });
});

describe('refs', () => {
  test('read like an address and hold no id', () => {
    expect([
      ref.attribute('gsv_roles'),
      ref.assignment('offering', 'gsv_roles'),
      ref.value('gsv_roles', 'founder'),
      ref.translation('gsv_roles', 'founder', 'pt-br'),
      ref.product('lead-scout'),
    ]).toEqual([
      'attribute.gsv_roles',
      'assignment.offering.gsv_roles',
      'value.gsv_roles.founder',
      'translation.gsv_roles.founder.pt-br',
      'product.lead-scout',
    ]);
    expect([ref.page(7), ref.productType('Offering'), ref.taxonomy('roles'), ref.shop]).toEqual([
      'page.7',
      'product_type.Offering',
      'taxonomy.roles',
      'shop',
    ]);
  });

  test('name the kind of a change, and nothing else is one', () => {
    expect(kindOf('value.gsv_roles.founder')).toBe('value');
    for (const other of ['page.7', 'product_type.offering', 'shop'])
      expect(() => kindOf(other)).toThrow(TypeError);
  });
});

test('a failure carries its exit code', () => {
  const exits = (['usage', 'plan_altered', 'plan_stale', 'apply_incomplete'] as const).map(
    (code) => new Failure(code, 'so it is').exitCode,
  );
  expect(exits).toEqual([1, 3, 4, 5]);
  expect(new Failure('locked', 'so it is').hint).toBe('');
});

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

test('every character that cannot be seen is known as hidden, and no letter is', () => {
  for (const char of [
    '\u007f',
    '\u0085',
    '\u00ad',
    '\u200b',
    '\u200d',
    '\u202e',
    '\u2066',
    '\u2028',
    '\ufeff',
    '\ufe0f',
    '\u{1d173}',
    '\u{1bca0}',
    '\u{e0041}',
  ])
    expect(char.replace(HIDDEN, '')).toBe('');
  for (const char of ['a', 'é', '日', ' ', '\n', '\u{1f600}', 'ع'])
    expect(char.replace(HIDDEN, '')).toBe(char);
});

test('a great value gets its members in order, lists and all', () => {
  const item = { b: 1, a: [{ d: 1, c: 2 }] };
  const many = Array.from({ length: 1_000 }, () => item);
  expect(JSON.stringify(inOrder(many))).toBe(canonical(many));
  expect(JSON.stringify(inOrder({ z: many, a: 1 }))).toBe(canonical({ z: many, a: 1 }));
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
