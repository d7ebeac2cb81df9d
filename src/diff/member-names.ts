import type { AttributeRule } from '../contract/contract.ts';
import type { Assigned, Product, ProductDocument } from '../core/actual-state.ts';
import { inOrder } from '../core/json/canonical-json.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { own, setOf, sortedRecord } from '../core/json/records.ts';
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
  const rules = contract.attributes.map((rule) => ({ rule, members: availability.get(rule.slug)?.members }));
  // A snapshot may belong to another contract: its metadata keys must not be deleted.
  const managed = new Set(contract.metadata.map(({ key }) => key));
  return ({ document }) => {
    const { attributes, metadata } = document;
    const isNamed =
      rules.every(({ rule, members }) => isNamedAlready(rule, own(attributes, rule.slug), members)) &&
      hasOnly(metadata, managed) &&
      Object.keys(attributes).length === rules.length;
    if (isNamed) return document;
    return {
      attributes: sortedRecord(
        rules.map(({ rule, members }): [string, Assigned] => [
          rule.slug,
          renamed(rule, own(attributes, rule.slug) ?? null, (slug) => members?.get(slug) ?? slug),
        ]),
      ),
      metadata: sortedRecord(Object.entries(metadata).filter(([key]) => managed.has(key))),
    };
  };
}

function hasOnly(record: JsonObject, names: ReadonlySet<string>): boolean {
  for (const name in record) if (!names.has(name)) return false;
  return true;
}

/** Whether the assigned value has the shape of its input type, and no member of it is renamed. */
function isNamedAlready(
  { input_type }: AttributeRule,
  assigned: Assigned | undefined,
  members: ReadonlyMap<string, string> | undefined,
): boolean {
  if (assigned === undefined) return false;
  if (input_type === 'BOOLEAN') return assigned === null || typeof assigned === 'boolean';
  const stays = (slug: string) => (members?.get(slug) ?? slug) === slug;
  if (input_type === 'DROPDOWN')
    return assigned === null || (typeof assigned === 'string' && stays(assigned));
  if (typeof assigned !== 'object' || assigned === null) return false;
  for (const slug in assigned) if (!stays(slug)) return false;
  return true;
}

function renamed(rule: AttributeRule, assigned: Assigned, rename: (slug: string) => string): Assigned {
  if (rule.input_type === 'BOOLEAN') return typeof assigned === 'boolean' ? assigned : null;
  if (rule.input_type === 'DROPDOWN') return typeof assigned === 'string' ? rename(assigned) : null;
  return typeof assigned === 'object' && assigned !== null ? setOf(Object.keys(assigned).map(rename)) : {};
}
