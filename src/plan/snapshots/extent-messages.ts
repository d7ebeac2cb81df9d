import type { JsonObject } from '../../core/json/json-value.ts';

const counted = (count: unknown, one: string): string => (count === 1 ? `1 ${one}` : `${count} ${one}s`);

/** Texts, by code, of the diagnostic of a plan without whole snapshots (`withExtentWarning`). */
export const EXTENT_MESSAGES = {
  rest_not_rebuilt: {
    message: (d: JsonObject): string =>
      `${counted(d['offerings'], 'offering')} and ${counted(d['products'], 'product')} that are in line stand in the plan as one digest and cannot be built again from it; bulk_change and removes_last_member count them as the plan states them`,
    hint: 'Plan again from the same sources with --snapshots changed: only the same id proves them.',
  },
};

/** Why a policy refuses such a plan. */
export const NOT_WHOLE_REFUSAL = {
  message: 'the plan keeps only part of its snapshots, so it cannot be rebuilt whole',
  hint: 'Plan without --snapshots changed, or set allow_partial_snapshots.',
};
