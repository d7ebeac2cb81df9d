import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Failure } from '../../../../src/core/failure.ts';
import { excessIn, placeOfFault } from '../../../../src/core/json/json-bounds.ts';
import { parseJson, parseJsonOr, parseJsonOrNothing } from '../../../../src/core/json/untrusted-json.ts';
import { draws } from '../../../support/draws.ts';

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('a text that must not be parsed', () => {
  test.each([
    ['64 levels', nested(64), null],
    ['65 levels', nested(65), 'nested deeper than 64 levels'],
    ['objects and lists in turn', '{"a":['.repeat(40), 'nested deeper than 64 levels'],
    ['brackets in a string are none', `"${'['.repeat(100)}"`, null],
    ['nor after an escaped quote', `"\\"${'['.repeat(100)}"`, null],
    ['but after an escaped backslash they are', `["\\\\",${'['.repeat(100)}`, 'nested deeper than 64 levels'],
    ['a string that does not end', `["${'['.repeat(100)}`, null],
  ])('%s', (_, text, found) => expect(excessIn(text)).toBe(found));

  test.each([
    ['empty lists', '[],'],
    ['empty objects', '{},'],
    ['short members', '"a":1,'],
  ])('millions of %s', (_, part) => {
    expect(excessIn(`[${part.repeat(1_200_000)}0]`)).toMatch(/^\d+ values in \d+ characters$/);
    expect(excessIn(`[${part.repeat(900_000)}0]`)).toBe(null);
  });

  test('millions of numbers', () => {
    expect(excessIn(`[${'0,'.repeat(1_200_000)}0]`)).toMatch(/values in/);
  });

  test('more values than one document may have, however long they are', () => {
    const long = '"abcdefg":1,';
    expect(excessIn(`{${long.repeat(4_900_000)}"z":0}`)).toBe(null);
    expect(excessIn(`{${long.repeat(5_100_000)}"z":0}`)).toMatch(/members, where 5000000 are allowed/);
    expect(excessIn(`[${'1234,'.repeat(9_900_000)}0]`)).toBe(null);
    expect(excessIn(`[${'1234,'.repeat(10_100_000)}0]`)).toMatch(/commas, where 10000000 are allowed/);
  });

  test('as many values as a plan of 100,000 offerings has are no excess', () => {
    expect(excessIn(`[${'{"slug":"offering-123456","name":"An offering"},'.repeat(600_000)}0]`)).toBe(null);
  });

  test('is refused by every parser before its memory is needed', () => {
    const text = '['.repeat(50_000_000);
    const before = process.memoryUsage().heapUsed;
    expect(() => parseJson(text)).toThrow('nested deeper than 64 levels');
    expect(() => parseJsonOr(text, (why) => new Failure('document_malformed', why))).toThrow('nested deeper');
    expect(parseJsonOrNothing(text)).toBe(undefined);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200_000_000);
  });
});

describe('what is wrong with a text', () => {
  test.each([
    ['', 'it ends too early'],
    ['{"a":', 'it ends too early'],
    ['{"a": s3cr3tW4gt4ilT0ken, "b": 1}', 'not valid from line 1, column 7'],
    ['["ok",\n  "ok" s3cr3tW4gt4ilT0ken]', 'not valid from line 2, column 8'],
    ['{"a":1,}', 'not valid from line 1, column 8'],
    ['[1,]', 'not valid from line 1, column 4'],
    ['[1 2]', 'not valid from line 1, column 4'],
    ['{"a" 1}', 'not valid from line 1, column 6'],
    ["{'a':1}", 'not valid from line 1, column 2'],
    ['[1}', 'not valid from line 1, column 3'],
    ['{}{}', 'not valid from line 1, column 3'],
    ['["a\nb"]', 'not valid from line 1, column 2'],
    ['["\\x"]', 'not valid from line 1, column 2'],
    ['[01]', 'not valid from line 1, column 3'],
    ['undefined', 'not valid from line 1, column 1'],
  ])('%j', (text, place) => expect(placeOfFault(text)).toBe(place));

  test('is found for every text that the engine refuses, and quotes nothing of it', () => {
    const secret = 's3cr3tW4gt4ilT0kenABCDEFGH';
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '"', ',', '}', ']', '\\', ' '),
        (json, at, extra) => {
          const place = at % (json.length + 1);
          const text = `${json.slice(0, place)}${extra}${secret}${json.slice(place)}`;
          const said: string[] = [];
          try {
            parseJsonOr(text, (why) => {
              said.push(why);
              return new Failure('document_malformed', why);
            });
          } catch (error) {
            expect(error).toBeInstanceOf(Failure);
            expect(said[0]).toMatch(
              /^(not valid from line \d+, column \d+|it ends too early|it has a member with the name __proto__)$/,
            );
          }
        },
      ),
      { seed: 17, numRuns: draws(300, 20_000) },
    );
  });
});
