import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const state = JSON.parse(
  readFileSync(new URL('../../../recordings/saleor-state.json', import.meta.url), 'utf8'),
);
const seedFile = new URL('../../../../src/sandbox/data/seed.json', import.meta.url);

interface Value {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly boolean?: boolean | null;
  readonly externalReference?: string | null;
}

interface Selected {
  readonly attribute: { readonly slug: string; readonly inputType: string };
  readonly values: readonly Value[];
}

interface Row {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly inputType: string;
  readonly updatedAt: string;
  readonly productType: { readonly slug: string };
  readonly productAttributes: readonly { readonly slug: string }[];
  readonly choices: { readonly edges: readonly { readonly node: Value }[] };
  readonly attributes: readonly Selected[];
  readonly metadata: readonly { readonly key: string; readonly value: string }[];
}

const pk = (id: string): number => Number(Buffer.from(id, 'base64').toString().split(':')[1]);
const nodes = (connection: { edges: { node: Row }[] }): Row[] => connection.edges.map(({ node }) => node);
const byPk = <T extends { pk: number }>(rows: T[]): T[] => rows.sort((a, b) => a.pk - b.pk);

const { attributes, productTypes } = state.attributes.response.data;
const products: Row[] = state.products.pages.flatMap(
  (page: { response: { data: { products: { edges: { node: Row }[] } } } }) =>
    nodes(page.response.data.products),
);

/** A boolean's values are no choices; they appear only in products. */
function booleans(slug: string): readonly Value[] {
  const found = products.flatMap((p) =>
    p.attributes.filter((a) => a.attribute.slug === slug).flatMap((a) => a.values),
  );
  return [...new Map(found.filter((v) => v.boolean !== null).map((v) => [v.id, v])).values()];
}

const seedAttribute = ({ id, slug, name, inputType, choices }: Row) => ({
  pk: pk(id),
  slug,
  name,
  inputType,
  values: [
    ...choices.edges.map(({ node }) => ({ pk: pk(node.id), name: node.name, slug: node.slug })),
    ...byPk(booleans(slug).map((v) => ({ pk: pk(v.id), name: v.name, slug: v.slug, boolean: v.boolean }))),
  ],
});

/** The attributes of `offering` have no sort order: recording 04-auto-create-danger. */
const seedType = ({ id, slug, name, productAttributes }: Row) => ({
  pk: pk(id),
  slug,
  name,
  attributes: productAttributes.map((a) => a.slug),
  ...(slug === 'offering' ? { hasNoPlaces: true } : {}),
});

function seedProduct({ id, slug, name, productType, updatedAt, attributes: selected, metadata }: Row) {
  const set = selected
    .filter((s) => s.values.length > 0)
    .map((s) => [
      s.attribute.slug,
      s.attribute.inputType === 'BOOLEAN' ? s.values[0]?.boolean : s.values.map((v) => v.slug),
    ]);
  return {
    pk: pk(id),
    slug,
    name,
    type: productType.slug,
    updatedAt,
    ...(set.length > 0 ? { attributes: Object.fromEntries(set) } : {}),
    ...(metadata.length > 0 ? { metadata: Object.fromEntries(metadata.map((m) => [m.key, m.value])) } : {}),
  };
}

const lines = (rows: readonly object[]): string =>
  `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]`;

test('the seed is the recorded state, made compact (make golden writes it)', () => {
  const { name, version, schemaVersion } = state.preflight.response.data.shop;
  const made = `{"shop":${JSON.stringify({ name, version, schemaVersion })},
"channels":["default-channel","gsv"],
"attributes":${lines(byPk(nodes(attributes).map(seedAttribute)))},
"productTypes":${lines(byPk(nodes(productTypes).map(seedType)))},
"products":${lines(byPk(products.map(seedProduct)))}}
`;
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(seedFile, made);
  expect(readFileSync(seedFile, 'utf8')).toBe(made);
});
