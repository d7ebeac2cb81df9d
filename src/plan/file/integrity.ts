import { isSame, type Json } from '../../core/json/canonical-json.ts';
import { build, inputsOf, type Plan } from '../plan.ts';
import { assertPrinted, readKnown } from './parse.ts';
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

/**
 * Whether a plan's file is, byte for byte, the printing of what comes out of the plan's own inputs: form and proof in one.
 * False also where the inputs have the shape of a plan and nothing can be built of them.
 */
export function isProven(plan: Plan, text: string): boolean {
  try {
    return isPrinted(build(inputsOf(plan)), text);
  } catch {
    return false;
  }
}

/** `prove`, of a file that is not proven: what cannot be built at all is as altered as what comes out different. */
export function differingMembers(plan: Plan): readonly string[] {
  try {
    return prove(plan);
  } catch {
    return ['changes'];
  }
}

/**
 * Reads a plan file for deciding, as `parsePlan` does, and proves it. `unlike`: the members that come out different.
 * Throws a Failure (format_unknown, document_malformed, plan_altered).
 */
export function readProven(text: string): { readonly plan: Plan; readonly unlike: readonly string[] } {
  const plan = readKnown(text);
  // What is built again and printed equals the file, so the file is in the printed form too.
  if (isProven(plan, text)) return { plan, unlike: [] };
  assertPrinted(plan, text);
  return { plan, unlike: differingMembers(plan) };
}
