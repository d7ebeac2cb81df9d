import { slugifiesTo, slugify } from '../contract/slugify.ts';
import type { Attribute, Value } from '../core/actual-state.ts';
import type { Term } from '../core/desired-state.ts';
import { byCodeUnit, own } from '../core/json/records.ts';

export type Naming = 'key' | 'external_reference';

/** The externalReference of a term's value. It must be unique in the whole shop, hence the attribute's slug. */
export const reference = (attribute: string, key: string): string => `${attribute}.${key}`;

/** The name of a value without a term in documents and refs; no term's key can be the same. */
export const extraMember = (naming: Naming, slug: string): string =>
  naming === 'key' ? slug : `slug:${slug}`;

/** A term's value in the shop: its own, one under another spelling that it can adopt, or none. */
export type ValueMatch =
  | { readonly kind: 'present' | 'adoptable'; readonly slug: string; readonly value: Value }
  | { readonly kind: 'missing' };

/**
 * Matches the terms of one attribute to its values (docs/saleor.md#the-slug-law). A value belongs to one term at most: no term
 * adopts another one's own value, and of several terms that could adopt a value the first by key does.
 */
export function createValueMatcher(
  naming: Naming,
  slug: string,
  attribute: Attribute | undefined,
  terms: Iterable<Term>,
): (term: Term) => ValueMatch {
  const values = attribute?.values ?? {};
  const sorted = [...terms].sort((a, b) => byCodeUnit(a.key, b.key));
  const matches = new Map<string, ValueMatch>();
  const claimed = new Set<string>();
  for (const [kind, candidates] of matchingRules(naming, slug, values)) {
    for (const term of sorted) {
      if (matches.has(term.key)) continue;
      const found = candidates(term).find((one) => Object.hasOwn(values, one) && !claimed.has(one));
      if (found === undefined) continue;
      claimed.add(found);
      matches.set(term.key, { kind, slug: found, value: values[found] as Value });
    }
  }
  return (term) => matches.get(term.key) ?? { kind: 'missing' };
}

type MatchingRule = readonly ['present' | 'adoptable', (term: Term) => readonly string[]];

/** The rule for a term's own value first, then the rules for values to adopt, the surest first. */
function matchingRules(naming: Naming, slug: string, values: Attribute['values']): readonly MatchingRule[] {
  const byReference = new Map<string, string>();
  const unclaimedByName = new Map<string, string[]>();
  for (const valueSlug of Object.keys(values).sort(byCodeUnit)) {
    const { name, reference: identity } = values[valueSlug] as Value;
    if (identity !== null) byReference.set(identity, valueSlug);
    else unclaimedByName.set(name, [...(unclaimedByName.get(name) ?? []), valueSlug]);
  }
  const referenced = ({ key }: Term) => byReference.get(reference(slug, key)) ?? [];
  const named = ({ label }: Term) => unclaimedByName.get(label) ?? [];
  const unclaimed = ({ key }: Term) => (own(values, key)?.reference === null ? [key] : []);
  if (naming === 'external_reference') {
    return [
      ['present', (term) => [referenced(term)].flat()],
      ['adoptable', (term) => named(term).filter((one) => one === term.key)],
      ['adoptable', named],
      ['adoptable', unclaimed],
    ];
  }
  return [
    ['present', ({ key }) => [key]],
    ['adoptable', ({ key }) => [key.replaceAll('_', '-')]],
    // Our own value, renamed by hand: Saleor derived a new slug and kept the reference.
    ['adoptable', (term) => [referenced(term)].flat()],
  ];
}

/** The name of a new or adopted value. */
export const nameFor = (naming: Naming, term: Term): string =>
  naming === 'external_reference' || slugifiesTo(term.label, term.key) ? term.label : term.key;

/** The name of a term's value once the plan is applied; under `key` a value is renamed only if its slug stays the same. */
export function nameAfter(naming: Naming, term: Term, match: ValueMatch): string {
  const keepsName = naming === 'key' && match.kind === 'present' && !slugifiesTo(term.label, term.key);
  return keepsName ? match.value.name : nameFor(naming, term);
}

/**
 * The slug that Saleor will derive from a name where `taken` slugs exist; null: it cannot be predicted.
 * A slug in use gets `-2`, `-3` … (docs/saleor.md#value-slugs).
 */
export function predictSlug(name: string, taken: ReadonlySet<string>): string | null {
  const slug = slugify(name);
  if (slug === null || !taken.has(slug)) return slug;
  let number = 2;
  while (taken.has(`${slug}-${number}`)) number += 1;
  return `${slug}-${number}`;
}
