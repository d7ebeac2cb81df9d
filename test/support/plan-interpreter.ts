import { slugify } from '../../src/contract/slugify.ts';
import type {
  Actual,
  Assigned,
  Attribute,
  InputType,
  ProductDocument,
  Value,
} from '../../src/core/actual-state.ts';
import { isSame } from '../../src/core/json/canonical-json.ts';
import type { Json, JsonObject } from '../../src/core/json/json-value.ts';
import { own } from '../../src/core/json/records.ts';
import { KINDS, kindOf } from '../../src/core/resource-ref.ts';
import type { Change } from '../../src/diff/model.ts';
import type { Plan } from '../../src/plan/plan.ts';

type Shop = {
  attributes: Record<string, Attribute & { values: Record<string, Value> }>;
  product_types: Record<string, Actual['product_types'][string]>;
  products: Record<string, Actual['products'][string]>;
};

/**
 * A second, plain reading of what a plan means: every change is made in its order on a shop that obeys the slug law
 * (docs/saleor.md#value-slugs), and each must find what it needs. Throws where a plan could not be applied.
 */
export function applyAll(plan: Plan, actual: Actual): Actual {
  const shop = structuredClone(actual) as unknown as Shop & Actual;
  const done = new Set<string>();
  const refs = new Set(plan.changes.map(({ ref }) => ref));
  if (refs.size !== plan.changes.length) throw new Error('two changes of one ref');
  for (const change of [...plan.changes].sort((a, b) => rank(a) - rank(b))) {
    const missing = change.needs.filter((need) => !done.has(need));
    if (missing.length > 0) throw new Error(`${change.ref} is before ${missing}`);
    make(plan, change, shop);
    done.add(change.ref);
  }
  return shop;
}

/** Among values the new ones are made first, all in one call; everything else keeps its place. */
function rank({ ref, action }: Change): number {
  if (action === 'delete') return KINDS.length + 1;
  const kind = KINDS.indexOf(kindOf(ref));
  return kindOf(ref) === 'value' && action === 'update' ? kind + 0.5 : kind;
}

function make(plan: Plan, change: Change, shop: Shop): void {
  const [kind, first = '', second = '', third = ''] = change.ref.split('.');
  const after = change.after as JsonObject | null;
  const attribute = own(shop.attributes, first);
  if (kind === 'attribute') {
    if (attribute !== undefined) throw new Error(`${change.ref} is there`);
    const [name, input_type] = [String(after?.['name']), after?.['input_type'] as InputType];
    shop.attributes[first] = { id: `new-${first}`, name, input_type, values: {} };
  } else if (kind === 'assignment') {
    const type = own(shop.product_types, first);
    if (type === undefined || own(shop.attributes, second) === undefined)
      throw new Error(`${change.ref}: no place`);
    if (type.attributes.includes(second)) throw new Error(`${change.ref} is there`);
    shop.product_types[first] = { ...type, attributes: [...type.attributes, second].sort() };
  } else if (kind === 'value') {
    if (attribute === undefined) throw new Error(`${change.ref}: no attribute`);
    makeValue(plan, change, shop, attribute.values, first, second);
  } else if (kind === 'translation') {
    const slug = slugOf(plan, shop, first, second);
    const found = own(attribute?.values ?? {}, slug);
    if (found === undefined) throw new Error(`${change.ref}: no value`);
    const label = found.translations[third] ?? null;
    if (!isSame(change.before, label === null ? null : { name: label }))
      throw new Error(`${change.ref} is stale`);
    (attribute as Shop['attributes'][string]).values[slug] = {
      ...found,
      translations: { ...found.translations, [third]: String(after?.['name']) },
    };
  } else makeProduct(plan, change, shop);
}

function makeValue(
  plan: Plan,
  change: Change,
  shop: Shop,
  values: Record<string, Value>,
  attribute: string,
  key: string,
): void {
  const after = change.after as JsonObject | null;
  const old = Object.keys(values).find((slug) => values[slug]?.id === change.ids['value']);
  if ((change.action === 'create') !== (old === undefined)) throw new Error(`${change.ref}: ${old}`);
  const before = old === undefined ? undefined : values[old];
  if (old !== undefined) delete values[old];
  if (after === null) {
    rename(shop, attribute, old ?? '', null);
    return;
  }
  const name = String(after['name']);
  // The name is sent where either differs, and Saleor derives the slug from it anew.
  const isRenamed = before === undefined || before.name !== name || (after['slug'] ?? old) !== old;
  const slug = isRenamed ? derived(name, values) : (old as string);
  // What is excluded may keep a slug that the plan took for free; in this naming Saleor has the last word.
  const isForetold = plan.options.exclude.length === 0 || plan.contract.naming === 'key';
  if (isForetold && (after['slug'] ?? slug) !== slug) throw new Error(`${change.ref} becomes ${slug}`);
  const sets = change.action === 'create' || Object.hasOwn(after, 'external_reference');
  const reference = sets ? `${attribute}.${key}` : (before?.reference ?? null);
  const holders = Object.values(shop.attributes).flatMap((one) => Object.values(one.values));
  if (reference !== null && holders.some((one) => one.reference === reference))
    throw new Error(`${change.ref}: the reference ${reference} is in use`);
  if (plan.contract.naming === 'key' && slug !== key) throw new Error(`${change.ref} gets the slug ${slug}`);
  values[slug] = {
    id: before?.id ?? `new-${change.ref}`,
    name,
    reference,
    translations: before?.translations ?? {},
  };
  if (old !== undefined) rename(shop, attribute, old, slug);
}

/** Saleor's slug of a new name; what is not ASCII is spelt by code points, as no label of ASCII could be. */
function derived(name: string, values: Readonly<Record<string, Value>>): string {
  const plain = slugify(name) ?? `x${[...name].map((char) => char.codePointAt(0)?.toString(16)).join('x')}`;
  const isFree = (slug: string) => !Object.hasOwn(values, slug);
  let slug = plain;
  for (let number = 2; !isFree(slug); number += 1) slug = `${plain}-${number}`;
  return slug;
}

/** Products hold values by id: they follow a value to its new slug, and lose it when it is deleted. */
function rename(shop: Shop, attribute: string, from: string, to: string | null): void {
  for (const [slug, product] of Object.entries(shop.products)) {
    const held = product.document.attributes[attribute] ?? null;
    const next: Assigned =
      typeof held === 'string' && held === from
        ? to
        : typeof held === 'object' && held !== null
          ? Object.fromEntries(
              Object.keys(held).flatMap((one) =>
                one !== from ? [[one, true]] : to === null ? [] : [[to, true]],
              ),
            )
          : held;
    const document = {
      ...product.document,
      attributes: { ...product.document.attributes, [attribute]: next },
    };
    shop.products[slug] = { ...product, document };
  }
}

/** The slug of the value that a document calls by a term's key. */
function slugOf(plan: Plan, shop: Shop, attribute: string, member: string): string {
  if (plan.contract.naming === 'key') return member;
  if (member.startsWith('slug:')) return member.slice('slug:'.length);
  const values = Object.entries(shop.attributes[attribute]?.values ?? {});
  return (
    values.find(([, { reference }]) => reference === `${attribute}.${member}`)?.[0] ?? `nothing for ${member}`
  );
}

function makeProduct(plan: Plan, change: Change, shop: Shop): void {
  const slug = change.ref.slice('product.'.length);
  const product = own(shop.products, slug);
  if (product === undefined || product.id !== change.ids['product'])
    throw new Error(`${change.ref} is another`);
  const [before, after] = [change.before, change.after] as unknown as [ProductDocument, ProductDocument];
  const attributes: Record<string, Assigned> = { ...product.document.attributes };
  for (const [name, assigned] of Object.entries(after.attributes)) {
    if (isSame(before.attributes[name] as Json, assigned as Json)) continue;
    if (!shop.product_types[product.type]?.attributes.includes(name))
      throw new Error(`${change.ref}: no ${name}`);
    const named = (member: string) => {
      const found = slugOf(plan, shop, name, member);
      if (own(shop.attributes[name]?.values ?? {}, found) === undefined)
        throw new Error(`${change.ref}: no value ${member}`);
      return found;
    };
    attributes[name] =
      typeof assigned === 'string'
        ? named(assigned)
        : typeof assigned === 'object' && assigned !== null
          ? Object.fromEntries(Object.keys(assigned).map((member) => [named(member), true]))
          : assigned;
  }
  const metadata = { ...product.document.metadata };
  for (const key of Object.keys(before.metadata))
    if (!Object.hasOwn(after.metadata, key)) delete metadata[key];
  Object.assign(metadata, after.metadata);
  shop.products[slug] = { ...product, document: { attributes, metadata } };
}
