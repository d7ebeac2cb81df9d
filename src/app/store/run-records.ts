import { basename, join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { sha256 } from '../../core/json/canonical-json.ts';
import { VERSION } from '../../core/version.ts';
import { printJson } from '../../plan/file/print.ts';
import type { Report } from '../../plan/report.ts';
import { decodeText, exists, isFile, readText, SMALL_FILE } from '../../platform/files.ts';
import { writeText } from '../../platform/write-files.ts';
import { parseReport } from '../../review/parse-report.ts';
import type { SecretGuard } from '../ports.ts';
import { type Folder, filesIn, runsOf, storedBytes, storedText } from './plan-folder.ts';
import { type ProofKey, provesReport, reportCode } from './run-proof.ts';

/** What a run relied on. */
interface Evidence {
  readonly startedBy: string;
  readonly policyPath: string;
}

/**
 * Copies what a run relies on before its first write: the approvals (a later statement of the same person replaces the file in
 * approvals/), the policy, with which a later one is compared, and who started it, which decides nothing.
 */
export function keepEvidence(folder: Folder, run: string, { startedBy, policyPath }: Evidence): void {
  for (const file of filesIn(folder, 'approvals', '.json'))
    writeText(join(run, 'approvals', basename(file)), storedText(folder.path, file, SMALL_FILE));
  if (exists(policyPath)) writeText(join(run, POLICY_COPY), readText(policyPath, SMALL_FILE));
  const provenance = { format_version: '1.0', made_by: startedBy, tool: `sailplan ${VERSION}` };
  writeText(join(run, 'provenance.json'), printJson(provenance));
}

const POLICY_COPY = 'policy.json';

/** Finds the policy that runs of a plan used, by its SHA-256. The digest proves the copy, so its author does not matter. null: none. */
export function keptPolicy(folder: Folder, digest: string): Uint8Array | null {
  const paths = runsOf(folder).map((run) => join(runFolder(folder, run), POLICY_COPY));
  for (const path of paths.filter(isFile)) {
    const bytes = storedBytes(folder.path, path, SMALL_FILE);
    if (sha256(bytes) === digest) return bytes;
  }
  return null;
}

/** The report of a plan's folder, if it is proved: by a run's code, or by an archive line with its digest. */
export interface ProvedReport {
  /** null: there is none, or it is not proved. */
  readonly report: Report | null;
  /** Paths of what is not proved. */
  readonly unproved: readonly string[];
}

export interface ReportProofs {
  /** Of the plan. */
  readonly digest: string;
  readonly key: ProofKey | null;
  /** SHA-256 of the report of the last archived apply; null: none. */
  readonly archived: string | null;
}

/** `name`: below the plan's folder. Throws nothing: a report that cannot be read is not proved. */
export function provedReport(folder: Folder, proofs: ReportProofs, name = 'report.json'): ProvedReport {
  const path = join(folder.path, name);
  if (!exists(path)) return { report: null, unproved: [] };
  try {
    const bytes = storedBytes(folder.path, path);
    if (!isProved(folder, sha256(bytes), proofs)) return { report: null, unproved: [path] };
    return { report: parseReport(decodeText(bytes, path), path), unproved: [] };
  } catch (error) {
    if (error instanceof Failure) return { report: null, unproved: [path] };
    throw error;
  }
}

/** `report`: SHA-256 of a report's bytes. */
export function isProved(folder: Folder, report: string, { digest, key, archived }: ReportProofs): boolean {
  if (report === archived) return true;
  return (
    key !== null &&
    runsOf(folder).some((run) => {
      const path = codePath(runFolder(folder, run));
      return (
        exists(path) && provesReport(storedText(folder.path, path, SMALL_FILE), key, report, { digest, run })
      );
    })
  );
}

/** A report by which no change was made and nothing converged, as a stale run leaves it: it needs no proof. */
export const claimsNothing = ({ converged, outcomes }: Report): boolean =>
  !converged && outcomes.every(({ outcome }) => ['not_attempted', 'skipped', 'already'].includes(outcome));

/** A report that claims nothing; null: there is none, or it claims something. Throws nothing. */
export function harmlessReport(folder: Folder, path: string): Report | null {
  try {
    const report = exists(path) ? parseReport(storedText(folder.path, path), path) : null;
    return report !== null && claimsNothing(report) ? report : null;
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

const runFolder = (folder: Folder, run: number): string => join(folder.path, 'runs', String(run));

const codePath = (run: string): string => join(run, 'report.mac');

export interface ReportPlace {
  readonly folder: Folder;
  readonly run: number;
  /** Of the plan. */
  readonly digest: string;
  readonly key: ProofKey;
  readonly isWhole: boolean;
}

/**
 * The run's own report with its code and, if `isWhole`, the plan's report, which is the union over its runs. If an earlier run
 * is in the archive, a run that wrote nothing does not change the plan's report, because the archive contains its digest.
 * Throws a Failure (file_unwritable, secret_found).
 */
export function writeReports(
  report: Report,
  secrets: Pick<SecretGuard, 'assertNoSecret'>,
  { folder, run, digest, key, isWhole }: ReportPlace,
): string {
  const content = printJson(report);
  const whole = join(folder.path, 'report.json');
  const own = join(runFolder(folder, run), 'report.json');
  secrets.assertNoSecret(content, whole);
  writeText(own, content);
  writeText(codePath(runFolder(folder, run)), `${reportCode(key, sha256(content), { digest, run })}\n`);
  if (!isWhole && exists(whole)) return own;
  writeText(whole, content);
  return whole;
}

/** What of a run that had ended could not be kept. After writes it is an incomplete end, and not as if nothing had happened. */
export function notKept(what: string, error: unknown, hasWritten: boolean): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const isExpected = error instanceof Failure;
  if (isExpected && !hasWritten) return error;
  return new Failure(
    'report_unwritten',
    `${hasWritten ? 'the shop was written to, but ' : ''}${what} was not written: ${isExpected ? '' : 'internal error: '}${message}`,
    'Fix the cause and apply the same plan again: it checks the shop and writes the report.',
  );
}
