import { expect, test } from '@jest/globals';
import { lintDesired } from '../../../src/diff/lint-desired.ts';
import { messageOf } from '../../../src/plan/diagnostic-messages.ts';
import { diffOf, inputs, offering, product, SHOP } from '../../support/catalogue.ts';

const LOCAL = { card_image: { url: 'http://localhost:8000/media/a.webp' } };
const many = (fields: Parameters<typeof offering>[1]) =>
  Array.from({ length: 5 }, (_, index) => offering(index + 1, fields));
const products = Object.fromEntries(many({}).map(({ page_id }) => [`offering-${page_id}`, product(page_id)]));
const plannedWith = (fields: Parameters<typeof offering>[1], target = SHOP.target) =>
  diffOf({ desired: { offerings: many(fields) }, actual: { products, target } });

test.each([
  ['image_address_signed', { card_image: { error: 'signed, valid for 3600 s' } }],
  ['image_address_relative', { card_image: { error: 'relative' } }],
  ['image_not_made', { card_image: { error: 'media_unreachable' } }],
  ['image_not_made', { card_image: { error: 'media_not_writable' } }],
  ['image_not_made', { card_image: { error: 'database_not_writable' } }],
  ['image_address_local', LOCAL],
])('%s is told once for all pages, the key stays, and lint says the same', (code, fields) => {
  const found = plannedWith(fields);
  expect([found.changes, found.skipped]).toEqual([[], []]);
  expect(found.diagnostics).toMatchObject([
    {
      severity: 'error',
      code,
      ref: 'source',
      data: { field: 'card_image', key: 'card_image_url', pages: 5 },
    },
  ]);
  const [problem] = found.diagnostics;
  expect(problem && messageOf(problem)).toContain(
    '5 pages (for example 1 (Lead scout 1), 2 (Lead scout 2), 3 (Lead scout 3))',
  );
  const { contract, desired, registry } = inputs({ desired: { offerings: many(fields) } });
  expect(lintDesired({ contract, desired, registry })).toEqual(found.diagnostics);
});

test.each([
  'http://127.0.0.1:8000',
  'http://[::1]',
  'http://10.1.2.3',
  'http://192.168.0.7',
  'https://cms.local',
  'http://172.20.0.2',
  'http://2130706433',
])('%s is local', (origin) => {
  const found = plannedWith({ card_image: { url: `${origin}/a.webp` } });
  expect(found.diagnostics.map(({ code }) => code)).toEqual(['image_address_local']);
});

test.each([
  'https://local.example.com',
  'https://10.example.com',
  'https://172.32.0.1',
  'https://localhost.example.com',
])('%s is not', (origin) => {
  const found = plannedWith({ card_image: { url: `${origin}/a.webp` } });
  expect(found.diagnostics).toEqual([]);
  expect(found.changes).toHaveLength(5);
});

test('a shop on this machine may have local images', () => {
  const target = { name: null, api_url: 'http://localhost:8000/graphql/' };
  const found = plannedWith(LOCAL, target);
  expect([found.diagnostics, found.changes.length]).toEqual([[], 5]);
});

test('a broken image is of its page, and keeps its key', () => {
  const found = plannedWith({ card_image: { error: 'SourceImageIOError' } });
  expect(found.diagnostics.map(({ code, ref }) => [code, ref])).toEqual(
    many({}).map(({ page_id }) => ['image_broken', `product.offering-${page_id}`]),
  );
  expect([found.changes, found.skipped]).toEqual([[], []]);
});
