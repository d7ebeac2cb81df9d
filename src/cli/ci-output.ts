import { isUrl } from '../app/options.ts';
import type { CiFormat, CiReport } from '../review/ci/ci-report.ts';
import { renderCi } from '../review/ci/render-ci.ts';
import type { Io } from './io.ts';
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
  markdown: (maxBytes: number) => string,
): void {
  io.out(renderCi(report, format));
  if (format === 'github') writeJobSummary(io, markdown);
}

/** The file of the repository that names the source, or is it. */
export function sourceFile({ configPath, desired }: Pick<Settings, 'configPath' | 'desired'>): string | null {
  if (configPath !== null) return repositoryPath(configPath);
  const isPath = desired !== undefined && desired !== '-' && desired !== 'api-v2' && !isUrl(desired);
  return isPath ? repositoryPath(desired) : null;
}
