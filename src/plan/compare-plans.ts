import { isSame } from '../core/json/canonical-json.ts';
import { byCodeUnit } from '../core/json/records.ts';
import type { Change } from '../diff/model.ts';
import { fieldsOf } from './field-diff.ts';
import type { Plan } from './plan.ts';

/** Differences of two plans. `left`: refs only in the first · `right`: only in the second · `fields`: in both, but different */
export type Comparison = {
  readonly left: readonly string[];
  readonly right: readonly string[];
  readonly fields: readonly { readonly ref: string; readonly fields: readonly string[] }[];
  /** Number of changes that are the same in both. */
  readonly same: number;
  /** Other members of the plans that differ: `options`, `contract`, `skipped`, the snapshots `desired` and `actual` … */
  readonly members: readonly string[];
};

const COMPARED = [
  'target',
  'source',
  'options',
  'contract',
  'registry',
  'control_plane',
  'skipped',
  'hazards',
  'diagnostics',
  'errored',
  'completeness',
  'desired',
  'actual',
] as const;

const MEMBERS = ['action', 'reason', 'ids', 'needs', 'provenance'] as const;

/** Compares two plans, change by change and field by field. */
export function compare(left: Plan, right: Plan): Comparison {
  const [before, after] = [left, right].map(
    (plan) => new Map(plan.changes.map((change) => [change.ref, change])),
  ) as [Map<string, Change>, Map<string, Change>];
  const both = [...before.keys()].filter((ref) => after.has(ref));
  const fields = both.flatMap((ref) => {
    const names = differences(before.get(ref) as Change, after.get(ref) as Change);
    return names.length === 0 ? [] : [{ ref, fields: names }];
  });
  return {
    left: [...before.keys()].filter((ref) => !after.has(ref)),
    right: [...after.keys()].filter((ref) => !before.has(ref)),
    fields,
    same: both.length - fields.length,
    members: COMPARED.filter((name) => !isSame(left[name], right[name])),
  };
}

/**
 * Fields with another before or after, and other members of the change that differ: `action` where a create became an update,
 * `ids` where another product has the slug now.
 */
function differences(left: Change, right: Change): readonly string[] {
  const fieldMaps = [left, right].map(
    (change) => new Map(fieldsOf(change).map((field) => [field.name, field])),
  );
  const [a, b] = fieldMaps as [(typeof fieldMaps)[0], (typeof fieldMaps)[0]];
  const names = [...new Set([...a.keys(), ...b.keys()])].sort(byCodeUnit);
  const changed = names.filter(
    (name) =>
      !isSame(a.get(name)?.before, b.get(name)?.before) ||
      !isSame(a.get(name)?.after, b.get(name)?.after) ||
      a.has(name) !== b.has(name),
  );
  const others = MEMBERS.filter((name) => !isSame(left[name], right[name]));
  return [...others, ...changed];
}
