import type { ResourceDocument, Term } from '../core/desired-state.ts';
import { ref } from '../core/resource-ref.ts';
import { patchOf } from './json-patch.ts';
import { type DecidedMatch, nameAfter, nameFor, predictSlug, reference } from './value-matching.ts';
import { attributeId, termProvenance, type ValuePlanContext, valueDocument } from './value-plan.ts';

/** A term that gets no value, with the code of the reason. */
interface Unavailable {
  readonly because: string;
}

/**
 * Adds the change that gives a term its value, if one is needed and allowed, otherwise the diagnostic with the reason. `by`:
 * ref of the change that products must wait for; null: none.
 */
export function planTermValue(
  context: ValuePlanContext,
  term: Term,
  match: DecidedMatch,
): { readonly by: string | null } | Unavailable {
  const { inputs, rule, found } = context;
  const address = ref.value(rule.slug, term.key);
  if (match.kind === 'missing') return planNewValue(context, term, address);
  const { slug, value } = match;
  if (match.kind === 'adoptable' && !inputs.options.adopt) {
    found.report('error', 'value_adoptable', address, {
      label: term.label,
      name: value.name,
      slug,
      reference: value.reference,
    });
    return { because: 'value_adoptable' };
  }
  const { naming } = inputs.contract;
  if (naming === 'external_reference' && match.kind === 'adoptable') {
    const taken = referenceTaken(context, term, address);
    if (taken !== null) return taken;
  }
  const before = valueDocument(naming, { name: value.name, slug, identity: value.reference });
  const after = documentAfter(context, term, match);
  const patch = patchOf(before, after);
  if (patch.length === 0) return { by: null };
  found.changes.push({
    ref: address,
    action: 'update',
    reason: match.kind === 'adoptable' ? 'adopted' : 'differs',
    before,
    after,
    patch,
    needs: [],
    ids: { value: value.id, ...attributeId(context) },
    provenance: termProvenance(rule, term),
  });
  // A rename keeps the id, so products need not wait; an adopted value must have its key first.
  return { by: match.kind === 'adoptable' ? address : null };
}

/** Reports that another value of the shop has the term's external reference, which is unique in Saleor; null: none has. */
function referenceTaken(
  { rule, references, found }: ValuePlanContext,
  term: Term,
  address: string,
): Unavailable | null {
  const wanted = reference(rule.slug, term.key);
  const holder = references.get(wanted);
  if (holder === undefined) return null;
  found.report('error', 'reference_taken', address, { holder, reference: wanted });
  return { because: 'reference_taken' };
}

function planNewValue(
  context: ValuePlanContext,
  term: Term,
  address: string,
): { readonly by: string } | Unavailable {
  const { inputs, rule, attribute, slugs, matcher, found } = context;
  const taken = referenceTaken(context, term, address);
  if (taken !== null) return taken;
  if (!inputs.options.create_missing) {
    found.report('error', 'value_missing', address, { label: term.label });
    return { because: 'value_missing' };
  }
  const { naming } = inputs.contract;
  const name = nameFor(naming, term);
  const namesake = matcher.namesake(term, name);
  if (namesake !== null) {
    const data = { label: term.label, name: namesake.value.name, slug: namesake.slug };
    found.report('error', 'label_in_use', address, data);
    return { because: 'label_in_use' };
  }
  const slug = predictSlug(name, slugs);
  if (slug !== null) slugs.add(slug);
  const after = valueDocument(naming, { name, slug, identity: reference(rule.slug, term.key) });
  found.changes.push({
    ref: address,
    action: 'create',
    reason: 'missing',
    before: null,
    after,
    patch: patchOf(null, after),
    needs: attribute === undefined ? [ref.attribute(rule.slug)] : [],
    ids: attributeId(context),
    provenance: termProvenance(rule, term),
  });
  return { by: address };
}

/** The document of an existing value once the plan is applied. */
function documentAfter(
  { inputs, rule, slugs }: ValuePlanContext,
  term: Term,
  match: Exclude<DecidedMatch, { kind: 'missing' }>,
): ResourceDocument {
  const { naming } = inputs.contract;
  const name = nameAfter(naming, term, match);
  if (naming === 'key') return valueDocument(naming, { name, slug: term.key, identity: null });
  const identity = reference(rule.slug, term.key);
  if (match.value.name === name) return valueDocument(naming, { name, slug: match.slug, identity });
  slugs.delete(match.slug);
  const slug = predictSlug(name, slugs);
  if (slug !== null) slugs.add(slug);
  return valueDocument(naming, { name, slug, identity });
}
