import type { AttributeRecord, ValueRecord } from '../store/records.ts';
import { type Store, valueRowsOf } from '../store/store.ts';
import { type Column, type PageArgs, paginateRows } from './connection.ts';
import type { Context } from './context.ts';
import { FieldError, notInSandbox } from './errors.ts';
import {
  choiceTest,
  combineOperators,
  decodePks,
  hasMetadata,
  type RowFilter,
  type Where,
} from './product-filters.ts';

type Text = { readonly eq?: string | null; readonly oneOf?: readonly string[] | null };

/** Whether the attribute's values are a list of choices. */
export const hasChoices = (attribute: AttributeRecord): boolean =>
  ['DROPDOWN', 'MULTISELECT', 'SWATCH'].includes(attribute.inputType);

function buildFilter<T>(
  where: Where,
  test: (member: string, wanted: unknown) => (row: T) => boolean,
): RowFilter<T> {
  const combined = combineOperators<T>(where, (part) => buildFilter(part, test));
  if (combined !== undefined) return combined;
  const tests = Object.entries(where)
    .filter(([, wanted]) => wanted !== null && wanted !== undefined)
    .map(([member, wanted]) => test(member, wanted));
  return (row) => tests.every((t) => t(row));
}

export const attributesWhere = (where: Where): RowFilter<AttributeRecord> =>
  buildFilter<AttributeRecord>(where, (member, wanted) => {
    if (member === 'slug' || member === 'name') return choiceTest(member, wanted as Text);
    if (member === 'type' || member === 'inputType') return choiceTest(member, wanted as Text);
    if (member === 'metadata') return (a) => hasMetadata(a, wanted as readonly { key: string }[]);
    if (member === 'ids') {
      const found = decodePks('Attribute', wanted as readonly string[]);
      return (a) => found.has(a.pk);
    }
    if (member === 'withChoices') return (a) => hasChoices(a) === wanted;
    if (member === 'valueRequired' || member === 'visibleInStorefront') return (a) => a[member] === wanted;
    throw notInSandbox(`attributes(where: {${member}})`);
  });

export const attributesFilter = (store: Store, filter: Where): RowFilter<AttributeRecord> =>
  buildFilter<AttributeRecord>(filter, (member, wanted) => {
    const list = wanted as readonly string[];
    if (member === 'slugs') return (a) => list.length === 0 || list.includes(a.slug);
    if (member === 'ids') {
      const found = decodePks('Attribute', list);
      return (a) => list.length === 0 || found.has(a.pk);
    }
    if (member === 'visibleInStorefront') return (a) => a.visibleInStorefront === wanted;
    if (member === 'filterableInStorefront') return (a) => store.filterable.has(a.pk) === wanted;
    throw notInSandbox(`attributes(filter: {${member}})`);
  });

const choicesWhere = (where: Where): RowFilter<ValueRecord> =>
  buildFilter<ValueRecord>(where, (member, wanted) => {
    if (member === 'slug' || member === 'name') return choiceTest(member, wanted as Text);
    if (member === 'ids') {
      const found = decodePks('AttributeValue', wanted as readonly string[]);
      return (v) => found.has(v.pk);
    }
    throw notInSandbox(`choices(where: {${member}})`);
  });

const choicesFilter = (filter: Where): RowFilter<ValueRecord> =>
  buildFilter<ValueRecord>(filter, (member, wanted) => {
    const list = wanted as readonly string[];
    if (member === 'slugs') return (v) => list.length === 0 || list.includes(v.slug);
    if (member === 'ids') {
      const found = decodePks('AttributeValue', list);
      return (v) => list.length === 0 || found.has(v.pk);
    }
    throw notInSandbox(`choices(filter: {${member}})`);
  });

const defaultChoiceOrder: readonly Column<ValueRecord>[] = [{ of: (v) => v.sortOrder }, { of: (v) => v.pk }];

interface ChoicesArgs extends PageArgs {
  readonly where?: Where | null;
  readonly filter?: Where | null;
  readonly search?: string | null;
  readonly sortBy?: { readonly field: string; readonly direction: string } | null;
}

function choiceOrder(sortBy: ChoicesArgs['sortBy']): readonly Column<ValueRecord>[] {
  if (!sortBy) return defaultChoiceOrder;
  const isDescending = sortBy.direction === 'DESC';
  const bySlug = { of: (v: ValueRecord) => v.slug, isDescending };
  return sortBy.field === 'NAME' ? [{ of: (v: ValueRecord) => v.name, isDescending }, bySlug] : [bySlug];
}

/** Resolves Attribute.choices. Throws a FieldError on wrong arguments. */
export function choices(attribute: AttributeRecord, args: ChoicesArgs, { store }: Context) {
  if (args.search) throw notInSandbox('choices(search:)');
  if (args.where && args.filter)
    throw new FieldError('Only one filtering argument (filter or where) can be specified.');
  const values = hasChoices(attribute) ? valueRowsOf(store, attribute.pk) : [];
  const test = args.where ? choicesWhere(args.where) : args.filter ? choicesFilter(args.filter) : null;
  return paginateRows(test ? values.filter(test) : values, choiceOrder(args.sortBy), args, 'choices');
}
