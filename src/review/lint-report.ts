import { groupBy } from '../core/collections.ts';
import type { Diagnostic, Severity } from '../core/diagnostic.ts';
import { byCodeUnit } from '../core/json/records.ts';
import { plural } from '../core/text/counting.ts';
import { visible } from '../core/text/invisible-characters.ts';
import { hintOf, messageOf } from '../plan/diagnostic-messages.ts';
import { printJson } from '../plan/file/print.ts';
import { tableRow } from './markdown/collapsible-tables.ts';
import { code } from './markdown/escape.ts';

/** What editors have to fix, grouped by the page or taxonomy where they fix it. */
interface LintReport {
  readonly counts: { readonly error: number; readonly warning: number };
  readonly places: readonly LintedPlace[];
}

export interface LintedPlace {
  readonly ref: string;
  readonly title: string;
  /** Where an editor opens it; null: not known. */
  readonly url: string | null;
  readonly findings: readonly LintFinding[];
}

interface LintFinding {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export type FindingsFormat = 'text' | 'markdown' | 'csv' | 'json';

/** `urlOf`: id of a page → where an editor opens it. */
export function groupFindings(
  problems: readonly Diagnostic[],
  urlOf: (pageId: number) => string | null,
): LintReport {
  const count = (severity: Severity) => problems.filter((problem) => problem.severity === severity).length;
  const places = [...groupBy(problems, placeOf)].sort(([a], [b]) => comparePlaces(a, b));
  return {
    counts: { error: count('error'), warning: count('warning') },
    places: places.map(([ref, atPlace]) => lintedPlace(ref, atPlace, urlOf)),
  };
}

const placeOf = ({ ref, data }: Diagnostic): string =>
  typeof data['page_id'] === 'number' ? `page.${data['page_id']}` : ref;

/** Taxonomies before pages, pages by number. */
function comparePlaces(a: string, b: string): number {
  const pageNumber = (ref: string) => (ref.startsWith('page.') ? Number(ref.slice('page.'.length)) : -1);
  return pageNumber(a) - pageNumber(b) || byCodeUnit(a, b);
}

function lintedPlace(
  ref: string,
  problems: readonly Diagnostic[],
  urlOf: (pageId: number) => string | null,
): LintedPlace {
  const { page_id, title } = problems[0]?.data ?? {};
  return {
    ref,
    title: typeof title === 'string' ? title : ref.slice(ref.indexOf('.') + 1),
    url: typeof page_id === 'number' ? urlOf(page_id) : null,
    findings: problems.map((problem) => ({
      severity: problem.severity,
      code: problem.code,
      message: messageOf(problem),
      hint: hintOf(problem),
    })),
  };
}

/** Ends in a newline. */
export function renderLintReport(report: LintReport, format: FindingsFormat): string {
  switch (format) {
    case 'json':
      return printJson(report);
    case 'csv':
      return lintCsv(report);
    case 'markdown':
      return lintMarkdown(report);
    case 'text':
      return lintText(report);
  }
}

function totalsOf({ counts, places }: LintReport): string {
  if (places.length === 0) return 'No errors found.';
  const [errors, warnings] = [plural(counts.error, 'error'), plural(counts.warning, 'warning')];
  return `${errors} and ${warnings} in ${plural(places.length, 'place')}.`;
}

function lintText(report: LintReport): string {
  const blocks = report.places.map(({ ref, title, url, findings }) => {
    const lines = [
      `${ref}  "${title}"${url === null ? '' : `  ${url}`}`,
      ...findings.flatMap(({ severity, message, hint }) => [
        `  ${severity === 'error' ? '!' : '-'} ${message}`,
        ...(hint === '' ? [] : [`      > ${hint}`]),
      ]),
    ];
    return lines.map((line) => visible(line)).join('\n');
  });
  return `${[...blocks, totalsOf(report)].join('\n\n')}\n`;
}

function lintMarkdown(report: LintReport): string {
  const rows = report.places.flatMap(({ ref, title, findings }) =>
    findings.map(({ severity, code: name, message }) =>
      tableRow([code(ref), code(title), severity, code(name), code(message)]),
    ),
  );
  const heading = `## Errors to fix in Wagtail\n\n${totalsOf(report)}\n`;
  if (rows.length === 0) return heading;
  const head = ['| page | title | severity | code | message |', '|---|---|---|---|---|'];
  return `${heading}\n${[...head, ...rows].join('\n')}\n`;
}

/** RFC 4180. A cell that a spreadsheet would read as a formula begins with an apostrophe. */
function lintCsv(report: LintReport): string {
  const cell = (value: string) =>
    `"${visible(value)
      .replace(/^[=+\-@\t]/, "'$&")
      .replace(/"/g, '""')}"`;
  const rows = report.places.flatMap(({ ref, title, url, findings }) =>
    findings.map(({ severity, code: name, message, hint }) => [
      ref,
      title,
      url ?? '',
      severity,
      name,
      message,
      hint,
    ]),
  );
  return [['where', 'title', 'url', 'severity', 'code', 'message', 'hint'], ...rows]
    .map((row) => `${row.map(cell).join(',')}\r\n`)
    .join('');
}
