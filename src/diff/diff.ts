import type { Diagnostic } from '../core/diagnostic.ts';
import { canonical } from '../core/json/canonical-json.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { byCodeUnit } from '../core/json/records.ts';
import { languageTags } from '../core/language-tag.ts';
import { KINDS, kindOf, ref } from '../core/resource-ref.ts';
import { diffAttributes } from './attribute-changes.ts';
import { exclude } from './exclusions.ts';
import { type Resolved, resolve } from './match-products.ts';
import type { Change, Diff, Inputs } from './model.ts';
import { offeringIdProblems } from './offering-ids.ts';
import { diffProducts } from './product-changes.ts';
import { indexTerms } from './term-index.ts';
import { localesOf, TRANSLATE } from './translation-changes.ts';
import { diffValues } from './value-changes.ts';

/** The changes that make Saleor match Wagtail. Pure: the same inputs give the same result, byte for byte. */
export function diff(inputs: Inputs): Diff {
  const terms = indexTerms(inputs);
  const attributes = diffAttributes(inputs);
  const values = diffValues(inputs, terms.index);
  const assignments = new Set(
    attributes.changes.map((change) => change.ref).filter((address) => kindOf(address) === 'assignment'),
  );
  const offerings = inputs.options.sync_products ? selectOfferings(inputs) : [];
  const products = diffProducts(inputs, offerings, {
    terms: terms.index,
    availability: values.availability,
    assignments,
  });
  const problems = [
    inputs.desired.problems,
    terms.problems,
    attributes.problems,
    values.problems,
    permissionProblems(inputs),
    products.problems,
  ];
  const kept = exclude(
    sortChanges([attributes.changes, values.changes, products.changes].flat()),
    inputs.options.exclude,
  );
  return {
    changes: kept.changes,
    skipped: products.skipped,
    diagnostics: problemsInOrder([...problems.flat(), ...kept.problems]),
  };
}

/** The offerings that are compared: `only_slugs`, then the first `limit` by page id. */
export function selectOfferings(
  inputs: Pick<Inputs, 'desired' | 'actual' | 'options' | 'contract' | 'control_plane'>,
): readonly Resolved[] {
  const { desired, actual, options } = inputs;
  const resolved = withOfferingIds(inputs, resolve(desired.offerings, actual));
  const only = options.only_slugs === null ? null : new Set(options.only_slugs);
  const named =
    only === null ? resolved : resolved.filter(({ product }) => product !== null && only.has(product.slug));
  return options.limit === null ? named : named.slice(0, options.limit);
}

/** Adds the errors of each page's offering id. */
function withOfferingIds(
  inputs: Pick<Inputs, 'contract' | 'control_plane'>,
  resolved: readonly Resolved[],
): readonly Resolved[] {
  const wrong = offeringIdProblems(
    inputs,
    resolved.map(({ offering }) => offering),
  );
  return resolved.map((one) => {
    const found = wrong(one.offering);
    if (found.length === 0) return one;
    const { page_id, title } = one.offering;
    const problems = found.map(
      ({ code, data }): Diagnostic => ({
        severity: 'error',
        code,
        ref: one.ref,
        data: { ...data, page_id, title },
      }),
    );
    return { ...one, problems: [...one.problems, ...problems] };
  });
}

/** One diagnostic for all labels that cannot be translated, instead of one for each. */
function permissionProblems(inputs: Inputs): readonly Diagnostic[] {
  const wanted = inputs.contract.attributes.some(({ taxonomy }) => taxonomy !== undefined)
    ? localesOf(inputs)
    : [];
  const read = languageTags(inputs.actual.locales);
  const unread = wanted.filter((locale) => !read.includes(locale));
  if (unread.length === 0) return [];
  const warn = (code: string, data: JsonObject): Diagnostic => ({
    severity: 'warning',
    code,
    ref: ref.shop,
    data,
  });
  return inputs.actual.permissions.includes(TRANSLATE)
    ? [warn('translations_not_read', { locales: unread })]
    : [warn('translations_not_permitted', { permission: TRANSLATE })];
}

/** Sorts by kind and ref, deletes last. */
const sortChanges = (changes: readonly Change[]): readonly Change[] =>
  changes
    .map((change) => ({ change, rank: rankOf(change) }))
    .sort((a, b) => a.rank - b.rank || byCodeUnit(a.change.ref, b.change.ref))
    .map(({ change }) => change);

const rankOf = ({ ref: address, action }: Change): number =>
  KINDS.indexOf(kindOf(address)) + (action === 'delete' ? KINDS.length : 0);

const SEVERITIES = ['error', 'warning', 'note'];

/** Diagnostics in their order. Those of one page often differ only in their data, whose text is made once for each. */
export function problemsInOrder(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const texts = new Map<Diagnostic, string>();
  const textOf = (problem: Diagnostic): string => {
    const known = texts.get(problem);
    if (known !== undefined) return known;
    const text = canonical(problem.data);
    texts.set(problem, text);
    return text;
  };
  return [...problems].sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      byCodeUnit(a.code, b.code) ||
      byCodeUnit(a.ref, b.ref) ||
      byCodeUnit(textOf(a), textOf(b)),
  );
}
