import { type AttributeRule, taxonomyOf } from '../contract/contract.ts';
import { membersIn, type Value } from '../core/actual-state.ts';
import { byCodeUnit, own } from '../core/json/records.ts';
import { isBlank } from '../core/text/invisible-characters.ts';
import type { Inputs } from './model.ts';
import { termsOf } from './term-index.ts';
import type { ValueMatcher } from './value-matching.ts';

/**
 * Why --prune-values keeps a value without a usable term; null: it may be deleted.
 * taxonomy_empty: an empty taxonomy may be a failed read · taxonomy_unread: so may a term without a label · stands_for_term: it looks like a term that Wagtail has (`term`:
 * its key), drafts and wrong ones included · not_counted: the number of products that have it is not known · in_use
 */
export type PruneBlocker =
  | { readonly kept: 'taxonomy_empty' | 'taxonomy_unread' | 'not_counted' | 'in_use' }
  | { readonly kept: 'stands_for_term'; readonly term: string };

export function pruneBlocker(
  { desired, options }: Inputs,
  rule: AttributeRule,
  { termLike }: Pick<ValueMatcher, 'termLike'>,
): (slug: string, value: Value) => PruneBlocker | null {
  const terms = termsOf(desired, taxonomyOf(rule));
  const isEmpty = terms.length === 0;
  const isUnread = terms.some(({ label }) => isBlank(label));
  return (slug, { users }) => {
    if (isEmpty) return { kept: 'taxonomy_empty' };
    const term = termLike(slug);
    if (term !== null) return { kept: 'stands_for_term', term };
    if (isUnread) return { kept: 'taxonomy_unread' };
    if (users === undefined) return { kept: 'not_counted' };
    return users > 0 && !options.prune_used ? { kept: 'in_use' } : null;
  };
}

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
