import type { MetadataRule } from './contract.ts';
import type { ShopInventory, SiteField, SiteInventory } from './inventory.ts';
import { similarity } from './name-similarity.ts';

export interface ProposedMetadata {
  /** Page field → its rule, in the order of the fields. */
  readonly rules: ReadonlyMap<string, { readonly rule: MetadataRule; readonly because: string }>;
  /** Page field that another field's rule reads too → the key of that rule. */
  readonly parts: ReadonlyMap<string, string>;
  /** Long or formatted texts: it is unknown whether a storefront needs them. */
  readonly prose: ReadonlySet<string>;
}

/** Proposes metadata keys for fields that are not attributes (`matched`). */
export function proposeMetadata(
  site: SiteInventory,
  shop: ShopInventory,
  matched: ReadonlySet<string>,
): ProposedMetadata {
  const rules = new Map<string, { rule: MetadataRule; because: string }>();
  const parts = new Map<string, string>();
  const prose = new Set<string>();
  for (const field of site.fields) {
    if (matched.has(field.name)) continue;
    if (field.shape === 'text' && field.note !== '') {
      prose.add(field.name);
      continue;
    }
    const rule = ruleOf(field, site, shop);
    if (rule === null) continue;
    const count = shop.keys[rule.key];
    const because = count === undefined ? 'new key' : `${count} of ${shop.sampled} products have the key`;
    rules.set(field.name, { rule, because });
    if (rule.type !== 'estimate_label') continue;
    for (const end of [rule.min, rule.max])
      if (end !== undefined && !matched.has(end)) parts.set(end, rule.key);
  }
  // The ends of an estimate have keys of their own only where the shop has them.
  for (const [end] of parts) if (shop.keys[rules.get(end)?.rule.key ?? ''] === undefined) rules.delete(end);
  return { rules, parts, prose };
}

/** Saleor’s limit for a metadata key, in characters. */
const MOST_KEY = 256;

function ruleOf(field: SiteField, site: SiteInventory, shop: ShopInventory): MetadataRule | null {
  const { name, shape } = field;
  const key = keyFor(name, shop);
  if (key.length > MOST_KEY) return null;
  switch (shape) {
    case 'text':
      return estimateOf(field, key, site) ?? { key, type: 'text', source: name, ...requiredOf(field, site) };
    case 'number':
    case 'image':
      return { key, type: shape, source: name };
    case 'term':
      return mainTermOf(field, key, site);
    default:
      return null;
  }
}

/** The shop's key with the same words, otherwise the field's name. */
const keyFor = (name: string, shop: ShopInventory): string =>
  Object.keys(shop.keys).find((key) => key === name) ??
  Object.keys(shop.keys).find((key) => similarity(key, name) === 1) ??
  name;

/** An id that every page has, another one on each, must not be lost. */
const requiredOf = ({ name, filled, isUnique }: SiteField, { pages }: SiteInventory): { required?: true } =>
  /(^|_)id$/i.test(name) && isUnique && filled === pages && pages > 1 ? { required: true } : {};

/** `seats_label` with `seats_min` and `seats_max`. */
function estimateOf({ name }: SiteField, key: string, site: SiteInventory): MetadataRule | null {
  const base = /^(.+)_label$/.exec(name)?.[1];
  const isNumber = (end: string) =>
    site.fields.some((one) => one.name === end && (one.shape === 'number' || one.shape === 'unknown'));
  const [min, max] = [`${base}_min`, `${base}_max`];
  if (base === undefined || !isNumber(min) || !isNumber(max)) return null;
  return {
    key,
    type: 'estimate_label',
    source: name,
    min,
    max,
    template: '{min}',
    template_range: '{min} to {max}',
  };
}

/** A term of a taxonomy of which the page has a set too: the main one of them. */
function mainTermOf(
  { name, taxonomy }: SiteField,
  key: string,
  { fields }: SiteInventory,
): MetadataRule | null {
  const [among] = fields
    .filter((one) => one.shape === 'terms' && one.taxonomy === taxonomy && taxonomy !== null)
    .sort((a, b) => similarity(name, b.name) - similarity(name, a.name));
  return among === undefined || taxonomy === null
    ? null
    : { key, type: 'term', source: name, taxonomy, among: among.name };
}
