import type { AttributeRule, Contract } from './contract.ts';
import type { ContractGap } from './generated/contract.js';
import type { ShopAttribute, ShopInventory, SiteField, SiteInventory } from './inventory.ts';
import {
  type AttributeMatch,
  candidatesFor,
  isSameName,
  matchAttributes,
  WANTED,
} from './match-attributes.ts';
import { type ProposedMetadata, proposeMetadata } from './propose-metadata.ts';

/** What was decided on one page field. */
export interface FieldDecision {
  /** matched: an attribute of the shop · new: an attribute to create · key: a metadata key · gap: nothing yet */
  readonly kind: 'matched' | 'new' | 'key' | 'gap';
  readonly source: string;
  /** The field in a few words: `terms of industries`. */
  readonly what: string;
  /** The attribute or the key; '' for a gap. */
  readonly target: string;
  readonly because: string;
}

export interface Proposal {
  readonly contract: Contract;
  readonly decisions: readonly FieldDecision[];
  /** Fields for which several attributes of the shop could be meant. */
  readonly questions: readonly { readonly source: string; readonly slugs: readonly string[] }[];
  /** Attributes of the contract's product types that no page field fills. */
  readonly unfilled: readonly string[];
}

interface ProposalOptions {
  /** The contract's own name. */
  readonly name: string;
  /** Page field → slug of the attribute that a person chose, or '' for a new one. */
  readonly chosen?: Readonly<Record<string, string>>;
}

/**
 * A contract for what both ends have. A rule is written where a field has one attribute by name or values and by input type,
 * where no attribute could be meant (a new one), and for a metadata key; the rest becomes a gap with its reason. Pure.
 */
export function proposeContract(
  site: SiteInventory,
  shop: ShopInventory,
  { name, chosen = {} }: ProposalOptions,
): Proposal {
  const matches = matchAttributes(site, shop, chosen);
  const found = [...matches.values()];
  const types = productTypesOf(shop, found);
  const prefix = commonPrefix(found.map(({ attribute }) => attribute.slug));
  const taken = new Set(found.map(({ attribute }) => attribute.slug));
  const metadata = proposeMetadata(site, shop, new Set(matches.keys()));
  const outcomes = site.fields.map((field): FieldOutcome => {
    const match = matches.get(field.name);
    if (match !== undefined) {
      const because = `${match.because} (${match.attribute.inputType})`;
      return { kind: 'matched', field, because, rule: ruleFor(field, match.attribute, types) };
    }
    const inMetadata = metadataOutcome(field, metadata);
    if (inMetadata !== null) return inMetadata;
    const outcome = unmatchedOutcome(field, shop, { prefix, types, taken }, chosen[field.name] === '');
    if (outcome.kind === 'new') taken.add(outcome.rule.slug);
    return outcome;
  });
  const gaps = outcomes.flatMap((one) => (one.kind === 'gap' ? [gapOf(one)] : []));
  return {
    contract: {
      format: 'sailplan-contract',
      format_version: '1.0',
      name,
      naming: namingOf(site, [...matches]),
      product_types: types,
      attributes: outcomes.flatMap((one) => (one.kind === 'matched' || one.kind === 'new' ? [one.rule] : [])),
      metadata: [...metadata.rules.values()].map(({ rule }) => rule),
      ...(gaps.length === 0 ? {} : { gaps }),
    },
    decisions: outcomes.map(({ kind, field, because, ...more }) => ({
      kind,
      source: field.name,
      what: describeField(field),
      target: 'key' in more ? more.key : 'rule' in more && kind !== 'gap' ? String(more.rule?.['slug']) : '',
      because,
    })),
    questions: outcomes.flatMap((one) =>
      one.kind === 'gap' && one.open !== undefined ? [{ source: one.field.name, slugs: one.open }] : [],
    ),
    unfilled: shop.attributes.flatMap(({ slug, types: on, inputType }) =>
      !taken.has(slug) &&
      on.some((type) => types.includes(type)) &&
      Object.values(WANTED).includes(inputType) &&
      !gaps.some(({ problem }) => problem.includes(slug))
        ? [slug]
        : [],
    ),
  };
}

/** What becomes of a field. */
type FieldOutcome = { readonly field: SiteField; readonly because: string } & (
  | { readonly kind: 'matched' | 'new'; readonly rule: AttributeRule }
  | { readonly kind: 'key'; readonly key: string }
  | {
      readonly kind: 'gap';
      /** Slug of an attribute that has the name and does not fit. */
      readonly attribute?: string;
      readonly rule?: ContractGap['rule'];
      /** Attributes that could be meant. */
      readonly open?: readonly string[];
    }
);

const gapOf = ({ field, because, attribute, rule }: Extract<FieldOutcome, { kind: 'gap' }>): ContractGap => ({
  source: field.name,
  problem: because,
  ...(attribute === undefined ? {} : { attribute }),
  ...(rule === undefined ? {} : { rule }),
});

/** null: the field is none of metadata. */
function metadataOutcome(field: SiteField, { rules, parts, prose }: ProposedMetadata): FieldOutcome | null {
  const found = rules.get(field.name);
  if (found !== undefined) return { kind: 'key', field, key: found.rule.key, because: found.because };
  const part = parts.get(field.name);
  if (part !== undefined) return { kind: 'key', field, key: part, because: 'an end of that estimate' };
  if (!prose.has(field.name)) return null;
  return {
    kind: 'gap',
    field,
    because: 'long or formatted text; move the rule to metadata if the storefront reads it there',
    rule: { key: field.name, type: 'text', source: field.name },
  };
}

/** A field that no attribute was sure for: a new attribute, unless another one could be meant. */
function unmatchedOutcome(
  field: SiteField,
  shop: ShopInventory,
  naming: Naming,
  isNew: boolean,
): FieldOutcome {
  const wanted = WANTED[field.shape];
  const same = shop.attributes.find((one) => isSameName(field, one) && !naming.taken.has(one.slug));
  if (wanted === undefined) {
    const hint = same === undefined ? '' : `; the shop has ${same.slug} (${same.inputType})`;
    return { kind: 'gap', field, because: `${field.note || 'its type is unknown'}${hint}` };
  }
  if (field.shape !== 'boolean' && field.taxonomy === null) {
    const because =
      'no taxonomy of the source lists its keys; add it to the export, or a closed list to wagtail.taxonomies of the config';
    return { kind: 'gap', field, because };
  }
  if (same !== undefined && same.inputType !== wanted) {
    const because = `${same.slug} has the input type ${same.inputType}, and this field needs ${wanted}: use another attribute, or make a new one`;
    return { kind: 'gap', field, because, attribute: same.slug };
  }
  const rule = newRule(field, wanted, naming);
  const open = isNew ? [] : candidatesFor(field, shop, naming);
  if (open.length === 0) return { kind: 'new', field, rule, because: `${wanted}; the shop has none like it` };
  const because = `could be ${open.join(', ')}, or a new attribute: set "slug" and move the rule to attributes`;
  return { kind: 'gap', field, because, open, rule: { ...rule } };
}

/** `terms of industries`, `text`, … */
function describeField({ shape, taxonomy }: SiteField): string {
  if (shape === 'terms' || shape === 'term') return taxonomy === null ? shape : `${shape} of ${taxonomy}`;
  return shape;
}

function ruleFor(field: SiteField, attribute: ShopAttribute, types: readonly string[]): AttributeRule {
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

interface Naming {
  readonly prefix: string;
  readonly types: readonly string[];
  readonly taken: ReadonlySet<string>;
}

function newRule(field: SiteField, wanted: string, { prefix, types, taken }: Naming): AttributeRule {
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
function commonPrefix(slugs: readonly string[]): string {
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
function productTypesOf(shop: ShopInventory, matches: readonly AttributeMatch[]): readonly string[] {
  const ofProducts = shop.types.filter(({ sampled }) => sampled > 0).map(({ slug }) => slug);
  if (ofProducts.length > 0) return ofProducts;
  const matched = new Set(matches.flatMap(({ attribute }) => attribute.types));
  const withMatches = shop.types.map(({ slug }) => slug).filter((slug) => matched.has(slug));
  if (withMatches.length > 0) return withMatches;
  return shop.types.length === 0 ? [FIRST_TYPE] : shop.types.slice(0, 5).map(({ slug }) => slug);
}

/** external_reference where the values of the shop have the keys there and not in their slugs. */
function namingOf(
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
