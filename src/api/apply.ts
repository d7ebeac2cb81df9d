import { findFolder } from '../app/store/plan-folder.ts';
import { applyPlan } from '../cli/commands/apply.ts';
import { createTeller } from '../cli/views/apply-events.ts';
import type { Report } from '../plan/report.ts';
import type { FolderOptions, ProgressOptions, ShopOptions } from './options.ts';
import { argsOf, ioOf, settingsOf } from './session.ts';

export interface ApplyOptions extends ShopOptions, FolderOptions, ProgressOptions {
  /** Where the shop changed since: stop (default), or leave those out and write the rest. */
  readonly onConflict?: 'stop' | 'skip';
  /** Does everything but write. */
  readonly dryRun?: boolean;
  /** Tells other machines of it, in the app's own metadata (true). */
  readonly mark?: boolean;
}

export interface ApplyResult {
  readonly report: Report;
  /** stale: the shop changed since the plan was made, and nothing was written */
  readonly ending: 'done' | 'nothing_to_do' | 'dry_run' | 'stale';
  /** Path of report.json; null: none was written. */
  readonly path: string | null;
}

/**
 * Applies an approved plan, or resumes it, exactly as `sailplan apply` does: with lock, journal, read-back, report and
 * archive. Throws a Failure where it is refused (its `exitCode` is 3) and where nothing was written.
 */
export async function apply(path: string, options: ApplyOptions): Promise<ApplyResult> {
  const settings = settingsOf(options);
  const io = ioOf(options);
  const args = {
    ...argsOf(options),
    'on-conflict': options.onConflict ?? 'stop',
    'dry-run': options.dryRun === true,
    mark: options.mark !== false,
  };
  const folder = findFolder(path, settings.out);
  const {
    report,
    result,
    path: written,
  } = await applyPlan(folder, settings, args, io, createTeller(args, io));
  return { report, ending: result.ending as ApplyResult['ending'], path: written };
}
