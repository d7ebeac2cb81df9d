import type { AttributeRule, Contract, MetadataRule } from '../../src/contract/contract.ts';
import type { Actual, Attribute, Product, ProductType, Value } from '../../src/core/actual-state.ts';
import type { Desired, Offering, SourceValue, Term } from '../../src/core/desired-state.ts';
import { diff } from '../../src/diff/diff.ts';
import { type Change, DEFAULT_OPTIONS, type Diff, type Options } from '../../src/diff/model.ts';
import { build, type Plan, type PlanInputs } from '../../src/plan/plan.ts';

/** A small catalogue of AI offerings: one attribute of each input type, one metadata key of each type. */

const types = ['offering'];

export const CATEGORY: AttributeRule = {
  slug: 'gsv_category',
  name: 'Category',
  input_type: 'DROPDOWN',
  source: 'category',
  taxonomy: 'categories',
  product_types: types,
};
export const ROLES: AttributeRule = {
  slug: 'gsv_roles',
  name: 'Roles',
  input_type: 'MULTISELECT',
  source: 'roles',
  taxonomy: 'roles',
  product_types: types,
};
export const VERIFIED: AttributeRule = {
  slug: 'gsv_verified',
  name: 'Verified',
  input_type: 'BOOLEAN',
  source: 'verified',
  product_types: types,
};
export const OFFERING_ID: MetadataRule = {
  key: 'cp_offering_id',
  type: 'text',
  source: 'cp_offering_id',
  required: true,
};
export const TAGLINE: MetadataRule = { key: 'outcome_tagline', type: 'text', source: 'card_tagline' };
export const ESTIMATE: MetadataRule = {
  key: 'credits_estimate_label',
  type: 'estimate_label',
  source: 'credits_estimate_label',
  min: 'credits_estimate_min',
  max: 'credits_estimate_max',
};
export const PRIMARY_ROLE: MetadataRule = {
  key: 'primary_role',
  type: 'term',
  source: 'primary_role',
  taxonomy: 'roles',
  among: 'roles',
};
export const IMAGE: MetadataRule = { key: 'card_image_url', type: 'image', source: 'card_image' };

export const contract = (given: Partial<Contract> = {}): Contract => ({
  format: 'sailplan-contract',
  format_version: '1.0',
  name: 'catalogue',
  naming: 'key',
  product_types: types,
  attributes: [CATEGORY, ROLES, VERIFIED],
  metadata: [OFFERING_ID, TAGLINE, ESTIMATE, PRIMARY_ROLE, IMAGE],
  ...given,
});

export const term = (key: string, label: string, translations?: Term['translations']): Term =>
  translations === undefined ? { key, label } : { key, label, translations };

/** What a page says; every field of the contract is there. */
export const FIELDS: Readonly<Record<string, SourceValue>> = {
  category: 'sales',
  roles: ['founder'],
  verified: true,
  cp_offering_id: 'off_0001',
  card_tagline: 'Answers leads within a minute',
  credits_estimate_label: null,
  credits_estimate_min: 10,
  credits_estimate_max: 20,
  primary_role: 'founder',
  card_image: { url: 'https://media.example.com/lead-scout.png' },
};

export const productId = (pk: number): string => btoa(`Product:${pk}`);

/** The page of offering N, which names the product `offering-N` by its slug. */
export function offering(
  number: number,
  fields: Readonly<Record<string, SourceValue>> = {},
  given: Partial<Offering> = {},
): Offering {
  return {
    page_id: number,
    title: `Lead scout ${number}`,
    saleor_product_id: null,
    saleor_product_slug: `offering-${number}`,
    fields: { ...FIELDS, cp_offering_id: `off_000${number}`, ...fields },
    ...given,
  };
}

/** Its product, holding just what the page says. */
export function product(
  number: number,
  attributes: Product['document']['attributes'] = {},
  metadata: Readonly<Record<string, string | undefined>> = {},
  given: Partial<Product> = {},
): Product {
  const texts: Readonly<Record<string, string | undefined>> = {
    cp_offering_id: `off_000${number}`,
    outcome_tagline: 'Answers leads within a minute',
    credits_estimate_label: '~15/run',
    primary_role: 'founder',
    card_image_url: 'https://media.example.com/lead-scout.png',
    ...metadata,
  };
  return {
    id: productId(number),
    name: `Lead scout ${number}`,
    type: 'offering',
    document: {
      attributes: { gsv_category: 'sales', gsv_roles: { founder: true }, gsv_verified: true, ...attributes },
      metadata: Object.fromEntries(
        Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
    },
    ...given,
  };
}

export const value = (id: string, name: string, given: Partial<Value> = {}): Value => ({
  id,
  name,
  reference: null,
  translations: {},
  ...given,
});

export const attribute = (
  rule: AttributeRule,
  values: Attribute['values'] = {},
  given: Partial<Attribute> = {},
): Attribute => ({ id: `id-${rule.slug}`, name: rule.name, input_type: rule.input_type, values, ...given });

export const productType = (
  slug: string,
  attributes: readonly string[],
  given: Partial<ProductType> = {},
): ProductType => ({ id: `type-${slug}`, name: slug, attributes, ...given });

export const SHOP: Actual = {
  target: { name: 'production', api_url: 'https://shop.example.com/graphql/' },
  permissions: ['MANAGE_PRODUCTS', 'MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES', 'MANAGE_TRANSLATIONS'],
  locales: ['en'],
  attributes: {
    gsv_category: attribute(CATEGORY, { sales: value('v-sales', 'Sales') }),
    gsv_roles: attribute(ROLES, { founder: value('v-founder', 'Founder') }),
    gsv_verified: attribute(VERIFIED),
  },
  product_types: { offering: productType('offering', ['gsv_category', 'gsv_roles', 'gsv_verified']) },
  products: { 'offering-1': product(1) },
};

export const SITE: Desired = {
  source: { kind: 'export', locale: 'en', page_type: 'catalog.OfferingPage', access: 'anonymous' },
  taxonomies: { categories: [term('sales', 'Sales')], roles: [term('founder', 'Founder')] },
  offerings: [offering(1)],
  problems: [],
};

export interface Given {
  readonly contract?: Partial<Contract>;
  readonly options?: Partial<Options>;
  readonly registry?: PlanInputs['registry'];
  readonly control_plane?: NonNullable<PlanInputs['control_plane']>;
  readonly desired?: Partial<Desired>;
  readonly actual?: Partial<Actual>;
}

/** A site and a shop that say the same, but for what is given. */
export const inputs = (given: Given = {}): PlanInputs => ({
  contract: contract(given.contract),
  options: { ...DEFAULT_OPTIONS, ...given.options },
  registry: given.registry ?? null,
  ...(given.control_plane === undefined ? {} : { control_plane: given.control_plane }),
  desired: { ...SITE, ...given.desired },
  actual: { ...SHOP, ...given.actual },
  completeness: ['attributes', 'export', 'product_types', 'products', 'values'],
});

export const diffOf = (given: Given = {}): Diff => diff(inputs(given));
export const planOf = (given: Given = {}): Plan => build(inputs(given));

/** The roles of both sides, and nothing else that differs. */
export const roles = (terms: readonly Term[], values: Attribute['values'], given: Given = {}): Given => ({
  ...given,
  desired: {
    taxonomies: { categories: [term('sales', 'Sales')], roles: terms },
    offerings: [],
    ...given.desired,
  },
  actual: {
    attributes: { ...SHOP.attributes, gsv_roles: attribute(ROLES, values) },
    ...given.actual,
  },
});

export const codesOf = ({ diagnostics }: Pick<Diff, 'diagnostics'>): readonly string[] =>
  diagnostics.map(({ severity, code, ref }) => `${severity} ${code} ${ref}`);

export const refsOf = ({ changes }: Pick<Diff, 'changes'>): readonly string[] =>
  changes.map(({ action, ref }) => `${action} ${ref}`);

export function changeOf({ changes }: Pick<Diff, 'changes'>, ref: string): Change {
  const found = changes.find((change) => change.ref === ref);
  if (found === undefined) throw new Error(`no change of ${ref} among ${changes.map((one) => one.ref)}`);
  return found;
}
