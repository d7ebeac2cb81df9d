import type { CreatedResource, Scope, Step, StepReply } from '../../../src/apply/ports.ts';
import type { Contract } from '../../../src/contract/contract.ts';
import type {
  Actual,
  Assigned,
  Attribute,
  InputType,
  Product,
  Target,
} from '../../../src/core/actual-state.ts';
import { sortedRecord } from '../../../src/core/json/records.ts';
import { slugFor } from '../../../src/sandbox/store/slugs.ts';

/** A shop in memory that behaves like Saleor as far as apply can see (docs/saleor.md#measured-facts); plain data for structuredClone. */
export interface World {
  readonly attributes: Map<string, AttributeRow>;
  readonly types: Map<string, { id: string; name: string; attributes: Set<string> }>;
  readonly products: Map<string, ProductRow>;
  /** Executed mutations and edits, in order. */
  readonly log: Done[];
  next: number;
  looks: number;
}

export interface AttributeRow {
  readonly id: string;
  readonly slug: string;
  name: string;
  input_type: InputType;
  values: ValueRow[];
}

export interface ValueRow {
  readonly id: string;
  name: string;
  slug: string;
  reference: string | null;
  readonly translations: Map<string, string>;
  readonly by: Author;
  /** Number of reads of the values before its creation. */
  readonly since: number;
}

export interface ProductRow {
  readonly id: string;
  slug: string;
  name: string;
  type: string;
  /** Attribute's id → value ids, or a boolean. */
  readonly attributes: Map<string, readonly string[] | boolean>;
  readonly metadata: Map<string, string>;
}

export type Author = 'seed' | 'us' | 'human';
export interface Done {
  readonly by: Author;
  readonly refs: readonly string[];
  readonly kind: string;
  /** 0 before the first run. */
  readonly run: number;
  readonly number: number;
}

export const emptyWorld = (): World => ({
  attributes: new Map(),
  types: new Map(),
  products: new Map(),
  log: [],
  next: 1,
  looks: 0,
});

export const fresh = (world: World, kind: string): string => `${kind}:${world.next++}`;

const done = (made: readonly CreatedResource[] = []): StepReply => ({ state: 'done', made });
const refused = (code: string, message: string): StepReply => ({ state: 'refused', code, message });
export const unclear = (message: string): StepReply => ({
  state: 'unclear',
  code: 'connection_lost',
  message,
});

/** Executes one mutation as Saleor would; `unclear`: a crash that wrote nothing. */
export function execute(world: World, step: Step, by: Author): StepReply {
  switch (step.kind) {
    case 'create_attribute': {
      if (world.attributes.has(step.slug)) return refused('UNIQUE', 'slug: exists already');
      const id = fresh(world, 'Attribute');
      const { slug, name, input_type } = step;
      world.attributes.set(slug, { id, slug, name, input_type, values: [] });
      return done([{ ref: step.refs[0], id, slug }]);
    }
    case 'assign':
      return assign(world, step);
    case 'unassign': {
      const type = [...world.types.values()].find(({ id }) => id === step.product_type);
      if (type === undefined) return refused('NOT_FOUND', 'no such product type');
      for (const id of step.attributes) type.attributes.delete(attributeById(world, id)?.slug ?? '');
      return done();
    }
    case 'clear_reference': {
      const found = valueById(world, step.id);
      if (found === null) return refused('NOT_FOUND', 'no such value');
      found.value.reference = null;
      return done();
    }
    case 'create_values':
      return createValues(world, step, by);
    case 'update_value':
      return updateValue(world, step);
    case 'translate': {
      const found = valueById(world, step.id);
      if (found === null) return refused('NOT_FOUND', 'no such value');
      found.value.translations.set(step.locale, step.name);
      return done();
    }
    case 'update_product':
      return updateProduct(world, step);
    case 'update_metadata': {
      const product = world.products.get(step.id);
      if (product === undefined) return refused('NOT_FOUND', 'no such product');
      for (const [key, text] of Object.entries(step.metadata)) product.metadata.set(key, text);
      return done();
    }
    case 'delete_metadata': {
      const product = world.products.get(step.id);
      if (product === undefined) return refused('NOT_FOUND', 'no such product');
      for (const key of step.keys) product.metadata.delete(key);
      return done();
    }
    case 'delete_value': {
      const found = valueById(world, step.id);
      if (found === null) return refused('NOT_FOUND', 'no such value');
      removeValue(world, found.attribute, step.id);
      return done();
    }
  }
}

export const attributeById = (world: World, id: string): AttributeRow | null =>
  [...world.attributes.values()].find((one) => one.id === id) ?? null;

export function valueById(world: World, id: string): { attribute: AttributeRow; value: ValueRow } | null {
  for (const attribute of world.attributes.values()) {
    const value = attribute.values.find((one) => one.id === id);
    if (value !== undefined) return { attribute, value };
  }
  return null;
}

export function removeValue(world: World, attribute: AttributeRow, id: string): void {
  attribute.values = attribute.values.filter((one) => one.id !== id);
  for (const { attributes } of world.products.values()) {
    const held = attributes.get(attribute.id);
    if (Array.isArray(held))
      attributes.set(
        attribute.id,
        held.filter((one) => one !== id),
      );
  }
}

/** A rename derives the slug again; the value's own old slug counts as free. */
export function renameValue(attribute: AttributeRow, value: ValueRow, name: string): void {
  value.slug = slugFor(name, (slug) => attribute.values.some((one) => one !== value && one.slug === slug));
  value.name = name;
}

export function addValue(
  world: World,
  attribute: AttributeRow,
  name: string,
  reference: string | null,
  by: Author,
): ValueRow {
  const slug = slugFor(name, (wanted) => attribute.values.some((one) => one.slug === wanted));
  const value: ValueRow = {
    id: fresh(world, 'Value'),
    name,
    slug,
    reference,
    translations: new Map(),
    by,
    since: world.looks,
  };
  attribute.values.push(value);
  return value;
}

function assign(world: World, step: Step & { kind: 'assign' }): StepReply {
  const type = [...world.types.values()].find(({ id }) => id === step.product_type);
  const slugs = step.attributes.map((id) => attributeById(world, id)?.slug);
  if (type === undefined || slugs.includes(undefined))
    return refused('NOT_FOUND', 'no such attribute or type');
  if (slugs.some((slug) => type.attributes.has(slug ?? '')))
    return refused('ATTRIBUTE_ALREADY_ASSIGNED', 'operations');
  for (const slug of slugs) type.attributes.add(slug ?? '');
  return done(step.attributes.map((id, index) => ({ ref: step.refs[index] ?? '', id, slug: '' })));
}

const referenceTaken = (world: World, reference: string, except: ValueRow | null): boolean =>
  [...world.attributes.values()].some(({ values }) =>
    values.some((value) => value !== except && value.reference === reference),
  );

/** attributeBulkUpdate with REJECT_EVERYTHING: checks references but not names; equal slugs crash (docs/saleor.md#creating-many-values). */
function createValues(world: World, step: Step & { kind: 'create_values' }, by: Author): StepReply {
  const references = step.values.map(({ reference }) => reference);
  if (new Set(references).size < references.length)
    return refused('DUPLICATED_INPUT_ITEM', 'externalReference');
  if (references.some((one) => referenceTaken(world, one, null)))
    return refused('UNIQUE', 'externalReference');
  const wanted = step.values.map((value) => ({ ...value, row: attributeById(world, value.attribute) }));
  if (wanted.some(({ row }) => row === null)) return refused('NOT_FOUND', 'no such attribute');
  const slugs = wanted.map(
    ({ row, name }) =>
      `${row?.slug}.${slugFor(name, (slug) => row?.values.some((one) => one.slug === slug) ?? false)}`,
  );
  if (new Set(slugs).size < slugs.length) return unclear('Internal Server Error (IntegrityError)');
  return done(
    wanted.map(({ row, name, reference }, index) => {
      const { id, slug } = addValue(world, row as AttributeRow, name, reference, by);
      return { ref: step.refs[index] ?? '', id, slug };
    }),
  );
}

function updateValue(world: World, step: Step & { kind: 'update_value' }): StepReply {
  const found = valueById(world, step.id);
  if (found === null) return refused('NOT_FOUND', 'no such value');
  if (step.reference !== null && referenceTaken(world, step.reference, found.value))
    return refused('UNIQUE', 'externalReference');
  if (step.name !== null) renameValue(found.attribute, found.value, step.name);
  if (step.reference !== null) found.value.reference = step.reference;
  return done();
}

/** All or nothing. Replaces each given attribute as a whole and leaves the others. */
function updateProduct(world: World, step: Step & { kind: 'update_product' }): StepReply {
  const product = world.products.get(step.id);
  if (product === undefined) return refused('NOT_FOUND', 'no such product');
  const writes: [string, readonly string[] | boolean][] = [];
  for (const assignment of step.attributes) {
    const attribute = attributeById(world, assignment.attribute);
    if (attribute === null || !world.types.get(product.type)?.attributes.has(attribute.slug))
      return refused('NOT_FOUND', 'attributes: could not resolve');
    if (attribute.input_type !== assignment.input_type)
      throw new Error('the wrong field would clear without a word');
    if (assignment.input_type === 'BOOLEAN') {
      writes.push([attribute.id, assignment.value ?? []]);
      continue;
    }
    const ids =
      assignment.input_type === 'DROPDOWN' ? [assignment.value].flatMap((id) => id ?? []) : assignment.values;
    if (ids.some((id) => !attribute.values.some((value) => value.id === id)))
      return refused('INVALID', "Attribute value(s) with given ID(s) can't be found");
    writes.push([attribute.id, ids]);
  }
  for (const [id, held] of writes) product.attributes.set(id, held);
  for (const [key, text] of Object.entries(step.metadata)) product.metadata.set(key, text);
  return done();
}

export const SIM_TARGET: Target = { name: null, api_url: 'https://shop.example.com/graphql/' };
const PERMISSIONS = ['MANAGE_PRODUCTS', 'MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES', 'MANAGE_TRANSLATIONS'];

/** Reads the whole scope. `counted`: with the number of users of each value, which a plan with deletes needs. */
export function readWorld(world: World, contract: Contract, scope: Scope, counted = false): Actual {
  const withStructure = scope.attributes.length > 0;
  return {
    target: SIM_TARGET,
    permissions: PERMISSIONS,
    locales: [...scope.locales],
    attributes: sortedRecord(
      scope.attributes.flatMap((slug) => {
        const row = world.attributes.get(slug);
        return row === undefined ? [] : [[slug, attributeOf(world, row, scope.locales, counted)] as const];
      }),
    ),
    product_types: !withStructure
      ? {}
      : sortedRecord(
          [...world.types].map(([slug, { id, name, attributes }]) => [
            slug,
            { id, name, attributes: [...attributes].sort() },
          ]),
        ),
    products: sortedRecord(
      scope.products.flatMap((id) => {
        const row = world.products.get(id);
        return row === undefined ? [] : [[row.slug, productOf(world, contract, row)] as const];
      }),
    ),
  };
}

function attributeOf(
  world: World,
  row: AttributeRow,
  locales: readonly string[],
  counted: boolean,
): Attribute {
  const values = row.values.map(({ id, name, slug, reference, translations }) => {
    const labels = sortedRecord(locales.map((locale) => [locale, translations.get(locale) ?? null] as const));
    const users = counted ? { users: usersOf(world, row.id, id) } : {};
    return [slug, { id, name, reference, translations: labels, ...users }] as const;
  });
  return { id: row.id, name: row.name, input_type: row.input_type, values: sortedRecord(values) };
}

export const usersOf = (world: World, attribute: string, value: string): number =>
  [...world.products.values()].filter(({ attributes }) => {
    const held = attributes.get(attribute);
    return Array.isArray(held) && held.includes(value);
  }).length;

function productOf(world: World, contract: Contract, row: ProductRow): Product {
  const attributes = contract.attributes.map(({ slug, input_type }): [string, Assigned] => {
    const attribute = world.attributes.get(slug);
    const held = attribute === undefined ? [] : (row.attributes.get(attribute.id) ?? []);
    if (input_type === 'BOOLEAN') return [slug, typeof held === 'boolean' ? held : null];
    const slugs = (Array.isArray(held) ? held : []).map(
      (id) => attribute?.values.find((value) => value.id === id)?.slug ?? '',
    );
    return [
      slug,
      input_type === 'DROPDOWN' ? (slugs[0] ?? null) : sortedRecord(slugs.map((one) => [one, true as const])),
    ];
  });
  const metadata = contract.metadata.flatMap(({ key }) => {
    const text = row.metadata.get(key);
    return text === undefined ? [] : [[key, text] as const];
  });
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    document: { attributes: sortedRecord(attributes), metadata: sortedRecord(metadata) },
  };
}
