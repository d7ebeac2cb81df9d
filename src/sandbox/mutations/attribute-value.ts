import { hasChoices } from '../graphql/attribute-filters.ts';
import type { Context, Resolvers } from '../graphql/context.ts';
import { crash, FieldError, invalidInput, notInSandbox } from '../graphql/errors.ts';
import { CUSTOMERS, PAGES, PRODUCTS, requirePermission, TYPES } from '../graphql/permissions.ts';
import { decodeId, inputPk } from '../store/global-ids.ts';
import type { AttributeRecord, ValueRecord } from '../store/records.ts';
import { slugFor } from '../store/slugs.ts';
import { insertValue, nextSortOrder, removeValue, type Store, slugTakenIn } from '../store/store.ts';
import { referenceProblem, requireOneSelector, textProblem, throwIfInvalid } from './field-validation.ts';
import { mutationResolver, refuseUnknownMembers } from './payload.ts';

export interface ValueInput {
  readonly name?: string | null;
  readonly value?: string | null;
  readonly externalReference?: string | null;
}

/** Permissions as each mutation's error lists them, repetitions included (recording 10-permissions-per-mutation). */
const TO_CREATE = [TYPES, PAGES, CUSTOMERS, PRODUCTS];
const TO_CHANGE = [TYPES, PAGES, CUSTOMERS, TYPES];
const TO_BULK_DELETE = [TYPES, PAGES, CUSTOMERS, PAGES];

const KNOWN = ['name', 'externalReference'];

function findAttributeRow(store: Store, id: string, field: string): AttributeRecord {
  const row = store.attributes.get(inputPk('Attribute', id, field));
  if (!row) throw invalidInput(field, 'NOT_FOUND', `Couldn't resolve to a node: ${id}`);
  return row;
}

/** Finds a value by id or by external reference, exactly one. Throws an InputError. */
export function findValueRow(
  store: Store,
  { id, externalReference }: { readonly id?: string | null; readonly externalReference?: string | null },
): ValueRecord {
  requireOneSelector(id, externalReference);

  const row = id
    ? store.values.get(inputPk('AttributeValue', id))
    : Array.from(store.values.values()).find((v) => v.externalReference === externalReference);
  if (!row)
    throw invalidInput(
      id ? 'id' : 'externalReference',
      'NOT_FOUND',
      `Couldn't resolve to a node: ${id ?? externalReference}`,
    );
  return row;
}

function check(store: Store, input: ValueInput, except?: number): void {
  throwIfInvalid([
    typeof input.name === 'string' ? textProblem('name', input.name, true) : null,
    referenceProblem(store, input.externalReference, except),
  ]);
}

function create(
  { attribute: id, input }: { attribute: string; input: ValueInput },
  { store, caller }: Context,
) {
  requirePermission(caller, TO_CREATE);
  refuseUnknownMembers('attributeValueCreate', input, KNOWN);
  const attribute = findAttributeRow(store, id, 'id');
  if (!hasChoices(attribute) && attribute.inputType !== 'BOOLEAN')
    throw notInSandbox(`attributeValueCreate for input type ${attribute.inputType}`);
  check(store, input);
  const name = input.name ?? '';
  const attributeValue = insertValue(store, {
    attribute: attribute.pk,
    name,
    slug: slugFor(name, slugTakenIn(store, attribute.pk)),
    externalReference: input.externalReference ?? null,
    sortOrder: nextSortOrder(store, attribute.pk),
  });
  return { attributeValue, attribute };
}

interface UpdateArgs {
  readonly id?: string | null;
  readonly externalReference?: string | null;
  readonly input: ValueInput;
}

/** A name in the input, even the same one, derives the slug again (recording 01-value-update-regenerates-slug). */
function update({ input, ...selector }: UpdateArgs, { store, caller }: Context) {
  requirePermission(caller, TO_CHANGE);
  refuseUnknownMembers('attributeValueUpdate', input, KNOWN);
  const row = findValueRow(store, selector);
  if (input.name === null) throw crash('TypeError');
  check(store, input, row.pk);
  if (input.name !== undefined) {
    row.slug = slugFor(input.name, slugTakenIn(store, row.attribute, row.pk));
    row.name = input.name;
  }
  if (input.externalReference !== undefined) row.externalReference = input.externalReference;
  return { attributeValue: row, attribute: store.attributes.get(row.attribute) };
}

function remove(selector: Omit<UpdateArgs, 'input'>, { store, caller }: Context) {
  requirePermission(caller, TO_CHANGE);
  const row = findValueRow(store, selector);
  removeValue(store, row);
  return { attributeValue: row, attribute: store.attributes.get(row.attribute) };
}

/** All or nothing. All ids unknown and some ids unknown give different errors (recording 10-permissions-per-mutation, 15-value-update-misc). */
function bulkDelete({ ids }: { ids: readonly string[] }, { store, caller }: Context) {
  requirePermission(caller, TO_BULK_DELETE);
  const unresolved = `Could not resolve to a node with the global id list of '[${ids.map((id) => `'${id}'`).join(', ')}]'.`;
  const found = ids.map((id) => {
    const parsed = decodeId(id);
    if (!parsed) throw new FieldError(unresolved);
    if (parsed.type !== 'AttributeValue')
      throw invalidInput('id', 'GRAPHQL_ERROR', `Must receive AttributeValue id: ${id}.`);
    return { pk: Number(parsed.key), row: store.values.get(Number(parsed.key)) };
  });
  const missing = found.find((f) => !f.row);
  if (missing && found.every((f) => !f.row)) throw invalidInput(null, 'GRAPHQL_ERROR', unresolved);
  if (missing) throw new FieldError(`There is no node of type AttributeValue with pk ${missing.pk}`);
  for (const { row } of found) if (row) removeValue(store, row);
  return { count: found.length };
}

/** Moves are relative; values without a sort order come last (recording 08-choices-order-after-bulk). */
function reorder(
  {
    attributeId,
    moves,
  }: { attributeId: string; moves: readonly { id: string; sortOrder?: number | null }[] },
  { store, caller }: Context,
) {
  requirePermission(caller, TO_CHANGE);
  const attribute = findAttributeRow(store, attributeId, 'attributeId');
  if (moves.length > 1) throw notInSandbox('attributeReorderValues with several moves');
  for (const { id, sortOrder } of moves) {
    const moved = store.values.get(inputPk('AttributeValue', id, 'moves'));
    if (!moved || moved.attribute !== attribute.pk)
      throw invalidInput('moves', 'NOT_FOUND', `Couldn't resolve to an attribute value: ${id}`);
    const all = Array.from(store.choices.get(attribute.pk) ?? [], (pk) => store.values.get(pk))
      .filter((v) => v !== undefined)
      .sort(
        (a, b) =>
          (a.sortOrder ?? Number.POSITIVE_INFINITY) - (b.sortOrder ?? Number.POSITIVE_INFINITY) ||
          a.pk - b.pk,
      );
    const from = all.indexOf(moved);
    const to = Math.max(0, Math.min(all.length - 1, from + (sortOrder ?? 0)));
    all.splice(to, 0, ...all.splice(from, 1));
    for (const [place, value] of all.entries()) value.sortOrder = place;
  }
  return { attribute };
}

export const valueMutations: Resolvers = {
  attributeValueCreate: mutationResolver(create),
  attributeValueUpdate: mutationResolver(update),
  attributeValueDelete: mutationResolver(remove),
  attributeValueBulkDelete: mutationResolver(bulkDelete, { count: 0 }),
  attributeReorderValues: mutationResolver(reorder),
};
