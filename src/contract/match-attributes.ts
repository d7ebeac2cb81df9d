import type { ShopAttribute, ShopInventory, SiteField, SiteInventory, SiteTerm } from './inventory.ts';
import { similarity, slugSimilarity } from './name-similarity.ts';

/** Shape of a field → the input type that its attribute needs. */
export const WANTED: Readonly<Record<string, string>> = {
  terms: 'MULTISELECT',
  term: 'DROPDOWN',
  boolean: 'BOOLEAN',
};

export interface AttributeMatch {
  readonly attribute: ShopAttribute;
  readonly because: string;
}

interface Scored extends AttributeMatch {
  readonly field: SiteField;
  readonly score: number;
}

/** How alike the names of a field and an attribute are; its taxonomy counts a little less. */
function nameScore(field: SiteField, { slug, name }: ShopAttribute): number {
  const own = Math.max(slugSimilarity(field.name, slug), similarity(field.name, name));
  const { taxonomy } = field;
  return taxonomy === null
    ? own
    : Math.max(own, 0.9 * Math.max(slugSimilarity(taxonomy, slug), similarity(taxonomy, name)));
}

export const isSameName = (field: SiteField, attribute: ShopAttribute): boolean =>
  nameScore(field, attribute) >= 0.9;

/** Values of the attribute that are terms of the field, by key or label; null: one of the two has none. */
function sharedValues(terms: readonly SiteTerm[], { values }: ShopAttribute): number | null {
  if (terms.length === 0 || values.length === 0) return null;
  const [keys, labels] = [
    new Set(terms.map(({ key }) => key)),
    new Set(terms.map(({ label }) => label.toLowerCase())),
  ];
  return values.filter(
    ({ slug, name, reference }) =>
      keys.has(slug) ||
      keys.has(slug.replaceAll('-', '_')) ||
      (reference !== null && keys.has(reference)) ||
      labels.has(name.toLowerCase()),
  ).length;
}

/** Minimum share of common values that is sufficient by itself to match two lists. */
const SAME_LIST = 0.5;
/** If half of the words of the names match, fewer common values are sufficient. */
const SIMILAR_LIST = 0.2;

function judge(field: SiteField, terms: readonly SiteTerm[], attribute: ShopAttribute): Scored | null {
  if (WANTED[field.shape] !== attribute.inputType) return null;
  const name = nameScore(field, attribute);
  const shared = field.shape === 'boolean' ? null : sharedValues(terms, attribute);
  const least = Math.min(terms.length, attribute.values.length);
  const share = shared === null ? null : shared / least;
  const isSure =
    name >= 0.9 || (share !== null && (share >= SAME_LIST || (name >= 0.5 && share >= SIMILAR_LIST)));
  if (!isSure) return null;
  const values = shared === null ? '' : `${shared} of its ${attribute.values.length} values are terms`;
  const because = [nameReason(field, attribute, name), values].filter((one) => one !== '').join(', ');
  return { field, attribute, because, score: name + (share ?? 0.5) };
}

/** Which name made them alike: that of the field, or that of its taxonomy. */
function nameReason(field: SiteField, attribute: ShopAttribute, score: number): string {
  if (score < 0.5) return '';
  const isOwn = nameScore({ ...field, taxonomy: null }, attribute) >= score;
  return `${score >= 0.9 ? 'same' : 'similar'} name${isOwn ? '' : ' as the taxonomy'}`;
}

/** Field → its attribute: each at most once, the most certain matches first. A person's choice has priority. */
export function matchAttributes(
  site: SiteInventory,
  shop: ShopInventory,
  chosen: Readonly<Record<string, string>>,
): ReadonlyMap<string, AttributeMatch> {
  const found = new Map<string, AttributeMatch>();
  const taken = new Set<string>();
  for (const [source, slug] of Object.entries(chosen)) {
    const attribute = shop.attributes.find((one) => one.slug === slug);
    if (attribute === undefined) continue;
    found.set(source, { attribute, because: 'your choice' });
    taken.add(slug);
  }
  const scored = site.fields
    .flatMap((field) =>
      shop.attributes.flatMap(
        (attribute) => judge(field, site.taxonomies[field.taxonomy ?? ''] ?? [], attribute) ?? [],
      ),
    )
    .sort((a, b) => b.score - a.score);
  for (const { field, attribute, because } of scored) {
    if (found.has(field.name) || taken.has(attribute.slug) || chosen[field.name] === '') continue;
    found.set(field.name, { attribute, because });
    taken.add(attribute.slug);
  }
  return found;
}

interface Taken {
  readonly types: readonly string[];
  readonly taken: ReadonlySet<string>;
}

/**
 * Attributes that may fit a field without a certain match: not used yet, of its input type, on the contract's product types;
 * similar names first. An attribute with values that are not terms of the field is a different list, and a boolean can only be
 * matched by name.
 */
export function candidatesFor(
  field: SiteField,
  terms: readonly SiteTerm[],
  shop: ShopInventory,
  { types, taken }: Taken,
): readonly string[] {
  const isOpen = (attribute: ShopAttribute) =>
    attribute.inputType === WANTED[field.shape] &&
    !taken.has(attribute.slug) &&
    attribute.types.some((type) => types.includes(type)) &&
    (field.shape === 'boolean' ? nameScore(field, attribute) > 0 : sharedValues(terms, attribute) !== 0);
  return shop.attributes
    .filter(isOpen)
    .sort((a, b) => nameScore(field, b) - nameScore(field, a))
    .map(({ slug }) => slug)
    .slice(0, 5);
}
