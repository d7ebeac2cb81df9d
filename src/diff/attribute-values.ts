import { type AttributeRule, taxonomyOf } from '../contract/contract.ts';
import type { Attribute } from '../core/actual-state.ts';
import type { Term } from '../core/desired-state.ts';
import { own } from '../core/json/records.ts';
import { ref } from '../core/resource-ref.ts';
import type { Inputs } from './model.ts';
import { termsOf } from './term-index.ts';
import { labelLanguages } from './translation-changes.ts';
import { createValueMatcher, type ValueMatcher } from './value-matching.ts';

type SourceSide = Pick<Inputs, 'contract' | 'desired'>;

/** The matcher of one attribute's values, as every part of a plan and of its apply uses it. */
export const valueMatcherOf = (
  inputs: SourceSide,
  rule: AttributeRule,
  attribute: Attribute | undefined,
  usable: ReadonlyMap<string, Term>,
): ValueMatcher =>
  createValueMatcher({
    naming: inputs.contract.naming,
    slug: rule.slug,
    attribute,
    terms: usable.values(),
    unusable: () => unusableTerms(inputs, rule, usable),
    languages: labelLanguages(inputs),
  });

/**
 * What Wagtail names anywhere without it being a usable term: terms with an error, drafts, and keys that pages use. A key
 * that no term has comes without a label.
 */
function unusableTerms(
  { contract, desired }: SourceSide,
  rule: AttributeRule,
  usable: ReadonlyMap<string, Term>,
): readonly Term[] {
  const taxonomy = taxonomyOf(rule);
  const wrong = termsOf(desired, taxonomy).filter(({ key }) => !usable.has(key));
  const drafts = desired.problems
    .filter((problem) => problem.ref === ref.taxonomy(taxonomy))
    .map(({ data }) => String(data['key']));
  const sources = [...contract.attributes, ...contract.metadata].filter((one) => one.taxonomy === taxonomy);
  const used = desired.offerings.flatMap(({ fields }) =>
    sources.flatMap(({ source }) => {
      const value = own(fields, source) ?? null;
      return typeof value === 'string' ? [value] : Array.isArray(value) ? (value as readonly string[]) : [];
    }),
  );
  const keys = [...new Set([...drafts, ...used])].filter((key) => !usable.has(key));
  return [...wrong, ...keys.map((key) => ({ key, label: '' }))];
}
