import { isUrl } from '../app/options.ts';
import { Failure } from '../core/failure.ts';
import { writeText } from '../platform/write-files.ts';
import type { CiFormat, CiReport } from '../review/ci/ci-report.ts';
import { renderCi } from '../review/ci/render-ci.ts';
import { type Args, flagArg, type Io } from './io.ts';
import { writeJobSummary } from './job-summary.ts';
import { repositoryPath } from './repository-path.ts';
import type { Settings } from './settings.ts';

/**
 * Prints a report for a CI system. With `github` the annotations go to the log, and the Markdown to the job summary, which has
 * room for all.
 */
export function printCi(
  report: CiReport,
  format: CiFormat,
  io: Io,
  markdown?: (maxBytes: number) => string,
): void {
  io.out(renderCi(redacted(report, io), format));
  if (format === 'github' && markdown !== undefined) writeJobSummary(io, markdown);
}

/**
 * What a step of a job found: annotations of the run on GitHub, and a JUnit report where SAILPLAN_JUNIT names its file, as GitLab
 * shows it. Never fails the step. With --json the log is the document.
 */
export function reportFindings(found: CiReport, args: Args, io: Io): void {
  const report = redacted(found, io);
  if (io.env['GITHUB_ACTIONS'] === 'true' && !flagArg(args, 'json') && report.findings.length > 0)
    io.out(renderCi(report, 'github'));
  const path = io.env['SAILPLAN_JUNIT'];
  if (path === undefined || path === '') return;
  try {
    writeText(path, renderCi(report, 'junit'));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    io.err(`warning: ${error.message}`);
  }
}

/** Secrets are removed by value, and a format may write one in another way: `%25` for `%`. */
const redacted = (report: CiReport, { redact }: Pick<Io, 'redact'>): CiReport => ({
  ...report,
  verdict: redact(report.verdict),
  findings: report.findings.map((one) => ({
    ...one,
    ref: redact(one.ref),
    title: redact(one.title),
    message: redact(one.message),
    hint: redact(one.hint),
    url: one.url === null ? null : redact(one.url),
  })),
});

/** The file of the repository that names the source, or is it. */
export function sourceFile({ configPath, desired }: Pick<Settings, 'configPath' | 'desired'>): string | null {
  if (configPath !== null) return repositoryPath(configPath);
  const isPath = desired !== undefined && desired !== '-' && desired !== 'api-v2' && !isUrl(desired);
  return isPath ? repositoryPath(desired) : null;
}
