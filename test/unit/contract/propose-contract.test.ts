import { expect, test } from '@jest/globals';
import { parseContract } from '../../../src/contract/contract.ts';
import type {
  ShopAttribute,
  ShopInventory,
  SiteField,
  SiteInventory,
} from '../../../src/contract/inventory.ts';
import { proposeContract } from '../../../src/contract/propose-contract.ts';

const field = (name: string, shape: SiteField['shape'], more: Partial<SiteField> = {}): SiteField => ({
  name,
  shape,
  filled: 2,
  taxonomy: null,
  isUnique: false,
  note: '',
  ...more,
});
const site = (
  fields: readonly SiteField[],
  taxonomies: Record<string, readonly string[]> = {},
): SiteInventory => ({
  pages: 2,
  fields,
  taxonomies: Object.fromEntries(
    Object.entries(taxonomies).map(([name, keys]) => [name, keys.map((key) => ({ key, label: key }))]),
  ),
  products: { ids: [], slugs: [] },
});
const attribute = (slug: string, inputType: string, values: readonly string[] = []): ShopAttribute => ({
  slug,
  name: slug,
  inputType,
  values: values.map((one) => ({ slug: one, name: one, reference: null })),
  types: ['tool'],
});
const shop = (attributes: readonly ShopAttribute[], more: Partial<ShopInventory> = {}): ShopInventory => ({
  name: 'Shop',
  version: '3.23.28',
  permissions: [],
  attributes,
  types: [{ slug: 'tool', name: 'Tool', sampled: 2 }],
  keys: {},
  sampled: 2,
  ...more,
});
const propose = (pages: SiteInventory, there: ShopInventory, chosen?: Readonly<Record<string, string>>) => {
  const proposal = proposeContract(pages, there, {
    name: 'x-v1',
    ...(chosen === undefined ? {} : { chosen }),
  });
  // Whatever is proposed can be used as it is.
  expect(parseContract(JSON.parse(JSON.stringify(proposal.contract)))).toHaveProperty('contract');
  return {
    ...proposal,
    kinds: Object.fromEntries(
      proposal.decisions.map(({ source, kind, target }) => [source, `${kind} ${target}`.trim()]),
    ),
  };
};

const COLOURS = { colours: ['red', 'blue', 'green'] };

test('values decide where names do not, and a longer list of the shop is the same list', () => {
  const { kinds } = propose(
    site([field('tint', 'terms', { taxonomy: 'colours' })], COLOURS),
    shop([
      attribute('hue', 'MULTISELECT', ['red', 'blue', 'green', 'pink', 'grey']),
      attribute('size', 'MULTISELECT', ['s', 'm']),
    ]),
  );
  expect(kinds).toEqual({ tint: 'matched hue' });
});

test('a name counts without the prefix of the shop, and in the singular', () => {
  const { kinds } = propose(
    site([field('colour', 'terms', { taxonomy: 'colours' })], COLOURS),
    shop([attribute('acme_colours', 'MULTISELECT')]),
  );
  expect(kinds).toEqual({ colour: 'matched acme_colours' });
});

test('an attribute of the same name and another input type is a gap that says so', () => {
  const { kinds, contract } = propose(
    site([field('colour', 'term', { taxonomy: 'colours' })], COLOURS),
    shop([attribute('colour', 'MULTISELECT', ['red'])]),
  );
  expect(kinds).toEqual({ colour: 'gap' });
  expect(contract.gaps?.[0]?.problem).toMatch(/MULTISELECT, and this field needs DROPDOWN/);
});

test('an attribute is given once, to the field that is surest', () => {
  const { kinds } = propose(
    site(
      [field('shade', 'terms', { taxonomy: 'colours' }), field('colour', 'terms', { taxonomy: 'colours' })],
      COLOURS,
    ),
    shop([attribute('colour', 'MULTISELECT', ['red', 'blue'])]),
  );
  expect(kinds).toEqual({ shade: 'new shade', colour: 'matched colour' });
});

test('what a person chose is taken: an attribute of the shop, or a new one', () => {
  const pages = site([field('mood', 'terms', { taxonomy: 'moods' })], { moods: ['calm'] });
  const there = shop([attribute('feel', 'MULTISELECT'), attribute('look', 'MULTISELECT')]);
  expect(propose(pages, there).questions).toEqual([{ source: 'mood', slugs: ['feel', 'look'] }]);
  expect(propose(pages, there, { mood: 'look' }).kinds).toEqual({ mood: 'matched look' });
  expect(propose(pages, there, { mood: '' }).kinds).toEqual({ mood: 'new mood' });
});

test('names follow the shop’s prefix where most attributes have it', () => {
  const { kinds } = propose(
    site([field('verified', 'boolean'), field('fast', 'boolean'), field('new_one', 'boolean')]),
    shop([attribute('acme-verified', 'BOOLEAN'), attribute('acme-fast', 'BOOLEAN')]),
  );
  expect(kinds['new_one']).toBe('new acme-new_one');
});

test('keys: an id that every page has is required, an estimate reads its ends, a main term its set', () => {
  const { contract, kinds } = propose(
    site(
      [
        field('part_id', 'text', { isUnique: true }),
        field('seats_label', 'text'),
        field('seats_min', 'number'),
        field('seats_max', 'number'),
        field('colours', 'terms', { taxonomy: 'colours' }),
        field('main_colour', 'term', { taxonomy: 'colours' }),
        field('body', 'text', { note: 'long or formatted text' }),
      ],
      COLOURS,
    ),
    shop([], { keys: { 'seats-label': 2 } }),
  );
  expect(contract.metadata).toEqual([
    { key: 'part_id', type: 'text', source: 'part_id', required: true },
    expect.objectContaining({
      key: 'seats-label',
      type: 'estimate_label',
      min: 'seats_min',
      max: 'seats_max',
    }),
    { key: 'main_colour', type: 'term', source: 'main_colour', taxonomy: 'colours', among: 'colours' },
  ]);
  expect(kinds['body']).toBe('gap');
});

test('external references in the shop mean that naming', () => {
  const values = ['red', 'blue'].map((key) => ({ slug: `the-${key}`, name: key, reference: key }));
  const { contract } = propose(
    site([field('colour', 'terms', { taxonomy: 'colours' })], COLOURS),
    shop([{ ...attribute('colour', 'MULTISELECT'), values }]),
  );
  expect(contract.naming).toBe('external_reference');
});

test('a text with the name of a DROPDOWN is no metadata: its terms were not found', () => {
  const { kinds } = propose(site([field('level', 'text')]), shop([attribute('level', 'DROPDOWN')]));
  expect(kinds).toEqual({ level: 'gap' });
});
