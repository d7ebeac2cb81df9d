import type { Term } from '../core/desired-state.ts';
import { byCodeUnit, sortedRecord } from '../core/json/records.ts';
import { languageTag } from '../core/language-tag.ts';

/**
 * A taxonomy's terms in a stable order. Malformed and duplicate keys stay, since `diff` reports them. Empty `translations`
 * and a translation in the source's own locale are dropped.
 */
export function taxonomyFrom(terms: readonly Term[], locale: string): readonly Term[] {
  return terms.map((term) => termOf(term, locale)).sort(byKeyAndLabel);
}

function termOf({ key, label, translations = {} }: Term, locale: string): Term {
  const own = languageTag(locale);
  const others = Object.entries(translations).filter(([language]) => languageTag(language) !== own);
  return others.length === 0 ? { key, label } : { key, label, translations: sortedRecord(others) };
}

const byKeyAndLabel = (a: Term, b: Term): number => byCodeUnit(a.key, b.key) || byCodeUnit(a.label, b.label);
