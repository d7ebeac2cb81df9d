import { groupBy } from '../../core/collections.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import type { ChangeOutcome, Notice, Report } from '../../plan/report.ts';
import {
  approvalLines,
  isQuietOutcome,
  OUTCOME_WORDS,
  type ReportSummary,
  runLines,
} from '../model/report-summary.ts';
import { GLYPHS } from '../wording.ts';
import { collapsible, tableRow } from './collapsible-tables.ts';
import { code, codeCut, codeQuoted, prose } from './escape.ts';
import { MAX_BYTES, type MarkdownOptions } from './plan-markdown.ts';
import { renderSection, type TableSection } from './required-sections.ts';
import { byteLength, countFitting } from './size-budget.ts';

interface ReportSection extends TableSection {
  readonly isOpen: boolean;
  /** What to do, below the rows: Markdown. */
  readonly hint?: string;
}

/** Bytes kept free for the note on omitted rows and the tags of a folded section. */
const SECTION_FRAME_BYTES = 120;
/** Bytes of the empty lines around a section. */
const SEPARATOR_BYTES = 2;

/**
 * A report for a pull request or an issue. Outcomes that need an action come first. Where the rows of a section exceed the
 * budget, it ends with how many are omitted; a section whose title does not fit is omitted.
 */
export function renderReportMarkdown(
  summary: ReportSummary,
  { maxBytes = MAX_BYTES }: MarkdownOptions = {},
): string {
  const { plan } = summary.report;
  const footer = [
    `**Next:** ${prose(summary.next)}`,
    ...(plan === null ? [] : [`Plan digest ${code(plan.digest)}.`]),
  ].join('\n\n');
  const parts = [...heading(summary)];
  let room = maxBytes - byteLength([...parts, footer].join('\n\n')) - 10;
  for (const section of reportSections(summary)) {
    const text = renderWithin(section, room);
    const size = byteLength(text) + SEPARATOR_BYTES;
    if (size > room) continue;
    room -= size;
    parts.push(text);
  }
  return `${[...parts, footer].join('\n\n')}\n`;
}

function renderWithin(section: ReportSection, room: number): string {
  const frame =
    byteLength(`${renderSection({ ...section, rows: [] })}${section.hint ?? ''}`) + SECTION_FRAME_BYTES;
  const rows = section.rows.slice(0, countFitting(section.rows, room - frame));
  const omitted = section.rows.length - rows.length;
  const rest = omitted === 0 ? '' : `\n\n${plural(omitted, 'row')} not shown here; see the report.`;
  const note = `${rest}${section.hint ? `\n\n${section.hint}` : ''}`;
  const text = rows.length === 0 ? `### ${section.title}` : renderSection({ ...section, rows });
  if (section.isOpen) return `${text}${note}`;
  // The summary of the folded block takes the place of the heading.
  return collapsible(`<b>${section.title}</b>`, `${text}${note}`.replace(/^.*\n\n/, ''));
}

/** Characters of one line, and number of lines, of the approvals and runs. */
const LINE_MAX = 200;
const RECORD_LINES_MAX = 12;

/** How a command ended; the line below the heading has the counts. */
const ENDINGS: Readonly<Record<ReportSummary['verdict']['code'], string>> = {
  converged: ': complete',
  planned: '',
  incomplete: ': incomplete',
  refused: ': error',
};

function heading({ report, verdict }: ReportSummary): readonly string[] {
  const { mode, plan, target } = report;
  const name = target === null || target.name === null ? '' : `${codeCut(target.name, LINE_MAX)} `;
  const record = [...approvalLines(report), ...runLines(report)];
  const more = record.length - RECORD_LINES_MAX;
  return [
    `## sailplan ${mode === 'dry_run' ? 'dry run' : 'apply'}${ENDINGS[verdict.code]}`,
    `**${prose(verdict.line)}**`,
    [
      ...(plan === null ? [] : [`- ${mode === 'dry_run' ? 'Dry run' : 'Apply'} of plan ${code(plan.id)}`]),
      ...(target === null ? [] : [`- Target ${name}${codeCut(target.api_url, LINE_MAX)}`]),
      ...record.slice(0, RECORD_LINES_MAX).map((line) => `- ${prose(line, LINE_MAX)}`),
      ...(more > 0 ? [`- and ${formatCount(more)} more in the report`] : []),
    ].join('\n'),
  ];
}

const reportSections = (summary: ReportSummary): readonly ReportSection[] =>
  [
    ...outcomeSections(summary),
    missingProductsSection(summary.report),
    missingTaxonomiesSection(summary.report),
    ...noticeSections('Error', summary.report.errors),
    ...noticeSections('Warning', summary.report.warnings),
  ].filter(({ rows }) => rows.length > 0);

const outcomeSections = ({ outcomes }: ReportSummary): readonly ReportSection[] =>
  outcomes.map(({ outcome, changes }) => ({
    title: `${OUTCOME_WORDS[outcome]}: ${formatCount(changes.length)}`,
    head: '| | What | Because |\n|---|---|---|',
    rows: changes.map(outcomeRow),
    isOpen: !isQuietOutcome(outcome),
  }));

const outcomeRow = ({ ref, action, because }: ChangeOutcome): string =>
  tableRow([GLYPHS[action], code(ref), because === null ? '' : prose(because, 400)]);

const missingProductsSection = ({ missing_products }: Report): ReportSection => ({
  title: `Missing products: ${formatCount(missing_products.length)}`,
  head: '| Page | Title | Product |\n|---|---|---|',
  rows: missing_products.map(({ page_id, title, saleor_product_id, saleor_product_slug }) =>
    tableRow([
      String(page_id),
      codeQuoted(title, 120),
      code(saleor_product_id ?? saleor_product_slug ?? 'no product named'),
    ]),
  ),
  isOpen: true,
});

function missingTaxonomiesSection({ missing_taxonomies }: Report): ReportSection {
  const remaining = missing_taxonomies.filter(({ will_create }) => !will_create);
  return {
    title: `Missing terms, values and attributes: ${formatCount(remaining.length)}`,
    head: '| What | Kind | Needed by |\n|---|---|---|',
    rows: remaining.map(({ kind, attribute, key, needed_by }) =>
      tableRow([
        code(key === null ? attribute : `${attribute}.${key}`),
        kind.replace('_', ' '),
        plural(needed_by.length, 'offering'),
      ]),
    ),
    isOpen: true,
  };
}

const noticeSections = (
  severity: 'Error' | 'Warning',
  notices: readonly Notice[],
): readonly ReportSection[] =>
  [...groupBy(notices, (notice) => notice.code)].map(([name, group]) => {
    const plainCode = name.replace(/[^a-z0-9_]/g, '').slice(0, 60);
    return {
      title: `${severity} ${plainCode}: ${formatCount(group.length)}`,
      head: '| Where | What |\n|---|---|',
      rows: group.map(({ ref, message }) => tableRow([code(ref), prose(message, 400)])),
      isOpen: false,
      hint: prose(group[0]?.hint ?? '', 400),
    };
  });
