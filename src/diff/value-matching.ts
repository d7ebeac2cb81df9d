import { slugifiesTo, slugify } from '../contract/slugify.ts';
import type { Attribute, Value } from '../core/actual-state.ts';
import type { Term } from '../core/desired-state.ts';
import { byCodeUnit } from '../core/json/records.ts';
import { inLanguage } from '../core/language-tag.ts';
import { foldAccents, foldSpelling } from '../core/text/spelling.ts';

export type Naming = 'key' | 'external_reference';

/** The externalReference of a term's value. It must be unique in the whole shop, hence the attribute's slug. */
export const reference = (attribute: string, key: string): string => `${attribute}.${key}`;

/** The name of a value without a term in documents and refs; no term's key can be the same. */
export const extraMember = (naming: Naming, slug: string): string =>
  naming === 'key' ? slug : `slug:${slug}`;

interface FoundValue {
  readonly slug: string;
  readonly value: Value;
}

/**
 * A term's value in the shop. present: its own · adoptable: one value looks like it · missing: none does, so one may be
 * created · ambiguous: several values look like it, or this value looks like several terms (`terms`: the other ones)
 */
export type ValueMatch =
  | ({ readonly kind: 'present' | 'adoptable' } & FoundValue)
  | { readonly kind: 'missing' }
  | { readonly kind: 'ambiguous'; readonly values: readonly FoundValue[]; readonly terms: readonly string[] };

/** A match that decides what is to be done. */
export type DecidedMatch = Exclude<ValueMatch, { readonly kind: 'ambiguous' }>;

interface MatchInputs {
  readonly naming: Naming;
  /** The attribute's slug. */
  readonly slug: string;
  readonly attribute: Attribute | undefined;
  readonly terms: Iterable<Term>;
  /**
   * Terms that get no value (drafts, errors): their own values are never candidates for other terms. Computed only when
   * needed.
   */
  readonly unusable: () => readonly Term[];
  /** The languages whose translations carry labels. */
  readonly languages: readonly string[];
}

/** The one answer to "is this value that term?", for plan, --adopt, --prune-values and apply. */
export interface ValueMatcher {
  match(term: Term): ValueMatch;
  /** The key of a term that a value is or looks like, be the term usable or not; null: of none. */
  termLike(slug: string): string | null;
  /** The value of another term that is called `name` once the plan is applied; null: there is none. */
  namesake(term: Term, name: string): FoundValue | null;
}

/**
 * Matches the values of one attribute with its terms (docs/saleor.md#the-slug-law). A term's own value is found by its
 * slug, or under `external_reference` by its reference. A value that is nobody's own looks like a term when its name, its
 * slug or its label in a translation is the term's label or key in any spelling, or when it carries the term's reference.
 */
export function createValueMatcher(inputs: MatchInputs): ValueMatcher {
  const { naming, slug: attribute } = inputs;
  const values = inputs.attribute?.values ?? {};
  const terms = [...inputs.terms].sort((a, b) => byCodeUnit(a.key, b.key));
  const byReference = new Map<string, string>();
  for (const slug of Object.keys(values).sort(byCodeUnit)) {
    const held = values[slug]?.reference ?? null;
    if (held !== null) byReference.set(held, slug);
  }
  const ownSlug = ({ key }: Term): string | undefined =>
    naming === 'external_reference'
      ? byReference.get(reference(attribute, key))
      : Object.hasOwn(values, key)
        ? key
        : undefined;
  const usableOwners = ownersAmong(terms, ownSlug);
  const isAllOwned = usableOwners.size === Object.keys(values).length;
  const unusable = isAllOwned ? [] : inputs.unusable();
  const owners = isAllOwned ? usableOwners : new Map([...ownersAmong(unusable, ownSlug), ...usableOwners]);
  const likenesses = isAllOwned ? NO_LIKENESSES : likenessesOf(naming, values, inputs.languages);
  const lookalikes = (term: Term): readonly string[] => {
    const referenced = byReference.get(reference(attribute, term.key));
    const label = foldSpelling(term.label);
    const spelled = [
      ...(likenesses.byLabel.get(label) ?? []),
      ...[foldSpelling(term.key), label, foldAccents(label)].flatMap(
        (spelling) => likenesses.bySlug.get(spelling) ?? [],
      ),
    ];
    return [...new Set([...(referenced === undefined ? [] : [referenced]), ...spelled])].sort(byCodeUnit);
  };
  const found = (slug: string): FoundValue => ({ slug, value: values[slug] as Value });
  const claims = claimsOf(
    terms.filter((term) => ownSlug(term) === undefined),
    (term) => lookalikes(term).filter((slug) => !owners.has(slug)),
  );
  const termLike = once(() => {
    const likes = new Map<string, string>();
    for (const term of [...terms, ...unusable].sort((a, b) => byCodeUnit(b.key, a.key)))
      for (const slug of lookalikes(term)) likes.set(slug, term.key);
    return likes;
  });
  const namesakes = once(() => {
    const byName = new Map<string, [slug: string, owner: Term][]>();
    for (const [slug, owner] of owners) {
      const one = found(slug);
      const isUsable = usableOwners.has(slug);
      const name = isUsable ? nameAfter(naming, owner, { kind: 'present', ...one }) : one.value.name;
      byName.set(spellingOf(name), [...(byName.get(spellingOf(name)) ?? []), [slug, owner]]);
    }
    return byName;
  });
  return {
    match: (term) => {
      const own = ownSlug(term);
      if (own !== undefined) return { kind: 'present', ...found(own) };
      const slugs = claims.values.get(term.key) ?? [];
      if (slugs.length === 0) return { kind: 'missing' };
      const rivals = new Set(slugs.flatMap((slug) => claims.terms.get(slug) ?? []));
      rivals.delete(term.key);
      const [slug = ''] = slugs;
      if (slugs.length === 1 && rivals.size === 0) return { kind: 'adoptable', ...found(slug) };
      return { kind: 'ambiguous', values: slugs.map(found), terms: [...rivals].sort(byCodeUnit) };
    },
    termLike: (slug) => owners.get(slug)?.key ?? termLike().get(slug) ?? null,
    namesake: (term, name) => {
      // Two terms of one label are Wagtail's own decision.
      const other = namesakes()
        .get(spellingOf(name))
        ?.find(([, owner]) => spellingOf(owner.label) !== spellingOf(term.label));
      return other === undefined ? null : found(other[0]);
    },
  };
}

const ownersAmong = (terms: readonly Term[], ownSlug: (term: Term) => string | undefined) =>
  new Map(
    terms.flatMap((term) => {
      const slug = ownSlug(term);
      return slug === undefined ? [] : [[slug, term] as const];
    }),
  );

/** A text of separators alone (`-`) is its own spelling. */
const spellingOf = (text: string): string => foldSpelling(text) || text;

/** Made on first use: most plans need it for no value. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

interface Likenesses {
  /** Spelling of a name, or of a label in a translation → slugs. */
  readonly byLabel: ReadonlyMap<string, readonly string[]>;
  /** Spelling of a slug or name → slugs. */
  readonly bySlug: ReadonlyMap<string, readonly string[]>;
}

const NO_LIKENESSES: Likenesses = { byLabel: new Map(), bySlug: new Map() };

/**
 * A value with the label is recognised whatever its reference. Under `external_reference` a slug is weak evidence: there it
 * counts only for a value without a reference.
 */
function likenessesOf(naming: Naming, values: Attribute['values'], languages: readonly string[]): Likenesses {
  const [byLabel, bySlug] = [new Map<string, string[]>(), new Map<string, string[]>()];
  for (const slug of Object.keys(values)) {
    const { name, translations, reference: held } = values[slug] as Value;
    const labels = languages.map((language) => inLanguage(translations, language) ?? '');
    addTo(byLabel, [name, ...labels], slug);
    if (naming === 'key' || held === null) addTo(bySlug, [slug, name], slug);
  }
  return { byLabel, bySlug };
}

function addTo(index: Map<string, string[]>, texts: readonly string[], slug: string): void {
  for (const spelling of new Set(texts.map(foldSpelling))) {
    if (spelling === '') continue;
    const known = index.get(spelling);
    if (known === undefined) index.set(spelling, [slug]);
    else known.push(slug);
  }
}

/** Which values look like which terms, from both sides: key → slugs and slug → keys. */
function claimsOf(terms: readonly Term[], candidates: (term: Term) => readonly string[]) {
  const values = new Map<string, readonly string[]>();
  const claimants = new Map<string, string[]>();
  for (const term of terms) {
    const slugs = candidates(term);
    if (slugs.length > 0) values.set(term.key, slugs);
    for (const slug of slugs) claimants.set(slug, [...(claimants.get(slug) ?? []), term.key]);
  }
  return { values, terms: claimants };
}

/** The name of a new or adopted value. */
export const nameFor = (naming: Naming, term: Term): string =>
  naming === 'external_reference' || slugifiesTo(term.label, term.key) ? term.label : term.key;

/** The name of a term's value once the plan is applied; under `key` a value is renamed only if its slug stays the same. */
export function nameAfter(naming: Naming, term: Term, match: DecidedMatch): string {
  const keepsName = naming === 'key' && match.kind === 'present' && !slugifiesTo(term.label, term.key);
  return keepsName ? match.value.name : nameFor(naming, term);
}

/**
 * The slug that Saleor will derive from a name where `taken` slugs exist; null: it cannot be predicted.
 * A slug in use gets `-2`, `-3` … (docs/saleor.md#value-slugs).
 */
export function predictSlug(name: string, taken: ReadonlySet<string>): string | null {
  const slug = slugify(name);
  if (slug === null || !taken.has(slug)) return slug;
  let number = 2;
  while (taken.has(`${slug}-${number}`)) number += 1;
  return `${slug}-${number}`;
}
