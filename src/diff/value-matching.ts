import { slugifiesTo, slugify } from '../contract/slugify.ts';
import type { Attribute, Value } from '../core/actual-state.ts';
import type { Term } from '../core/desired-state.ts';
import { byCodeUnit, own } from '../core/json/records.ts';

export type Naming = 'key' | 'external_reference';

/** The identity that every value made by this tool carries: unique over the whole shop, hence the attribute's slug. */
export const reference = (attribute: string, key: string): string => `${attribute}.${key}`;

/** How documents and refs name a value that stands for no term: never as a term's key could be. */
export const extraMember = (naming: Naming, slug: string): string =>
  naming === 'key' ? slug : `slug:${slug}`;

/** Where a term stands in the shop: its value, another one under another spelling, or none. */
export type ValueMatch =
  | { readonly kind: 'present' | 'adoptable'; readonly slug: string; readonly value: Value }
  | { readonly kind: 'missing' };

/**
 * Finds the value that stands for a term of one attribute (docs/saleor.md#the-slug-law). A value stands for one term at most:
 * what is one term's own no other adopts, and the first by key adopts what several could.
 */
export function createValueMatcher(
  naming: Naming,
  slug: string,
  attribute: Attribute | undefined,
  terms: Iterable<Term>,
): (term: Term) => ValueMatch {
  const values = attribute?.values ?? {};
  const sorted = [...terms].sort((a, b) => byCodeUnit(a.key, b.key));
  const standings = new Map<string, ValueMatch>();
  const claimed = new Set<string>();
  for (const [kind, candidates] of matchingRules(naming, slug, values)) {
    for (const term of sorted) {
      if (standings.has(term.key)) continue;
      const found = candidates(term).find((one) => Object.hasOwn(values, one) && !claimed.has(one));
      if (found === undefined) continue;
      claimed.add(found);
      standings.set(term.key, { kind, slug: found, value: values[found] as Value });
    }
  }
  return (term) => standings.get(term.key) ?? { kind: 'missing' };
}

type Round = readonly ['present' | 'adoptable', (term: Term) => readonly string[]];

/** What makes a value a term's own comes first, then the likenesses, the surest first. */
function matchingRules(naming: Naming, slug: string, values: Attribute['values']): readonly Round[] {
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
    // Our own value, renamed by hand: Saleor derived its slug again, the reference stayed.
    ['adoptable', (term) => [referenced(term)].flat()],
  ];
}

/** The name a new or adopted value gets. */
export const nameFor = (naming: Naming, term: Term): string =>
  naming === 'external_reference' || slugifiesTo(term.label, term.key) ? term.label : term.key;

/** The name a term's value has once the plan is applied; in mode `key` a value is renamed only where its slug stays. */
export function nameAfter(naming: Naming, term: Term, stands: ValueMatch): string {
  const keepsName = naming === 'key' && stands.kind === 'present' && !slugifiesTo(term.label, term.key);
  return keepsName ? stands.value.name : nameFor(naming, term);
}

/**
 * The slug that Saleor will derive from a name beside the slugs that are taken; null where it cannot be foretold.
 * A slug in use gets `-2`, `-3` … (docs/saleor.md#value-slugs).
 */
export function predictSlug(name: string, taken: ReadonlySet<string>): string | null {
  const slug = slugify(name);
  if (slug === null || !taken.has(slug)) return slug;
  let number = 2;
  while (taken.has(`${slug}-${number}`)) number += 1;
  return `${slug}-${number}`;
}
