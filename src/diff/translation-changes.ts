import { NAME_MAX } from '../contract/slugify.ts';
import type { ResourceDocument, Term } from '../core/desired-state.ts';
import { byCodeUnit } from '../core/json/records.ts';
import { inLanguage, languageTag, languageTags } from '../core/language-tag.ts';
import { ref } from '../core/resource-ref.ts';
import { isBlank } from '../core/text/invisible-characters.ts';
import { patchOf } from './json-patch.ts';
import type { Inputs } from './model.ts';
import { lengthOf } from './term-index.ts';
import { type DecidedMatch, nameAfter } from './value-matching.ts';
import { termProvenance, type ValuePlanContext } from './value-plan.ts';

/** The permission without which no translation is planned. */
export const TRANSLATE = 'MANAGE_TRANSLATIONS';

/** Tags of the languages that carry the label of the source's own locale. */
export const labelLanguages = ({
  contract,
  desired,
}: Pick<Inputs, 'contract' | 'desired'>): readonly string[] =>
  languageTags(contract.label_languages ?? [desired.source.locale]);

/** Tags of the languages in which these inputs may need a translation, sorted: these are read from the shop. */
export function localesOf(inputs: Pick<Inputs, 'contract' | 'desired'>): readonly string[] {
  const translated = Object.values(inputs.desired.taxonomies).flatMap((terms) =>
    terms.flatMap(({ translations }) => Object.keys(translations ?? {})),
  );
  return languageTags([...labelLanguages(inputs), ...translated]).toSorted(byCodeUnit);
}

interface TranslatedTerm {
  readonly term: Term;
  readonly match: DecidedMatch;
  /** Ref of the change that makes the value; null: it exists. */
  readonly madeBy: string | null;
}

/**
 * Plans translations of a value, a change each: labels that the name cannot carry, and labels of other locales. Plans none in
 * a locale that was not read: the snapshot records the locales, so a rebuild decides the same.
 */
export function diffTranslations(
  { inputs, rule, found }: ValuePlanContext,
  { term, match, madeBy }: TranslatedTerm,
): void {
  const readLanguages = languageTags(inputs.actual.locales);
  for (const [locale, label] of wantedLabels(inputs, term, match)) {
    if (!readLanguages.includes(locale)) continue;
    const existing = existingLabel(match, locale);
    const address = ref.translation(rule.slug, term.key, locale);
    if (existing === label) continue;
    if (lengthOf(label) > NAME_MAX) {
      found.report('warning', 'label_too_long', address, { length: lengthOf(label), max: NAME_MAX });
      continue;
    }
    const before: ResourceDocument = existing === null ? null : { name: existing };
    const after = { name: label };
    found.changes.push({
      ref: address,
      action: existing === null ? 'create' : 'update',
      reason: existing === null ? 'missing' : 'differs',
      before,
      after,
      patch: patchOf(before, after),
      needs: madeBy === null ? [] : [madeBy],
      ids: match.kind === 'missing' ? {} : { value: match.value.id },
      provenance: termProvenance(rule, term),
    });
  }
}

/**
 * Language tag → label, each language once. A term's own label of a language wins. A name that carries the label needs no translation, but a stale
 * translation would hide the name.
 */
function wantedLabels(inputs: Inputs, term: Term, match: DecidedMatch): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  // Of two spellings of one language the first counts.
  for (const [locale, label] of Object.entries(term.translations ?? {}).sort(([a], [b]) => byCodeUnit(b, a)))
    if (!isBlank(label)) labels.set(languageTag(locale), label);
  const isCarried = nameAfter(inputs.contract.naming, term, match) === term.label;
  for (const locale of labelLanguages(inputs)) {
    if (labels.has(locale)) continue;
    if (!isCarried || (existingLabel(match, locale) ?? '') !== '') labels.set(locale, term.label);
  }
  return new Map([...labels].sort(([a], [b]) => byCodeUnit(a, b)));
}

const existingLabel = (match: DecidedMatch, locale: string): string | null =>
  match.kind === 'missing' ? null : (inLanguage(match.value.translations, locale) ?? null);
