import { isSame, type Json } from '../state/json.ts';
import { build, inputsOf, type Plan } from './plan.ts';
import { isPrinted } from './print.ts';

/**
 * A plan proves itself: rebuilt from its own snapshots, contract and options, every member must come out equal.
 * Gives the names of the members that do not (`changes`, `hazards` …); empty for a plan that holds.
 */
export function prove(plan: Plan): readonly string[] {
  const rebuilt = build(inputsOf(plan)) as unknown as Record<string, Json>;
  return Object.entries(plan).flatMap(([name, value]) =>
    isSame(rebuilt[name], value as Json) ? [] : [name],
  );
}

/** Whether a plan's file is, byte for byte, the printing of what comes out of the plan's own inputs: form and proof in one. */
export const isProven = (plan: Plan, text: string): boolean => isPrinted(build(inputsOf(plan)), text);
