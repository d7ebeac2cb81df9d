import { groupBy } from '../core/collections.ts';
import type { Diagnostic, Severity } from '../core/diagnostic.ts';
import { byCodeUnit } from '../core/json/records.ts';
import { plural } from '../core/text/counting.ts';
import { visible } from '../core/text/invisible-characters.ts';
import { hintOf, messageOf } from '../plan/diagnostic-messages.ts';
import { printJson } from '../plan/file/print.ts';
import { tableRow } from './markdown/collapsible-tables.ts';
import { code, codeCut, link, prose } from './markdown/escape.ts';
import { byteLength, countFitting } from './markdown/size-budget.ts';

/** What editors have to fix, grouped by the page or taxonomy where they fix it. */
export interface LintReport {
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

/** `3 errors and 1 warning in 2 places.` */
export function lintVerdict({ counts, places }: LintReport): string {
  if (places.length === 0) return 'No errors found.';
  const [errors, warnings] = [plural(counts.error, 'error'), plural(counts.warning, 'warning')];
  return `${errors} and ${warnings} in ${plural(places.length, 'place')}.`;
}

function lintText(report: LintReport): string {
  const blocks = report.places.map(({ ref, title, url, findings }) => {
    const lines = [
      `${ref}${ref.endsWith(title) ? '' : `  "${title}"`}${url === null ? '' : `  ${url}`}`,
      ...findings.map(
        ({ severity, message, code: name }) =>
          `  ${severity === 'error' ? '!' : '-'} ${withoutPlace(message, ref, title)}  [${name}]`,
      ),
    ];
    return lines.map((line) => visible(line)).join('\n');
  });
  const hints = hintsOf(report).map(({ codes, hint }) => `  > ${codes.join(', ')}: ${visible(hint)}`);
  const whatToDo = hints.length === 0 ? [] : [['What to do', ...hints].join('\n')];
  return `${[...blocks, ...whatToDo, lintVerdict(report)].join('\n\n')}\n`;
}

/** A message without the page that it begins with: the findings of a page are below its name. */
function withoutPlace(message: string, ref: string, title: string): string {
  const place = `${ref.replace('page.', 'page ')} (${title}): `;
  return message.startsWith(place) ? message.slice(place.length) : message;
}

/** What to do, once for all findings that it is for; in the order of the findings. */
function hintsOf({
  places,
}: LintReport): readonly { readonly codes: readonly string[]; readonly hint: string }[] {
  const hinted = places.flatMap(({ findings }) => findings).filter(({ hint }) => hint !== '');
  return [...groupBy(hinted, ({ hint }) => hint)].map(([hint, findings]) => ({
    hint,
    codes: [...new Set(findings.map(({ code: name }) => name))],
  }));
}

/** Characters of a title or message in a table. */
const CELL_MAX = 500;

/** A table of the findings, as many as fit into `maxBytes`; a note counts the others. */
export function lintMarkdown(report: LintReport, maxBytes = Number.POSITIVE_INFINITY): string {
  const rows = report.places.flatMap(({ ref, title, url, findings }) =>
    findings.map(({ severity, code: name, message }) =>
      tableRow([
        url === null ? code(ref) : link(code(ref), url),
        codeCut(title, CELL_MAX),
        severity,
        code(name),
        codeCut(withoutPlace(message, ref, title), CELL_MAX),
      ]),
    ),
  );
  const heading = `## Errors to fix in Wagtail\n\n${lintVerdict(report)}\n`;
  if (rows.length === 0) return heading;
  const head = ['| page | title | severity | code | message |', '|---|---|---|---|---|'];
  const hints = hintsOf(report).map(({ codes, hint }) => `- ${codes.map(code).join(', ')}: ${prose(hint)}\n`);
  const whatToDo = hints.length === 0 ? '' : `\nWhat to do:\n\n${hints.join('')}`;
  const frame = byteLength([heading, whatToDo, ...head, restNote(rows.length)].join('\n'));
  const shown = rows.slice(0, countFitting(rows, maxBytes - frame));
  const rest = rows.length - shown.length;
  return `${heading}\n${[...head, ...shown].join('\n')}\n${rest === 0 ? '' : restNote(rest)}${whatToDo}`;
}

const restNote = (rest: number): string =>
  `\n> **${plural(rest, 'more finding')} not shown here.** All of them: ${code('sailplan lint --format csv')}\n`;

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
