import { groupBy } from '../../core/collections.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import { quoted, visible } from '../../core/text/invisible-characters.ts';
import type { ChangeOutcome, Notice, Report } from '../../plan/report.ts';
import {
  approvalLines,
  headingOf,
  isQuietOutcome,
  OUTCOME_WORDS,
  type ReportSummary,
  runLines,
} from '../model/report-summary.ts';
import { GLYPHS } from '../wording.ts';
import { createLineWriter, type LineWriter } from './line-writer.ts';
import type { TextOptions } from './plan-text.ts';

/** Rows of one outcome or list in the summary. */
const SUMMARY_ROWS = 5;

/** A report for a terminal: outcomes that need an action first, the totals and the next step last. */
export function renderReportText(
  summary: ReportSummary,
  { width = 80, color = false, summary: isSummary = false, brief: isBrief = false }: TextOptions = {},
): string {
  const out = createLineWriter({ width, color });
  if (isBrief) {
    // Below the text of the plan, which has the counts.
    const { code, line } = summary.verdict;
    out.line(code === 'planned' ? 'Dry run: nothing was written.' : line, { tone: toneOf(summary) });
    out.line(summary.next, { lead: 'Next:', leadTone: 'heading' });
    return out.toString();
  }
  const { report, next } = summary;
  const maxRows = isSummary ? SUMMARY_ROWS : Number.POSITIVE_INFINITY;
  writeHeading(out, report);
  for (const { outcome, changes } of summary.outcomes) {
    const isQuiet = isQuietOutcome(outcome);
    if (isSummary && isQuiet) continue;
    writeTitle(out, `${OUTCOME_WORDS[outcome]} (${formatCount(changes.length)})`, isQuiet);
    writeRows(out, changes, maxRows, writeOutcome);
  }
  writeMissingProducts(out, report, maxRows);
  writeMissingTaxonomies(out, report, maxRows);
  const writeNotices = isSummary ? writeNoticeCounts : writeNoticeGroups;
  writeNotices(out, 'Error', report.errors);
  writeNotices(out, 'Warning', report.warnings);
  out.blank();
  out.line(summary.verdict.line, { tone: toneOf(summary) });
  out.line(next, { lead: 'Next:', leadTone: 'heading' });
  return out.toString();
}

const toneOf = ({ verdict: { code } }: ReportSummary) =>
  code === 'incomplete' || code === 'refused' ? 'hazard' : 'good';

function writeHeading(out: LineWriter, report: Report): void {
  out.line(visible(headingOf(report)), { tone: 'heading' });
  for (const line of [...approvalLines(report), ...runLines(report)])
    out.line(visible(line), { indent: 2, tone: 'quiet' });
}

function writeTitle(out: LineWriter, title: string, isQuiet: boolean): void {
  out.blank();
  out.line(title, { tone: isQuiet ? 'heading' : 'hazard' });
}

function writeRows<Row>(
  out: LineWriter,
  rows: readonly Row[],
  max: number,
  write: (out: LineWriter, row: Row) => void,
): void {
  for (const row of rows.slice(0, max)) write(out, row);
  if (rows.length > max)
    out.line(`and ${formatCount(rows.length - max)} more (in the report)`, { indent: 4, tone: 'quiet' });
}

function writeOutcome(out: LineWriter, { ref, action, because }: ChangeOutcome): void {
  out.line(visible(ref), { indent: 2, lead: GLYPHS[action], leadTone: action });
  if (because !== null) out.line(visible(because), { indent: 6 });
}

const writeItem = (out: LineWriter, text: string): void => out.line(visible(text), { indent: 2, lead: '-' });

function writeMissingProducts(out: LineWriter, { missing_products }: Report, max: number): void {
  if (missing_products.length === 0) return;
  const texts = missing_products.map(({ page_id, title, saleor_product_id, saleor_product_slug }) => {
    const product = saleor_product_id ?? saleor_product_slug ?? 'no product named';
    return `page ${page_id} ${quoted(title)}: ${product}`;
  });
  writeTitle(out, `Missing products (${formatCount(texts.length)})`, true);
  writeRows(out, texts, max, writeItem);
}

function writeMissingTaxonomies(out: LineWriter, { missing_taxonomies }: Report, max: number): void {
  const remaining = missing_taxonomies.filter(({ will_create }) => !will_create);
  if (remaining.length === 0) return;
  const texts = remaining.map(({ kind, attribute, key, needed_by }) => {
    const name = [attribute, key].filter(Boolean).join('.');
    return `${name}: ${kind}, needed by ${plural(needed_by.length, 'offering')}`;
  });
  writeTitle(out, `Missing terms, values and attributes (${formatCount(texts.length)})`, true);
  writeRows(out, texts, max, writeItem);
}

type NoticeName = 'Error' | 'Warning';

const NOTICE_TONES = { Error: 'hazard', Warning: 'update' } as const;

function writeNoticeCounts(out: LineWriter, name: NoticeName, notices: readonly Notice[]): void {
  if (notices.length === 0) return;
  const counts = [...groupBy(notices, ({ code }) => code)].map(
    ([code, { length }]) => `${visible(code)} (${formatCount(length)})`,
  );
  out.blank();
  out.line(counts.join(', '), { lead: `${name}s:`, leadTone: NOTICE_TONES[name] });
}

function writeNoticeGroups(out: LineWriter, name: NoticeName, notices: readonly Notice[]): void {
  for (const [code, group] of groupBy(notices, (notice) => notice.code)) {
    out.blank();
    out.line(`${name}: ${visible(code)} (${formatCount(group.length)})`, { tone: NOTICE_TONES[name] });
    for (const { message } of group) writeItem(out, message);
    const hint = group[0]?.hint ?? '';
    if (hint !== '') out.line(visible(hint), { indent: 2, lead: '>', tone: 'quiet' });
  }
}
