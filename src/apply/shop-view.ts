import { type Actual, type ProductDocument, type Value, valuesOf } from '../core/actual-state.ts';
import { type Json, own } from '../core/json/canonical-json.ts';
import { kindOf, partsOf, ref } from '../core/resource-ref.ts';
import { productDocument } from '../diff/member-names.ts';
import { type Change, productIdOf } from '../diff/model.ts';
import { indexOf, indexTerms, type TermIndex } from '../diff/term-index.ts';
import { createValueMatcher, extraMember, reference, type ValueMatch } from '../diff/value-matching.ts';
import { inputsOf, type Plan } from '../plan/plan.ts';
import { documentIn, type ResourceFinder } from '../plan/shop-documents.ts';

/** The shop as it is now, asked in the plan's own words: documents by ref, with values named as the terms name them. */
export interface ShopView {
  /** The resource's document as it is now; null: it is not there. */
  document(change: Change): Json;
  /** What makes the resource another one than the plan saw (slug, type, input type), or null. */
  otherIdentity(change: Change): string | null;
  attributeId(slug: string): string | undefined;
  valueId(attribute: string, key: string): string | undefined;
  /** The slug under which the shop knows the value now. */
  valueSlug(attribute: string, key: string): string | undefined;
  /** Id of an attribute or a value that the plan creates, once it is there. */
  createdId(change: Change): string | undefined;
  /** Where the term of a value's change stands now; null: the change stands for no term. */
  termMatch(change: Change): ValueMatch | null;
  actual: Actual;
}

/** Reads `actual` (a fresh look) in the words of `plan`. */
export function viewShop(plan: Plan, actual: Actual): ShopView {
  const { index } = wordsOf(plan);
  const shelves = membersOf(plan, actual);
  const finders = new Map<string, ReturnType<typeof createValueMatcher>>();
  const products = new Map(
    Object.entries(actual.products).map(([slug, product]) => [product.id, { slug, product }]),
  );
  const find = (attribute: string, key: string): [string, Value] | undefined => {
    const slug = shelves.get(attribute)?.slugs.get(key);
    const value = slug === undefined ? undefined : own(valuesOf(actual, attribute), slug);
    return slug === undefined || value === undefined ? undefined : [slug, value];
  };
  const finder: Omit<ResourceFinder, 'product'> = {
    actual,
    value: (attribute, key) => {
      const found = find(attribute, key);
      return found === undefined ? null : { slug: found[0], value: found[1] };
    },
    valueDocument: ({ slug, value: { name, reference: identity } }) =>
      // Under external_reference Saleor decides the slug, so it is not compared.
      plan.contract.naming === 'key' ? { name, slug } : { external_reference: identity, name },
  };
  /** By its id: its slug may have changed since. */
  const document = (change: Change): Json => {
    const product = (): ProductDocument | null => {
      const found = products.get(productIdOf(change));
      return found === undefined ? null : productDocument(plan, found.product, shelves);
    };
    return documentIn({ ...finder, product }, change.ref);
  };
  return {
    actual,
    document,
    otherIdentity: (change) => {
      const [, first, second] = partsOf(change.ref);
      const product = products.get(productIdOf(change));
      return otherIdentity(plan, change, actual, product, find(first, second)?.[1]);
    },
    attributeId: (slug) => own(actual.attributes, slug)?.id,
    valueId: (attribute, key) => find(attribute, key)?.[1].id,
    valueSlug: (attribute, key) => find(attribute, key)?.[0],
    termMatch: ({ ref: address, provenance }) => {
      if (!('key' in provenance)) return null;
      const [, attribute] = partsOf(address);
      const terms = index.get(provenance.taxonomy)?.usable;
      const term = terms?.get(provenance.key);
      if (terms === undefined || term === undefined) return null;
      const find =
        finders.get(attribute) ??
        createValueMatcher(
          plan.contract.naming,
          attribute,
          own(actual.attributes, attribute),
          terms.values(),
        );
      finders.set(attribute, find);
      return find(term);
    },
    createdId: ({ ref: address, action }) => {
      const [, first, second] = partsOf(address);
      if (action !== 'create') return undefined;
      if (kindOf(address) === 'value') return find(first, second)?.[1].id;
      return kindOf(address) === 'attribute' ? own(actual.attributes, first)?.id : undefined;
    },
  };
}

/** What the plan alone says of values, whatever the shop holds: its terms, and its key for each value that it names by id. */
interface Words {
  readonly index: ReadonlyMap<string, TermIndex>;
  readonly adopted: ReadonlyMap<string, string>;
}

/** One plan is asked at every look, and a catalogue of thousands of terms need not be judged anew each time. */
const WORDS = new WeakMap<Plan, Words>();

function wordsOf(plan: Plan): Words {
  const known = WORDS.get(plan);
  if (known !== undefined) return known;
  const { index } = indexTerms(inputsOf(plan));
  const adopted = new Map(
    plan.changes.flatMap(({ ref, ids }) =>
      kindOf(ref) === 'value' && ids['value'] !== undefined ? [[ids['value'], partsOf(ref)[2]] as const] : [],
    ),
  );
  const words = { index, adopted };
  WORDS.set(plan, words);
  return words;
}

/** attribute → slug of a value ↔ its name in documents, as `diff` named it, also after a value was adopted. */
function membersOf(plan: Plan, actual: Actual) {
  const { index, adopted } = wordsOf(plan);
  const shelves = new Map<
    string,
    { members: ReadonlyMap<string, string>; slugs: ReadonlyMap<string, string> }
  >();
  for (const rule of plan.contract.attributes) {
    const attribute = rule.slug;
    const byReference = new Map(
      plan.contract.naming === 'key'
        ? []
        : [...indexOf(index, rule).usable.keys()].map((key) => [reference(attribute, key), key] as const),
    );
    const members = new Map(
      Object.entries(valuesOf(actual, attribute)).map(([slug, value]) => [
        slug,
        adopted.get(value.id) ??
          byReference.get(value.reference ?? '') ??
          extraMember(plan.contract.naming, slug),
      ]),
    );
    shelves.set(attribute, { members, slugs: new Map([...members].map(([slug, member]) => [member, slug])) });
  }
  return shelves;
}

function otherIdentity(
  plan: Plan,
  change: Change,
  actual: Actual,
  found: { slug: string; product: { type: string } } | undefined,
  value: Value | undefined,
): string | null {
  const kind = kindOf(change.ref);
  if (kind === 'product') {
    const slug = change.ref.slice('product.'.length);
    if (found === undefined) return 'the product is gone';
    if (found.slug !== slug) return `its slug is now ${found.slug}`;
    const type = own(plan.actual.products, slug)?.type;
    return found.product.type === type ? null : `its product type is now ${found.product.type}`;
  }
  if (kind === 'attribute') return null;
  const [, first, second] = partsOf(change.ref);
  const slug = kind === 'assignment' ? second : first;
  const wanted = plan.contract.attributes.find((rule) => rule.slug === slug)?.input_type;
  const attribute = own(actual.attributes, slug);
  if (attribute === undefined)
    return plan.changes.some((other) => other.ref === ref.attribute(slug))
      ? null
      : `the attribute ${slug} is gone`;
  if (attribute.input_type !== wanted) return `the attribute ${slug} is now a ${attribute.input_type}`;
  const isAnother = change.action === 'delete' && value !== undefined && value.id !== change.ids['value'];
  return isAnother ? 'it is another value now' : null;
}
