import { taxonomyOf } from '../contract/contract.ts';
import { KEY } from '../contract/slugify.ts';
import { type Value, valuesOf } from '../core/actual-state.ts';
import { groupBy } from '../core/collections.ts';
import type { Desired, Term } from '../core/desired-state.ts';
import { own } from '../core/json/records.ts';
import { inLanguage, languageTag, languageTags } from '../core/language-tag.ts';
import { ref } from '../core/resource-ref.ts';
import { isBlank } from '../core/text/invisible-characters.ts';
import { foldAccents, foldSpelling } from '../core/text/spelling.ts';
import { diff } from '../diff/diff.ts';
import { DEFAULT_OPTIONS, type Inputs } from '../diff/model.ts';
import { lengthOf, termsOf } from '../diff/term-index.ts';
import { reference } from '../diff/value-matching.ts';

/** How a row of a taxonomy's model is written as a Django fixture (schemas/desired.schema.json, source.models). */
export interface TermModel {
  readonly model: string;
  readonly key: string;
  readonly label: string;
  readonly key_max?: number;
  readonly label_max?: number;
  readonly is_key_primary?: boolean;
  readonly locales?: Readonly<Record<string, number>>;
  readonly needs?: readonly string[];
}

export type TermModels = Readonly<Record<string, TermModel>>;

/** A value that only the shop has. */
export interface ShopValue {
  readonly attribute: string;
  readonly taxonomy: string;
  readonly slug: string;
  readonly name: string;
}

/** The term for a value. With it, a plan recognises the value and creates no second one. */
export interface ShopTerm extends ShopValue {
  readonly term: Term;
  /** The value is spelled differently from the key, so only a plan with --adopt uses it. */
  readonly needsAdoption: boolean;
}

/** A value that becomes no term, with the code of the reason. */
export interface ValueWithoutTerm extends ShopValue {
  readonly because: string;
  /** The key that it would have; null: none can be made. */
  readonly key: string | null;
}

export interface TermsFromShop {
  readonly terms: readonly ShopTerm[];
  readonly without: readonly ValueWithoutTerm[];
}

type Sides = Pick<Inputs, 'contract' | 'desired' | 'actual' | 'registry'>;

/**
 * Terms for the values of the shop that Wagtail lacks. Each was checked: a plan with these terms, --create-missing and --adopt
 * creates no value for it and reports no error about it.
 */
export function termsFromShop(sides: Sides, models: TermModels): TermsFromShop {
  const proposed = withoutRivals(extraValues(sides).map((value) => proposalOf(value, sides, models)));
  const without = proposed.filter((one) => 'because' in one);
  for (let terms = proposed.filter((one) => ('term' in one)); ; ) {
    const faults = faultsOf(terms, sides);
    if (faults.size === 0) return { terms, without };
    for (const [one, because] of faults) without.push({ ...bare(one), because, key: one.term.key });
    terms = terms.filter((one) => !faults.has(one));
  }
}

const bare = ({ attribute, taxonomy, slug, name }: ShopValue): ShopValue => ({
  attribute,
  taxonomy,
  slug,
  name,
});

/** Values that match no term, as a plan finds them. */
function extraValues({ contract, desired, actual, registry }: Sides): readonly ShopValue[] {
  const options = { ...DEFAULT_OPTIONS, sync_products: false };
  const found = diff({ contract, desired, actual, registry, options }).diagnostics;
  const taxonomies = new Map(contract.attributes.map((rule) => [rule.slug, taxonomyOf(rule)]));
  return found.flatMap(({ code, ref: address, data }) => {
    const attribute = address.split('.')[1] ?? '';
    return code === 'extra_value'
      ? [
          {
            attribute,
            taxonomy: taxonomies.get(attribute) ?? '',
            slug: String(data['slug']),
            name: String(data['name']),
          },
        ]
      : [];
  });
}

type Proposal = ShopTerm | ValueWithoutTerm;

function proposalOf(found: ShopValue, { desired, actual }: Sides, models: TermModels): Proposal {
  const value = own(valuesOf(actual, found.attribute), found.slug) as Value;
  const key = keyOf(found, value);
  const without = (because: string): ValueWithoutTerm => ({ ...found, because, key });
  if (key === null) return without('key_missing');
  const { locale } = desired.source;
  const label = inLanguage(value.translations, locale) ?? value.name;
  const model = own(models, found.taxonomy);
  if (isBlank(label)) return without('label_empty');
  if (lengthOf(key) > (model?.key_max ?? Infinity)) return without('key_too_long');
  if (lengthOf(label) > (model?.label_max ?? Infinity)) return without('label_too_long');
  const others = languageTags(actual.locales).flatMap((language) => {
    const text = inLanguage(value.translations, language) ?? null;
    return text === null || isBlank(text) || language === languageTag(locale)
      ? []
      : [[language, text] as const];
  });
  const translations = others.length === 0 ? {} : { translations: Object.fromEntries(others) };
  return { ...found, term: { key, label, ...translations }, needsAdoption: key !== found.slug };
}

/** The key: from the value's external reference if sailplan set it, otherwise its slug, reduced to the characters of a key. */
function keyOf({ attribute, slug, name }: ShopValue, { reference: held }: Value): string | null {
  const ours = reference(attribute, '');
  const referenced = held?.startsWith(ours) === true ? held.slice(ours.length) : '';
  const words = [slug, name].map((text) =>
    foldAccents(foldSpelling(text))
      .replaceAll(/[^a-z0-9]+/g, '_')
      .replaceAll(/^_|_$/g, ''),
  );
  return [slug, referenced, ...words].find((key) => KEY.test(key)) ?? null;
}

/** If several values of an attribute would get one key, the one with that slug gets it, otherwise the first. */
function withoutRivals(proposals: readonly Proposal[]): Proposal[] {
  const keyOfTerm = (one: Proposal) => ('term' in one ? `${one.attribute} ${one.term.key}` : null);
  const groups = groupBy(proposals, keyOfTerm);
  return proposals.map((one) => {
    if (!('term' in one)) return one;
    const rivals = (groups.get(keyOfTerm(one) ?? '') ?? []).filter((rival) => 'term' in rival);
    const owner = rivals.find(({ needsAdoption }) => !needsAdoption) ?? rivals[0];
    return owner === one ? one : { ...bare(one), because: 'key_taken', key: one.term.key };
  });
}

/** Terms with which a plan would still not find their value, with the code of the reason. */
function faultsOf(terms: readonly ShopTerm[], sides: Sides): ReadonlyMap<ShopTerm, string> {
  const options = { ...DEFAULT_OPTIONS, create_missing: true, adopt: true, sync_products: false };
  const { changes, diagnostics } = diff({ ...sides, desired: withTerms(sides.desired, terms), options });
  const created = new Set(changes.flatMap(({ action, ref: one }) => (action === 'create' ? [one] : [])));
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return new Map(
    terms.flatMap((one) => {
      const { attribute, taxonomy, slug, term } = one;
      const address = ref.value(attribute, term.key);
      const wrong = errors.find(
        ({ ref: place, data }) =>
          place === address || (place === ref.taxonomy(taxonomy) && data['key'] === term.key),
      );
      const isStillExtra = diagnostics.some(
        ({ code, ref: place, data }) =>
          code === 'extra_value' && place.split('.')[1] === attribute && data['slug'] === slug,
      );
      if (wrong !== undefined) return [[one, wrong.code] as const];
      return created.has(address) || isStillExtra ? [[one, 'key_taken'] as const] : [];
    }),
  );
}

/** The desired state with these terms; a term that two attributes share is added once. */
function withTerms(desired: Desired, terms: readonly ShopTerm[]): Desired {
  const more = groupBy(terms, ({ taxonomy }) => taxonomy);
  const names = new Set([...Object.keys(desired.taxonomies), ...more.keys()]);
  return {
    ...desired,
    taxonomies: Object.fromEntries(
      [...names].map((name) => {
        const known = termsOf(desired, name);
        const keys = new Set(known.map(({ key }) => key));
        const added = (more.get(name) ?? []).flatMap(({ term }) => {
          if (keys.has(term.key)) return [];
          keys.add(term.key);
          return [term];
        });
        return [name, [...known, ...added]];
      }),
    ),
  };
}
