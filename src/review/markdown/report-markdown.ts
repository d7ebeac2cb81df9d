import { groupBy } from '../../core/collections.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import type { ChangeOutcome, Report } from '../../plan/report.ts';
import {
  approvalLines,
  OUTCOME_WORDS,
  type ReportSummary,
  runLines,
  totalsLine,
} from '../model/report-summary.ts';
import { GLYPHS } from '../wording.ts';
import { code, codeCut, codeQuoted, prose } from './escape.ts';
import { MAX_BYTES, type MarkdownOptions } from './plan-markdown.ts';
import { renderSection, type TableSection } from './required-sections.ts';
import { byteLength, collapsible, countFitting } from './size-budget.ts';

/** A report for a pull request or an issue: what asks for something first; cut at the end, and it is said what. */
export function renderReportMarkdown(
  account: ReportSummary,
  { maxBytes = MAX_BYTES }: MarkdownOptions = {},
): string {
  const { report } = account;
  const foot = `**Next:** ${prose(account.next)}\n\nPlan digest ${code(report.plan.digest)}.`;
  const parts = [...heading(account)];
  let room = maxBytes - byteLength([...parts, foot].join('\n\n')) - 10;
  for (const { list, isOpen } of lists(account)) {
    const frame = byteLength(renderSection({ ...list, rows: [] })) + 120;
    const rows = list.rows.slice(0, countFitting(list.rows, room - frame));
    const rest = list.rows.length - rows.length;
    const note = rest === 0 ? '' : `\n\n${plural(rest, 'row')} not shown here; the report has all.`;
    const shown =
      rows.length === 0 ? `### ${list.title}${note}` : `${renderSection({ ...list, rows })}${note}`;
    const text = isOpen ? shown : collapsible(`<b>${list.title}</b>`, shown.replace(/^.*\n\n/, ''));
    if (byteLength(text) + 2 > room) continue;
    room -= byteLength(text) + 2;
    parts.push(text);
  }
  return `${[...parts, foot].join('\n\n')}\n`;
}

/** Characters of one line, and lines, of what was approved and run. */
const LINE_MAX = 200;
const RECORD_MAX = 12;

function heading({ report, verdict }: ReportSummary): readonly string[] {
  const { mode, plan, target } = report;
  const record = [...approvalLines(report), ...runLines(report)];
  return [
    `## sailplan ${totalsLine(report).replace(/^[AD]/, (first) => first.toLowerCase())}`,
    `**${prose(verdict.line)}**`,
    [
      `- ${mode === 'dry_run' ? 'Dry run' : 'Apply'} of plan ${code(plan.id)}`,
      `- Target ${target.name === null ? '' : `${codeCut(target.name, LINE_MAX)} `}${codeCut(target.api_url, LINE_MAX)}`,
      ...record.slice(0, RECORD_MAX).map((one) => `- ${prose(one, LINE_MAX)}`),
      ...(record.length > RECORD_MAX
        ? [`- and ${formatCount(record.length - RECORD_MAX)} more in the report`]
        : []),
    ].join('\n'),
  ];
}

const ROWS = '| | What | Because |\n|---|---|---|';

function lists({ outcomes, report }: ReportSummary): readonly { list: TableSection; isOpen: boolean }[] {
  const found = [
    ...outcomes.map(({ outcome, changes }) => ({
      list: {
        title: `${OUTCOME_WORDS[outcome]}: ${formatCount(changes.length)}`,
        head: ROWS,
        rows: changes.map(changed),
      },
      isOpen: !['applied', 'already', 'planned'].includes(outcome),
    })),
    { list: products(report), isOpen: true },
    { list: taxonomies(report), isOpen: true },
    ...(['errors', 'warnings'] as const).flatMap((name) =>
      [...groupBy(report[name], (notice) => notice.code)].map(([title, notices]) => ({
        list: {
          title: `${name === 'errors' ? 'Error' : 'Warning'} ${title.replace(/[^a-z0-9_]/g, '').slice(0, 60)}: ${formatCount(notices.length)}`,
          head: '| Where | What |\n|---|---|',
          rows: notices.map(({ ref, message }) => `| ${code(ref)} | ${prose(message, 400)} |`),
        },
        isOpen: false,
      })),
    ),
  ];
  return found.filter(({ list }) => list.rows.length > 0);
}

const changed = ({ ref, action, because }: ChangeOutcome): string =>
  `| ${GLYPHS[action]} | ${code(ref)} | ${because === null ? '' : prose(because, 400)} |`;

const products = ({ missing_products }: Report): TableSection => ({
  title: `Missing products: ${formatCount(missing_products.length)}`,
  head: '| Page | Title | Product |\n|---|---|---|',
  rows: missing_products.map(
    ({ page_id, title, saleor_product_id, saleor_product_slug }) =>
      `| ${page_id} | ${codeQuoted(title, 120)} | ${code(saleor_product_id ?? saleor_product_slug ?? 'names none')} |`,
  ),
});

function taxonomies({ missing_taxonomies }: Report): TableSection {
  const open = missing_taxonomies.filter(({ will_create }) => !will_create);
  return {
    title: `Missing in taxonomies and attributes: ${formatCount(open.length)}`,
    head: '| What | Kind | Needed by |\n|---|---|---|',
    rows: open.map(
      ({ kind, attribute, key, needed_by }) =>
        `| ${code(key === null ? attribute : `${attribute}.${key}`)} | ${kind.replace('_', ' ')} | ${plural(needed_by.length, 'offering')} |`,
    ),
  };
}
