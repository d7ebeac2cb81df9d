import { groupBy } from '../../core/collections.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import { quoted, visible } from '../../core/text/invisible-characters.ts';
import type { ChangeOutcome, Notice, Report } from '../../plan/report.ts';
import {
  approvalLines,
  OUTCOME_WORDS,
  type ReportSummary,
  runLines,
  totalsLine,
} from '../model/report-summary.ts';
import { GLYPHS } from '../wording.ts';
import { createLineWriter, type LineWriter } from './line-writer.ts';
import type { TextOptions } from './plan-text.ts';

/** Rows of one outcome or code in the summary. */
const FEW = 5;

/** A report for a terminal: what asks for something first; ends in the totals and what to do next. */
export function renderReportText(
  account: ReportSummary,
  { width = 80, color = false, summary = false }: TextOptions = {},
): string {
  const out = createLineWriter({ width, color });
  const { report } = account;
  const most = summary ? FEW : Number.POSITIVE_INFINITY;
  head(out, report);
  for (const { outcome, changes } of account.outcomes) {
    const isQuiet = outcome === 'applied' || outcome === 'already' || outcome === 'planned';
    if (summary && isQuiet) continue;
    section(out, `${OUTCOME_WORDS[outcome]} (${formatCount(changes.length)})`, isQuiet);
    few(out, changes, most, (change) => changed(out, change));
  }
  missing(out, report, most);
  notices(out, 'Error', report.errors, summary);
  notices(out, 'Warning', report.warnings, summary);
  out.blank();
  out.line(account.verdict.line, {
    tone: ['incomplete', 'refused'].includes(account.verdict.code) ? 'hazard' : 'good',
  });
  out.line(totalsLine(report), { tone: 'heading' });
  out.line(account.next, { lead: 'Next:', leadTone: 'heading' });
  return out.toString();
}

function head(out: LineWriter, report: Report): void {
  const { target, plan } = report;
  out.line(
    visible(
      `${report.mode === 'dry_run' ? 'Dry run' : 'Apply'} of plan ${plan.id} to ${target.name ?? target.api_url}`,
    ),
    { tone: 'heading' },
  );
  for (const one of [...approvalLines(report), ...runLines(report)])
    out.line(visible(one), { indent: 2, tone: 'quiet' });
}

function section(out: LineWriter, title: string, isQuiet: boolean): void {
  out.blank();
  out.line(title, { tone: isQuiet ? 'heading' : 'hazard' });
}

function few<T>(out: LineWriter, items: readonly T[], most: number, show: (item: T) => void): void {
  for (const item of items.slice(0, most)) show(item);
  if (items.length > most)
    out.line(`and ${formatCount(items.length - most)} more (in the report)`, { indent: 4, tone: 'quiet' });
}

function changed(out: LineWriter, { ref, action, because }: ChangeOutcome): void {
  out.line(visible(ref), { indent: 2, lead: GLYPHS[action], leadTone: action });
  if (because !== null) out.line(visible(because), { indent: 6 });
}

function missing(out: LineWriter, { missing_products, missing_taxonomies }: Report, most: number): void {
  if (missing_products.length > 0) {
    section(out, `Missing products (${formatCount(missing_products.length)})`, true);
    few(out, missing_products, most, ({ page_id, title, saleor_product_id, saleor_product_slug }) =>
      out.line(
        visible(
          `page ${page_id} ${quoted(title)}: ${saleor_product_id ?? saleor_product_slug ?? 'names none'}`,
        ),
        { indent: 2, lead: '-' },
      ),
    );
  }
  const open = missing_taxonomies.filter(({ will_create }) => !will_create);
  if (open.length === 0) return;
  section(out, `Missing in taxonomies and attributes (${formatCount(open.length)})`, true);
  few(out, open, most, ({ kind, attribute, key, needed_by }) =>
    out.line(
      visible(
        `${[attribute, key].filter(Boolean).join('.')}: ${kind}, needed by ${plural(needed_by.length, 'offering')}`,
      ),
      { indent: 2, lead: '-' },
    ),
  );
}

function notices(out: LineWriter, name: string, items: readonly Notice[], isSummary: boolean): void {
  const groups = [...groupBy(items, ({ code }) => code)];
  if (groups.length === 0) return;
  if (isSummary) {
    out.blank();
    const tone = name === 'Error' ? 'hazard' : 'update';
    out.line(groups.map(([code, { length }]) => `${visible(code)} (${formatCount(length)})`).join(', '), {
      lead: `${name}s:`,
      leadTone: tone,
    });
    return;
  }
  for (const [code, of] of groups) {
    out.blank();
    out.line(`${name}: ${visible(code)} (${formatCount(of.length)})`, {
      tone: name === 'Error' ? 'hazard' : 'update',
    });
    for (const { message } of of) out.line(visible(message), { indent: 2, lead: '-' });
    const hint = of[0]?.hint ?? '';
    if (hint !== '') out.line(visible(hint), { indent: 2, lead: '>', tone: 'quiet' });
  }
}
