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

/** The mutation of one step. Nulls go through variables, since Saleor refuses them as literals (docs/saleor.md#literals). */
export function mutationOf(step: Step): Call {
  switch (step.kind) {
    case 'create_attribute': {
      const { name, slug, input_type: inputType } = step;
      return call(CreateAttribute, { input: { name, slug, type: 'PRODUCT_TYPE', inputType } });
    }
    case 'assign': {
      const operations = step.attributes.map((id) => ({ id, type: 'PRODUCT' as const }));
      return call(Assign, { productTypeId: step.product_type, operations });
    }
    case 'unassign':
      return call(Unassign, {
        productTypeId: step.product_type,
        attributeIds: step.attributes,
      });
    case 'create_values':
      return createValues(step.values);
    case 'update_value': {
      const input = {
        ...(step.name === null ? {} : { name: step.name }),
        ...(step.reference === null ? {} : { externalReference: step.reference }),
      };
      return call(UpdateValue, { id: step.id, input });
    }
    case 'clear_reference':
      return call(UpdateValue, { id: step.id, input: { externalReference: null } });
    case 'translate': {
      const languageCode = languageOf(step.locale) ?? step.locale;
      return call(Translate, { id: step.id, languageCode, input: { name: step.name } });
    }
    case 'update_product': {
      const metadata = metadataInput(step.metadata);
      const input = {
        ...(step.attributes.length === 0 ? {} : { attributes: step.attributes.map(assigned) }),
        ...(metadata.length === 0 ? {} : { metadata }),
      };
      return call(UpdateProduct, { id: step.id, input });
    }
    case 'update_metadata':
      return call(UpdateMetadata, { id: step.id, input: metadataInput(step.metadata) });
    case 'delete_metadata':
      return call(DeleteMetadata, { id: step.id, keys: step.keys });
    case 'delete_value':
      return call(DeleteValue, { id: step.id });
  }
}

/** Metadata as Saleor's MetadataInput. */
export const metadataInput = (
  metadata: Readonly<Record<string, string>>,
): readonly { key: string; value: string }[] =>
  Object.entries(metadata).map(([key, value]) => ({ key, value }));

/** Names values by id only: Saleor would create a value whose name it does not know (docs/saleor.md#product-attributes). */
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

/** Groups values so that a call names each attribute once: with two groups of one attribute Saleor misses a clash of slugs (docs/saleor.md#creating-many-values). */
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
  return call(CreateValues, { attributes, most });
}
