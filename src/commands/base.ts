import { join } from 'node:path';
import { entriesOf } from '../approval/chain.ts';
import { type Base, type Causes, causesOf } from '../plan/cause.ts';
import { readPlan } from '../plan/parse.ts';
import { digestOf, type Plan } from '../plan/plan.ts';
import type { Target } from '../state/actual.ts';
import { Failure } from '../state/failure.ts';
import { exists, readText } from '../system/files.ts';
import { findFolder, planText } from '../system/folder.ts';
import { archiveText } from './archive.ts';

/** Causes against a named plan, or against the target's last converged one; null when nobody asked and there is none. */
export function causesFor(plan: Plan, given: string | undefined, out: string): Causes | null {
  const base =
    given === undefined || given === 'auto'
      ? lastBase(plan.target, out, digestOf(plan))
      : readPlan(planText(findFolder(given, out)));
  return base === 'none' && given === undefined ? null : causesOf(plan, base);
}

/** Offerings of the last converged plan of this target that compared all of them; null: there is none. */
export function lastCount(target: Target, out: string): number | null {
  const base = lastBase(target, out, null);
  if (typeof base === 'string') return null;
  const { limit, only_slugs, sync_products } = base.options;
  return limit === null && only_slugs === null && sync_products ? base.desired.offerings.length : null;
}

function lastBase(target: Target, out: string, except: string | null): Base {
  const last = entriesOf(archiveText(out, target)).findLast(
    ({ result, plan: { digest } }) => result === 'converged' && digest !== except,
  );
  if (last === undefined) return 'none';
  const path = join(out, last.plan.id, 'plan.json');
  if (!exists(path)) return 'lost';
  try {
    const base = readPlan(readText(path));
    return digestOf(base) === last.plan.digest ? base : 'lost';
  } catch (error) {
    if (error instanceof Failure) return 'lost';
    throw error;
  }
}
