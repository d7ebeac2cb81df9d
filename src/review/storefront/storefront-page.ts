import { formatCount } from '../../core/text/counting.ts';
import { htmlDocument } from '../html/document.ts';
import { fact, overviewTile } from '../html/page-header.ts';
import { changeList, countBadge } from '../html/plan-panels.ts';
import { html, LINE_BREAK, type Markup, sentence } from '../html/template.ts';
import { type AttributeFilters, byMessage, type StorefrontReview, valueText } from './storefront-review.ts';

/** What shoppers see, as one self-contained page. */
export function storefrontPage(review: StorefrontReview): string {
  const content = html`
    ${pageHeader(review)}
    <h2 class="big" id="changes">Findings</h2>
    ${review.groups.length === 0 ? html`<p>None.</p>` : review.groups.map(findingPanel)}
    <h2 class="big" id="filters">Filters</h2>
    ${review.attributes.map(filterPanel)}`;
  return htmlDocument(`sailplan storefront ${review.channel}`, review.api_url, content);
}

function pageHeader(review: StorefrontReview): Markup {
  const { counts } = review;
  const tile = (tone: string, count: number, [one, many]: readonly [string, string], href: string) =>
    overviewTile({ tone, count, text: count === 1 ? one : many, href });
  const tiles = [
    tile('delete', counts.errors, ['error', 'errors'], '#changes'),
    tile('update', counts.warnings, ['warning', 'warnings'], '#changes'),
    tile('create', counts.listed, ['product listed', 'products listed'], '#filters'),
    tile('create', counts.filters, ['filter value', 'filter values'], '#filters'),
  ];
  return html`
    <header class="hero"><p class="verdict v-${review.isRight ? 'converged' : 'incomplete'}">${review.isRight ? 'As planned' : 'Differs'}</p>${LINE_BREAK}
      <h1>${review.verdict}</h1>${LINE_BREAK}
      <div class="tiles">${tiles}</div>${LINE_BREAK}
      <dl class="facts">
        ${fact('Shop', `${review.api_url}, as an anonymous shopper`)}
        ${fact('Channel', review.channel)}
        ${fact('Read', review.figures)}
        ${review.skipped === null ? null : fact('Skipped', sentence(review.skipped))}
        ${review.excluded === null ? null : fact('Excluded', review.excluded)}
      </dl>
    </header>`;
}

function findingPanel({ severity, code, cause, hint, items }: StorefrontReview['groups'][number]): Markup {
  const rows = byMessage(items).map(
    ({ refs, message }) => html`<li>${refs.map((ref) => html`<code>${ref}</code> `)}${message}</li>`,
  );
  return html`
    <details class="panel"${severity === 'error' ? html` open` : null}>
      <summary><span class="tag ${severity}">${severity}</span> ${code} ${countBadge(items.length)} ${cause}</summary>
      ${changeList(rows)}
      <p class="hint">${sentence(hint)}</p>
    </details>`;
}

function filterPanel({ attribute, values, wrong, missing }: AttributeFilters): Markup {
  const rows = values.map(
    (count) => html`
      <tr><th>${valueText(count)}</th><td>${formatCount(count.planned)}</td><td>${formatCount(count.found)}</td><td>${formatCount(count.total)}</td></tr>`,
  );
  const tag = (count: number, what: string) =>
    count === 0 ? null : html`<span class="tag error">${formatCount(count)} ${what}</span>`;
  return html`
    <details class="panel"${wrong === 0 ? null : html` open`}>
      <summary><code>${attribute}</code> ${countBadge(values.length)} ${tag(wrong, 'wrong')} ${tag(missing, 'missing')}</summary>
      <table class="d">
        <thead><tr><th>Value</th><th>Planned</th><th>Found</th><th>All products</th></tr></thead>
        <tbody>${rows}</tbody>
      </table>
    </details>`;
}
