import type { JsonObject } from '../core/json/json-value.ts';
import { own } from '../core/json/records.ts';
import { ref } from '../core/resource-ref.ts';
import { collector, findProductType, type StepDiff } from './change-collector.ts';
import { patchOf } from './json-patch.ts';
import type { Inputs } from './model.ts';

/** Step B: each attribute exists, has the right input type and is assigned. */
export function diffAttributes(inputs: Inputs): StepDiff {
  const { contract, actual, options } = inputs;
  const found = collector();
  const provenance = { contract: contract.name };
  for (const rule of contract.attributes) {
    const attribute = own(actual.attributes, rule.slug);
    const address = ref.attribute(rule.slug);
    if (attribute !== undefined && attribute.input_type !== rule.input_type) {
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
  for (const assignment of missingAssignments(inputs)) {
    const address = ref.assignment(assignment.type, assignment.attribute);
    if (!options.sync_attributes || options.strict) {
      found.report(options.strict ? 'error' : 'warning', 'assignment_missing', address);
      continue;
    }
    const owner = own(actual.attributes, assignment.attribute);
    const ids = { product_type: assignment.typeId, ...(owner === undefined ? {} : { attribute: owner.id }) };
    const needs = owner === undefined ? [ref.attribute(assignment.attribute)] : [];
    found.changes.push({ ...creation(address, { assigned: true }), needs, ids, provenance });
  }
  for (const wanted of new Set(contract.attributes.flatMap(({ product_types }) => product_types))) {
    if (findProductType(actual, wanted) === undefined) {
      found.report(options.strict ? 'error' : 'warning', 'product_type_missing', ref.productType(wanted));
    }
  }
  return found;
}

const creation = (address: string, after: JsonObject) => ({
  ref: address,
  action: 'create' as const,
  reason: 'missing' as const,
  before: null,
  after,
  patch: patchOf(null, after),
});

/** Attributes of the contract that exist, or will, and that one of their product types lacks. */
function* missingAssignments({ contract, actual, options }: Inputs) {
  for (const rule of contract.attributes) {
    const attribute = own(actual.attributes, rule.slug);
    const willExist =
      attribute === undefined ? options.create_attributes : attribute.input_type === rule.input_type;
    if (!willExist) continue;
    for (const wanted of rule.product_types) {
      const type = findProductType(actual, wanted);
      if (type === undefined || type[1].attributes.includes(rule.slug)) continue;
      yield { type: type[0], typeId: type[1].id, attribute: rule.slug };
    }
  }
}
