import type { Step } from '../../../src/apply/ports.ts';
import { isSame } from '../../../src/core/json/canonical-json.ts';
import type { Json, JsonObject } from '../../../src/core/json/json-value.ts';
import type { Change } from '../../../src/diff/model.ts';
import type { Scene } from './scene.ts';
import {
  type AttributeRow,
  attributeById,
  type ProductRow,
  type ValueRow,
  valueById,
  type World,
} from './simulated-shop.ts';

/** Compares the shop's rows with a plan. Independent of the engine's own comparison, so that each checks the other. */

/** The value of a key: the one that the plan adopts, else the one with this slug (mode key) or reference. */
export function valueOfKey(
  { contract, plan }: Scene,
  world: World,
  attribute: string,
  key: string,
): ValueRow | null {
  const values = world.attributes.get(attribute)?.values ?? [];
  const planned = plan.changes.find(({ ref }) => ref === `value.${attribute}.${key}`)?.ids['value'];
  const isIt = (value: ValueRow): boolean => {
    if (planned !== undefined) return value.id === planned;
    return contract.naming === 'key' ? value.slug === key : value.reference === `${attribute}.${key}`;
  };
  return values.find(isIt) ?? null;
}

/** Whether the shop has the change's `after`. */
export function isInShop(scene: Scene, world: World, change: Change): boolean {
  const [kind, first = '', second = '', third = ''] = change.ref.split('.');
  const after = change.after as JsonObject | null;
  switch (kind) {
    case 'attribute':
      return world.attributes.get(first)?.input_type === after?.['input_type'];
    case 'assignment':
      return world.types.get(first)?.attributes.has(second) === true;
    case 'value': {
      const value = valueOfKey(scene, world, first, second);
      if (after === null || value === null) return after === value;
      const before = change.before as JsonObject | null;
      const isChanged = (name: string) => after[name] !== before?.[name];
      if (isChanged('name') && value.name !== after['name']) return false;
      if (scene.contract.naming !== 'key')
        return !isChanged('external_reference') || value.reference === after['external_reference'];
      return !isChanged('slug') || value.slug === after['slug'];
    }
    case 'translation':
      return valueOfKey(scene, world, first, second)?.translations.get(third) === after?.['name'];
    default: {
      const product = world.products.get(change.ids['product'] ?? '');
      if (product === undefined || product.slug !== change.ref.slice('product.'.length)) return false;
      return fieldsOf(change).every(({ part, name, after: wanted }) =>
        isSame(productField(scene, world, product, part, name) ?? null, wanted ?? null),
      );
    }
  }
}

interface Field {
  readonly part: 'attributes' | 'metadata';
  readonly name: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** The fields of a product that its change changes. */
export function fieldsOf(change: Change): readonly Field[] {
  const known = FIELDS.get(change);
  if (known !== undefined) return known;
  const fields = comparedFields(change);
  FIELDS.set(change, fields);
  return fields;
}

/** Computed once per change: every read of the simulation needs them. */
const FIELDS = new WeakMap<Change, readonly Field[]>();

function comparedFields(change: Change): readonly Field[] {
  const fields: Field[] = [];
  for (const part of ['attributes', 'metadata'] as const) {
    const before = (change.before as JsonObject)[part] as JsonObject;
    const after = (change.after as JsonObject)[part] as JsonObject;
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (!isSame(before[name], after[name]))
        fields.push({ part, name, before: before[name], after: after[name] });
    }
  }
  return fields;
}

/** A product's attribute or metadata value, in the plan's terms. */
export function productField(
  scene: Scene,
  world: World,
  product: ProductRow,
  part: Field['part'],
  name: string,
): Json | undefined {
  if (part === 'metadata') return product.metadata.get(name);
  const row = world.attributes.get(name);
  const rule = scene.contract.attributes.find(({ slug }) => slug === name);
  const values = (row === undefined ? undefined : product.attributes.get(row.id)) ?? [];
  if (rule?.input_type === 'BOOLEAN') return typeof values === 'boolean' ? values : null;
  const keys = (Array.isArray(values) ? values : []).map((id) => keyOf(scene, row, id));
  return rule?.input_type === 'DROPDOWN'
    ? (keys[0] ?? null)
    : Object.fromEntries(keys.map((key) => [key, true]));
}

function keyOf({ contract, plan }: Scene, row: AttributeRow | undefined, id: string): string {
  const value = row?.values.find((one) => one.id === id);
  if (value === undefined) return `no value ${id}`;
  const prefix = `${row?.slug}.`;
  if (contract.naming !== 'key' && value.reference?.startsWith(prefix))
    return value.reference.slice(prefix.length);
  // The plan names a value that it adopts by its key, before and after.
  const adopted = plan.changes.find(
    ({ ref, ids }) => ids['value'] === id && ref.startsWith(`value.${prefix}`),
  );
  if (adopted !== undefined) return adopted.ref.slice(`value.${prefix}`.length);
  return contract.naming === 'key' ? value.slug : `slug:${value.slug}`;
}

/** Why a mutation is not in the plan; null: it is. `world`: the shop before the mutation. */
export function unplannedWrite(scene: Scene, world: World, step: Step): string | null {
  const change = (ref: string) => scene.plan.changes.find((one) => one.ref === ref);
  const slugOf = (id: string) => attributeById(world, id)?.slug ?? '';
  for (const ref of step.refs) if (change(ref) === undefined) return `no change ${ref}`;
  const [first = ''] = step.refs;
  const after = (change(first)?.after ?? null) as JsonObject | null;
  switch (step.kind) {
    case 'create_attribute':
      return first === `attribute.${step.slug}` &&
        after?.['name'] === step.name &&
        after['input_type'] === step.input_type
        ? null
        : 'another attribute';
    case 'clear_reference':
      return step.id === change(first)?.ids['value'] && after?.['external_reference'] === null
        ? null
        : 'another reference';
    case 'unassign':
    case 'assign': {
      const type = [...world.types].find(([, { id }]) => id === step.product_type)?.[0];
      // An id of a falsely confirmed create does not exist, so the shop refuses it.
      if (step.attributes.some((id) => attributeById(world, id) === null)) return null;
      const refs = step.attributes.map((id) => `assignment.${type}.${slugOf(id)}`);
      return isSame(refs, step.refs) ? null : `other assignments: ${refs}`;
    }
    case 'create_values': {
      const isPlanned = (
        { attribute, name, reference }: (typeof step.values)[number],
        index: number,
      ): boolean => {
        const [, slug = '', key = ''] = (step.refs[index] ?? '').split('.');
        const wanted = change(step.refs[index] ?? '');
        return (
          wanted?.action === 'create' &&
          slugOf(attribute) === slug &&
          reference === `${slug}.${key}` &&
          name === (wanted.after as JsonObject)['name']
        );
      };
      return step.values.length === step.refs.length && step.values.every(isPlanned) ? null : 'other values';
    }
    case 'update_value': {
      if (step.id !== change(first)?.ids['value']) return 'another value';
      const [, slug, key] = first.split('.');
      if (step.name === null && step.reference === null) return 'nothing to write';
      if (step.name !== null && step.name !== after?.['name']) return 'another name';
      return step.reference === null || step.reference === `${slug}.${key}` ? null : 'another reference';
    }
    case 'translate': {
      const [, slug = '', key = '', locale] = first.split('.');
      const isIts =
        valueOfKey(scene, world, slug, key)?.id === step.id || isOrWas(world, step.id, `${slug}.${key}`);
      return isIts && step.locale === locale && step.name === after?.['name'] ? null : 'another translation';
    }
    case 'update_product':
    case 'update_metadata':
    case 'delete_metadata':
      return strayProductWrite(scene, world, step, change(first) as Change);
    case 'delete_value': {
      if (change(first)?.action === 'delete')
        return step.id === change(first)?.ids['value'] ? null : 'deletes another value';
      const value = valueById(world, step.id)?.value;
      // A rollback deletes only values of our own.
      return change(first)?.action === 'create' && (value === undefined || value.by === 'us')
        ? null
        : 'deletes what is not ours';
    }
  }
}

/** Deleted meanwhile, or renamed by a person: Saleor then derived its slug again, and its reference stayed. */
function isOrWas(world: World, id: string, reference: string): boolean {
  const value = valueById(world, id)?.value;
  return value === undefined || value.reference === reference || value.name.startsWith('By hand');
}

type ProductStep = Extract<Step, { kind: 'update_product' | 'update_metadata' | 'delete_metadata' }>;

function strayProductWrite(scene: Scene, world: World, step: ProductStep, change: Change): string | null {
  if (step.id !== change.ids['product']) return 'another product';
  const fields = new Map(fieldsOf(change).map((field) => [`${field.part}.${field.name}`, field]));
  if (step.kind === 'delete_metadata') {
    const wrong = step.keys.find(
      (key) =>
        fields.get(`metadata.${key}`) === undefined || fields.get(`metadata.${key}`)?.after !== undefined,
    );
    return wrong === undefined && step.keys.length > 0 ? null : `deletes the key ${wrong}`;
  }
  for (const [key, text] of Object.entries(step.metadata))
    if (fields.get(`metadata.${key}`)?.after !== text) return `writes the key ${key}`;
  if (step.kind === 'update_metadata')
    return Object.keys(step.metadata).length > 0 ? null : 'nothing to write';
  for (const assignment of step.attributes) {
    const row = attributeById(world, assignment.attribute);
    const field = fields.get(`attributes.${row?.slug}`);
    if (field === undefined) return `writes the attribute ${row?.slug}`;
    const keys = (ids: readonly string[]) => ids.map((id) => keyOf(scene, row ?? undefined, id));
    const written =
      assignment.input_type === 'BOOLEAN'
        ? assignment.value
        : assignment.input_type === 'DROPDOWN'
          ? (keys([assignment.value].flatMap((id) => id ?? []))[0] ?? null)
          : Object.fromEntries(keys(assignment.values).map((key) => [key, true]));
    const ids = 'values' in assignment ? assignment.values : [assignment.value];
    // A value that a person deleted meanwhile has no key here; Saleor refuses its id.
    if (ids.some((id) => typeof id === 'string' && valueById(world, id) === null)) continue;
    if (!isSame(written as Json, field.after ?? null) && !wasRenamed(row, ids))
      return `writes ${JSON.stringify(written)} to ${row?.slug}`;
  }
  return null;
}

/** Whether a person renamed one of the values after the read: its id is still the planned one. */
const wasRenamed = (row: AttributeRow | null, ids: readonly (string | boolean | null)[]): boolean =>
  row?.values.some(({ id, name }) => ids.includes(id) && name.startsWith('By hand')) ?? false;
