import { type AttributeRule, taxonomyOf } from '../contract/contract.ts';
import { slugify } from '../contract/slugify.ts';
import type { Attribute, Value } from '../core/actual-state.ts';
import type { ResourceDocument, Term } from '../core/desired-state.ts';
import { byCodeUnit } from '../core/json/records.ts';
import { ref } from '../core/resource-ref.ts';
import { type Collector, collector, findAttribute, type StepDiff } from './change-collector.ts';
import { patchOf } from './json-patch.ts';
import type { Change, Inputs, Reason } from './model.ts';
import { holdersOf, type PruneBlocker, pruneBlocker } from './prune-rules.ts';
import type { TermIndex } from './term-index.ts';
import { diffTranslations } from './translation-changes.ts';
import {
  createValueMatcher,
  extraMember,
  type Naming,
  nameAfter,
  nameFor,
  predictSlug,
  reference,
  type ValueMatch,
} from './value-matching.ts';

/** How the values of one attribute stand after this plan: what a product's terms can be assigned as. */
export interface ValueAvailability {
  /** Term keys that have a value or get one: key → ref of the change that makes it, null where none is needed. */
  readonly available: ReadonlyMap<string, string | null>;
  /** Term keys that get none: key → code of the reason. */
  readonly unavailable: ReadonlyMap<string, string>;
  /** Slug of an existing value → its name in documents: a term's key, or a name that no key can have. */
  readonly members: ReadonlyMap<string, string>;
}

interface ValuePlanContext {
  readonly inputs: Inputs;
  readonly rule: AttributeRule;
  /** Undefined: the attribute itself is still to be created. */
  readonly attribute: Attribute | undefined;
  /** Slugs in use in the attribute, as this plan's creates and renames leave them. */
  readonly slugs: Set<string>;
  /** externalReferences in use anywhere in what was read: reference → ref of its holder. */
  readonly references: ReadonlyMap<string, string>;
}

/** Step C: a value for every term, named as the slug law allows. */
export function diffValues(
  inputs: Inputs,
  terms: ReadonlyMap<string, TermIndex>,
): StepDiff & { shelves: ReadonlyMap<string, ValueAvailability> } {
  const found = collector();
  const references = referencesInUse(inputs);
  const shelves = new Map<string, ValueAvailability>();
  for (const rule of inputs.contract.attributes) {
    const index = terms.get(rule.taxonomy ?? '');
    const attribute = findAttribute(inputs.actual, rule);
    if (index === undefined || (attribute === undefined && !willBeCreated(inputs, rule))) continue;
    const slugs = new Set(Object.keys(attribute?.values ?? {}));
    shelves.set(rule.slug, planValues({ inputs, rule, attribute, slugs, references }, index, found));
  }
  return { changes: found.changes, problems: found.problems, shelves };
}

const willBeCreated = ({ actual, options }: Inputs, rule: AttributeRule): boolean =>
  options.create_attributes && !Object.hasOwn(actual.attributes, rule.slug);

function referencesInUse({ actual }: Inputs): ReadonlyMap<string, string> {
  const held = Object.entries(actual.attributes).flatMap(([attribute, { values }]) =>
    Object.entries(values).flatMap(([slug, value]) =>
      value.reference === null ? [] : [[value.reference, ref.value(attribute, slug)] as const],
    ),
  );
  return new Map(held);
}

function planValues(scene: ValuePlanContext, index: TermIndex, found: Collector): ValueAvailability {
  const { inputs, rule, attribute } = scene;
  const find = createValueMatcher(inputs.contract.naming, rule.slug, attribute, index.usable.values());
  const available = new Map<string, string | null>();
  const unavailable = new Map<string, string>();
  const members = new Map<string, string>();
  const respelt = new Set<string>();
  for (const { term, stands } of inOrder([...index.usable.values()], find)) {
    if (stands.kind === 'present' || (stands.kind === 'adoptable' && inputs.options.adopt))
      members.set(stands.slug, term.key);
    else if (stands.kind === 'adoptable') respelt.add(stands.slug);
    const placed = place(scene, term, stands, found);
    if ('because' in placed) {
      unavailable.set(term.key, placed.because);
      continue;
    }
    available.set(term.key, placed.by);
    diffTranslations(inputs, rule, term, stands, placed.by, found);
    reportHidden(scene, term, stands, found);
  }
  const keptFor = inputs.options.prune_values ? pruneBlocker(inputs, rule) : () => 'not_asked' as const;
  const others = Object.entries(attribute?.values ?? {}).filter(([slug]) => !members.has(slug));
  for (const [slug, value] of others.sort(([a], [b]) => byCodeUnit(a, b))) {
    const member = extraMember(inputs.contract.naming, slug);
    members.set(slug, member);
    if (!respelt.has(slug)) judgeExtra(scene, member, slug, value, keptFor(slug, value), found);
  }
  return { available, unavailable, members };
}

/** New values are made before any is renamed, and each derives its slug beside those that are there by then. */
function inOrder(terms: readonly Term[], find: (term: Term) => ValueMatch) {
  const rank = (stands: ValueMatch) => (stands.kind === 'missing' ? 0 : 1);
  return terms
    .map((term) => ({ term, stands: find(term) }))
    .sort((a, b) => rank(a.stands) - rank(b.stands) || byCodeUnit(a.term.key, b.term.key));
}

/** A value that stands for no term: told, or deleted on request. */
function judgeExtra(
  scene: ValuePlanContext,
  member: string,
  slug: string,
  value: Value,
  kept: PruneBlocker | 'not_asked' | null,
  found: Collector,
): void {
  const { inputs, rule } = scene;
  const address = ref.value(rule.slug, member);
  const { name, reference: identity, users } = value;
  if (kept !== null) {
    const figures = kept === 'not_asked' ? {} : { kept, ...(users === undefined ? {} : { users }) };
    found.report('warning', 'extra_value', address, { name, slug, ...figures });
    return;
  }
  const before = document(inputs.contract.naming, name, slug, identity);
  const ids = { value: value.id, ...attributeId(scene) };
  found.changes.push({
    ref: address,
    action: 'delete',
    reason: 'extra',
    before,
    after: null,
    patch: patchOf(before, null),
    needs: [],
    ids,
    provenance: { contract: inputs.contract.name },
  });
  if (users !== undefined && users > 0) {
    const products = holdersOf(inputs, rule, slug);
    found.report('warning', 'used_value_deleted', address, { name, users, products });
  }
}

/** The change that gives a term its value, if one is needed and allowed. */
function place(
  scene: ValuePlanContext,
  term: Term,
  stands: ValueMatch,
  found: Collector,
): { by: string | null } | { because: string } {
  const address = ref.value(scene.rule.slug, term.key);
  if (stands.kind === 'missing') return placeNew(scene, term, address, found);
  if (stands.kind === 'adoptable' && !scene.inputs.options.adopt) {
    found.report('error', 'value_adoptable', address, {
      label: term.label,
      name: stands.value.name,
      slug: stands.slug,
    });
    return { because: 'value_adoptable' };
  }
  const { naming } = scene.inputs.contract;
  if (naming === 'external_reference' && stands.kind === 'adoptable') {
    const taken = takenBy(scene, term, address, found);
    if (taken !== null) return taken;
  }
  const before = document(naming, stands.value.name, stands.slug, stands.value.reference);
  const after = target(scene, term, stands);
  const patch = patchOf(before, after);
  if (patch.length === 0) return { by: null };
  const reason: Reason = stands.kind === 'adoptable' ? 'adopted' : 'differs';
  const ids = { value: stands.value.id, ...attributeId(scene) };
  found.changes.push({
    ref: address,
    action: 'update',
    reason,
    before,
    after,
    patch,
    needs: [],
    ids,
    provenance: provenanceOf(scene, term),
  });
  // A rename leaves the id alone, so products need not wait for it; an adopted value must carry its key first.
  return { by: stands.kind === 'adoptable' ? address : null };
}

/** Another value of the shop holds the term's external reference, which Saleor takes once only. */
function takenBy(
  scene: ValuePlanContext,
  term: Term,
  address: string,
  found: Collector,
): { because: 'reference_taken' } | null {
  const wanted = reference(scene.rule.slug, term.key);
  const holder = scene.references.get(wanted);
  if (holder === undefined) return null;
  found.report('error', 'reference_taken', address, { holder, reference: wanted });
  return { because: 'reference_taken' };
}

function placeNew(
  scene: ValuePlanContext,
  term: Term,
  address: string,
  found: Collector,
): { by: string } | { because: string } {
  const taken = takenBy(scene, term, address, found);
  if (taken !== null) return taken;
  if (!scene.inputs.options.create_missing) {
    found.report('error', 'value_missing', address, { label: term.label });
    return { because: 'value_missing' };
  }
  const { naming } = scene.inputs.contract;
  const name = nameFor(naming, term);
  const slug = predictSlug(name, scene.slugs);
  if (slug !== null) scene.slugs.add(slug);
  const after = document(naming, name, slug, reference(scene.rule.slug, term.key));
  const needs = scene.attribute === undefined ? [ref.attribute(scene.rule.slug)] : [];
  const patch = patchOf(null, after);
  found.changes.push({
    ref: address,
    action: 'create',
    reason: 'missing',
    before: null,
    after,
    patch,
    needs,
    ids: attributeId(scene),
    provenance: provenanceOf(scene, term),
  });
  return { by: address };
}

/** What an existing value shall be. */
function target(
  { inputs, rule, slugs }: ValuePlanContext,
  term: Term,
  stands: Exclude<ValueMatch, { kind: 'missing' }>,
): ResourceDocument {
  const { naming } = inputs.contract;
  const name = nameAfter(naming, term, stands);
  if (naming === 'key') return document(naming, name, term.key, null);
  if (stands.value.name === name) return document(naming, name, stands.slug, reference(rule.slug, term.key));
  slugs.delete(stands.slug);
  const slug = predictSlug(name, slugs);
  if (slug !== null) slugs.add(slug);
  return document(naming, name, slug, reference(rule.slug, term.key));
}

/** A slug that cannot be foretold is not in the document: Saleor decides it. */
const document = (
  naming: Naming,
  name: string,
  slug: string | null,
  identity: string | null,
): ResourceDocument => ({
  ...(naming === 'external_reference' ? { external_reference: identity } : {}),
  name,
  ...(slug === null ? {} : { slug }),
});

const attributeId = ({ attribute }: ValuePlanContext): Readonly<Record<string, string>> =>
  attribute === undefined ? {} : { attribute: attribute.id };

const provenanceOf = ({ rule }: ValuePlanContext, { key, label }: Term): Change['provenance'] => ({
  taxonomy: taxonomyOf(rule),
  key,
  label,
});

function reportHidden(
  { inputs, rule }: ValuePlanContext,
  term: Term,
  stands: ValueMatch,
  found: Collector,
): void {
  if (nameAfter(inputs.contract.naming, term, stands) === term.label) return;
  found.report('warning', 'label_hidden', ref.value(rule.slug, term.key), {
    key: term.key,
    label: term.label,
    slug: slugify(term.label),
  });
}
