import type { JsonObject } from '../core/json/json-value.ts';
import { own } from '../core/json/records.ts';
import { ref } from '../core/resource-ref.ts';
import {
  type Collector,
  collector,
  findAttribute,
  isOfAnotherKind,
  type StepDiff,
} from './change-collector.ts';
import { patchOf } from './json-patch.ts';
import type { Inputs } from './model.ts';
import { matchProductType, namedTwice, typeNames } from './product-types.ts';

/** Step B: each attribute exists, has the right input type and is assigned. */
export function diffAttributes(inputs: Inputs): StepDiff {
  const { contract, actual, options } = inputs;
  const found = collector();
  const provenance = { contract: contract.name };
  for (const rule of contract.attributes) {
    const attribute = own(actual.attributes, rule.slug);
    const address = ref.attribute(rule.slug);
    if (attribute !== undefined && isOfAnotherKind(attribute)) {
      found.report('error', 'attribute_of_another_kind', address, { type: attribute.type as string });
    } else if (attribute !== undefined && attribute.input_type !== rule.input_type) {
      found.report('error', 'input_type_differs', address, {
        wanted: rule.input_type,
        found: attribute.input_type,
      });
    } else if (attribute === undefined && options.create_attributes) {
      const after = { name: rule.name, input_type: rule.input_type };
      found.changes.push({ ...creation(address, after), needs: [], ids: {}, provenance });
    } else if (attribute === undefined) {
      found.report('error', 'attribute_missing', address);
    }
  }
  for (const assignment of missingAssignments(inputs).values()) {
    const address = ref.assignment(assignment.type, assignment.attribute);
    if (assignment.isOfVariants) {
      found.report('error', 'attribute_assigned_to_variants', address);
      continue;
    }
    if (!options.sync_attributes || options.strict) {
      found.report(options.strict ? 'error' : 'warning', 'assignment_missing', address);
      continue;
    }
    const owner = own(actual.attributes, assignment.attribute);
    const ids = { product_type: assignment.typeId, ...(owner === undefined ? {} : { attribute: owner.id }) };
    const needs = owner === undefined ? [ref.attribute(assignment.attribute)] : [];
    found.changes.push({ ...creation(address, { assigned: true }), needs, ids, provenance });
  }
  reportTypes(inputs, found);
  return found;
}

/** Product types of the contract that the shop lacks, or has several of, and those that the contract names twice. */
function reportTypes({ contract, actual, options }: Inputs, found: Collector): void {
  for (const wanted of typeNames(contract)) {
    const match = matchProductType(actual.product_types, wanted);
    if (match.kind === 'ambiguous')
      found.report('error', 'product_type_ambiguous', ref.productType(wanted), { slugs: match.slugs });
    if (match.kind === 'missing')
      found.report(options.strict ? 'error' : 'warning', 'product_type_missing', ref.productType(wanted), {
        ...(match.near.length === 0 ? {} : { near: match.near }),
      });
  }
  for (const [slug, names] of namedTwice(actual.product_types, contract))
    found.report('error', 'product_type_named_twice', ref.productType(slug), { names });
}

const creation = (address: string, after: JsonObject) => ({
  ref: address,
  action: 'create' as const,
  reason: 'missing' as const,
  before: null,
  after,
  patch: patchOf(null, after),
});

interface MissingAssignment {
  readonly type: string;
  readonly typeId: string;
  readonly attribute: string;
  /** The type has it for its variants, and Saleor assigns it to one of the two only (docs/saleor.md#assigning-attributes). */
  readonly isOfVariants: boolean;
}

/**
 * Each attribute of the contract that its product type lacks and that exists or will be created; keyed by ref, so each occurs
 * once.
 */
function missingAssignments({ contract, actual, options }: Inputs): ReadonlyMap<string, MissingAssignment> {
  const missing = new Map<string, MissingAssignment>();
  for (const rule of contract.attributes) {
    const isThere = Object.hasOwn(actual.attributes, rule.slug)
      ? findAttribute(actual, rule) !== undefined
      : options.create_attributes;
    if (!isThere) continue;
    for (const wanted of rule.product_types) {
      const match = matchProductType(actual.product_types, wanted);
      if (match.kind !== 'found' || match.type.attributes.includes(rule.slug)) continue;
      missing.set(ref.assignment(match.slug, rule.slug), {
        type: match.slug,
        typeId: match.type.id,
        attribute: rule.slug,
        isOfVariants: match.type.variant_attributes?.includes(rule.slug) === true,
      });
    }
  }
  return missing;
}
