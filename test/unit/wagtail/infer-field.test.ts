import { expect, test } from '@jest/globals';
import type { Json } from '../../../src/core/json/json-value.ts';
import { inferField } from '../../../src/wagtail/infer-field.ts';

const TAXONOMIES = {
  colours: ['red', 'blue'].map((key) => ({ key, label: key })),
  more_colours: ['red', 'blue', 'grey'].map((key) => ({ key, label: key })),
};

test.each<[string, readonly Json[], string, string | null]>([
  ['booleans, with an unset one', [true, null, false], 'boolean', null],
  ['whole numbers', [1, 2, null], 'number', null],
  ['decimals as Django writes them', ['10.00', '2.50'], 'number', null],
  ['numbers that are text', ['10', '007'], 'text', null],
  ['an image, one of them broken', [{ url: 'x' }, { error: 'broken' }], 'image', null],
  ['keys of one taxonomy', ['red', 'blue', ''], 'term', 'colours'],
  ['a text that is once a key', ['red', 'a red barn'], 'text', null],
  ['sets, one with a key that is in no list', [['red'], ['blue', 'draft'], []], 'terms', 'colours'],
  ['sets of unknown keys', [['x'], ['y']], 'terms', null],
  ['always empty sets of a name that is a taxonomy', [[], []], 'terms', 'colours'],
  ['always empty texts', ['', ''], 'text', null],
  ['always null', [null, null], 'unknown', null],
  ['objects', [{ a: 1 }], 'unknown', null],
  ['a mixture', [1, 'a'], 'unknown', null],
])('%s', (_, values, shape, taxonomy) => {
  expect(inferField('colours', values, TAXONOMIES)).toMatchObject({ shape, taxonomy });
});

test('of two taxonomies with the same keys the one with the field’s name', () => {
  expect(inferField('more_colours', [['red']], TAXONOMIES).taxonomy).toBe('more_colours');
});

test.each<[string, string]>([
  ['tags', '<p class="a">x</p>'],
  ['lines', 'one\ntwo'],
  ['length', 'x'.repeat(301)],
])('prose is known by its %s', (_, text) => {
  expect(inferField('body', [text], {}).note).toBe('long or formatted text');
  expect(inferField('body', ['a < b'], {}).note).toBe('');
});
