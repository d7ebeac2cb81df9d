import type { Term } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Json, JsonObject } from '../core/json/json-value.ts';
import { byCodeUnit, isRecord, sortedRecord } from '../core/json/records.ts';
import { isUnsafeText } from '../core/json/untrusted-json.ts';
import { languageTag } from '../core/language-tag.ts';
import { ref } from '../core/resource-ref.ts';
import { visible } from '../core/text/invisible-characters.ts';

/** A term as far as it can be read. */
interface TermReading {
  readonly term: Term;
  /** What of it cannot be read. */
  readonly problems: readonly Diagnostic[];
}

/**
 * A term of an export or an API. A member that is not text affects only this term and not the taxonomy: the key is malformed,
 * the label is empty, the translation is missing (docs/wagtail.md#one-bad-page-costs-one-page).
 */
export function readTerm(item: Json, taxonomy: string): TermReading {
  const members: JsonObject = isRecord(item) ? item : {};
  const { key: givenKey = null, label = null, translations = null } = members;
  const key = !isRecord(item) ? `(${shown(item)})` : isText(givenKey) ? givenKey : `(${shown(givenKey)})`;
  const wrong = (member: string, found: Json): Diagnostic => ({
    severity: 'error',
    code: 'term_malformed',
    ref: ref.taxonomy(taxonomy),
    data: { key, member, found: shown(found) },
  });
  const labels = Object.entries(isRecord(translations) ? translations : {});
  const good = labels.filter(
    (entry): entry is [string, string] => !isUnsafeText(entry[0]) && isText(entry[1]),
  );
  const hasTranslations = translations === null || isRecord(translations);
  return {
    term: {
      key,
      label: isText(label) ? label : '',
      ...(labels.length === 0 ? {} : { translations: Object.fromEntries(good) }),
    },
    problems: [
      ...(isText(label) || label === null ? [] : [wrong('label', label)]),
      ...(hasTranslations ? [] : [wrong('translations', translations)]),
      ...labels.flatMap(([locale, value]) =>
        isUnsafeText(locale) || !isText(value) ? [wrong(`translations.${visible(locale)}`, value)] : [],
      ),
    ],
  };
}

const isText = (value: Json): value is string => typeof value === 'string' && !isUnsafeText(value);

/** Characters of a wrong value that are shown. */
const MAX_SHOWN = 60;

function shown(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return visible(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
}

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
