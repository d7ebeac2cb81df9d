import { plural } from '../core/text/counting.ts';
import { selectOfferings } from '../diff/diff.ts';
import { HAZARDS, type HazardCode, severityOf } from './hazards.ts';
import { inputsOf, type Plan } from './plan.ts';

/** When `plan` exits with 6, for a pipeline that wants to stop. */
export interface FailConditions {
  /** Codes or severities of hazards; see FAIL_ON. */
  readonly hazards: readonly string[];
  /** Highest share of the pages that may be skipped, in percent; null: any share. */
  readonly skippedPercent: number | null;
}

/** What `--fail-on` accepts: every code of a hazard, and the severities that a reviewer must look at. */
export const FAIL_ON: readonly string[] = ['danger', 'warning', ...(Object.keys(HAZARDS) as HazardCode[])];

/** A sentence for each condition that the plan meets. `warning` includes `danger`. */
export function metConditions(plan: Plan, { hazards, skippedPercent }: FailConditions): readonly string[] {
  const wanted = new Set(hazards.includes('warning') ? [...hazards, 'danger'] : hazards);
  const counts = new Map<string, number>();
  for (const { code } of plan.hazards)
    if (wanted.has(code) || wanted.has(severityOf(code))) counts.set(code, (counts.get(code) ?? 0) + 1);
  const found = [...counts].map(([code, count]) => `${plural(count, 'hazard')} ${code}`);
  if (skippedPercent === null) return found;
  const pages = selectOfferings(inputsOf(plan)).length;
  const skipped = plan.skipped.length;
  if (skipped > (pages * skippedPercent) / 100) found.push(`${skipped} of ${plural(pages, 'page')} skipped`);
  return found;
}
