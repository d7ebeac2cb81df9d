import { type Actual, type ProductDocument, valuesOf } from '../core/actual-state.ts';
import type { Json } from '../core/json/json-value.ts';
import { own } from '../core/json/records.ts';
import { kindOf, partsOf } from '../core/resource-ref.ts';
import { valueMatcherOf } from '../diff/attribute-values.ts';
import { productDocument } from '../diff/member-names.ts';
import { type Change, productIdOf } from '../diff/model.ts';
import type { ValueMatch, ValueMatcher } from '../diff/value-matching.ts';
import { inputsOf, type Plan } from '../plan/plan.ts';
import { documentIn, type ResourceFinder, type ValueInShop } from '../plan/shop-documents.ts';
import { identityConflict } from './resource-identity.ts';
import { planTermsOf, valueNamesIn } from './value-names.ts';

/** The shop as read, in a plan's terms: documents by ref, values by the plan's names for them. */
export interface ShopView {
  readonly actual: Actual;
  /** The resource's current document; null: the shop does not have it. */
  document(change: Change): Json;
  /** Why the resource is not the one that the plan saw (slug, type, input type, id); null: it is. */
  otherIdentity(change: Change): string | null;
  attributeId(slug: string): string | undefined;
  valueId(attribute: string, key: string): string | undefined;
  /** The value's current slug. */
  valueSlug(attribute: string, key: string): string | undefined;
  /** Id of an attribute or value that the change creates, once the shop has it. */
  createdId(change: Change): string | undefined;
  /** The value that matches the term of a value's change; null: the change has no term. */
  termMatch(change: Change): ValueMatch | null;
}

/** Views `actual`, a fresh read, in the terms of `plan`. */
export function viewShop(plan: Plan, actual: Actual): ShopView {
  const names = valueNamesIn(plan, actual);
  const products = new Map(
    Object.entries(actual.products).map(([slug, product]) => [product.id, { slug, product }]),
  );
  const findValue = (attribute: string, key: string): ValueInShop | null => {
    const slug = names.get(attribute)?.slugs.get(key);
    const value = slug === undefined ? undefined : own(valuesOf(actual, attribute), slug);
    return slug === undefined || value === undefined ? null : { slug, value };
  };
  const finder: Omit<ResourceFinder, 'product'> = {
    actual,
    value: findValue,
    valueDocument: ({ slug, value: { name, reference } }) =>
      // Saleor chooses the slug under external_reference, so it is not compared.
      plan.contract.naming === 'key' ? { name, slug } : { external_reference: reference, name },
  };
  return {
    actual,
    document: (change) => {
      // By id: the slug may have changed since the plan.
      const product = (): ProductDocument | null => {
        const found = products.get(productIdOf(change));
        return found === undefined ? null : productDocument(plan, found.product, names);
      };
      return documentIn({ ...finder, product }, change.ref);
    },
    otherIdentity: (change) => {
      const [, attribute, key] = partsOf(change.ref);
      const product = products.get(productIdOf(change));
      return identityConflict(plan, change, { actual, product, value: findValue(attribute, key)?.value });
    },
    attributeId: (slug) => own(actual.attributes, slug)?.id,
    valueId: (attribute, key) => findValue(attribute, key)?.value.id,
    valueSlug: (attribute, key) => findValue(attribute, key)?.slug,
    createdId: ({ ref, action }) => {
      const [, attribute, key] = partsOf(ref);
      if (action !== 'create') return undefined;
      if (kindOf(ref) === 'value') return findValue(attribute, key)?.value.id;
      return kindOf(ref) === 'attribute' ? own(actual.attributes, attribute)?.id : undefined;
    },
    termMatch: termMatcher(plan, actual),
  };
}

/** Builds the matcher of an attribute's values on first use: most views match no term. */
function termMatcher(plan: Plan, actual: Actual): ShopView['termMatch'] {
  const { index } = planTermsOf(plan);
  const matchers = new Map<string, ValueMatcher>();
  return ({ ref, provenance }) => {
    if (!('key' in provenance)) return null;
    const [, attribute] = partsOf(ref);
    const terms = index.get(provenance.taxonomy)?.usable;
    const term = terms?.get(provenance.key);
    if (terms === undefined || term === undefined) return null;
    const rule = plan.contract.attributes.find(({ slug }) => slug === attribute);
    if (rule === undefined) return null;
    const matcher =
      matchers.get(attribute) ??
      valueMatcherOf(inputsOf(plan), rule, own(actual.attributes, attribute), terms);
    matchers.set(attribute, matcher);
    return matcher.match(term);
  };
}
