import { kindOf } from '../../core/resource-ref.ts';
import { formatCount, groupBy, plural } from '../../core/text/counting.ts';
import type { ChangeOutcome, MissingProduct, MissingTaxonomy, Notice, Report } from '../../plan/report.ts';
import { approvalLines, OUTCOME_WORDS, type ReportSummary, runLines } from '../model/report-summary.ts';
import { GLYPHS, KIND_NAMES } from '../wording.ts';
import { htmlDocument } from './document.ts';
import { filters, selectBox } from './filter-bar.ts';
import { changeList } from './plan-panels.ts';
import { html, type Markup } from './template.ts';

/** A report as one self-contained page. */
export function reportPage(account: ReportSummary): string {
  const { report } = account;
  const content = html`${hero(account)}${notices('error', report.errors)}${products(report.missing_products)}${taxonomies(report.missing_taxonomies)}${notices('warning', report.warnings)}${outcomes(account)}<footer><p>Plan digest <code>${report.plan.digest}</code>.</p></footer>`;
  return htmlDocument(
    `sailplan report ${report.plan.id}`,
    report.target.name ?? report.target.api_url,
    content,
  );
}

const TILES = {
  applied: 'create',
  already: 'create',
  planned: 'update',
  failed: 'delete',
  unknown: 'delete',
  skipped: 'update',
  not_attempted: 'update',
} as const;

function hero({ report, verdict, outcomes, next }: ReportSummary): Markup {
  const { plan, target, mode } = report;
  const fact = (name: string, value: Markup | string) => html`<dt>${name}</dt><dd>${value}</dd>`;
  const rows = [...approvalLines(report), ...runLines(report)];
  return html`<header class="hero"><p class="verdict v-${verdict.code}">${verdict.line}</p>
<h1>${headline(report)}</h1>
<div class="tiles">${outcomes.map(({ outcome, changes }) => html`<a class="tile ${TILES[outcome]}" href="#changes"><b>${formatCount(changes.length)}</b><span>${outcome.replace('_', ' ')}</span></a>`)}</div>
<dl class="facts">${fact('Next', next)}${fact(mode === 'dry_run' ? 'Dry run of' : 'Plan', html`<code>${plan.id}</code>`)}${fact('Target', `${target.name === null ? '' : `${target.name} · `}${target.api_url}`)}${report.complete ? null : fact('Complete', 'No: something was left out of the plan.')}${rows.length === 0 ? null : fact('Record', html`${rows.map((row) => html`<div>${row}</div>`)}`)}</dl></header>`;
}

function headline({ mode, outcomes, totals }: Report): string {
  if (mode === 'dry_run') return `${plural(totals.planned, 'change')} would be made`;
  return `${formatCount(totals.applied + totals.already)} of ${plural(outcomes.length, 'change')} in the shop`;
}

function notices(severity: 'error' | 'warning', items: readonly Notice[]): readonly Markup[] {
  return [...groupBy(items, ({ code }) => code)].map(
    ([code, group]) =>
      html`<details class="panel"><summary><span class="tag ${severity}">${severity}</span> ${code} <span class="n">${formatCount(group.length)}</span></summary>${changeList(group.map(({ message }) => html`<li>${message}</li>`))}${group[0]?.hint ? html`<p class="hint">${group[0].hint}</p>` : null}</details>`,
  );
}

function products(items: readonly MissingProduct[]): Markup | null {
  if (items.length === 0) return null;
  const rows = items.map(
    ({ page_id, title, saleor_product_id, saleor_product_slug }) =>
      html`<li><b>${title}</b> <span class="n">page ${page_id}</span> <code>${saleor_product_id ?? saleor_product_slug ?? 'names none'}</code></li>`,
  );
  return html`<details class="panel"><summary>Missing products <span class="n">${formatCount(items.length)}</span></summary>${changeList(rows)}</details>`;
}

function taxonomies(items: readonly MissingTaxonomy[]): Markup | null {
  const open = items.filter(({ will_create }) => !will_create);
  if (open.length === 0) return null;
  const rows = open.map(
    ({ kind, attribute, key, needed_by }) =>
      html`<li><code>${key === null ? attribute : `${attribute}.${key}`}</code> ${kind.replace('_', ' ')}, needed by ${plural(needed_by.length, 'offering')}</li>`,
  );
  return html`<details class="panel"><summary>Missing in taxonomies and attributes <span class="n">${formatCount(open.length)}</span></summary>${changeList(rows)}</details>`;
}

function outcomes({ outcomes, report }: ReportSummary): Markup {
  if (outcomes.length === 0) return html`<h2 class="big" id="changes">No changes</h2>`;
  const kinds = [...new Set(report.outcomes.map(({ ref }) => kindOf(ref)))];
  const selects = [
    selectBox(
      'outcome',
      'Every outcome',
      outcomes.map(({ outcome }) => [outcome, outcome.replace('_', ' ')] as const),
    ),
    selectBox(
      'kind',
      'Every kind',
      kinds.map((kind) => [kind, KIND_NAMES[kind]] as const),
    ),
  ];
  const groups = outcomes.map(
    ({ outcome, changes }) =>
      html`<section class="group"><h3>${OUTCOME_WORDS[outcome]} <span class="n">${formatCount(changes.length)}</span></h3><div class="rows">${changes.map(row)}</div></section>`,
  );
  return html`<h2 class="big" id="changes">Changes</h2>${filters(report.outcomes.length, selects)}${groups}<p class="nothing" hidden>No change fits these filters.</p>`;
}

const row = ({ ref, action, outcome, because }: ChangeOutcome): Markup =>
  html`<details class="c ${action}"${because === null ? null : html` open`} data-kind="${kindOf(ref)}" data-action="${action}" data-outcome="${outcome}"><summary><span class="g">${GLYPHS[action]}</span><span class="r">${ref}</span><span class="tag ${outcome}">${outcome.replace('_', ' ')}</span></summary><div class="body"><p class="foot">${because ?? `${action}: ${outcome.replace('_', ' ')}`}</p></div></details>
`;
