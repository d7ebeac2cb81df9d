import type { Context, Resolvers } from '../graphql/context.ts';
import { crash, notInSandbox } from '../graphql/errors.ts';
import { type Caller, hasPermission, TYPES } from '../graphql/permissions.ts';
import { decodeId } from '../store/global-ids.ts';
import type { AttributeRecord, ValueRecord } from '../store/records.ts';
import { djangoSlugify, freeSlug } from '../store/slugs.ts';
import { findBySlug, insertValue, removeValue, type Store, slugTakenIn } from '../store/store.ts';
import { transliterate } from '../store/transliterate.ts';
import { insertAttribute, setColumns } from './attribute.ts';
import type { ValueInput } from './attribute-value.ts';
import { isReferenceTaken } from './field-validation.ts';
import { mutationResolver, refuseUnknownMembers } from './payload.ts';

interface RowProblem {
  readonly path: string | null;
  readonly code: string;
  readonly message: string;
}

interface ValueFault {
  readonly at: string;
  readonly code: string;
  readonly message: string;
}

/** A value to be written. Its slug is unique in the shop before the call, not among the values of the call. */
interface Draft {
  readonly name: string;
  readonly slug: string;
  readonly externalReference: string | null;
}

/** Bulk mutations report a missing permission in each row, with HTTP 200 (recording 10-permissions-per-mutation). */
function permissionProblem(caller: Caller): RowProblem | null {
  if (hasPermission(caller, TYPES)) return null;
  const wanted =
    "(<ProductTypePermissions.MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES: 'product.manage_product_types_and_attributes'>,)";
  return {
    path: null,
    code: 'REQUIRED',
    message: `You have no permission to manage this type of attributes. You need one of the following permissions: ${wanted}`,
  };
}

const duplicates = (texts: readonly string[]): ReadonlySet<string> =>
  new Set(texts.filter((text, i) => texts.indexOf(text) !== i));

const foldedName = (name: string): string => transliterate(name.toLowerCase().trim());

const references = (inputs: readonly ValueInput[]): string[] =>
  inputs.map((v) => v.externalReference).filter((r) => typeof r === 'string' && r !== '') as string[];

interface BulkCall {
  readonly store: Store;
  readonly duplicated: ReadonlySet<string>;
}

function valueProblems(
  { store, duplicated }: BulkCall,
  input: ValueInput,
  names: ReadonlySet<string>,
): readonly ValueFault[] {
  const reference = input.externalReference;
  if (reference && duplicated.has(reference))
    return [
      { at: 'externalReference', code: 'DUPLICATED_INPUT_ITEM', message: 'Duplicated external reference.' },
    ];
  if (reference && isReferenceTaken(store, reference))
    return [{ at: 'externalReference', code: 'UNIQUE', message: 'External reference already exists.' }];
  if (!input.name) return [{ at: 'name', code: 'REQUIRED', message: 'The field is required.' }];
  if (names.has(foldedName(input.name)))
    return [{ at: 'name', code: 'DUPLICATED_INPUT_ITEM', message: 'Duplicated name.' }];
  return (['externalReference', 'name'] as const).flatMap((at) => {
    const length = Array.from(input[at] ?? '').length;
    const message = `Ensure this value has at most 250 characters (it has ${length}).`;
    return length > 250 ? [{ at, code: 'MAX_LENGTH', message }] : [];
  });
}

/**
 * Checks new values of one attribute; null: of a new attribute. Saleor ignores existing names and compares slugs only
 * with existing ones, so two new names with one slug crash later (docs/saleor.md#creating-many-values).
 */
function draftValues(
  call: BulkCall,
  inputs: readonly ValueInput[],
  list: string,
  attribute: AttributeRecord | null,
) {
  const problems: RowProblem[] = [];
  const accepted: Draft[] = [];
  const names = duplicates(inputs.map((v) => foldedName(v.name ?? '')));
  const callSlugs = new Set<string>();
  const isTaken = attribute ? slugTakenIn(call.store, attribute.pk) : (slug: string) => callSlugs.has(slug);
  for (const [i, input] of inputs.entries()) {
    refuseUnknownMembers(list, input, ['name', 'externalReference']);
    const found = valueProblems(call, input, names);
    if (found.length > 0) {
      problems.push(...found.map(({ at, code, message }) => ({ path: `${list}.${i}.${at}`, code, message })));
      continue;
    }
    const name = input.name ?? '';
    const slug = freeSlug(djangoSlugify(name), isTaken);
    callSlugs.add(slug);
    accepted.push({ name, slug, externalReference: input.externalReference ?? null });
  }
  return { problems, accepted };
}

interface BulkRow {
  attribute: AttributeRecord | null;
  readonly problems: readonly RowProblem[];
  readonly write: () => { readonly attribute: AttributeRecord; readonly values: readonly Draft[] };
}

/** Saleor writes all values by one INSERT: a clash uses up the keys and writes nothing. Sort orders stay NULL. */
function insertAll(
  store: Store,
  written: readonly { attribute: AttributeRecord; values: readonly Draft[] }[],
): void {
  const seen = new Set<string>();
  const isClash = written.some(({ attribute, values }) =>
    values.some(({ slug }) => {
      const key = `${attribute.pk}/${slug}`;
      const wasSeen = seen.has(key);
      seen.add(key);
      return wasSeen;
    }),
  );
  if (isClash) {
    store.next.value += written.reduce((sum, { values }) => sum + values.length, 0);
    throw crash('IntegrityError');
  }
  for (const { attribute, values } of written)
    for (const draft of values) insertValue(store, { ...draft, attribute: attribute.pk });
}

/** Error policies as in recording 02-attributeBulkUpdate. `count` counts attributes. */
function applyErrorPolicy(
  rows: readonly BulkRow[],
  policy: string | null | undefined,
  save: (rows: readonly BulkRow[]) => void,
) {
  const failed = rows.some((row) => row.problems.length > 0);
  const isRefused = failed && (policy ?? 'REJECT_EVERYTHING') === 'REJECT_EVERYTHING';
  for (const row of rows)
    if (isRefused || (policy === 'REJECT_FAILED_ROWS' && row.problems.length > 0)) row.attribute = null;
  const kept = rows.filter((row) => row.attribute !== null);
  save(kept);
  return {
    count: kept.length,
    results: rows.map(({ attribute, problems }) => ({ attribute, errors: problems })),
  };
}

interface UpdateItem {
  readonly id?: string | null;
  readonly externalReference?: string | null;
  readonly fields: {
    readonly name?: string | null;
    readonly valueRequired?: boolean | null;
    readonly visibleInStorefront?: boolean | null;
    readonly externalReference?: string | null;
    readonly addValues?: readonly ValueInput[] | null;
    readonly removeValues?: readonly string[] | null;
  };
}

const KNOWN_FIELDS = [
  'name',
  'addValues',
  'removeValues',
  'valueRequired',
  'visibleInStorefront',
  'externalReference',
];

const failedRow = (...problems: RowProblem[]): BulkRow => ({
  attribute: null,
  problems,
  write: () => {
    throw new Error('a failed row is never written');
  },
});

function findAttribute(store: Store, item: UpdateItem): AttributeRecord | RowProblem {
  if (!item.id && !item.externalReference)
    return {
      path: null,
      code: 'INVALID',
      message: "At least one of arguments is required: 'id', 'externalReference'.",
    };

  const parsed = item.id ? decodeId(item.id) : null;
  if (item.id && !parsed) throw notInSandbox('attributeBulkUpdate with a malformed id');
  if (parsed && parsed.type !== 'Attribute')
    return {
      path: 'id',
      code: 'INVALID',
      message: `Invalid ID: ${item.id}. Expected: Attribute, received: ${parsed.type}.`,
    };

  const row = item.id
    ? store.attributes.get(Number(parsed?.key))
    : Array.from(store.attributes.values()).find((a) => a.externalReference === item.externalReference);
  return (
    row ?? {
      path: item.id ? 'id' : 'externalReference',
      code: 'NOT_FOUND',
      message: "Couldn't resolve to an object.",
    }
  );
}

function valuesToRemove(store: Store, attribute: AttributeRecord, ids: readonly string[]) {
  const problems: RowProblem[] = [];
  const values: ValueRecord[] = [];
  for (const [i, id] of ids.entries()) {
    const parsed = decodeId(id);
    const value = store.values.get(Number(parsed?.key));

    if (value?.attribute === attribute.pk) values.push(value);
    else if (!parsed)
      problems.push({
        path: `removeValues.${i}`,
        code: 'INVALID',
        message: `Invalid ID: ${id}. Expected: AttributeValue.`,
      });
    else
      problems.push({
        path: `removeValues.${i}`,
        code: 'INVALID',
        message: `Value ${id} does not belong to this attribute.`,
      });
  }
  return { problems, values };
}

function updateRow(call: BulkCall, caller: Caller, item: UpdateItem): BulkRow {
  const attribute = findAttribute(call.store, item);
  if ('code' in attribute) return failedRow(attribute);
  const refusal = permissionProblem(caller);
  if (refusal) return failedRow(refusal);
  refuseUnknownMembers('attributeBulkUpdate', item.fields, KNOWN_FIELDS);

  if (item.fields.name === '' || item.fields.name === null)
    return failedRow({ path: 'name', code: 'BLANK', message: 'This field cannot be blank.' });

  const removed = valuesToRemove(call.store, attribute, item.fields.removeValues ?? []);
  const { problems, accepted } = draftValues(call, item.fields.addValues ?? [], 'addValues', attribute);
  return {
    attribute,
    problems: [...removed.problems, ...problems],
    write: () => {
      for (const value of removed.values) removeValue(call.store, value);
      setColumns(attribute, item.fields);
      return { attribute, values: accepted };
    },
  };
}

interface BulkArgs<T> {
  readonly attributes: readonly T[];
  readonly errorPolicy?: string | null;
}

function bulkUpdate({ attributes, errorPolicy }: BulkArgs<UpdateItem>, { store, caller }: Context) {
  const call = {
    store,
    duplicated: duplicates(references(attributes.flatMap((a) => a.fields.addValues ?? []))),
  };
  const rows = attributes.map((item) => updateRow(call, caller, item));
  return applyErrorPolicy(rows, errorPolicy, (kept) =>
    insertAll(
      store,
      kept.map((row) => row.write()),
    ),
  );
}

interface CreateItem {
  readonly name: string;
  readonly type: string;
  readonly inputType?: string | null;
  readonly externalReference?: string | null;
  readonly slug?: string | null;
  readonly values?: readonly ValueInput[] | null;
}

/** Ignores the given slug and derives it from the name, as Saleor does (recording 02-attributeBulkCreate). */
function createRow(call: BulkCall, caller: Caller, item: CreateItem): BulkRow {
  const refusal = permissionProblem(caller);
  if (refusal) return failedRow(refusal);
  refuseUnknownMembers('attributeBulkCreate', item, [
    'name',
    'slug',
    'type',
    'inputType',
    'externalReference',
    'values',
  ]);
  const { problems, accepted } = draftValues(call, item.values ?? [], 'values', null);
  if (problems.length > 0) throw notInSandbox('attributeBulkCreate with a bad value');
  const slug = freeSlug(djangoSlugify(item.name), (s) => findBySlug(call.store.attributes, s) !== undefined);
  const attribute = insertAttribute(call.store, item, slug);
  return { attribute, problems, write: () => ({ attribute, values: accepted }) };
}

function bulkCreate({ attributes, errorPolicy }: BulkArgs<CreateItem>, { store, caller }: Context) {
  const call = { store, duplicated: duplicates(references(attributes.flatMap((a) => a.values ?? []))) };
  const rows = attributes.map((item) => createRow(call, caller, item));
  return applyErrorPolicy(rows, errorPolicy, (kept) =>
    insertAll(
      store,
      kept.map((row) => row.write()),
    ),
  );
}

export const bulkMutations: Resolvers = {
  attributeBulkUpdate: mutationResolver(bulkUpdate),
  attributeBulkCreate: mutationResolver(bulkCreate),
};
