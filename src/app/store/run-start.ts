import { join } from 'node:path';
import { applyReport } from '../../apply/build-report.ts';
import { createOutcomeTracker } from '../../apply/outcome-tracker.ts';
import { Failure } from '../../core/failure.ts';
import { printJson } from '../../plan/file/print.ts';
import type { PlanReport, ReportedCall } from '../../plan/report.ts';
import { exists } from '../../platform/files.ts';
import { writeText } from '../../platform/write-files.ts';
import type { SecretGuard } from '../ports.ts';
import type { Verified } from '../verify-plan.ts';
import { claimRun, type Folder, turnIntoRefusal } from './plan-folder.ts';

/** One start of an apply, with the place of its journal and report. */
export interface Start {
  readonly at: string;
  readonly folder: Folder;
  /** Number of the run; null for a dry run, or if the folder cannot be written (`unclaimed` is the reason). */
  readonly run: number | null;
  readonly unclaimed: Failure | null;
}

export function startIn(folder: Folder, isDryRun: boolean): Start {
  const start = { at: new Date().toISOString(), folder, run: null, unclaimed: null };
  if (isDryRun) return start;
  try {
    return { ...start, run: claimRun(folder) };
  } catch (error) {
    if (error instanceof Failure) return { ...start, unclaimed: error };
    throw error;
  }
}

interface FailedStart {
  readonly start: Start;
  readonly verified: Verified;
  readonly call: ReportedCall;
}

export const runPath = ({ folder }: Start, run: number): string => join(folder.path, 'runs', String(run));

/**
 * The report of a start that was refused or failed. Unless it wrote to the shop it is not a run: its report is in `refusals/`,
 * and the plan's own report, which only the holder of the lock writes, is kept. Returns what was written.
 */
export function recordFailure(
  { start, verified: { plan, digest, verdict }, call }: FailedStart,
  failure: Failure,
  secrets: Pick<SecretGuard, 'assertNoSecret'>,
): { readonly report: PlanReport; readonly path: string | null } {
  const finished_at = new Date().toISOString();
  const report = applyReport({
    call,
    exitCode: failure.exitCode,
    plan,
    digest,
    runs:
      start.run === null ? [] : [{ number: start.run, started_at: start.at, finished_at, requests: null }],
    approvals: verdict.ok ? verdict.approvals : [],
    policy: verdict.policy,
    tracker: createOutcomeTracker(plan.changes, new Map()),
    converged: false,
    conflicts: [],
    interruption: null,
    refusal: failure,
    sentTwice: new Set(),
    concurrentlyEdited: [],
    slugDifferences: [],
    advice: [],
  });
  if (start.run === null) return { report, path: null };
  const run = runPath(start, start.run);
  const own = join(run, 'report.json');
  if (exists(own)) return { report, path: own };
  try {
    // Runs are starts that wrote, or that compared the shop completely.
    const path = exists(join(run, 'journal.jsonl'))
      ? own
      : join(start.folder.path, 'refusals', String(turnIntoRefusal(start.folder, start.run)), 'report.json');
    const content = printJson(report);
    secrets.assertNoSecret(content, path);
    writeText(path, content);
    return { report, path };
  } catch (error) {
    // The first failure was already thrown and is more specific.
    if (error instanceof Failure) return { report, path: null };
    throw error;
  }
}
