import { type AttributeRule, taxonomyOf } from '../contract/contract.ts';
import { membersIn, type Value } from '../core/actual-state.ts';
import { byCodeUnit, own } from '../core/json/records.ts';
import { ref } from '../core/resource-ref.ts';
import type { Inputs } from './model.ts';
import { termsOf } from './term-index.ts';
import { reference } from './value-matching.ts';

/**
 * Why --prune-values keeps a value without a usable term; null: it may be deleted.
 * taxonomy_empty: an empty taxonomy may be a failed read · stands_for_term: it looks like a term that Wagtail has, drafts
 * and wrong ones included · not_counted: the number of products that have it is not known · in_use
 */
export type PruneBlocker = 'taxonomy_empty' | 'stands_for_term' | 'not_counted' | 'in_use';

export function pruneBlocker(
  inputs: Inputs,
  rule: AttributeRule,
): (slug: string, value: Value) => PruneBlocker | null {
  const terms = termsOf(inputs.desired, taxonomyOf(rule));
  const keys = knownKeys(inputs, rule);
  const names = new Set([...keys, ...terms.map(({ label }) => label)].map(spelling));
  const references = new Set([...keys].map((key) => reference(rule.slug, key)));
  return (slug, value) => {
    if (terms.length === 0) return 'taxonomy_empty';
    const isOurs = value.reference !== null && references.has(value.reference);
    if (isOurs || names.has(spelling(slug)) || names.has(spelling(value.name))) return 'stands_for_term';
    if (value.users === undefined) return 'not_counted';
    return value.users > 0 && !inputs.options.prune_used ? 'in_use' : null;
  };
}

/** Every key that occurs in Wagtail: of terms, usable or not, of drafts, and keys that pages use. */
function knownKeys({ contract, desired }: Inputs, rule: AttributeRule): ReadonlySet<string> {
  const taxonomy = taxonomyOf(rule);
  const terms = termsOf(desired, taxonomy).map(({ key }) => key);
  const drafts = desired.problems
    .filter((problem) => problem.ref === ref.taxonomy(taxonomy))
    .map(({ data }) => String(data['key']));
  const sources = [...contract.attributes, ...contract.metadata].filter((one) => one.taxonomy === taxonomy);
  const used = desired.offerings.flatMap(({ fields }) =>
    sources.flatMap(({ source }) => {
      const value = own(fields, source) ?? null;
      return typeof value === 'string' ? [value] : Array.isArray(value) ? (value as readonly string[]) : [];
    }),
  );
  return new Set([...terms, ...drafts, ...used]);
}

/** One form for `Data analyst`, `data-analyst` and `data_analyst`. */
const spelling = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[\s_-]+/g, '_')
    .replace(/^_|_$/g, '');

/** Slugs of the compared products that have a value, sorted; the shop may have more of them. */
export function holdersOf(
  { actual }: Inputs,
  { slug: attribute }: AttributeRule,
  value: string,
): readonly string[] {
  return Object.entries(actual.products)
    .filter(([, { document }]) => membersIn(own(document.attributes, attribute)).includes(value))
    .map(([slug]) => slug)
    .sort(byCodeUnit);
}
