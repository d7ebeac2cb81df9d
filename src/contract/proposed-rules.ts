import type { AttributeRule, Contract } from './contract.ts';
import type { ShopAttribute, ShopInventory, SiteField, SiteInventory } from './inventory.ts';
import type { AttributeMatch } from './match-attributes.ts';

export function ruleFor(field: SiteField, attribute: ShopAttribute, types: readonly string[]): AttributeRule {
  const on = attribute.types.filter((type) => types.includes(type));
  return {
    slug: attribute.slug,
    name: attribute.name,
    input_type: attribute.inputType as AttributeRule['input_type'],
    source: field.name,
    ...(field.taxonomy === null ? {} : { taxonomy: field.taxonomy }),
    product_types: on.length === 0 ? types : on,
  };
}

export interface RuleNaming {
  readonly prefix: string;
  readonly types: readonly string[];
  readonly taken: ReadonlySet<string>;
}

export function newRule(
  field: SiteField,
  wanted: string,
  { prefix, types, taken }: RuleNaming,
): AttributeRule {
  const base = field.name.replace(/[^-A-Za-z0-9_]+/g, '_');
  const slug = [`${prefix}${base}`, `${prefix}${base}_2`].find((one) => !taken.has(one)) ?? base;
  return {
    slug,
    name: titleOf(field.name),
    input_type: wanted as AttributeRule['input_type'],
    source: field.name,
    ...(field.taxonomy === null ? {} : { taxonomy: field.taxonomy }),
    product_types: types,
  };
}

function titleOf(name: string): string {
  const words = name.replaceAll(/[-_]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `shelf_` where most attributes that were matched begin so; new ones then do too. */
export function commonPrefix(slugs: readonly string[]): string {
  const prefixes = slugs.flatMap((slug) => /^[A-Za-z0-9]+[-_](?=.)/.exec(slug)?.[0] ?? []);
  const [first] = prefixes;
  return first !== undefined &&
    slugs.length > 1 &&
    prefixes.filter((one) => one === first).length * 2 > slugs.length
    ? first
    : '';
}

/** A name for a type in a shop that has none. */
const FIRST_TYPE = 'offering';

/** The types of the products that pages name; without any, those with matched attributes, else all of a few. */
export function productTypesOf(shop: ShopInventory, matches: readonly AttributeMatch[]): readonly string[] {
  const ofProducts = shop.types.filter(({ sampled }) => sampled > 0).map(({ slug }) => slug);
  if (ofProducts.length > 0) return ofProducts;
  const matched = new Set(matches.flatMap(({ attribute }) => attribute.types));
  const withMatches = shop.types.map(({ slug }) => slug).filter((slug) => matched.has(slug));
  if (withMatches.length > 0) return withMatches;
  return shop.types.length === 0 ? [FIRST_TYPE] : shop.types.slice(0, 5).map(({ slug }) => slug);
}

/** external_reference where the values of the shop have the keys there and not in their slugs. */
export function namingOf(
  site: SiteInventory,
  matches: readonly (readonly [string, AttributeMatch])[],
): Contract['naming'] {
  let [bySlug, byReference] = [0, 0];
  for (const [source, { attribute }] of matches) {
    const taxonomy = site.fields.find(({ name }) => name === source)?.taxonomy ?? '';
    const keys = new Set((site.taxonomies[taxonomy] ?? []).map(({ key }) => key));
    for (const { slug, reference } of attribute.values) {
      if (keys.has(slug)) bySlug += 1;
      if (reference !== null && keys.has(reference)) byReference += 1;
    }
  }
  return byReference > bySlug ? 'external_reference' : 'key';
}
