import { join } from 'node:path';
import type { Signers } from '../approval/signing/allowed-signers.ts';
import { Failure } from '../core/failure.ts';
import { digestOf, type Plan } from '../plan/plan.ts';
import type { PlanProvenance } from '../plan/plan-provenance.ts';
import type { Report } from '../plan/report.ts';
import type { AuditedApply } from '../review/audit-trail.ts';
import { parseReport } from '../review/parse-report.ts';
import { type Archive, readArchives } from './audit-archives.ts';
import { type ArchivedFilesOf, openArchivedFiles } from './store/archived-files.ts';
import { type Folder, readPlan, storedText } from './store/plan-folder.ts';
import { readPlanProvenance } from './store/provenance-file.ts';

/** One apply of an archive, with all that is kept of it. */
export interface ArchivedPlan {
  readonly apply: AuditedApply;
  /** null: the plan is missing or was altered. */
  readonly plan: Plan | null;
  /** null: the report is missing or was altered, or the apply was killed. */
  readonly report: Report | null;
  /** Who made the plan and when, by its own word. */
  readonly provenance: PlanProvenance | null;
  /** Its lines in the archive. */
  readonly lines: readonly { readonly sequence: number; readonly hash: string; readonly isSigned: boolean }[];
}

/** An archive, with the result of `make` for each of its applies. */
export interface ReadArchive<T> {
  readonly archive: Archive;
  readonly applies: readonly T[];
}

/**
 * Reads every archive of the folder, as readArchives does, and every plan that it names, one after the other. Only the result
 * of `make` is kept, because hundreds of plans do not fit into memory.
 */
export async function readApplies<T>(
  out: string,
  signers: Signers | null,
  make: (read: ArchivedPlan) => T,
): Promise<readonly ReadArchive<T>[]> {
  const archives = await readArchives(out, signers);
  return archives.map((archive) => {
    const filesOf = openArchivedFiles(out, archive.lines);
    return { archive, applies: archive.applies.map((apply) => make(readApply(filesOf, archive, apply))) };
  });
}

function readApply(filesOf: ArchivedFilesOf, archive: Archive, apply: AuditedApply): ArchivedPlan {
  const own = apply.lines.flatMap((sequence) => archive.lines[sequence - 1] ?? []);
  const lines = own.map(({ sequence, signature }) => ({
    sequence,
    hash: archive.hashes[sequence - 1] ?? '',
    isSigned: signature !== null,
  }));
  const [first] = own;
  if (first === undefined) return { apply, plan: null, report: null, provenance: null, lines };
  const { folder, runs, reports } = filesOf(first);
  const run = runs[reports.get(own.at(-1)?.report ?? '')?.run ?? -1];
  const plan = planIn(folder, apply.plan.digest);
  return {
    apply,
    plan,
    report: run === undefined ? null : reportIn(folder, join(run, 'report.json')),
    provenance: plan === null ? null : readPlanProvenance(folder, apply.plan.digest).provenance,
    lines,
  };
}

const reportIn = ({ path }: Folder, file: string): Report => parseReport(storedText(path, file), file);

function planIn(folder: Folder, digest: string): Plan | null {
  try {
    const { plan } = readPlan(folder);
    return digestOf(plan) === digest ? plan : null;
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
