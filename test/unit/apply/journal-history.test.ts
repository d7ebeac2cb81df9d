import { expect, test } from '@jest/globals';
import { countWrites, parseJournal } from '../../../src/apply/journal-history.ts';
import type { JournalEntry } from '../../../src/apply/ports.ts';

const at = '2026-11-23T00:00:00.000Z';

const entry = (event: JournalEntry['event'], kind: string, ref: string, state?: string): JournalEntry => ({
  at,
  event,
  kind,
  refs: [ref],
  ...(state === undefined ? {} : { state }),
});

test('what a journal says was written: done and unclear, not what was refused, never left, or was taken back', () => {
  const sent = (kind: string, ref: string, state?: string): JournalEntry[] => [
    entry('intent', kind, ref),
    ...(state === undefined ? [] : [entry('outcome', kind, ref, state)]),
  ];
  const entries = [
    ...sent('update_product', 'product.done', 'done'),
    ...sent('update_product', 'product.unclear', 'unclear'),
    ...sent('update_product', 'product.killed'),
    ...sent('update_product', 'product.refused', 'refused'),
    ...sent('update_product', 'product.busy', 'not_sent'),
    ...sent('create_values', 'value.gsv_roles.back', 'done'),
    ...sent('delete_value', 'value.gsv_roles.back', 'done'),
    ...sent('delete_value', 'value.gsv_roles.gone', 'done'),
    entry('outcome', 'translate', 'translation.gsv_roles.orphan.en', 'done'),
  ];
  expect([...countWrites([entries]).keys()]).toEqual([
    'product.done',
    'product.unclear',
    'product.killed',
    'value.gsv_roles.gone',
  ]);
  expect(parseJournal(`${JSON.stringify(entries[0])}\n{"at":"2026\n\n7\n`)).toEqual([entries[0]]);
});
