import { join } from 'node:path';
import { entriesOf } from '../approval/chain.ts';
import { type Base, type Causes, causesOf } from '../plan/cause.ts';
import { readPlan } from '../plan/parse.ts';
import { digestOf, type Plan } from '../plan/plan.ts';
import { Failure } from '../state/failure.ts';
import { exists, readText } from '../system/files.ts';
import { findFolder, planText } from '../system/folder.ts';
import { archiveText } from './archive.ts';

/** Causes against a named plan, or against the target's last converged one; null when nobody asked and there is none. */
export function causesFor(plan: Plan, given: string | undefined, out: string): Causes | null {
  const base =
    given === undefined || given === 'auto'
      ? lastBase(plan, out)
      : readPlan(planText(findFolder(given, out)));
  return base === 'none' && given === undefined ? null : causesOf(plan, base);
}

function lastBase(plan: Plan, out: string): Base {
  const last = entriesOf(archiveText(out, plan.target)).findLast(
    ({ result, plan: { digest } }) => result === 'converged' && digest !== digestOf(plan),
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
