import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { NoDeprecatedCustomRule, parse, specifiedRules, validate } from 'graphql';
import { operations, schemaOf } from '../../../../scripts/operations.mjs';
import * as generated from '../../../../src/saleor/generated/operations.ts';
import {
  batchOperations,
  type Call,
  call,
  singleOperation,
} from '../../../../src/saleor/graphql/batch-operations.ts';
import { labelFragments, languageOf } from '../../../../src/saleor/language-codes.ts';

type Operation = generated.Operation<unknown, unknown>;

const schema = schemaOf();
const { LANGUAGES } = generated;
const all = (Object.values(generated) as readonly unknown[]).filter(isOperation);

function isOperation(each: unknown): each is Operation {
  return typeof each === 'object' && each !== null && 'kind' in each && 'text' in each;
}

const faults = (document: string, rules = specifiedRules) =>
  validate(schema, parse(document), rules).map(({ message }) => message);

test('the generated file is what the operations make', async () => {
  expect(readFileSync('src/saleor/generated/operations.ts', 'utf8')).toBe(await operations());
});

describe.each(
  all.map((operation): [string, Operation] => [operation.name, operation]),
)('%s', (_, operation) => {
  const document = singleOperation(call(operation, {})).document;

  test('is valid in the schema of 3.23', () => {
    expect(faults(document)).toEqual([]);
    expect(faults(singleOperation(call(operation, {}), labelFragments(['en', 'pt-br'])).document)).toEqual(
      [],
    );
  });

  test('uses nothing deprecated but Product.attributes, for what its successor cuts off', () => {
    const used = faults(document, [NoDeprecatedCustomRule]);
    expect(
      used.filter((message) => !message.startsWith('The field Product.attributes is deprecated')),
    ).toEqual([]);
  });

  test('holds no null, which Saleor cannot read in a document', () => {
    expect(document).not.toMatch(/\bnull\b/);
  });
});

describe('several operations in one request', () => {
  const mutations = all.filter(({ kind }) => kind === 'mutation').map((operation) => call(operation, {}));
  const queries = all
    .filter(({ kind, name }) => kind === 'query' && name !== 'Preflight')
    .map((operation) => call(operation, {}));

  test('every pair of mutations, and four of each, are valid', () => {
    for (const one of mutations) {
      expect(faults(batchOperations([one, one, one, one]).document)).toEqual([]);
      for (const other of mutations) expect(faults(batchOperations([one, other]).document)).toEqual([]);
    }
  });

  test('every pair of reads is valid, with labels too', () => {
    for (const one of queries) {
      for (const other of queries)
        expect(faults(batchOperations([one, other], labelFragments(['en', 'de'])).document)).toEqual([]);
    }
  });

  test('have aliases and variables of their own', () => {
    const { document, variables } = batchOperations([
      call(generated.DeleteValue, { id: 'a' }) as Call,
      call(generated.DeleteValue, { id: 'b' }) as Call,
    ]);
    expect(document).toBe(
      'mutation DeleteValue($id_0:ID!,$id_1:ID!){' +
        'm0:attributeValueDelete(id:$id_0){attributeValue{id}errors{field code message}} ' +
        'm1:attributeValueDelete(id:$id_1){attributeValue{id}errors{field code message}}}',
    );
    expect(variables).toEqual({ id_0: 'a', id_1: 'b' });
  });

  test('a query never goes with a mutation', () => {
    expect(() => batchOperations([mutations[0] as Call, queries[0] as Call])).toThrow(TypeError);
  });
});

describe('languages', () => {
  test('a Wagtail locale is a language of Saleor', () => {
    expect(['en', 'pt-br', 'zh-hans', 'de', 'fr_CA'].map(languageOf)).toEqual([
      'EN',
      'PT_BR',
      'ZH_HANS',
      'DE',
      'FR_CA',
    ]);
    expect(LANGUAGES.length).toBeGreaterThan(700);
  });

  test('what Saleor does not know is null', () => {
    expect(['xx', 'tlh', '', 'en-xx', '__proto__', 'EN){name}'].map(languageOf)).toEqual(Array(6).fill(null));
  });
});
