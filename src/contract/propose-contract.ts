import type { AttributeRule, Contract, MetadataRule } from './contract.ts';
import type { ContractGap } from './generated/contract.js';
import type { ShopInventory, SiteField, SiteInventory } from './inventory.ts';
import { candidatesFor, isSameName, matchAttributes, WANTED } from './match-attributes.ts';
import { type ProposedMetadata, proposeMetadata } from './propose-metadata.ts';
import {
  commonPrefix,
  namingOf,
  newRule,
  productTypesOf,
  type RuleNaming,
  ruleFor,
} from './proposed-rules.ts';

/** What was decided on one page field. */
export interface FieldDecision {
  /** matched: an attribute of the shop · new: an attribute to create · key: a metadata key · gap: nothing yet */
  readonly kind: 'matched' | 'new' | 'key' | 'gap';
  readonly source: string;
  /** Short text for the field: `terms of industries`. */
  readonly what: string;
  /** The attribute or the key; '' for a gap. */
  readonly target: string;
  readonly because: string;
}

export interface Proposal {
  readonly contract: Contract;
  readonly decisions: readonly FieldDecision[];
  /** Fields for which several attributes of the shop are possible. */
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
 * Proposes a contract from both sides. It writes a rule if a field matches one attribute by name or values and by input type,
 * if no attribute is possible (then a new one), and for a metadata key. Everything else becomes a gap with its reason. Pure.
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
    const inMetadata = keysOfNoTaxonomy(field, shop, taken) ?? metadataOutcome(field, metadata);
    if (inMetadata !== null) return inMetadata;
    const terms = site.taxonomies[field.taxonomy ?? ''] ?? [];
    const open = chosen[field.name] === '' ? [] : candidatesFor(field, terms, shop, { types, taken });
    const outcome = unmatchedOutcome(field, shop, { prefix, types, taken }, open);
    if (outcome.kind === 'new') taken.add(outcome.rule.slug);
    return outcome;
  });
  const gaps = outcomes.flatMap((one) => (one.kind === 'gap' ? [gapOf(one)] : []));
  const attributes = outcomes.flatMap((one) =>
    one.kind === 'matched' || one.kind === 'new' ? [one.rule] : [],
  );
  return {
    contract: {
      format: 'sailplan-contract',
      format_version: '1.0',
      name,
      naming: namingOf(site, [...matches]),
      product_types: types,
      attributes,
      metadata: [...metadata.rules.values()].map(({ rule }) => withoutOpenSet(rule, attributes)),
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

/** A main term is checked against its set only where a rule reads that set. */
function withoutOpenSet(
  { among, ...rule }: MetadataRule,
  attributes: readonly AttributeRule[],
): MetadataRule {
  return attributes.some(({ source }) => source === among) ? { ...rule, among: among as string } : rule;
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
      /** Possible attributes. */
      readonly open?: readonly string[];
    }
);

const gapOf = ({ field, because, attribute, rule }: Extract<FieldOutcome, { kind: 'gap' }>): ContractGap => ({
  source: field.name,
  problem: because,
  ...(attribute === undefined ? {} : { attribute }),
  ...(rule === undefined ? {} : { rule }),
});

/** A text whose name is that of an attribute for terms: its taxonomy was not found. null: it is none. */
function keysOfNoTaxonomy(
  field: SiteField,
  shop: ShopInventory,
  taken: ReadonlySet<string>,
): FieldOutcome | null {
  const same = shop.attributes.find((one) => isSameName(field, one) && !taken.has(one.slug));
  if (field.shape !== 'text' || same === undefined || same.inputType !== 'DROPDOWN') return null;
  const because = `${same.slug} (DROPDOWN) has its name, but no taxonomy of the source lists its keys: ${LIST_THEM}`;
  return { kind: 'gap', field, because, attribute: same.slug };
}

const LIST_THEM =
  'add it to the export, or name its endpoint or a closed list in wagtail.taxonomies of the config';

/** null: the field is none of metadata. */
function metadataOutcome(field: SiteField, { rules, parts, prose }: ProposedMetadata): FieldOutcome | null {
  const found = rules.get(field.name);
  if (found !== undefined) return { kind: 'key', field, key: found.rule.key, because: found.because };
  const part = parts.get(field.name);
  if (part !== undefined) return { kind: 'key', field, key: part, because: 'part of that estimate' };
  if (!prose.has(field.name)) return null;
  return {
    kind: 'gap',
    field,
    because: 'long or formatted text; move the rule to metadata if the storefront reads it there',
    rule: { key: field.name, type: 'text', source: field.name },
  };
}

/** A field without a certain match: a new attribute, unless an existing one is possible. */
function unmatchedOutcome(
  field: SiteField,
  shop: ShopInventory,
  naming: RuleNaming,
  open: readonly string[],
): FieldOutcome {
  const wanted = WANTED[field.shape];
  const same = shop.attributes.find((one) => isSameName(field, one) && !naming.taken.has(one.slug));
  if (wanted === undefined) {
    const hint = same === undefined ? '' : `; the shop has ${same.slug} (${same.inputType})`;
    return { kind: 'gap', field, because: `${field.note || 'its type is unknown'}${hint}` };
  }
  if (field.shape !== 'boolean' && field.taxonomy === null) {
    const because = `no taxonomy of the source lists its keys: ${LIST_THEM}`;
    return { kind: 'gap', field, because };
  }
  if (same !== undefined && same.inputType !== wanted) {
    const because = `${same.slug} has the input type ${same.inputType}, and this field needs ${wanted}: use another attribute, or make a new one`;
    return { kind: 'gap', field, because, attribute: same.slug };
  }
  const rule = newRule(field, wanted, naming);
  if (open.length === 0) return { kind: 'new', field, rule, because: `${wanted}; the shop has none like it` };
  const because = `could be ${open.join(', ')}, or a new attribute: set "slug" and move the rule to attributes`;
  return { kind: 'gap', field, because, open, rule: { ...rule } };
}

/** `terms of industries`, `text`, … */
function describeField({ shape, taxonomy }: SiteField): string {
  if (shape === 'terms' || shape === 'term') return taxonomy === null ? shape : `${shape} of ${taxonomy}`;
  return shape;
}
