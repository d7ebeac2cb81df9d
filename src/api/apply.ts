import { applyPlan, DEFAULT_WAIT_S } from '../app/apply-plan.ts';
import { findFolder } from '../app/store/find-folder.ts';
import type { Report } from '../plan/report.ts';
import {
  type FolderOptions,
  madeBy,
  notesFor,
  type ProgressOptions,
  type ShopOptions,
  saleorFrom,
  secretsOf,
  workspaceFrom,
} from './options.ts';

export interface ApplyOptions extends ShopOptions, FolderOptions, ProgressOptions {
  /** Where the shop changed since: stop (default), or leave those out and write the rest. */
  readonly onConflict?: 'stop' | 'skip';
  /** Does everything but write. */
  readonly dryRun?: boolean;
  /** Records the apply in the app's own metadata, for other machines (default: true). */
  readonly mark?: boolean;
  /** Seconds to look for a shop that stops answering, e.g. restarts (120); 0: not at all. */
  readonly waitSeconds?: number;
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
 * After a write it returns: what of the run could not be stored is in the report's errors (`report_unwritten`).
 */
export async function apply(path: string, options: ApplyOptions): Promise<ApplyResult> {
  const workspace = workspaceFrom(options);
  const secrets = secretsOf(options);
  const applied = await applyPlan(
    {
      folder: findFolder(path, workspace.out),
      workspace,
      saleor: saleorFrom(options),
      call: { command: 'library', flags: {} },
      isTerminal: false,
      onConflict: options.onConflict ?? 'stop',
      isDryRun: options.dryRun === true,
      showRequests: false,
      mark: options.mark !== false,
      waitMs: (options.waitSeconds ?? DEFAULT_WAIT_S) * 1000,
      forceUnlock: null,
      startedBy: madeBy(),
      archiveKey: options.archiveKey,
    },
    {
      notes: notesFor(options, secrets),
      secrets,
      stop: { arm: () => () => options.signal?.aborted === true },
      observer: { started: () => undefined, written: () => undefined, refused: () => undefined },
    },
  );
  const { report, result } = applied;
  return { report, ending: result.ending as ApplyResult['ending'], path: applied.path };
}
