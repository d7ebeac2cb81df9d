import { expect, test } from '@jest/globals';
import { lineAt, lineNumbers, withLines } from '../../../../src/core/json/line-numbers.ts';

const TEXT = `{
  "name": "a, \\"b\\": {",
  "attributes": [
    { "slug": "x" },
    {
      "slug": "y", "product_types": ["A",
        "B"]
    }
  ],
  "flag": true
}`;

test('every value has the line of its name or of itself', () => {
  expect(Object.fromEntries(lineNumbers(TEXT))).toEqual({
    '': 1,
    name: 2,
    attributes: 3,
    'attributes[0]': 4,
    'attributes[0].slug': 4,
    'attributes[1]': 5,
    'attributes[1].slug': 6,
    'attributes[1].product_types': 6,
    'attributes[1].product_types[0]': 6,
    'attributes[1].product_types[1]': 7,
    flag: 10,
  });
});

test.each([
  ['attributes[1].taxonomy', 5],
  ['attributes[1].slug', 6],
  ['attributes[7].slug', 3],
  ['colour', 1],
  ['flag.deep[3].er', 10],
])('a place that is not there has the line of the nearest above: %s', (place, line) => {
  expect(lineAt(lineNumbers(TEXT), place)).toBe(line);
});

test('text that is no JSON gives the lines that can be read', () => {
  expect(lineAt(lineNumbers('{\n "a": [1,\n'), 'a[1]')).toBe(2);
  expect([...lineNumbers('')]).toEqual([['', 1]]);
});

test('a fault begins with its line', () => {
  expect(withLines(TEXT, ['attributes[1].slug: is wrong', 'there is no member "x"'])).toEqual([
    'line 6, attributes[1].slug: is wrong',
    'there is no member "x"',
  ]);
});
