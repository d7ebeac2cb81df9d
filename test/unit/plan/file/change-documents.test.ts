import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { documentFaults } from '../../../../src/plan/file/change-documents.ts';
import { parsePlan } from '../../../../src/plan/file/parse.ts';
import { parsePlanPieces } from '../../../../src/plan/file/parse-pieces.ts';
import type { Plan } from '../../../../src/plan/plan.ts';

/** The schema says of `before` and `after` only that they are objects or null; no reader may meet another shape. */
const IDS = readdirSync('plans').filter((name) => /^[0-9a-f]{16}$/.test(name));
const plan = JSON.parse(readFileSync(`plans/${IDS[0]}/plan.json`, 'utf8'));
const productAt: number = plan.changes.findIndex(({ ref }: { ref: string }) => ref.startsWith('product.'));
const valueAt: number = plan.changes.findIndex(({ ref }: { ref: string }) => ref.startsWith('value.'));

function refusal(index: number, members: Readonly<Record<string, unknown>>): string {
  const changes = plan.changes.with(index, { ...plan.changes[index], ...members });
  try {
    const text = JSON.stringify({ ...plan, changes });
    const chunks = () => [Buffer.from(text)];
    expect(parsePlanPieces({ chunks, isCompact: true, text: () => text })).toBeNull();
    parsePlan(text);
    return 'read';
  } catch (error) {
    return (error as Error).message;
  }
}

const product = () => structuredClone(plan.changes[productAt].before);

test('every plan of this repository has such documents', () => {
  expect(productAt >= 0 && valueAt >= 0).toBe(true);
  expect(documentFaults(plan.changes)).toEqual([]);
  for (const id of IDS) {
    const one: Plan = JSON.parse(readFileSync(`plans/${id}/plan.json`, 'utf8'));
    expect(documentFaults(one.changes)).toEqual([]);
  }
});

describe.each(['before', 'after'])('%s of a product', (side) => {
  test.each<[string, unknown]>([
    ['null', null],
    ['no members', {}],
    ['attributes missing', { metadata: {} }],
    ['metadata missing', { attributes: {} }],
    ['attributes that are null', { ...product(), attributes: null }],
    ['attributes that are a list', { ...product(), attributes: [] }],
    ['an attribute that is a list', { ...product(), attributes: { constructor: [null] } }],
    ['an attribute that is a number', { ...product(), attributes: { gsv_roles: 1 } }],
    ['a member of a set that is false', { ...product(), attributes: { gsv_roles: { a: false } } }],
    ['a set in a set', { ...product(), attributes: { gsv_roles: { a: { b: true } } } }],
    ['metadata that are a list', { ...product(), metadata: ['a'] }],
    ['metadata that are numbers', { ...product(), metadata: { a: 1 } }],
    ['metadata that are null', { ...product(), metadata: { a: null } }],
    ['another member', { ...product(), name: 'x' }],
  ])('%s is refused', (_, document) => {
    expect(refusal(productAt, { [side]: document })).toContain(
      `not a plan: changes[${productAt}].${side}: is not a document of product`,
    );
  });
});

test.each(['create', 'delete'])('a product is not there to %s', (action) => {
  const side = action === 'create' ? 'before' : 'after';
  expect(refusal(productAt, { action, [side]: null })).toContain('a product is only updated');
  expect(refusal(productAt, { action })).toContain(`${side}: is not a document of product`);
});

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  ['one that is created was there', { before: { name: 'x' } }, 'before'],
  ['one that is created is not there', { after: null }, 'after'],
  ['a list for a name', { after: { name: ['x'], slug: 'x' } }, 'after'],
  ['an object for a name', { after: { name: { constructor: 1 }, slug: 'x' } }, 'after'],
  ['a number for a slug', { after: { name: 'x', slug: 1 } }, 'after'],
  ['one that is updated was not there', { action: 'update' }, 'before'],
  ['one that is deleted is still there', { action: 'delete', before: { name: 'x' } }, 'after'],
])('a value: %s', (_, members, side) => {
  expect(refusal(valueAt, members)).toContain(
    `not a plan: changes[${valueAt}].${side}: is not a document of value`,
  );
});
