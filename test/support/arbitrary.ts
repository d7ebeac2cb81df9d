import fc from 'fast-check';
import type { AttributeRule } from '../../src/contract/contract.ts';
import type { Actual, Assigned, Attribute, Product, Value } from '../../src/core/actual-state.ts';
import type { Offering, SourceValue, Term } from '../../src/core/desired-state.ts';
import { byCodeUnit, sortedRecord } from '../../src/core/json/records.ts';
import { DEFAULT_OPTIONS } from '../../src/diff/model.ts';
import type { PlanInputs } from '../../src/plan/plan.ts';
import { CATEGORY, contract, IMAGE, productId, ROLES, SHOP, SITE, VERIFIED } from './catalogue.ts';

/** Sites and shops as they could be, wrong ones among them; small pools, so that names meet often. */

const KEYS = [
  'data_analyst',
  'founder',
  'sales',
  'ops',
  'data',
  'constructor',
  'a__b',
  'Founder',
  '_lead',
  'sales_2',
];
const LABELS = [
  'Data analyst',
  'data_analyst',
  'Founder',
  'FOUNDER',
  'Sales',
  'Ops!',
  'Gründer',
  '日本語',
  '!!!',
  ' ',
  'Data',
  'Sales 2',
];
const SLUGS = [
  'data-analyst',
  'data_analyst',
  'founder',
  'sales',
  'sales-2',
  'ops',
  'data',
  '-',
  'a__b',
  'constructor',
];
const LOCALES = ['en', 'fr', 'pt-br'];

const dictionary = <T>(names: fc.Arbitrary<string>, of: fc.Arbitrary<T>) =>
  fc.dictionary(names, of, { noNullPrototype: true });

const term: fc.Arbitrary<Term> = fc
  .record({
    key: fc.constantFrom(...KEYS),
    label: fc.constantFrom(...LABELS),
    translations: dictionary(
      fc.constantFrom('fr', 'pt-br'),
      fc.constantFrom('Fondateur', 'Analista', 'Ventes'),
    ),
  })
  .map(({ translations, ...rest }) =>
    Object.keys(translations).length === 0 ? rest : { ...rest, translations },
  );

/** Sorted as every reader sorts them. */
const terms = fc
  .array(term, { maxLength: 6 })
  .map((found) => found.sort((a, b) => byCodeUnit(a.key, b.key) || byCodeUnit(a.label, b.label)));

/** Values whose slug fits their name or does not (it was made by hand, or before a rename); references of any key. */
const values = (rule: AttributeRule): fc.Arbitrary<Attribute['values']> =>
  fc
    .uniqueArray(
      fc.record({
        slug: fc.constantFrom(...SLUGS),
        name: fc.option(fc.constantFrom(...LABELS), { nil: null }),
        key: fc.option(fc.constantFrom(...KEYS), { nil: null, freq: 3 }),
        translations: dictionary(
          fc.constantFrom(...LOCALES),
          fc.constantFrom('Data analyst', 'Fondateur', ''),
        ),
        users: fc.option(fc.nat(2), { nil: undefined }),
      }),
      { selector: ({ slug }) => slug, maxLength: 6 },
    )
    .map((found) => {
      const seen = new Set<string>();
      return sortedRecord(
        found.map(({ slug, name, key, translations, users }, index): [string, Value] => {
          const reference = key === null || seen.has(key) ? null : `${rule.slug}.${key}`;
          if (key !== null) seen.add(key);
          const all = LOCALES.map((locale): [string, string | null] => [
            locale,
            translations[locale] ?? null,
          ]);
          return [
            slug,
            {
              id: `v-${rule.slug}-${index}`,
              name: name ?? slug,
              reference,
              translations: sortedRecord(all),
              ...(users === undefined ? {} : { users }),
            },
          ];
        }),
      );
    });

const attribute = (
  rule: AttributeRule,
  of: fc.Arbitrary<Attribute['values']>,
): fc.Arbitrary<Attribute | null> =>
  fc
    .record({
      values: of,
      input_type: fc.constantFrom(...Array(9).fill(rule.input_type), 'NUMERIC'),
      isThere: fc.nat(9),
    })
    .map(({ values: found, input_type, isThere }) =>
      isThere === 0 ? null : { id: `id-${rule.slug}`, name: rule.name, input_type, values: found },
    );

const subset = <T>(items: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...items]);
const asSet = (slugs: readonly string[]): Assigned =>
  sortedRecord(slugs.map((slug) => [slug, true as const]));

/** Saleor shows no value of an attribute that the product's type lacks. */
const product = (pk: number, shop: Pick<Actual, 'attributes' | 'product_types'>): fc.Arbitrary<Product> => {
  const slugs = (name: string) => Object.keys(shop.attributes[name]?.values ?? {});
  const empty = { gsv_category: null, gsv_roles: {}, gsv_verified: null };
  return fc
    .record({
      name: fc.constantFrom('Lead scout', 'Invoice reader'),
      type: fc.constantFrom('offering', 'offering', 'offering', 'gift-card'),
      attributes: fc.record({
        gsv_category: fc.constantFrom(null, ...slugs('gsv_category')),
        gsv_roles: subset(slugs('gsv_roles')).map(asSet),
        gsv_verified: fc.constantFrom(null, true, false),
      }),
      metadata: dictionary(
        fc.constantFrom(
          'cp_offering_id',
          'outcome_tagline',
          'primary_role',
          'card_image_url',
          'credits_estimate_label',
        ),
        fc.constantFrom('off_1', '~15/run', 'founder', '', 'a\u202eb'),
      ),
    })
    .map(({ name, type, attributes, metadata }) => {
      const assigned = shop.product_types[type]?.attributes ?? [];
      const held = Object.entries(attributes).filter(([slug]) => assigned.includes(slug));
      return {
        id: productId(pk),
        name,
        type,
        document: {
          attributes: { ...empty, ...Object.fromEntries(held) },
          metadata: sortedRecord(Object.entries(metadata)),
        },
      };
    });
};

const fields: fc.Arbitrary<Readonly<Record<string, SourceValue>>> = fc.record(
  {
    category: fc.constantFrom(null, 'sales', 'ops', 'data_analyst'),
    roles: subset(['constructor', 'data', 'data_analyst', 'founder', 'ops', 'sales_2']),
    verified: fc.boolean(),
    cp_offering_id: fc.constantFrom('off_1', 'off_2', ''),
    card_tagline: fc.constantFrom(null, '', 'Answers leads', 'a\u202eb'),
    credits_estimate_label: fc.constantFrom(null, '~9/run'),
    credits_estimate_min: fc.constantFrom(null, 10, '15.50'),
    credits_estimate_max: fc.constantFrom(null, 20, '15.5'),
    primary_role: fc.constantFrom(null, 'founder', 'nobody'),
    card_image: fc.constantFrom(null, { url: 'https://media.example.com/a.png' }, { error: 'relative' }),
  },
  {
    requiredKeys: [
      'category',
      'roles',
      'verified',
      'cp_offering_id',
      'card_tagline',
      'primary_role',
      'card_image',
    ],
  },
);

const offerings: fc.Arbitrary<readonly Offering[]> = fc
  .array(
    fc.record({
      id: fc.option(fc.constantFrom(1, 2, 3, 9), { nil: null, freq: 2 }),
      slug: fc.option(fc.constantFrom(1, 2, 3, 4, 8), { nil: null, freq: 5 }),
      fields,
    }),
    { maxLength: 5 },
  )
  .map((pages) =>
    pages.map(({ id, slug, fields: says }, index) => ({
      page_id: index + 10,
      title: `Page ${index}`,
      saleor_product_id: id === null ? null : productId(id),
      saleor_product_slug: slug === null ? null : `offering-${slug}`,
      fields: says,
    })),
  );

const shop: fc.Arbitrary<Actual> = fc
  .record({
    gsv_category: attribute(CATEGORY, values(CATEGORY)),
    gsv_roles: attribute(ROLES, values(ROLES)),
    gsv_verified: attribute(VERIFIED, fc.constant({})),
  })
  .chain((found) => {
    const attributes = sortedRecord(
      Object.entries(found).flatMap(([slug, one]) => (one === null ? [] : [[slug, one] as const])),
    );
    return fc
      .record({
        target: fc.constant(SHOP.target),
        permissions: fc.constantFrom(['MANAGE_TRANSLATIONS'], []),
        locales: fc.constantFrom(LOCALES, ['en'], []),
        attributes: fc.constant(attributes),
        product_types: fc.record({
          'gift-card': fc.constant({ id: 't2', name: 'Gift card', attributes: [] }),
          offering: subset(Object.keys(attributes)).map((slugs) => ({
            id: 't1',
            name: 'Offering',
            attributes: slugs,
          })),
        }),
      })
      .chain((read) =>
        fc.tuple(product(1, read), product(2, read), product(3, read)).map((all) => ({
          ...read,
          products: sortedRecord(all.map((one, index): [string, Product] => [`offering-${index + 1}`, one])),
        })),
      );
  });

const EXCLUSIONS = [
  ['value.gsv_roles.data_analyst', null],
  ['product.offering-1', 'metadata.outcome_tagline'],
  ['product.offering-2', 'attributes.gsv_roles'],
  ['value.gsv_roles.founder', 'name'],
  ['assignment.offering.gsv_category', null],
  ['product.offering-3', 'nothing.of_the_kind'],
].map(([ref, field]) => ({ ref: ref as string, field: field ?? null, reason: 'held for the launch' }));

/** What a plan is built from. A label that is not ASCII is the only one whose slug the tool does not foretell. */
export const planInputs: fc.Arbitrary<PlanInputs> = fc
  .record({
    naming: fc.constantFrom('key' as const, 'external_reference' as const),
    label_languages: fc.constantFrom<string[] | undefined>(undefined, [], ['en', 'fr']),
    options: fc.record({
      create_missing: fc.boolean(),
      sync_attributes: fc.boolean(),
      create_attributes: fc.boolean(),
      adopt: fc.boolean(),
      prune_values: fc.boolean(),
      prune_used: fc.boolean(),
      strict: fc.constantFrom(false, false, false, true),
      limit: fc.constantFrom(null, null, 1, 3),
      exclude: fc.constantFrom([], [], EXCLUSIONS.slice(0, 2), EXCLUSIONS.slice(2, 4), EXCLUSIONS.slice(4)),
      only_slugs: fc.constantFrom(null, null, null, ['offering-1'], ['offering-1', 'offering-3']),
    }),
    registry: fc.constantFrom(null, null, ['founder', 'sales']),
    keepsTagline: fc.boolean(),
    categories: terms,
    roles: terms,
    pages: offerings,
    actual: shop,
  })
  .map(({ naming, label_languages, options, registry, keepsTagline, categories, roles, pages, actual }) => {
    const whole = contract();
    return {
      contract: {
        ...whole,
        naming,
        ...(label_languages === undefined ? {} : { label_languages }),
        attributes: whole.attributes.map((rule) => (rule === ROLES ? { ...rule, registry: true } : rule)),
        metadata: whole.metadata.map((rule) =>
          keepsTagline && rule !== IMAGE && rule.required !== true
            ? { ...rule, when_empty: 'keep' as const }
            : rule,
        ),
      },
      options: { ...DEFAULT_OPTIONS, ...options },
      registry,
      desired: { ...SITE, taxonomies: { categories, roles }, offerings: pages },
      actual,
      completeness: ['export', 'products'],
    };
  });

/** The same value with the members of every record in another order. */
export function shuffled<T>(given: T, next: () => number): T {
  if (Array.isArray(given)) return given.map((item) => shuffled(item, next)) as T;
  if (typeof given !== 'object' || given === null) return given;
  const entries = Object.entries(given).map(([name, item]) => [name, shuffled(item, next)] as const);
  const mixed = entries.map((entry) => ({ entry, at: next() })).sort((a, b) => a.at - b.at);
  return Object.fromEntries(mixed.map(({ entry }) => entry)) as T;
}

/** A small seeded source of numbers, so that a failing case is the same each time. */
export function random(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
