import type { Assignment, NewValue, Step } from '../../apply/ports.ts';
import {
  Assign,
  type AttributeValueInput,
  CreateAttribute,
  CreateValues,
  DeleteMetadata,
  DeleteValue,
  Translate,
  Unassign,
  UpdateMetadata,
  UpdateProduct,
  UpdateValue,
} from '../generated/operations.ts';
import { type Call, call } from '../graphql/batch-operations.ts';
import { languageOf } from '../language-codes.ts';

/** The mutation of one step. Pure; nulls go through variables only, since Saleor's documents cannot hold them. */
export function mutationOf(step: Step): Call {
  switch (step.kind) {
    case 'create_attribute': {
      const { name, slug, input_type: inputType } = step;
      return call(CreateAttribute, { input: { name, slug, type: 'PRODUCT_TYPE', inputType } }) as Call;
    }
    case 'assign': {
      const operations = step.attributes.map((id) => ({ id, type: 'PRODUCT' as const }));
      return call(Assign, { productTypeId: step.product_type, operations }) as Call;
    }
    case 'unassign':
      return call(Unassign, {
        productTypeId: step.product_type,
        attributeIds: step.attributes,
      }) as Call;
    case 'create_values':
      return createValues(step.values);
    case 'update_value': {
      const input = {
        ...(step.name === null ? {} : { name: step.name }),
        ...(step.reference === null ? {} : { externalReference: step.reference }),
      };
      return call(UpdateValue, { id: step.id, input }) as Call;
    }
    case 'clear_reference':
      return call(UpdateValue, { id: step.id, input: { externalReference: null } }) as Call;
    case 'translate': {
      const languageCode = languageOf(step.locale) ?? step.locale;
      return call(Translate, { id: step.id, languageCode, input: { name: step.name } }) as Call;
    }
    case 'update_product': {
      const metadata = pairs(step.metadata);
      const input = {
        ...(step.attributes.length === 0 ? {} : { attributes: step.attributes.map(assigned) }),
        ...(metadata.length === 0 ? {} : { metadata }),
      };
      return call(UpdateProduct, { id: step.id, input }) as Call;
    }
    case 'update_metadata':
      return call(UpdateMetadata, { id: step.id, input: pairs(step.metadata) }) as Call;
    case 'delete_metadata':
      return call(DeleteMetadata, { id: step.id, keys: step.keys }) as Call;
    case 'delete_value':
      return call(DeleteValue, { id: step.id }) as Call;
  }
}

export const pairs = (
  metadata: Readonly<Record<string, string>>,
): readonly { key: string; value: string }[] =>
  Object.entries(metadata).map(([key, value]) => ({ key, value }));

/** Only ever ids: a value given by name that Saleor does not know would be created (docs/saleor.md#product-attributes). */
function assigned(assignment: Assignment): AttributeValueInput {
  const id = assignment.attribute;
  switch (assignment.input_type) {
    case 'DROPDOWN':
      return { id, dropdown: assignment.value === null ? null : { id: assignment.value } };
    case 'MULTISELECT':
      return { id, multiselect: assignment.values.map((value) => ({ id: value })) };
    case 'BOOLEAN':
      return { id, boolean: assignment.value };
  }
}

/** Each attribute once in a call: twice would make Saleor miss a clash of slugs (docs/saleor.md#creating-many-values). */
export function byAttribute(values: readonly NewValue[]): ReadonlyMap<string, readonly NewValue[]> {
  const groups = new Map<string, NewValue[]>();
  for (const value of values) groups.set(value.attribute, [...(groups.get(value.attribute) ?? []), value]);
  return groups;
}

function createValues(values: readonly NewValue[]): Call {
  const groups = byAttribute(values);
  const attributes = [...groups].map(([id, added]) => ({
    id,
    fields: { addValues: added.map(({ name, reference }) => ({ name, externalReference: reference })) },
  }));
  const most = Math.min(100, Math.max(...[...groups.values()].map(({ length }) => length)));
  return call(CreateValues, { attributes, most }) as Call;
}
