import { groupBy } from '../core/collections.ts';
import type { Term } from '../core/desired-state.ts';
import { sha256 } from '../core/json/canonical-json.ts';
import { own } from '../core/json/records.ts';
import { inLanguage } from '../core/language-tag.ts';
import type { ShopTerm, TermModel, TermModels } from './terms-from-shop.ts';

/** A row of a Django fixture. Without a primary key the database assigns one. */
export interface FixtureRow {
  readonly model: string;
  readonly pk?: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

export interface Fixture {
  readonly rows: readonly FixtureRow[];
  /** Taxonomies for which the source does not describe the model, or whose rows need more than key and label. */
  readonly unwritten: readonly { readonly taxonomy: string; readonly needs: readonly string[] }[];
  /** Translations of terms for which the site has no place. */
  readonly lostTranslations: number;
}

/** The terms as a file for `manage.py loaddata`. A translatable term has a row in each language that the site has. */
export function fixtureOf(terms: readonly ShopTerm[], models: TermModels, locale: string): Fixture {
  const unwritten: { taxonomy: string; needs: readonly string[] }[] = [];
  const rows: FixtureRow[] = [];
  let lostTranslations = 0;
  for (const [taxonomy, found] of groupBy(terms, (one) => one.taxonomy)) {
    const model = own(models, taxonomy);
    const needs = model === undefined ? [] : needsOf(model, locale);
    if (model === undefined || needs.length > 0) {
      unwritten.push({ taxonomy, needs });
      continue;
    }
    for (const { term } of new Map(found.map((one) => [one.term.key, one])).values()) {
      const written = rowsOf(term, taxonomy, model, locale);
      rows.push(...written);
      lostTranslations += Object.keys(term.translations ?? {}).length - (written.length - 1);
    }
  }
  return { rows, unwritten, lostTranslations };
}

/** Required fields of a row for which there is no value; `loaddata` does not set a locale either. */
const needsOf = ({ needs = [], locales }: TermModel, locale: string): readonly string[] =>
  locales !== undefined && inLanguage(locales, locale) === undefined ? [...needs, 'locale'] : needs;

function rowsOf(term: Term, taxonomy: string, model: TermModel, locale: string): readonly FixtureRow[] {
  const row = (label: string, more: Readonly<Record<string, string | number>> = {}): FixtureRow => {
    const fields = { [model.label]: label, ...more };
    return model.is_key_primary === true
      ? { model: model.model, pk: term.key, fields }
      : { model: model.model, fields: { [model.key]: term.key, ...fields } };
  };
  const { locales } = model;
  if (locales === undefined) return [row(term.label)];
  const labels = [[locale, term.label] as const, ...Object.entries(term.translations ?? {})];
  const translation_key = uuidOf(`${model.model} ${taxonomy} ${term.key}`);
  return labels.flatMap(([language, label]) => {
    const place = inLanguage(locales, language);
    return place === undefined ? [] : [row(label, { translation_key, locale: place })];
  });
}

/** The same key for the same text, so that writing a fixture twice gives the same file. */
function uuidOf(text: string): string {
  const hex = sha256(text);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
