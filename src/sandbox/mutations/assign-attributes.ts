import { InputError, type InputProblem } from '../graphql/errors.ts';
import { globalId } from '../store/global-ids.ts';
import { attributePks, type ProductRecord, type ValueRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import {
  type AssignmentEntry,
  type AssignmentInput,
  entryProblems,
  resolveEntries,
  usesValueStrings,
} from './attribute-inputs.ts';
import { resolveWantedValues, toOwnValue, type WantedValue } from './resolve-values.ts';

type Action = 'known' | 'new' | 'own' | 'boolean';

function actionOf(entry: AssignmentEntry, value: WantedValue): Action {
  const { inputType } = entry.attribute;
  if ('pk' in value) return 'known';
  if (usesValueStrings(entry) || inputType === 'DROPDOWN' || inputType === 'MULTISELECT') return 'new';
  return inputType === 'BOOLEAN' ? 'boolean' : 'own';
}

/**
 * Saleor executes one kind of action after the other over all attributes, in the order of first appearance. So new
 * values come after existing ones.
 */
function assignAll(
  row: ProductRecord,
  plan: readonly { entry: AssignmentEntry; values: readonly WantedValue[] }[],
): void {
  for (const { entry } of plan) row.assigned.set(entry.attribute.pk, []);
  const steps = plan.flatMap(({ entry, values }) =>
    values.map((value) => ({ pk: entry.attribute.pk, value, action: actionOf(entry, value) })),
  );
  const made = new Map<WantedValue, ValueRecord>();
  for (const action of new Set(steps.map((step) => step.action)))
    for (const { pk, value } of steps.filter((step) => step.action === action)) {
      const record = 'pk' in value ? value : (made.get(value) ?? value.make());
      made.set(value, record);
      const pks = row.assigned.get(pk) ?? [];
      if (!pks.includes(record.pk)) row.assigned.set(pk, [...pks, record.pk]);
    }
}

export interface Assignments {
  readonly write: (product: ProductRecord) => void;
}

/** Checks all inputs before anything is written, so that `write` cannot fail. Throws an InputError. */
export function prepareAssignments(
  store: Store,
  product: ProductRecord,
  inputs: readonly AssignmentInput[],
  isNew: boolean,
): Assignments {
  const all = resolveEntries(store, attributePks(store.productTypes.get(product.type)), inputs);
  const found = entryProblems(all);
  if (isNew) found.push(...missingRequired(store, product, all));
  if (found.length > 0) throw new InputError(found);
  const plan = all.map((entry) => ({
    entry,
    values: resolveWantedValues(store, product, entry).map((value) =>
      toOwnValue(store, entry.attribute, value),
    ),
  }));
  return { write: (row) => assignAll(row, plan) };
}

function missingRequired(
  store: Store,
  product: ProductRecord,
  all: readonly AssignmentEntry[],
): InputProblem[] {
  const missing = attributePks(store.productTypes.get(product.type)).filter(
    (pk) => store.attributes.get(pk)?.valueRequired && !all.some((e) => e.attribute.pk === pk),
  );
  if (missing.length === 0) return [];
  return [
    {
      field: 'attributes',
      code: 'REQUIRED',
      message: 'All attributes flagged as having a value required must be supplied.',
      attributes: missing.map((pk) => globalId('Attribute', pk)),
    },
  ];
}
