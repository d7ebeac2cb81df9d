import type { Diagnostic } from '../core/diagnostic.ts';
import { byCodeUnit } from '../core/json/canonical-json.ts';
import { plural } from '../core/text/counting.ts';
import { visible } from '../core/text/invisible-characters.ts';
import { hintOf, messageOf } from '../plan/diagnostic-messages.ts';
import { code } from './markdown/escape.ts';

/** What editors have to mend, grouped by the page or taxonomy where they mend it. */
interface LintReport {
  readonly counts: { readonly error: number; readonly warning: number };
  readonly places: readonly LintedPlace[];
}

export interface LintedPlace {
  readonly ref: string;
  readonly title: string;
  /** Where an editor opens it; null where it is not known. */
  readonly url: string | null;
  readonly findings: readonly {
    readonly severity: string;
    readonly code: string;
    readonly message: string;
    readonly hint: string;
  }[];
}

export type FindingsFormat = 'text' | 'markdown' | 'csv' | 'json';

/** `urlOf`: ref of a page → where an editor opens it. */
export function groupFindings(
  problems: readonly Diagnostic[],
  urlOf: (pageId: number) => string | null,
): LintReport {
  const byPlace = new Map<string, Diagnostic[]>();
  for (const problem of problems)
    byPlace.set(placeOf(problem), [...(byPlace.get(placeOf(problem)) ?? []), problem]);
  const count = (severity: string) => problems.filter((problem) => problem.severity === severity).length;
  return {
    counts: { error: count('error'), warning: count('warning') },
    places: [...byPlace]
      .sort(([a], [b]) => byPlaceName(a, b))
      .map(([ref, found]) => placeFrom(ref, found, urlOf)),
  };
}

const placeOf = ({ ref, data }: Diagnostic): string =>
  typeof data['page_id'] === 'number' ? `page.${data['page_id']}` : ref;

/** Taxonomies before pages, pages by number. */
function byPlaceName(a: string, b: string): number {
  const [left, right] = [a, b].map((name) =>
    name.startsWith('page.') ? Number(name.slice('page.'.length)) : -1,
  );
  return (left ?? 0) - (right ?? 0) || byCodeUnit(a, b);
}

function placeFrom(
  ref: string,
  found: readonly Diagnostic[],
  urlOf: (pageId: number) => string | null,
): LintedPlace {
  const data = found[0]?.data ?? {};
  const pageId = data['page_id'];
  return {
    ref,
    title: typeof data['title'] === 'string' ? data['title'] : ref.slice(ref.indexOf('.') + 1),
    url: typeof pageId === 'number' ? urlOf(pageId) : null,
    findings: found.map((problem) => ({
      severity: problem.severity,
      code: problem.code,
      message: messageOf(problem),
      hint: hintOf(problem),
    })),
  };
}

export function renderLintReport(found: LintReport, format: FindingsFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(found, null, 2)}\n`;
    case 'csv':
      return csv(found);
    case 'markdown':
      return markdown(found);
    case 'text':
      return text(found);
  }
}

const sum = ({ counts, places }: LintReport): string =>
  places.length === 0
    ? 'Nothing to mend.'
    : `${plural(counts.error, 'error')} and ${plural(counts.warning, 'warning')} in ${plural(places.length, 'place')}.`;

function text(found: LintReport): string {
  const blocks = found.places.map(({ ref, title, url, findings: rows }) =>
    [
      visible(`${ref}  "${title}"${url === null ? '' : `  ${url}`}`),
      ...rows.flatMap(({ severity, message, hint }) => [
        visible(`  ${severity === 'error' ? '!' : '-'} ${message}`),
        ...(hint === '' ? [] : [visible(`      > ${hint}`)]),
      ]),
    ].join('\n'),
  );
  return `${[...blocks, sum(found)].join('\n\n')}\n`;
}

function markdown(found: LintReport): string {
  const rows = found.places.flatMap(({ ref, title, findings: each }) =>
    each.map(
      ({ severity, code: name, message }) =>
        `| ${code(ref)} | ${code(title)} | ${severity} | ${code(name)} | ${code(message)} |`,
    ),
  );
  return `## What to mend in Wagtail\n\n${sum(found)}\n${rows.length === 0 ? '' : `\n| where | title | how bad | code | what |\n|---|---|---|---|---|\n${rows.join('\n')}\n`}`;
}

/** RFC 4180; a cell that a spreadsheet would take for a formula begins with an apostrophe. */
function csv(found: LintReport): string {
  const cell = (value: string) =>
    `"${visible(value)
      .replace(/^[=+\-@\t]/, "'$&")
      .replace(/"/g, '""')}"`;
  const rows = found.places.flatMap(({ ref, title, url, findings: each }) =>
    each.map(({ severity, code: name, message, hint }) => [
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
