import type { JsonObject } from '../../../src/core/json/json-value.ts';
import { fieldsOf, valueOfKey } from './plan-in-shop.ts';
import type { Scene } from './scene.ts';
import { addValue, removeValue, renameValue, type World } from './simulated-shop.ts';

/** Edits of a person in the dashboard during the runs. */
export const EDITS = [
  'edits_planned_field',
  'edits_planned_set',
  'edits_other_field',
  'does_the_same',
  'renames_value',
  'renames_used_value',
  'deletes_used_value',
  'creates_same_value',
  'uses_retired_value',
  'deletes_product',
  'moves_product',
] as const;
export type Edit = (typeof EDITS)[number];

/** Makes the edit on the first resource of the plan that it fits; false: none fits. */
export function edit(scene: Scene, world: World, name: Edit): boolean {
  const products = scene.plan.changes.flatMap((change) => {
    const product = world.products.get(change.ids['product'] ?? '');
    return change.ref.startsWith('product.') && product !== undefined ? [{ change, product }] : [];
  });
  const roles = world.attributes.get('gsv_roles');
  const [first] = products;
  switch (name) {
    case 'edits_planned_field': {
      const field = first && fieldsOf(first.change).find(({ part }) => part === 'metadata');
      if (field === undefined) return false;
      first?.product.metadata.set(field.name, 'By hand');
      return true;
    }
    case 'edits_planned_set': {
      const found = products.find(({ change }) =>
        fieldsOf(change).some((field) => field.name === 'gsv_roles'),
      );
      if (found === undefined || roles === undefined) return false;
      found.product.attributes.set(
        roles.id,
        roles.values.slice(0, 1).map(({ id }) => id),
      );
      return true;
    }
    case 'edits_other_field':
      if (first === undefined) return false;
      first.product.metadata.set('by_hand', 'edited');
      first.product.name = 'By hand';
      return true;
    case 'does_the_same': {
      const field =
        first &&
        fieldsOf(first.change).find(({ part, after }) => part === 'metadata' && typeof after === 'string');
      if (field === undefined) return false;
      first?.product.metadata.set(field.name, String(field.after));
      return true;
    }
    case 'renames_value': {
      const [value] = roles?.values ?? [];
      if (roles === undefined || value === undefined) return false;
      renameValue(roles, value, 'By hand');
      return true;
    }
    case 'renames_used_value':
    case 'deletes_used_value': {
      const used = usedValue(scene, world);
      if (used === null || roles === undefined) return false;
      if (name === 'renames_used_value') renameValue(roles, used, 'By hand too');
      else removeValue(world, roles, used.id);
      return true;
    }
    case 'creates_same_value': {
      const create = scene.plan.changes.find(
        ({ ref, action }) => ref.startsWith('value.') && action === 'create',
      );
      const attribute = world.attributes.get(create?.ref.split('.')[1] ?? '');
      if (create === undefined || attribute === undefined) return false;
      addValue(world, attribute, String((create.after as JsonObject)['name']), null, 'human');
      return true;
    }
    case 'uses_retired_value': {
      const retired = roles?.values.find((value) => value.name === 'Retired');
      const product = [...world.products.values()].at(-1);
      if (roles === undefined || retired === undefined || product === undefined) return false;
      const held = product.attributes.get(roles.id);
      product.attributes.set(roles.id, [...(Array.isArray(held) ? held : []), retired.id]);
      return true;
    }
    case 'deletes_product':
      return first === undefined ? false : world.products.delete(first.product.id);
    case 'moves_product':
      if (first === undefined) return false;
      first.product.slug = 'by-hand';
      return true;
  }
}

/** A value that a product has after the plan. */
function usedValue(scene: Scene, world: World) {
  for (const change of scene.plan.changes) {
    if (!change.ref.startsWith('product.')) continue;
    const field = fieldsOf(change).find(({ name }) => name === 'gsv_roles');
    for (const key of Object.keys((field?.after ?? {}) as JsonObject)) {
      const value = valueOfKey(scene, world, 'gsv_roles', key);
      if (value !== null) return value;
    }
  }
  return null;
}
