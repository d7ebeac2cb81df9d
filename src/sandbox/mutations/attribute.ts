import type { Context, Resolvers } from '../graphql/context.ts';
import { crash, type InputProblem, invalidInput, notInSandbox } from '../graphql/errors.ts';
import { CUSTOMERS, PAGES, requirePermission, TYPES } from '../graphql/permissions.ts';
import { decodeId, inputPk } from '../store/global-ids.ts';
import type { AttributeRecord, ValueRecord } from '../store/records.ts';
import { djangoSlugify, freeSlug, slugFor } from '../store/slugs.ts';
import {
  findBySlug,
  insertValue,
  nextSortOrder,
  removeValue,
  type Store,
  slugTakenIn,
  valueRowsOf,
} from '../store/store.ts';
import { transliterate } from '../store/transliterate.ts';
import type { ValueInput } from './attribute-value.ts';
import {
  isReferenceTaken,
  referenceProblem,
  requireOneSelector,
  slugProblem,
  textProblem,
  throwIfInvalid,
  uniqueProblem,
} from './field-validation.ts';
import { mutationResolver, refuseUnknownMembers } from './payload.ts';

const TO_CHANGE = [TYPES, PAGES, CUSTOMERS];

/** Columns that create and update set without a check. */
const FLAGS = ['valueRequired', 'visibleInStorefront', 'externalReference', 'unit'] as const;

interface Flags {
  readonly valueRequired?: boolean | null;
  readonly visibleInStorefront?: boolean | null;
  readonly externalReference?: string | null;
  readonly unit?: string | null;
}

interface CreateInput extends Flags {
  readonly name: string;
  readonly type: string;
  readonly inputType?: string | null;
  readonly entityType?: string | null;
  readonly slug?: string | null;
  readonly values?: readonly ValueInput[] | null;
}

function findAttributeRow(
  store: Store,
  { id, externalReference }: { readonly id?: string | null; readonly externalReference?: string | null },
): AttributeRecord {
  requireOneSelector(id, externalReference);
  const row = id
    ? store.attributes.get(inputPk('Attribute', id))
    : Array.from(store.attributes.values()).find((a) => a.externalReference === externalReference);
  if (!row)
    throw invalidInput(
      id ? 'id' : 'externalReference',
      'NOT_FOUND',
      `Couldn't resolve to a node: ${id ?? externalReference}`,
    );
  return row;
}

const NAME_LENGTH = 255;

/** Saleor checks these after the values. */
function columnProblems(store: Store, input: UpdateInput, except?: number): readonly (InputProblem | null)[] {
  const { name, slug, externalReference } = input;
  const table = { rows: store.attributes, name: 'Attribute' };
  return [
    name === undefined ? null : textProblem('name', name, true, NAME_LENGTH),
    slugProblem(slug),
    uniqueProblem(table, 'slug', slug, except),
    uniqueProblem(table, 'externalReference', externalReference, except),
  ];
}

/** Checks a value of attributeCreate(values) or attributeUpdate(addValues). Faults but a missing name are INVALID on the list. */
function checkValue(store: Store, field: string, input: ValueInput): void {
  if (input.name === undefined || input.name === null)
    throw invalidInput(field, 'REQUIRED', 'The name field is required.');
  const text = textProblem('name', input.name, true);
  const blankSlug = djangoSlugify(input.name) === '' ? 'This field cannot be blank.' : null;
  const reference = referenceProblem(store, input.externalReference);
  const message = text?.message ?? blankSlug ?? reference?.message;
  if (message) throw invalidInput(field, 'INVALID', message);
}

function checkNames(
  store: Store,
  field: string,
  inputs: readonly ValueInput[],
  attribute: AttributeRecord | null,
): void {
  const existing = new Set(
    attribute ? valueRowsOf(store, attribute.pk).map((v) => v.name.toLowerCase().trim()) : [],
  );
  const clash = inputs.find((v) =>
    existing.has(
      transliterate(v.name ?? '')
        .toLowerCase()
        .trim(),
    ),
  );
  if (clash)
    throw invalidInput(field, 'ALREADY_EXISTS', `Value ${clash.name} already exists within this attribute.`);
  const names = inputs.map((v) => (v.name ?? '').toLowerCase().trim());
  if (new Set(names).size !== names.length)
    throw invalidInput(field, 'UNIQUE', 'Provided values are not unique.');
}

/** `attribute` null: the values of a new attribute. */
function checkValues(
  store: Store,
  field: string,
  inputs: readonly ValueInput[],
  { inputType, attribute }: { readonly inputType: string; readonly attribute: AttributeRecord | null },
): void {
  if (inputs.length > 0 && !['DROPDOWN', 'MULTISELECT', 'SWATCH'].includes(inputType))
    throw invalidInput(
      field,
      'INVALID',
      `Values cannot be used with input type ${inputType.toLowerCase().replace('_', '-')}.`,
    );
  const known = ['name', 'externalReference', ...(inputType === 'SWATCH' ? ['value'] : [])];
  for (const input of inputs) {
    refuseUnknownMembers(field, input, known);
    checkValue(store, field, input);
  }
  checkNames(store, field, inputs, attribute);
}

/** Saleor saves one by one: a reference twice in the call crashes after the values before it were written. */
function saveValues(store: Store, attribute: AttributeRecord, inputs: readonly ValueInput[]): void {
  for (const input of inputs) {
    const reference = input.externalReference ?? null;
    if (reference !== null && isReferenceTaken(store, reference)) {
      store.next.value += 1;
      throw crash('IntegrityError');
    }
    const name = input.name ?? '';
    insertValue(store, {
      attribute: attribute.pk,
      name,
      slug: freeSlug(djangoSlugify(name), slugTakenIn(store, attribute.pk)),
      value: input.value ?? '',
      externalReference: reference,
      sortOrder: nextSortOrder(store, attribute.pk),
    });
  }
}

/** Inserts a row without any check. */
export function insertAttribute(store: Store, input: CreateInput, slug: string): AttributeRecord {
  const pk = store.next.attribute++;
  const row: AttributeRecord = {
    kind: 'Attribute',
    pk,
    slug,
    name: input.name,
    inputType: input.inputType ?? 'DROPDOWN',
    type: input.type,
    entityType: input.entityType ?? null,
    unit: input.unit ?? null,
    valueRequired: input.valueRequired ?? false,
    visibleInStorefront: input.visibleInStorefront ?? true,
    externalReference: input.externalReference ?? null,
    metadata: new Map(),
    privateMetadata: new Map(),
  };
  store.attributes.set(pk, row);
  return row;
}

function create({ input }: { input: CreateInput }, { store, caller }: Context) {
  refuseUnknownMembers('attributeCreate', input, [
    'name',
    'slug',
    'type',
    'inputType',
    'entityType',
    'values',
    ...FLAGS,
  ]);
  if (input.type !== 'PRODUCT_TYPE' && input.type !== 'PAGE_TYPE')
    throw notInSandbox(`attributes of type ${input.type}`);
  requirePermission(caller, [input.type === 'PAGE_TYPE' ? PAGES : TYPES]);
  const inputType = input.inputType ?? 'DROPDOWN';
  if (inputType.endsWith('REFERENCE') && !input.entityType)
    throw invalidInput('entityType', 'REQUIRED', 'Entity type is required for reference input type.');
  checkValues(store, 'values', input.values ?? [], { inputType, attribute: null });
  const given = input.slug || null;
  throwIfInvalid(columnProblems(store, { ...input, slug: given }));
  const slug = given ?? slugFor(input.name, (s) => findBySlug(store.attributes, s) !== undefined);
  const attribute = insertAttribute(store, input, slug);
  saveValues(store, attribute, input.values ?? []);
  return { attribute };
}

interface UpdateInput extends Flags {
  readonly name?: string | null;
  readonly slug?: string | null;
  readonly addValues?: readonly ValueInput[] | null;
  readonly removeValues?: readonly string[] | null;
}

function resolveValues(store: Store, ids: readonly string[]): readonly ValueRecord[] {
  const rows = ids.map((id) => {
    const parsed = decodeId(id);
    if (parsed && parsed.type !== 'AttributeValue')
      throw notInSandbox('removeValues with an id of another kind');
    return store.values.get(Number(parsed?.key));
  });
  if (rows.some((row) => !row))
    throw invalidInput(
      'removeValues',
      'GRAPHQL_ERROR',
      `Could not resolve to a node with the global id list of '[${ids.map((id) => `'${id}'`).join(', ')}]'.`,
    );
  return rows.filter((row) => row !== undefined);
}

function refuseForeign(attribute: AttributeRecord, values: readonly ValueRecord[]): void {
  const foreign = values.find((row) => row.attribute !== attribute.pk);
  if (foreign)
    throw invalidInput('removeValues', 'INVALID', `Value ${foreign.name} does not belong to this attribute.`);
}

/** Sets the attribute's columns. A new name leaves the slug alone, unlike a value's. */
export function setColumns(row: AttributeRecord, input: UpdateInput): void {
  if (typeof input.name === 'string') row.name = input.name;
  if (typeof input.slug === 'string') row.slug = input.slug;
  if (typeof input.valueRequired === 'boolean') row.valueRequired = input.valueRequired;
  if (typeof input.visibleInStorefront === 'boolean') row.visibleInStorefront = input.visibleInStorefront;
  if (input.externalReference !== undefined) row.externalReference = input.externalReference;
  if (input.unit !== undefined) row.unit = input.unit;
}

interface UpdateArgs {
  readonly id?: string | null;
  readonly externalReference?: string | null;
  readonly input: UpdateInput;
}

function update({ input, ...selector }: UpdateArgs, { store, caller }: Context) {
  requirePermission(caller, TO_CHANGE);
  refuseUnknownMembers('attributeUpdate', input, ['name', 'slug', 'addValues', 'removeValues', ...FLAGS]);
  const attribute = findAttributeRow(store, selector);
  const removed = resolveValues(store, input.removeValues ?? []);
  if (input.slug === null || input.slug === '')
    throw invalidInput('slug', 'REQUIRED', 'Slug value cannot be blank.');
  checkValues(store, 'addValues', input.addValues ?? [], { inputType: attribute.inputType, attribute });
  refuseForeign(attribute, removed);
  throwIfInvalid(columnProblems(store, input, attribute.pk));
  setColumns(attribute, input);
  saveValues(store, attribute, input.addValues ?? []);
  for (const value of removed) removeValue(store, value);
  return { attribute };
}

function remove(selector: Omit<UpdateArgs, 'input'>, { store, caller }: Context) {
  requirePermission(caller, TO_CHANGE);
  const attribute = findAttributeRow(store, selector);
  for (const value of valueRowsOf(store, attribute.pk)) removeValue(store, value);
  for (const type of store.productTypes.values())
    type.attributes = type.attributes.filter(({ pk }) => pk !== attribute.pk);
  for (const product of store.products.values()) product.assigned.delete(attribute.pk);
  store.attributes.delete(attribute.pk);
  return { attribute };
}

export const attributeMutations: Resolvers = {
  attributeCreate: mutationResolver(create),
  attributeUpdate: mutationResolver(update),
  attributeDelete: mutationResolver(remove),
};
