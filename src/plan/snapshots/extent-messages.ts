import type { JsonObject } from '../../core/json/json-value.ts';

const counted = (count: unknown, one: string): string => (count === 1 ? `1 ${one}` : `${count} ${one}s`);

/** Texts, by code, of the diagnostic of a plan without full snapshots (`withExtentWarning`). */
export const EXTENT_MESSAGES = {
  rest_not_rebuilt: {
    message: (d: JsonObject): string =>
      `${counted(d['offerings'], 'offering')} and ${counted(d['products'], 'product')} without changes are stored in the plan as one digest, so they cannot be rebuilt; bulk_change and removes_last_member use the plan’s own counts of them`,
    hint: 'To check them, plan again from the same sources with --snapshots changed and compare the plan id.',
  },
};

/** Why a policy refuses such a plan. */
export const NOT_WHOLE_REFUSAL = {
  message: 'the plan contains only part of its snapshots, so it cannot be fully rebuilt',
  hint: 'Plan without --snapshots changed, or set allow_partial_snapshots in the policy.',
};
