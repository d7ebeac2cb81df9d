import type { Contract } from '../../../src/contract/contract.ts';
import type { Desired, Offering, Term } from '../../../src/core/desired-state.ts';
import { DEFAULT_OPTIONS } from '../../../src/diff/model.ts';
import { localesOf } from '../../../src/diff/translation-changes.ts';
import { build, type Plan } from '../../../src/plan/plan.ts';
import { addValue, emptyWorld, fresh, readWorld, type World } from './simulated-shop.ts';

/** A shop, what Wagtail says, and the plan between them. */
export interface Scene {
  readonly contract: Contract;
  readonly desired: Desired;
  /** Never changed: each simulation works on a copy. */
  readonly world: World;
  readonly plan: Plan;
}

export interface Choice {
  readonly naming: Contract['naming'];
  readonly roles: readonly Term[];
  readonly categories: readonly Term[];
  readonly offerings: readonly Omit<Offering, 'saleor_product_id'>[];
  /** Names of values that the shop has, by attribute; `by reference`: made by this tool earlier. */
  readonly values: readonly (readonly [attribute: string, name: string, reference: string | null])[];
  /** Slug → value names by attribute, and metadata, of the shop's products. */
  readonly products: Readonly<
    Record<
      string,
      {
        roles: readonly string[];
        category: string | null;
        verified: boolean | null;
        metadata: Readonly<Record<string, string>>;
      }
    >
  >;
  /** What the shop has of the boolean attribute. */
  readonly verified: 'absent' | 'unassigned' | 'assigned';
}

const TYPE = 'offering';
const types = [TYPE];

export const contractOf = (naming: Contract['naming']): Contract => ({
  format: 'sailplan-contract',
  format_version: '1.0',
  name: 'sim',
  naming,
  label_languages: ['en'],
  product_types: types,
  attributes: [
    {
      slug: 'gsv_category',
      name: 'Category',
      input_type: 'DROPDOWN',
      source: 'category',
      taxonomy: 'categories',
      product_types: types,
    },
    {
      slug: 'gsv_roles',
      name: 'Roles',
      input_type: 'MULTISELECT',
      source: 'roles',
      taxonomy: 'roles',
      product_types: types,
    },
    {
      slug: 'gsv_verified',
      name: 'Verified',
      input_type: 'BOOLEAN',
      source: 'verified',
      product_types: types,
    },
  ],
  metadata: [
    { key: 'cp_offering_id', type: 'text', source: 'cp_offering_id', required: true },
    { key: 'cp_offering_version_id', type: 'text', source: 'cp_offering_version_id' },
    { key: 'outcome_tagline', type: 'text', source: 'card_tagline' },
  ],
});

export function sceneOf(choice: Choice): Scene {
  const contract = contractOf(choice.naming);
  const world = worldOf(choice);
  const ids = new Map([...world.products.values()].map(({ id, slug }) => [slug, id]));
  const desired: Desired = {
    source: { kind: 'export', locale: 'en', page_type: null, access: 'unknown' },
    taxonomies: { categories: choice.categories, roles: choice.roles },
    offerings: choice.offerings.map((one) => ({
      ...one,
      saleor_product_id: ids.get(one.saleor_product_slug ?? '') ?? null,
    })),
    problems: [],
  };
  return { contract, desired, world, plan: planFor(contract, desired, world) };
}

/** A plan from the shop as it is: of a converged one it must be empty. Deletes only what nobody uses. */
export function planFor(contract: Contract, desired: Desired, world: World): Plan {
  const actual = readWorld(
    world,
    contract,
    {
      attributes: contract.attributes.map(({ slug }) => slug),
      locales: localesOf({ contract, desired }),
      products: [...world.products.keys()],
    },
    true,
  );
  return build({
    contract,
    options: {
      ...DEFAULT_OPTIONS,
      create_missing: true,
      sync_attributes: true,
      create_attributes: true,
      adopt: true,
      prune_values: true,
    },
    registry: null,
    desired,
    actual,
    completeness: ['attributes', 'products'],
  });
}

function worldOf({ values, products, verified }: Choice): World {
  const world = emptyWorld();
  const assigned = ['gsv_category', 'gsv_roles', ...(verified === 'assigned' ? ['gsv_verified'] : [])];
  world.types.set(TYPE, { id: fresh(world, 'ProductType'), name: 'Offering', attributes: new Set(assigned) });
  for (const { slug, name, input_type } of contractOf('key').attributes) {
    if (slug === 'gsv_verified' && verified === 'absent') continue;
    world.attributes.set(slug, { id: fresh(world, 'Attribute'), slug, name, input_type, values: [] });
  }
  const attribute = (slug: string) => {
    const row = world.attributes.get(slug);
    if (row === undefined) throw new Error(`no attribute ${slug}`);
    return row;
  };
  for (const [slug, name, reference] of values) addValue(world, attribute(slug), name, reference, 'seed');
  const idOf = (slug: string, name: string) =>
    attribute(slug).values.find((value) => value.name === name)?.id ?? `no value ${name}`;
  for (const [slug, product] of Object.entries(products)) {
    const id = Buffer.from(`Product:${world.next++}`).toString('base64');
    const held = new Map<string, readonly string[] | boolean>([
      [attribute('gsv_roles').id, product.roles.map((name) => idOf('gsv_roles', name))],
      [
        attribute('gsv_category').id,
        product.category === null ? [] : [idOf('gsv_category', product.category)],
      ],
    ]);
    if (product.verified !== null && verified === 'assigned')
      held.set(attribute('gsv_verified').id, product.verified);
    const metadata = new Map([...Object.entries(product.metadata), ['by_hand', 'not ours']]);
    world.products.set(id, { id, slug, name: slug, type: TYPE, attributes: held, metadata });
  }
  return world;
}

const term = (key: string, label: string): Term => ({ key, label });

const offering = (
  page_id: number,
  slug: string,
  fields: Offering['fields'],
): Omit<Offering, 'saleor_product_id'> => ({
  page_id,
  title: `Offering ${page_id}`,
  saleor_product_slug: slug,
  fields,
});

/** One step of every kind, as few as possible: pairs of faults are tried on all of it. */
export const EVERY_KIND = (naming: Contract['naming']): Choice => ({
  naming,
  categories: [term('sales', 'Sales')],
  roles: [term('data_analyst', 'Data analyst'), term('founder', 'Founder')],
  offerings: [
    offering(1, 'first', {
      category: 'sales',
      roles: ['data_analyst'],
      verified: true,
      cp_offering_id: 'off_1',
      cp_offering_version_id: null,
      card_tagline: 'One',
    }),
    offering(2, 'second', {
      category: 'sales',
      roles: ['founder'],
      verified: true,
      cp_offering_id: 'off_2',
      cp_offering_version_id: null,
      card_tagline: 'Two',
    }),
  ],
  values: [
    ['gsv_category', 'Sales', 'gsv_category.sales'],
    ['gsv_roles', 'founder', 'gsv_roles.founder'],
    ['gsv_roles', 'Retired', null],
  ],
  products: {
    first: { roles: [], category: 'Sales', verified: null, metadata: { cp_offering_version_id: 'old' } },
    second: {
      roles: ['founder'],
      category: 'Sales',
      verified: true,
      metadata: { cp_offering_id: 'off_2', outcome_tagline: 'Three' },
    },
  },
  verified: 'absent',
});

/** A new value with its label, one product written by two mutations, and one value to delete. */
export const SMALL = (naming: Contract['naming']): Choice => {
  const { roles, offerings, values, products, ...rest } = EVERY_KIND(naming);
  const [first] = offerings;
  if (first === undefined || products['first'] === undefined) throw new Error('no offering');
  return {
    ...rest,
    roles: roles.filter(({ key }) => key === 'data_analyst'),
    offerings: [first],
    values: values.filter(([, name]) => name === 'Sales'),
    products: { first: { ...products['first'], verified: true } },
    verified: 'assigned',
  };
};

/** So many products, each written by two mutations. */
export const MANY_PRODUCTS = (naming: Contract['naming'], count: number): Choice => {
  const { offerings, products, ...rest } = SMALL(naming);
  const [[slug = '', product] = []] = [Object.entries(products)[0]];
  const slugs = Array.from({ length: count }, (_, index) => `${slug}-${index}`);
  if (product === undefined) throw new Error('no product');
  return {
    ...rest,
    offerings: slugs.flatMap((one, index) =>
      offerings.map((offering) => ({
        ...offering,
        page_id: index + 1,
        saleor_product_slug: one,
        fields: { ...offering.fields, cp_offering_id: `off_${index}` },
      })),
    ),
    products: Object.fromEntries(slugs.map((one) => [one, product])),
  };
};

const ROLES = ['data_analyst', 'founder', 'product_manager', 'support', 'ops_lead', 'marketing'] as const;
const CATEGORIES = ['sales', 'research', 'legal'] as const;
const labelOf = (key: string): string => {
  const words = key.replaceAll('_', ' ');
  return `${words[0]?.toUpperCase()}${words.slice(1)}`;
};

/** Any shop and any site, by a seed. */
export function randomChoice(draw: () => number): Choice {
  const maybe = (share: number) => draw() < share;
  const some = <T>(items: readonly T[], share: number): readonly T[] => items.filter(() => maybe(share));
  const pick = <T>(items: readonly T[]): T | null => items[Math.floor(draw() * items.length)] ?? null;
  const naming = maybe(0.7) ? 'key' : 'external_reference';
  const roles = some(ROLES, 0.7);
  const categories = some(CATEGORIES, 0.8);
  const valueNamed =
    (attribute: string) =>
    (key: string): Choice['values'][number] => {
      const isOurs = naming === 'external_reference' ? maybe(0.7) : maybe(0.5);
      const name = naming === 'key' ? (maybe(0.2) ? labelOf(key) : key) : maybe(0.8) ? labelOf(key) : key;
      return [attribute, name, isOurs ? `${attribute}.${key}` : null];
    };
  const values = [
    ...some(ROLES, 0.5).map(valueNamed('gsv_roles')),
    ...some(CATEGORIES, 0.6).map(valueNamed('gsv_category')),
    ...(maybe(0.3) ? [['gsv_roles', 'Retired', null] as const] : []),
  ];
  const names = (attribute: string) => values.flatMap(([slug, name]) => (slug === attribute ? [name] : []));
  const count = 1 + Math.floor(draw() * 7);
  const verified = pick(['absent', 'unassigned', 'assigned'] as const) ?? 'assigned';
  const slugs = Array.from({ length: count }, (_, index) => `offering-${index + 1}`);
  return {
    naming,
    roles: roles.map((key) => term(key, labelOf(key))),
    categories: categories.map((key) => term(key, labelOf(key))),
    offerings: slugs.map((slug, index) =>
      offering(index + 1, slug, {
        category: pick(categories),
        roles: some(roles, 0.4),
        verified: maybe(0.5),
        cp_offering_id: `off_${index + 1}`,
        cp_offering_version_id: maybe(0.5) ? `v${Math.floor(draw() * 3)}` : null,
        card_tagline: maybe(0.7) ? `Line ${Math.floor(draw() * 3)}` : null,
      }),
    ),
    values,
    products: Object.fromEntries(
      slugs.map((slug, index) => [
        slug,
        {
          roles: some(names('gsv_roles'), 0.4),
          category: maybe(0.7) ? pick(names('gsv_category')) : null,
          verified: maybe(0.6) ? maybe(0.5) : null,
          metadata: {
            ...(maybe(0.7) ? { cp_offering_id: `off_${index + 1}` } : {}),
            ...(maybe(0.5) ? { cp_offering_version_id: `v${Math.floor(draw() * 3)}` } : {}),
            ...(maybe(0.5) ? { outcome_tagline: `Line ${Math.floor(draw() * 3)}` } : {}),
          },
        },
      ]),
    ),
    verified,
  };
}
