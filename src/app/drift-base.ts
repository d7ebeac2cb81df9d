import { join } from 'node:path';
import { verifiedLines } from '../approval/archive/hash-chain.ts';
import type { Target } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import { isSame } from '../core/json/canonical-json.ts';
import { type Base, type Causes, causesOf } from '../plan/drift-causes.ts';
import { parsePlan } from '../plan/file/parse.ts';
import { digestOf, type Plan } from '../plan/plan.ts';
import { comparedOfferings } from '../plan/snapshots/extent.ts';
import { exists } from '../platform/files.ts';
import { archiveText } from './store/archive-file.ts';
import { findFolder } from './store/find-folder.ts';
import { readPlan, storedText } from './store/plan-folder.ts';

/** Number of converged plans that are read back; a field that none of them synchronised counts as synced. */
const MOST_BASES = 10;

/**
 * Compares the plan with a named plan, or with the target's converged ones; null if no base was requested and none exists. A
 * revert plan has no causes, because neither Wagtail nor a person in Saleor changed its fields.
 */
export function causesFor(plan: Plan, given: string | undefined, out: string): Causes | null {
  if (plan.desired.reverts !== undefined) return null;
  if (given !== undefined && given !== 'auto') return causesOf(plan, [named(given, plan.target, out)]);
  const digests = convergedBefore(plan, out);
  return digests.length === 0 && given === undefined ? null : causesOf(plan, basesOf(digests, out));
}

function named(given: string, target: Target, out: string): Plan {
  const base = readPlan(findFolder(given, out)).plan;
  if (isSame(base.target, target)) return base;
  throw new Failure(
    'usage',
    `--base ${given} is a plan for ${base.target.name ?? base.target.api_url}, not for ${target.name ?? target.api_url}`,
    'Give a converged plan of the same target, or auto.',
  );
}

/** Digests of the converged plans, the last first; for an applied plan only those before it. */
function convergedBefore(plan: Plan, out: string): readonly string[] {
  const entries = verifiedLines(archiveText(out, plan.target));
  // A plan without changes was never saved, and computing its digest takes as long as reading it.
  const mine = plan.changes.length === 0 ? null : digestOf(plan);
  const at = entries.findIndex(({ plan: { digest } }) => digest === mine);
  return converged(at === -1 ? entries : entries.slice(0, at));
}

const converged = (entries: ReturnType<typeof verifiedLines>): readonly string[] => [
  ...new Set(
    entries
      .filter(({ result }) => result === 'converged')
      .map(({ plan: { digest } }) => digest)
      .reverse(),
  ),
];

function* basesOf(digests: readonly string[], out: string): Generator<Base> {
  for (const digest of digests.slice(0, MOST_BASES)) yield stored(digest, out);
}

/** Offerings of the last converged plan of this target that compared all of them; null: there is none. */
export function lastCount(target: Target, out: string): number | null {
  const [last] = converged(verifiedLines(archiveText(out, target)));
  const base = last === undefined ? 'lost' : stored(last, out);
  if (base === 'lost') return null;
  const { limit, only_slugs, sync_products } = base.options;
  return limit === null && only_slugs === null && sync_products ? comparedOfferings(base) : null;
}

function stored(digest: string, out: string): Base {
  const path = join(out, digest.slice(0, 16), 'plan.json');
  if (!exists(path)) return 'lost';
  try {
    const base = parsePlan(storedText(out, path)).plan;
    return digestOf(base) === digest ? base : 'lost';
  } catch (error) {
    if (error instanceof Failure) return 'lost';
    throw error;
  }
}
