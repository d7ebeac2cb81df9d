import { type AttributeRule, taxonomyOf } from '../contract/contract.ts';
import { NAME_MAX } from '../contract/slugify.ts';
import type { ResourceDocument, Term } from '../core/desired-state.ts';
import { byCodeUnit, own } from '../core/json/records.ts';
import { ref } from '../core/resource-ref.ts';
import type { Collector } from './change-collector.ts';
import { patchOf } from './json-patch.ts';
import type { Inputs } from './model.ts';
import { lengthOf } from './term-index.ts';
import { nameAfter, type ValueMatch } from './value-matching.ts';

/** The permission without which no translation is planned. */
export const TRANSLATE = 'MANAGE_TRANSLATIONS';

/** Languages that carry the label of the source's own locale. */
const labelLanguages = ({ contract, desired }: Pick<Inputs, 'contract' | 'desired'>): readonly string[] =>
  contract.label_languages ?? [desired.source.locale];

/** Every locale in which this input can want a translation: what the shop has to be asked for. */
export function localesOf(inputs: Pick<Inputs, 'contract' | 'desired'>): readonly string[] {
  const translated = Object.values(inputs.desired.taxonomies).flatMap((terms) =>
    terms.flatMap(({ translations }) => Object.keys(translations ?? {})),
  );
  return [...new Set([...labelLanguages(inputs), ...translated])].sort(byCodeUnit);
}

/**
 * Labels that the name cannot carry, and labels of other locales, as translations of the value: a change each.
 * None is planned in a locale that was not read: without the permission none is, and the snapshot records it, so that
 * a rebuild decides the same.
 */
export function diffTranslations(
  inputs: Inputs,
  rule: AttributeRule,
  term: Term,
  stands: ValueMatch,
  madeBy: string | null,
  found: Collector,
): void {
  for (const [locale, label] of wanted(inputs, term, stands)) {
    if (!inputs.actual.locales.includes(locale)) continue;
    const existing = translated(stands, locale);
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
      ids: stands.kind === 'missing' ? {} : { value: stands.value.id },
      provenance: { taxonomy: taxonomyOf(rule), key: term.key, label: term.label },
    });
  }
}

/**
 * locale → label. A term's own label of a locale comes first. A name that carries the label needs no translation, but a
 * stale one would hide the name.
 */
function wanted(inputs: Inputs, term: Term, stands: ValueMatch): ReadonlyMap<string, string> {
  const labels = new Map(Object.entries(term.translations ?? {}).filter(([, label]) => label.trim() !== ''));
  const isCarried = nameAfter(inputs.contract.naming, term, stands) === term.label;
  for (const locale of labelLanguages(inputs)) {
    if (labels.has(locale)) continue;
    if (!isCarried || (translated(stands, locale) ?? '') !== '') labels.set(locale, term.label);
  }
  return new Map([...labels].sort(([a], [b]) => byCodeUnit(a, b)));
}

const translated = (stands: ValueMatch, locale: string): string | null =>
  stands.kind === 'missing' ? null : (own(stands.value.translations, locale) ?? null);
