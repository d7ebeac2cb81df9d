import { carries, slugify } from '../contract/slug.ts';
import type { Attribute, Value } from '../state/actual.ts';
import type { Term } from '../state/desired.ts';
import { own } from '../state/json.ts';

export type Naming = 'key' | 'external_reference';

/** The identity that every value made by this tool carries: unique over the whole shop, hence the attribute's slug. */
export const reference = (attribute: string, key: string): string => `${attribute}.${key}`;

/** How documents and refs name a value that stands for no term: never as a term's key could be. */
export const extraMember = (naming: Naming, slug: string): string =>
  naming === 'key' ? slug : `slug:${slug}`;

/** Where a term stands in the shop: its value, another one under another spelling, or none. */
export type Standing =
  | { readonly kind: 'present' | 'adoptable'; readonly slug: string; readonly value: Value }
  | { readonly kind: 'missing' };

/** Finds the value that stands for a term of one attribute (design, "The slug law"). */
export function finder(
  naming: Naming,
  slug: string,
  attribute: Attribute | undefined,
): (term: Term) => Standing {
  const values = attribute?.values ?? {};
  const byReference = new Map<string, string>();
  const unclaimedByName = new Map<string, string>();
  for (const [valueSlug, { name, reference: identity }] of Object.entries(values)) {
    if (identity !== null) byReference.set(identity, valueSlug);
    else if (!unclaimedByName.has(name)) unclaimedByName.set(name, valueSlug);
  }
  const stand = (kind: 'present' | 'adoptable', found: string | undefined): Standing => {
    const value = found === undefined ? undefined : own(values, found);
    return found === undefined || value === undefined ? { kind: 'missing' } : { kind, slug: found, value };
  };
  return (term) => {
    const referenced = byReference.get(reference(slug, term.key));
    if (naming === 'external_reference') {
      const alike = unclaimedByName.get(term.label) ?? unclaimed(values, term.key);
      return referenced === undefined ? stand('adoptable', alike) : stand('present', referenced);
    }
    if (Object.hasOwn(values, term.key)) return stand('present', term.key);
    const dashed = term.key.replaceAll('_', '-');
    // `referenced`: our own value, renamed by hand; Saleor derived its slug again, the reference stayed.
    return stand('adoptable', Object.hasOwn(values, dashed) ? dashed : referenced);
  };
}

const unclaimed = (values: Attribute['values'], slug: string): string | undefined =>
  own(values, slug)?.reference === null ? slug : undefined;

/** The name a new or adopted value gets. */
export const nameFor = (naming: Naming, term: Term): string =>
  naming === 'external_reference' || carries(term.label, term.key) ? term.label : term.key;

/** The name a term's value has once the plan is applied; in mode `key` a value is renamed only where its slug stays. */
export function nameAfter(naming: Naming, term: Term, stands: Standing): string {
  const keepsName = naming === 'key' && stands.kind === 'present' && !carries(term.label, term.key);
  return keepsName ? stands.value.name : nameFor(naming, term);
}

/**
 * The slug that Saleor will derive from a name beside the slugs that are taken; null where it cannot be foretold.
 * A slug in use gets `-2`, `-3` … (facts/saleor §1).
 */
export function foretell(name: string, taken: ReadonlySet<string>): string | null {
  const slug = slugify(name);
  if (slug === null || !taken.has(slug)) return slug;
  for (let number = 2; ; number += 1) {
    if (!taken.has(`${slug}-${number}`)) return `${slug}-${number}`;
  }
}
