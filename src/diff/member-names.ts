import type { AttributeRule } from '../contract/contract.ts';
import type { Assigned, Product, ProductDocument } from '../core/actual-state.ts';
import { inOrder } from '../core/json/canonical-json.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { byCodeUnit, own, recordOf, setOf, sortedRecord } from '../core/json/records.ts';
import type { Inputs } from './model.ts';
import type { ValueAvailability } from './value-changes.ts';

/** The product's document with values named as the terms name them, its members in code-unit order. */
export const productDocument = (
  inputs: Pick<Inputs, 'contract'>,
  product: Product,
  availability: ReadonlyMap<string, Pick<ValueAvailability, 'members'>>,
): ProductDocument => inMemberOrder(memberNamer(inputs, availability)(product));

/** Most documents are in code-unit order already, and are not copied. */
export const inMemberOrder = (document: ProductDocument): ProductDocument =>
  inOrder(document) as ProductDocument;

/**
 * Renames the values in product documents from Saleor's slugs to the names of terms in a plan. Most documents need no renaming
 * and are returned unchanged, with their order of members.
 */
export function memberNamer(
  { contract }: Pick<Inputs, 'contract'>,
  availability: ReadonlyMap<string, Pick<ValueAvailability, 'members'>>,
): (product: Product) => ProductDocument {
  const rules = contract.attributes
    .map(({ slug, input_type }): NamedAttribute => {
      const members = availability.get(slug)?.members ?? NO_MEMBERS;
      return { slug, input_type, renames: new Map([...members].filter(([from, to]) => from !== to)) };
    })
    .sort((a, b) => byCodeUnit(a.slug, b.slug));
  const slugs = rules.map(({ slug }) => slug);
  // A snapshot may belong to another contract: its metadata keys must not be deleted.
  const managed = new Set(contract.metadata.map(({ key }) => key));
  return ({ document }) => {
    const { attributes, metadata } = document;
    if (areNamedAlready(rules, attributes) && hasOnly(metadata, managed)) return document;
    return {
      attributes: recordOf(
        slugs,
        rules.map((rule) => renamed(rule, own(attributes, rule.slug) ?? null)),
      ),
      metadata: sortedRecord(Object.entries(metadata).filter(([key]) => managed.has(key))),
    };
  };
}

interface NamedAttribute extends Pick<AttributeRule, 'slug' | 'input_type'> {
  /** Slug of a value → its name in documents, where the two differ. */
  readonly renames: ReadonlyMap<string, string>;
}

const NO_MEMBERS: ReadonlyMap<string, string> = new Map();

function hasOnly(record: JsonObject, names: ReadonlySet<string>): boolean {
  for (const name in record) if (!names.has(name)) return false;
  return true;
}

/** Whether a document has the attributes of the rules, in their order, and no value of it is renamed. */
function areNamedAlready(
  rules: readonly NamedAttribute[],
  attributes: ProductDocument['attributes'],
): boolean {
  let at = 0;
  for (const slug in attributes) {
    const rule = rules[at];
    if (rule === undefined || rule.slug !== slug || !isNamedAlready(rule, attributes[slug])) return false;
    at += 1;
  }
  return at === rules.length;
}

/** Whether the assigned value has the shape of its input type, and no member of it is renamed. */
function isNamedAlready({ input_type, renames }: NamedAttribute, assigned: Assigned | undefined): boolean {
  if (assigned === undefined) return false;
  if (input_type === 'BOOLEAN') return assigned === null || typeof assigned === 'boolean';
  if (input_type === 'DROPDOWN')
    return assigned === null || (typeof assigned === 'string' && !renames.has(assigned));
  if (typeof assigned !== 'object' || assigned === null) return false;
  if (renames.size > 0) for (const slug in assigned) if (renames.has(slug)) return false;
  return true;
}

function renamed({ input_type, renames }: NamedAttribute, assigned: Assigned): Assigned {
  const rename = (slug: string) => renames.get(slug) ?? slug;
  if (input_type === 'BOOLEAN') return typeof assigned === 'boolean' ? assigned : null;
  if (input_type === 'DROPDOWN') return typeof assigned === 'string' ? rename(assigned) : null;
  return typeof assigned === 'object' && assigned !== null ? setOf(Object.keys(assigned).map(rename)) : {};
}
