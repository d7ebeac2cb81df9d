import { groupBy } from '../../core/collections.ts';
import { kindOf } from '../../core/resource-ref.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import type { ChangeOutcome, MissingProduct, MissingTaxonomy, Notice, Report } from '../../plan/report.ts';
import { approvalLines, OUTCOME_WORDS, type ReportSummary, runLines } from '../model/report-summary.ts';
import { GLYPHS, KIND_NAMES } from '../wording.ts';
import { htmlDocument } from './document.ts';
import { filterBar, filterSelect } from './filter-bar.ts';
import { fact, overviewTile } from './page-header.ts';
import { changeList, countBadge, foldLong } from './plan-panels.ts';
import { html, htmlAttributes, LINE_BREAK, type Markup, sentence } from './template.ts';

/** A report as one self-contained page. */
export function reportPage(summary: ReportSummary): string {
  const { report } = summary;
  const { plan, target } = report;
  const content = html`
    ${pageHeader(summary)}
    ${noticePanels('error', report.errors)}
    ${missingProductsPanel(report.missing_products)}
    ${missingTaxonomiesPanel(report.missing_taxonomies)}
    ${noticePanels('warning', report.warnings)}
    ${outcomeSections(summary)}
    ${plan === null ? null : html`<footer><p>Plan digest <code>${plan.digest}</code>.</p></footer>`}`;
  return htmlDocument(
    plan === null ? 'sailplan report' : `sailplan report ${plan.id}`,
    target?.name ?? target?.api_url ?? '',
    content,
  );
}

const TILE_TONES = {
  applied: 'create',
  already: 'create',
  planned: 'update',
  failed: 'delete',
  unknown: 'delete',
  skipped: 'update',
  not_attempted: 'update',
} as const;

function pageHeader({ report, verdict, outcomes, next }: ReportSummary): Markup {
  const tiles = outcomes.map(({ outcome, changes }) =>
    overviewTile({
      tone: TILE_TONES[outcome],
      count: changes.length,
      text: outcome.replace('_', ' '),
      href: '#changes',
    }),
  );
  return html`
    <header class="hero"><p class="verdict v-${verdict.code}"><span>${sentence(verdict.line)}</span></p>${LINE_BREAK}
      <h1>${headline(report)}</h1>${LINE_BREAK}
      <div class="tiles">${tiles}</div>${LINE_BREAK}
      <dl class="facts">${facts(report, next)}</dl>
    </header>`;
}

function facts(report: Report, next: string): readonly (Markup | null)[] {
  const { mode, plan, target, skipped_pages } = report;
  const record = [...approvalLines(report), ...runLines(report)];
  return [
    fact('Next', sentence(next)),
    plan === null ? null : fact(mode === 'dry_run' ? 'Dry run of' : 'Plan', html`<code>${plan.id}</code>`),
    target === null
      ? null
      : fact('Target', `${target.name === null ? '' : `${target.name} · `}${target.api_url}`),
    skipped_pages.length === 0
      ? null
      : fact('Skipped', `${plural(skipped_pages.length, 'page')}, because of errors`),
    record.length === 0 ? null : fact('Record', html`${record.map((line) => html`<div>${line}</div>`)}`),
  ];
}

function headline({ mode, outcomes, totals }: Report): string {
  if (mode === 'dry_run') return `${plural(totals.planned, 'change')} would be made`;
  return `${formatCount(totals.applied + totals.already)} of ${plural(outcomes.length, 'change')} in the shop`;
}

/** A panel of errors with more items is closed from the start. */
const OPEN_ITEMS_MAX = 8;

function noticePanels(severity: 'error' | 'warning', notices: readonly Notice[]): readonly Markup[] {
  return [...groupBy(notices, ({ code }) => code)].map(([code, group]) => {
    const hint = group[0]?.hint ?? '';
    const isOpen = severity === 'error' && group.length <= OPEN_ITEMS_MAX;
    return html`
      <details class="panel"${isOpen ? html` open` : null}>
        <summary><span class="tag ${severity}">${severity}</span> ${code} ${countBadge(group.length)}</summary>
        ${foldLong(
          group.map(({ message }) => html`<li>${message}</li>`),
          'of these',
          changeList,
        )}
        ${hint === '' ? null : html`<p class="hint">${sentence(hint)}</p>`}
      </details>`;
  });
}

function missingProductsPanel(missing: readonly MissingProduct[]): Markup | null {
  if (missing.length === 0) return null;
  const rows = missing.map(({ page_id, title, saleor_product_id, saleor_product_slug }) => {
    const product = saleor_product_id ?? saleor_product_slug ?? 'no product named';
    return html`<li><b>${title}</b> <span class="n">page ${page_id}</span> <code>${product}</code></li>`;
  });
  return html`
    <details class="panel">
      <summary>Missing products ${countBadge(missing.length)}</summary>
      ${changeList(rows)}
    </details>`;
}

function missingTaxonomiesPanel(missing: readonly MissingTaxonomy[]): Markup | null {
  const remaining = missing.filter(({ will_create }) => !will_create);
  if (remaining.length === 0) return null;
  const rows = remaining.map(({ kind, attribute, key, needed_by }) => {
    const name = key === null ? attribute : `${attribute}.${key}`;
    const users = plural(needed_by.length, 'offering');
    return html`<li><code>${name}</code> ${kind.replace('_', ' ')}, needed by ${users}</li>`;
  });
  return html`
    <details class="panel">
      <summary>Missing terms, values and attributes ${countBadge(remaining.length)}</summary>
      ${changeList(rows)}
    </details>`;
}

function outcomeSections({ outcomes, report }: ReportSummary): Markup {
  if (outcomes.length === 0) return html`<h2 class="big" id="changes">No changes</h2>`;
  const kinds = [...new Set(report.outcomes.map(({ ref }) => kindOf(ref)))];
  const selects = [
    filterSelect({
      name: 'outcome',
      label: 'All outcomes',
      options: outcomes.map(({ outcome }) => [outcome, outcome.replace('_', ' ')]),
    }),
    filterSelect({
      name: 'kind',
      label: 'All kinds',
      options: kinds.map((kind) => [kind, KIND_NAMES[kind]]),
    }),
  ];
  const sections = outcomes.map(
    ({ outcome, changes }) => html`
      <section class="group">
        <h3>${OUTCOME_WORDS[outcome]} ${countBadge(changes.length)}</h3>
        <div class="rows">${changes.map(outcomeEntry)}</div>
      </section>`,
  );
  return html`
    <h2 class="big" id="changes">Changes</h2>
    ${filterBar(report.outcomes.length, selects)}
    ${sections}
    <p class="nothing" hidden>No change matches these filters.</p>`;
}

function outcomeEntry({ ref, action, outcome, because }: ChangeOutcome): Markup {
  const outcomeText = outcome.replace('_', ' ');
  const data = htmlAttributes({ 'data-kind': kindOf(ref), 'data-action': action, 'data-outcome': outcome });
  return html`
    <details class="c ${action}"${because === null ? null : html` open`}${data}>
      <summary>
        <span class="g">${GLYPHS[action]}</span>
        <span class="r">${ref}</span>
        <span class="tag ${outcome}">${outcomeText}</span>
      </summary>
      <div class="body"><p class="foot">${because ?? `${action}: ${outcomeText}`}</p></div>
    </details>${LINE_BREAK}`;
}
