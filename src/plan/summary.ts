import { groupBy } from '../core/collections.ts';
import { KINDS, type Kind, kindOf } from '../core/resource-ref.ts';
import type { Action, Change, SkippedPage } from '../diff/model.ts';
import type { Counts, Summary } from './generated/plan.js';

export type { Counts, Summary } from './generated/plan.js';

/** Number of changes by action and kind; `skipped` counts skipped pages. */
export function summarise(changes: readonly Change[], skipped: readonly SkippedPage[]): Summary {
  const byKind = groupBy(changes, ({ ref }) => kindOf(ref));
  const counts = KINDS.map((kind) => [kind, count(byKind.get(kind) ?? [])] as const);
  return {
    ...count(changes),
    skipped: skipped.length,
    by_kind: Object.fromEntries(counts) as Record<Kind, Counts>,
  };
}

function count(changes: readonly Change[]): Counts {
  const of = (action: Action) => changes.filter((change) => change.action === action).length;
  return { create: of('create'), update: of('update'), delete: of('delete') };
}
