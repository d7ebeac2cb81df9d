import { taxonomies, taxonomyOf } from '../contract/contract.ts';
import { type IdStandings, standings } from '../contract/listed-ids.ts';
import { hasNoSlug, KEY, NAME_MAX } from '../contract/slugify.ts';
import { groupBy } from '../core/collections.ts';
import type { Desired, Term } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { byCodeUnit, own } from '../core/json/records.ts';
import { ref } from '../core/resource-ref.ts';
import { createSuggester } from '../core/text/did-you-mean.ts';
import { isBlank } from '../core/text/invisible-characters.ts';
import { foldSpelling } from '../core/text/spelling.ts';
import type { Inputs } from './model.ts';
import { reference } from './value-matching.ts';

/** A taxonomy's terms by key. `usable`: terms that can become values; `wrong`: code of the reason why the others cannot. */
export interface TermIndex {
  readonly usable: ReadonlyMap<string, Term>;
  readonly wrong: ReadonlyMap<string, string>;
  /** Keys of usable terms that an unknown one may mean. */
  readonly near: (key: string) => readonly string[];
}

/** Step A: every taxonomy of the contract, checked against the key rules and the registry. */
export function indexTerms(inputs: Pick<Inputs, 'contract' | 'desired' | 'registry'>): {
  index: ReadonlyMap<string, TermIndex>;
  problems: readonly Diagnostic[];
} {
  const problems: Diagnostic[] = [];
  const index = new Map<string, TermIndex>();
  for (const taxonomy of taxonomies(inputs.contract)) {
    const terms = termsOf(inputs.desired, taxonomy);
    const found = checkTerms(taxonomy, terms, rulesFor(inputs, taxonomy));
    index.set(taxonomy, found.index);
    problems.push(...found.problems);
  }
  return { index, problems };
}

/** Terms of a taxonomy as they were read; none where it was not read. */
export const termsOf = ({ taxonomies }: Pick<Desired, 'taxonomies'>, taxonomy: string): readonly Term[] =>
  own(taxonomies, taxonomy) ?? [];

/** The index of the taxonomy that a rule takes its terms from; empty for a boolean. */
export const indexOf = (
  index: ReadonlyMap<string, TermIndex>,
  rule: { readonly taxonomy?: string },
): TermIndex => index.get(taxonomyOf(rule)) ?? NO_TERMS;

const NO_TERMS: TermIndex = { usable: new Map(), wrong: new Map(), near: () => [] };

/** What the terms of a taxonomy are checked against. */
interface Rules {
  /** null: any key is allowed */
  readonly registry: IdStandings | null;
  /** Maximum length of a key, in characters, that fits into every external reference derived from it. */
  readonly keyMax: number;
  /** Longest label, in characters; Infinity where a translation can carry it instead of the name. */
  readonly labelMax: number;
  /** Saleor derives a value's slug from the label. */
  readonly needsSlug: boolean;
}

/** The registry applies to a taxonomy if an attribute of the contract requires it and a registry was given. */
function rulesFor({ contract, registry }: Pick<Inputs, 'contract' | 'registry'>, taxonomy: string): Rules {
  const rules = contract.attributes.filter((rule) => rule.taxonomy === taxonomy);
  const isBound = rules.some((rule) => rule.registry === true);
  const isNamedByLabel = contract.naming === 'external_reference' && rules.length > 0;
  return {
    registry: isBound && registry !== null ? standings(registry) : null,
    keyMax: NAME_MAX - Math.max(0, ...rules.map(({ slug }) => reference(slug, '').length)),
    labelMax: isNamedByLabel ? NAME_MAX : Infinity,
    needsSlug: isNamedByLabel,
  };
}

function checkTerms(taxonomy: string, terms: readonly Term[], rules: Rules) {
  const problems: Diagnostic[] = [];
  const usable = new Map<string, Term>();
  const wrong = new Map<string, string>();
  const byKey = [...groupBy(terms, ({ key }) => key)].sort(([a], [b]) => byCodeUnit(a, b));
  for (const [key, same] of byKey) {
    const term = same[0] as Term;
    const fault = faultOf(term, same.length > 1, rules);
    if (fault === null) {
      usable.set(key, term);
      continue;
    }
    wrong.set(key, fault);
    problems.push({
      severity: 'error',
      code: fault,
      ref: ref.taxonomy(taxonomy),
      data: {
        key,
        labels: same.map(({ label }) => label).sort(byCodeUnit),
        ...(fault === 'key_too_long' ? { max: rules.keyMax } : {}),
        ...(fault === 'label_too_long' ? { length: lengthOf(term.label), max: NAME_MAX } : {}),
      },
    });
  }
  return {
    index: { usable, wrong, near: createSuggester([...usable.keys()]) },
    problems: [...problems, ...sharedLabels(taxonomy, [...usable.values()])],
  };
}

/** A storefront shows two values with the same label. */
function sharedLabels(taxonomy: string, terms: readonly Term[]): readonly Diagnostic[] {
  return [...groupBy(terms, ({ label }) => foldSpelling(label)).values()].flatMap((same) => {
    if (same.length === 1) return [];
    const keys = same.map(({ key }) => key).sort(byCodeUnit);
    const labels = same.map(({ label }) => label).sort(byCodeUnit);
    return [
      { severity: 'warning', code: 'label_shared', ref: ref.taxonomy(taxonomy), data: { keys, labels } },
    ];
  });
}

function faultOf(
  { key, label }: Term,
  isRepeated: boolean,
  { registry, keyMax, labelMax, needsSlug }: Rules,
): string | null {
  if (!KEY.test(key)) return 'key_malformed';
  if (key.length > keyMax) return 'key_too_long';
  if (isRepeated) return 'key_duplicate';
  if (isBlank(label)) return 'label_empty';
  if (lengthOf(label) > labelMax) return 'label_too_long';
  if (needsSlug && hasNoSlug(label)) return 'label_without_slug';
  const standing = registry?.of(key) ?? 'usable';
  return standing === 'usable' ? null : `registry_${standing}`;
}

/** Length in characters, as a database counts them. */
export const lengthOf = (text: string): number => [...text].length;
