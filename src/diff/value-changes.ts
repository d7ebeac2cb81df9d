import type { AttributeRule } from '../contract/contract.ts';
import { NAME_MAX, slugify } from '../contract/slugify.ts';
import type { Value } from '../core/actual-state.ts';
import type { Term } from '../core/desired-state.ts';
import { byCodeUnit } from '../core/json/records.ts';
import { languageTags } from '../core/language-tag.ts';
import { ref } from '../core/resource-ref.ts';
import { valueMatcherOf } from './attribute-values.ts';
import { collector, findAttribute, type StepDiff } from './change-collector.ts';
import { patchOf } from './json-patch.ts';
import type { Inputs } from './model.ts';
import { holdersOf, type PruneBlocker, pruneBlocker } from './prune-rules.ts';
import { lengthOf, type TermIndex } from './term-index.ts';
import { planTermValue } from './term-value-change.ts';
import { diffTranslations, labelLanguages } from './translation-changes.ts';
import {
  type DecidedMatch,
  extraMember,
  nameAfter,
  type ValueMatch,
  type ValueMatcher,
} from './value-matching.ts';
import { attributeId, type ValuePlanContext, valueDocument } from './value-plan.ts';

/** The values of one attribute after this plan: what the terms of products can be assigned as. */
export interface ValueAvailability {
  /** Term keys that have a value or get one: key → ref of the change that makes it, null where none is needed. */
  readonly available: ReadonlyMap<string, string | null>;
  /** Term keys that get none: key → code of the reason. */
  readonly unavailable: ReadonlyMap<string, string>;
  /** Slug of an existing value → its name in documents: a term's key, or a name that no key can have. */
  readonly members: ReadonlyMap<string, string>;
}

/** Step C: a value for every term, named as the slug law allows (docs/saleor.md#the-slug-law). */
export function diffValues(
  inputs: Inputs,
  terms: ReadonlyMap<string, TermIndex>,
): StepDiff & { readonly availability: ReadonlyMap<string, ValueAvailability> } {
  const found = collector();
  const references = referencesInUse(inputs);
  const availability = new Map<string, ValueAvailability>();
  for (const rule of inputs.contract.attributes) {
    const index = terms.get(rule.taxonomy ?? '');
    const attribute = findAttribute(inputs.actual, rule);
    if (index === undefined || (attribute === undefined && !willBeCreated(inputs, rule))) continue;
    const slugs = new Set(Object.keys(attribute?.values ?? {}));
    const matcher = valueMatcherOf(inputs, rule, attribute, index.usable);
    const context = { inputs, rule, attribute, slugs, references, matcher, found };
    availability.set(rule.slug, planValues(context, [...index.usable.values()]));
  }
  return { changes: found.changes, problems: found.problems, availability };
}

const willBeCreated = ({ actual, options }: Inputs, rule: AttributeRule): boolean =>
  options.create_attributes && !Object.hasOwn(actual.attributes, rule.slug);

function referencesInUse({ actual }: Inputs): ReadonlyMap<string, string> {
  const inUse = Object.entries(actual.attributes).flatMap(([attribute, { values }]) =>
    Object.entries(values).flatMap(([slug, value]) =>
      value.reference === null ? [] : [[value.reference, ref.value(attribute, slug)] as const],
    ),
  );
  return new Map(inUse);
}

function planValues(context: ValuePlanContext, terms: readonly Term[]): ValueAvailability {
  const { inputs, rule, attribute, matcher } = context;
  const available = new Map<string, string | null>();
  const unavailable = new Map<string, string>();
  const members = new Map<string, string>();
  /** Slugs of values that errors name as candidates: they are not extra. */
  const candidates = new Set<string>();
  for (const { term, match } of createsFirst(terms, matcher)) {
    if (match.kind === 'ambiguous') {
      for (const { slug } of match.values) candidates.add(slug);
      unavailable.set(term.key, reportAmbiguous(context, term, match));
      continue;
    }
    if (match.kind === 'present' || (match.kind === 'adoptable' && inputs.options.adopt))
      members.set(match.slug, term.key);
    else if (match.kind === 'adoptable') candidates.add(match.slug);
    const planned = planTermValue(context, term, match);
    if ('because' in planned) {
      unavailable.set(term.key, planned.because);
      continue;
    }
    available.set(term.key, planned.by);
    diffTranslations(context, { term, match, madeBy: planned.by });
    reportHiddenLabel(context, term, match);
  }
  const blockerOf = inputs.options.prune_values
    ? pruneBlocker(inputs, rule, matcher)
    : () => 'not_asked' as const;
  const others = Object.entries(attribute?.values ?? {}).filter(([slug]) => !members.has(slug));
  for (const [slug, value] of others.sort(([a], [b]) => byCodeUnit(a, b))) {
    members.set(slug, extraMember(inputs.contract.naming, slug));
    if (candidates.has(slug)) continue;
    const blocker = blockerOf(slug, value);
    if (blocker === null) deleteExtra(context, slug, value);
    else reportExtra(context, slug, value, blocker === 'not_asked' ? {} : blocker);
  }
  return { available, unavailable, members };
}

/** New values are made before any is renamed: Saleor derives each new slug beside those that exist by then. */
function createsFirst(terms: readonly Term[], matcher: ValueMatcher) {
  const rank = (match: ValueMatch) => (match.kind === 'missing' ? 0 : 1);
  return terms
    .map((term) => ({ term, match: matcher.match(term) }))
    .sort((a, b) => rank(a.match) - rank(b.match) || byCodeUnit(a.term.key, b.term.key));
}

/** Several candidates are an error that names all of them: only a person can choose. */
function reportAmbiguous(
  { rule, found }: ValuePlanContext,
  term: Term,
  { values, terms }: Extract<ValueMatch, { kind: 'ambiguous' }>,
): 'value_ambiguous' {
  found.report('error', 'value_ambiguous', ref.value(rule.slug, term.key), {
    label: term.label,
    values: values.map(({ slug, value }) => ({ name: value.name, slug, reference: value.reference })),
    terms,
  });
  return 'value_ambiguous';
}

const extraRef = ({ inputs, rule }: ValuePlanContext, slug: string): string =>
  ref.value(rule.slug, extraMember(inputs.contract.naming, slug));

/** Reports a value that matches no term; `kept`: why it must not be deleted, if deleting was requested. */
function reportExtra(
  context: ValuePlanContext,
  slug: string,
  { name, users }: Value,
  kept: Partial<PruneBlocker>,
): void {
  const figures = kept.kept === undefined || users === undefined ? kept : { ...kept, users };
  context.found.report('warning', 'extra_value', extraRef(context, slug), { name, slug, ...figures });
}

function deleteExtra(context: ValuePlanContext, slug: string, value: Value): void {
  const { inputs, rule, found } = context;
  const { name, reference: identity, users } = value;
  const address = extraRef(context, slug);
  const before = valueDocument(inputs.contract.naming, { name, slug, identity });
  found.changes.push({
    ref: address,
    action: 'delete',
    reason: 'extra',
    before,
    after: null,
    patch: patchOf(before, null),
    needs: [],
    ids: { value: value.id, ...attributeId(context) },
    provenance: { contract: inputs.contract.name },
  });
  if (users !== undefined && users > 0) {
    const products = holdersOf(inputs, rule, slug);
    found.report('warning', 'used_value_deleted', address, { name, users, products });
  }
}

/**
 * Reports that shoppers see the label in a translation only, since the name cannot carry it: a note, and a warning where no
 * translation can be written. A contract without label languages leaves labels to the storefront on purpose.
 */
function reportHiddenLabel({ inputs, rule, found }: ValuePlanContext, term: Term, match: DecidedMatch): void {
  if (nameAfter(inputs.contract.naming, term, match) === term.label) return;
  const wanted = labelLanguages(inputs);
  const read = languageTags(inputs.actual.locales);
  const isStored = wanted.some((locale) => read.includes(locale)) && lengthOf(term.label) <= NAME_MAX;
  const severity = isStored || wanted.length === 0 ? 'note' : 'warning';
  found.report(severity, 'label_in_translation', ref.value(rule.slug, term.key), {
    key: term.key,
    label: term.label,
    slug: slugify(term.label),
    ...(isStored ? {} : { stored: false }),
  });
}
