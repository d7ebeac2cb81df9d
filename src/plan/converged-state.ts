import { taxonomyOf } from '../contract/contract.ts';
import type { ResourceDocument } from '../core/desired-state.ts';
import { own } from '../core/json/records.ts';
import { languageTag, languageTags } from '../core/language-tag.ts';
import { kindOf, partsOf } from '../core/resource-ref.ts';
import { selectOfferings } from '../diff/diff.ts';
import { imageFault } from '../diff/image-problems.ts';
import { productDocument } from '../diff/member-names.ts';
import { indexTerms, termsOf } from '../diff/term-index.ts';
import { diffValues } from '../diff/value-changes.ts';
import { inputsOf, type Plan } from './plan.ts';
import { documentsOf } from './shop-documents.ts';

/** The shop after a plan had converged, as far as the plan shows it. */
export interface ConvergedState {
  /** null: it was not there. */
  document(ref: string): ResourceDocument;
  /** Whether a field matched its source after the plan; '' is the whole resource. */
  isInLine(ref: string, field: string): boolean;
}

export function convergedState(plan: Plan): ConvergedState {
  const inputs = inputsOf(plan);
  const shown = documentsOf(inputs);
  const changes = new Map(plan.changes.map((change) => [change.ref, change]));
  const isInverse = plan.desired.reverts !== undefined;
  const { index } = indexTerms(inputs);
  const { availability } = diffValues(inputs, index);
  const isExcluded = exclusionsOf(plan);
  const compared = comparedBy(plan);
  const managed = new Set([
    ...plan.contract.attributes.map(({ slug }) => `attributes.${slug}`),
    ...plan.contract.metadata.map(({ key }) => `metadata.${key}`),
  ]);

  const document = (ref: string): ResourceDocument => {
    const change = changes.get(ref);
    if (change !== undefined) return change.after;
    if (kindOf(ref) !== 'product' || isInverse) return shown.document(ref);
    const product = own(plan.actual.products, ref.slice('product.'.length));
    return product === undefined ? null : productDocument(inputs, product, availability);
  };

  const isTerm = (attribute: string, key: string): boolean => {
    const rules = plan.contract.attributes.filter(({ slug }) => slug === attribute);
    return rules.some((rule) => termsOf(plan.desired, taxonomyOf(rule)).some((term) => term.key === key));
  };

  /** A term with a missing value was skipped, and a value without a term was not managed: neither matches. */
  const isSettled = (ref: string): boolean => {
    const [, attribute, key, locale] = partsOf(ref);
    if (!managed.has(`attributes.${attribute}`)) return false;
    const isThere = document(ref) !== null;
    if (kindOf(ref) === 'value') return isTerm(attribute, key) === isThere;
    if (isThere || !isTerm(attribute, key)) return true;
    // Without a translation: none was wanted, or it could not be written.
    const value = document(`value.${attribute}.${key}`);
    const isTooLong = plan.diagnostics.some(
      ({ code, ref: address }) => code === 'label_too_long' && address === ref,
    );
    return value !== null && languageTags(plan.actual.locales).includes(languageTag(locale)) && !isTooLong;
  };

  const isInLine = (ref: string, field: string): boolean => {
    if (isInverse) return changes.has(ref);
    if (isExcluded(ref, field)) return false;
    switch (kindOf(ref)) {
      case 'product':
        return compared.has(ref) && managed.has(field);
      case 'value':
      case 'translation':
        return isSettled(ref);
      default:
        return document(ref) !== null;
    }
  };
  return { document, isInLine };
}

/** Refs of the products that were compared. */
function comparedBy(plan: Plan): ReadonlySet<string> {
  if (!plan.options.sync_products) return new Set();
  const skipped = new Set(plan.skipped.map(({ ref }) => ref));
  return new Set(
    selectOfferings(inputsOf(plan)).flatMap(({ ref, product }) =>
      product === null || skipped.has(ref) ? [] : [ref],
    ),
  );
}

/** What was excluded on request, with the changes that needed it, and the keys of images that cannot be written. */
function exclusionsOf(plan: Plan): (ref: string, field: string) => boolean {
  const whole = new Set<string>();
  const fields = new Set<string>();
  for (const { code, ref, data } of plan.diagnostics) {
    if (code === 'excluded_with' || (code === 'excluded' && data['field'] === null)) whole.add(ref);
    if (code === 'excluded' && data['field'] !== null)
      for (const field of coupledFields(ref, String(data['field']))) fields.add(`${ref} ${field}`);
  }
  const images = plan.contract.metadata.filter(({ type }) => type === 'image');
  for (const { ref, offering } of images.length === 0 ? [] : selectOfferings(inputsOf(plan)))
    for (const { key, source } of images)
      if (imageFault(own(offering.fields, source), plan.target.api_url) !== null)
        fields.add(`${ref} metadata.${key}`);
  return (ref, field) =>
    whole.has(ref) || fields.has(`${ref} ${field}`) || fields.has(`${ref} ${field.split('.')[0]}`);
}

/** A value's name and slug are excluded together: Saleor derives one from the other. */
const coupledFields = (ref: string, field: string): readonly string[] =>
  kindOf(ref) === 'value' && (field === 'name' || field === 'slug') ? ['name', 'slug'] : [field];
