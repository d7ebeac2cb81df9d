import { expect, test } from '@jest/globals';
import { nearProductId, normalizeProductId, productPk } from '../../../src/core/product-id.ts';

test.each([
  ['UHJvZHVjdDox', '1'],
  [btoa('Product:0'), '0'],
  [btoa('Product:2147483647'), '2147483647'],
  [btoa('Product:12345678901'), null],
  // Saleor would find product 1 under an id that is not the one asked for.
  [btoa('Product:01'), null],
  [btoa('Product:'), null],
  [btoa('Product:-1'), null],
  [btoa('product:1'), null],
  [btoa('Product:1 '), null],
  [btoa('Product:1\0'), null],
  [Buffer.from('Product:٣').toString('base64'), null],
  ['UHJvZHVjdDox=', null],
  [btoa('Product:x'), null],
  [btoa('ProductVariant:1'), null],
  ['UHJvZHVjdDo', null],
  ['UHJvZHVjdDoy=', null],
  ['1', null],
  ['', null],
  ['UHJvZHVjdDox\n', null],
  ['UHJvZHVjdDp=', null],
])('%j is the id of product %s', (id, pk) => {
  expect(productPk(id)).toBe(pk);
});

test.each([
  ['UHJvZHVjdDoxMg==', 'UHJvZHVjdDoxMg=='],
  ['UHJvZHVjdDoxMg%3D%3D', 'UHJvZHVjdDoxMg=='],
  ['UHJvZHVjdDoxMg%3d%3D', 'UHJvZHVjdDoxMg=='],
  ['\u00a0UHJvZHVjdDoxMw==\r\n', 'UHJvZHVjdDoxMw=='],
  ['\u200bUHJvZHVjdDox\t', 'UHJvZHVjdDox'],
  ['12', '12'],
  [' ', ''],
])('%j is taken as %s', (text, id) => {
  expect(normalizeProductId(text)).toBe(id);
});

test.each([
  ['12', 'UHJvZHVjdDoxMg=='],
  ['Product:12', 'UHJvZHVjdDoxMg=='],
  ['https://shop.example.com/dashboard/products/UHJvZHVjdDoxMg%3D%3D?asc=true', 'UHJvZHVjdDoxMg=='],
  ['UHJvZHVjdDoxMg==/', 'UHJvZHVjdDoxMg=='],
  ['UHJvZHVj\ndDoxMg==', 'UHJvZHVjdDoxMg=='],
  ['UHJvZHVjdDoxMg%253D%253D', 'UHJvZHVjdDoxMg=='],
  ['offering-12', null],
  ['012', null],
  ['uhjvzhvjddoxmg==', null],
  ['', null],
])('%j may mean %s', (text, id) => {
  expect(nearProductId(text)).toBe(id);
});
