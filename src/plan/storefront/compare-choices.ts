import type { AttributeRule, Contract } from '../../contract/contract.ts';
import { slugifiesTo } from '../../contract/slugify.ts';
import type { Value } from '../../core/actual-state.ts';
import type { Term } from '../../core/desired-state.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { byCodeUnit, own } from '../../core/json/records.ts';
import { inLanguage, languageTag } from '../../core/language-tag.ts';
import { isBlank } from '../../core/text/invisible-characters.ts';
import { reference } from '../../diff/value-matching.ts';
import type { PublicAttribute } from './public-shop.ts';

/** The choices of one attribute, by the terms that they are. */
export interface MatchedChoices {
  /** Term key → slug of its choice. */
  readonly slugs: ReadonlyMap<string, string>;
  /** Terms without a choice. */
  readonly missing: readonly Term[];
  /** Slugs of choices without a term. */
  readonly extra: readonly string[];
}

/** A term's own choice has its key as slug, or its external reference, depending on the contract's `naming`. */
export function matchChoices(
  naming: Contract['naming'],
  { slug: attribute }: AttributeRule,
  terms: Iterable<Term>,
  { choices }: PublicAttribute,
): MatchedChoices {
  const byReference = new Map(
    Object.entries(choices).flatMap(([slug, { reference: held }]) =>
      held === null ? [] : [[held, slug] as const],
    ),
  );
  const slugOf = ({ key }: Term): string | undefined =>
    naming === 'external_reference'
      ? byReference.get(reference(attribute, key))
      : own(choices, key) === undefined
        ? undefined
        : key;
  const slugs = new Map<string, string>();
  const missing: Term[] = [];
  for (const term of terms) {
    const slug = slugOf(term);
    if (slug === undefined) missing.push(term);
    else slugs.set(term.key, slug);
  }
  const known = new Set(slugs.values());
  const extra = Object.keys(choices).filter((slug) => !known.has(slug));
  return { slugs, missing, extra: extra.sort(byCodeUnit) };
}

/** A label that differs from the term's, as a shopper reads it. `language` null: without a translation. */
export interface WrongLabel extends JsonObject {
  readonly language: string | null;
  readonly planned: string;
  readonly shown: string;
}

/**
 * The labels of a choice that are not the term's, in each language that a plan writes: a storefront shows the translation,
 * else the name (docs/saleor.md#the-slug-law). The name itself counts where it is the label.
 */
export function wrongLabels(
  naming: Contract['naming'],
  term: Term,
  choice: Value,
  labelLanguages: readonly string[],
): readonly WrongLabel[] {
  const planned = new Map(labelLanguages.map((language) => [language, term.label]));
  for (const [locale, label] of Object.entries(term.translations ?? {}))
    if (!isBlank(label)) planned.set(languageTag(locale), label);
  const wrong = [...planned]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .flatMap(([language, label]): WrongLabel[] => {
      const translation = inLanguage(choice.translations, language) ?? '';
      const shown = translation === '' ? choice.name : translation;
      return shown === label ? [] : [{ language, planned: label, shown }];
    });
  const isName = naming === 'external_reference' || slugifiesTo(term.label, term.key);
  if (wrong.length > 0 || !isName || choice.name === term.label) return wrong;
  return [{ language: null, planned: term.label, shown: choice.name }];
}
