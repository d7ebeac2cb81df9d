import { groupBy } from '../../core/collections.ts';
import { formatCount } from '../../core/text/counting.ts';
import { withoutSkipReasons } from '../model/diagnostic-groups.ts';
import type { DiagnosticView, HazardGroup, Review } from '../model/review.ts';
import { CAUSE_WORDS, skippedShare } from '../wording.ts';
import { externalLink } from './document.ts';
import { html, type Markup, sentence } from './template.ts';

/** Ref of a change → id of its element in the page. */
type ElementIds = ReadonlyMap<string, string>;

/** The panels that a reader must see before the changes. */
export const panelsBeforeChanges = (review: Review, ids: ElementIds): Markup =>
  html`
    ${hazardsPanel(review, ids)}
    ${driftPanel(review, ids)}
    ${skippedPanel(review)}
    ${remarksPanel(review, ids)}
    ${excludedPanel(review)}`;

const SHOWN_FIRST = 8;

/** Shows the first items and folds the others, unless only two would be folded. `noun`: what the items are. */
export function foldLong(
  items: readonly Markup[],
  noun: string,
  wrap: (items: readonly Markup[]) => Markup,
): Markup {
  if (items.length <= SHOWN_FIRST + 2) return wrap(items);
  return html`
    ${wrap(items.slice(0, SHOWN_FIRST))}
    <details class="more">
      <summary>and ${formatCount(items.length - SHOWN_FIRST)} more ${noun}</summary>
      ${wrap(items.slice(SHOWN_FIRST))}
    </details>`;
}

export const changeList = (items: readonly Markup[]): Markup => html`<ul class="list">${items}</ul>`;
const refList = (items: readonly Markup[]): Markup => html`<div class="refs">${items}</div>`;

/** A ref, as a link to its change where the page has it. */
function refLink(ref: string, ids: ElementIds): Markup {
  const id = ids.get(ref);
  return id === undefined ? html`<code>${ref}</code>` : html`<a href="#${id}"><code>${ref}</code></a>`;
}

export const countBadge = (count: number): Markup => html`<span class="n">${formatCount(count)}</span>`;

function hazardsPanel({ hazards }: Review, ids: ElementIds): Markup | null {
  if (hazards.length === 0) return null;
  const alarms = hazards.filter(({ severity }) => severity !== 'note');
  const facts = hazards.filter(({ severity }) => severity === 'note');
  const rows = alarms.map(
    (group) => html`
    <li>
      <span class="tag ${group.severity === 'danger' ? 'error' : 'hazard'}">${group.code}</span> ${countBadge(group.refs.length)} ${sentence(group.meaning)}
      ${foldLong(hazardPlaces(group, ids), 'places', refList)}
    </li>`,
  );
  return html`
    ${rows.length === 0 ? null : html`<section class="panel" id="hazards"><h2>Hazards</h2>${changeList(rows)}</section>`}
    ${facts.map((group) => factPanel(group, ids))}`;
}

/** The refs, each with the products that cause the hazard where they are known. */
const hazardPlaces = ({ refs, causes }: HazardGroup, ids: ElementIds): readonly Markup[] =>
  refs.map((ref) => {
    const products = causes[ref] ?? [];
    if (products.length === 0) return refLink(ref, ids);
    const links = products.slice(0, SHOWN_FIRST).map((product) => html` ${refLink(product, ids)}`);
    const more =
      products.length > SHOWN_FIRST ? ` and ${formatCount(products.length - SHOWN_FIRST)} more` : '';
    return html`<span>${refLink(ref, ids)} by${links}${more}</span>`;
  });

/** A hazard of severity `note`, folded: a fact that does not count. */
const factPanel = ({ code, meaning, refs }: HazardGroup, ids: ElementIds): Markup => html`
  <details class="panel">
    <summary><span class="tag note">${code}</span> ${countBadge(refs.length)}</summary>
    <p class="hint">${sentence(meaning)}</p>
    ${foldLong(
      refs.map((ref) => refLink(ref, ids)),
      'places',
      refList,
    )}
  </details>`;

function driftPanel({ drift }: Review, ids: ElementIds): Markup | null {
  if (drift === null || drift.length === 0) return null;
  const rows = drift.map(({ ref, title, fields }) => {
    const edits = fields.map(
      ({ name, cause }) => html`<code>${name}</code> <span class="tag cause">${CAUSE_WORDS[cause]}</span> `,
    );
    return html`<li><b>${title}</b> ${refLink(ref, ids)}<p class="why">${edits}</p></li>`;
  });
  return html`
    <section class="panel" id="drift">
      <h2>Drift: edited in Saleor since the last converged plan ${countBadge(drift.length)}</h2>
      ${foldLong(rows, 'resources', changeList)}
    </section>`;
}

/** Reasons with their counts, then, folded where they are many, the pages in detail. */
function skippedPanel(review: Review): Markup | null {
  const { skipped } = review;
  if (skipped.length === 0) return null;
  const reasons = [
    ...groupBy(
      skipped.flatMap(({ because }) => because),
      ({ code }) => code,
    ),
  ].sort(([, a], [, b]) => b.length - a.length);
  const summary = reasons.map(
    ([code, items]) =>
      html`<li>${countBadge(items.length)} <code>${code}</code> ${sentence(items[0]?.hint ?? '')}</li>`,
  );
  const rows = skipped.map(({ ref, title, page_id, link, because }) => {
    const page =
      link === null
        ? html`<span class="n">page ${page_id}</span>`
        : externalLink(`open page ${page_id}`, link);
    return html`
      <li>
        <b>${title}</b> <code>${ref}</code> ${page}
        ${because.map(({ message }) => html`<p class="why">${message}</p>`)}
      </li>`;
  });
  return html`
    <section class="panel" id="skipped">
      <h2>${skippedShare(review)}</h2>
      ${changeList(summary)}
      <details class="more">
        <summary>${skipped.length === 1 ? 'The page' : `All ${formatCount(skipped.length)} pages`}</summary>
        ${changeList(rows)}
      </details>
    </section>`;
}

const REMARK_WORDS = { non_ascii: 'is not plain ASCII:', address_not_http: 'is not an http(s) address:' };

function remarksPanel({ remarks }: Review, ids: ElementIds): Markup | null {
  if (remarks.length === 0) return null;
  const rows = remarks.map(
    ({ code, ref, where, value }) =>
      html`<li>${refLink(ref, ids)}, ${where} ${REMARK_WORDS[code]} <code>${value}</code></li>`,
  );
  return html`
    <section class="panel" id="remarks">
      <h2>Look closely ${countBadge(remarks.length)}</h2>
      ${foldLong(rows, 'remarks', changeList)}
    </section>`;
}

const messageItem = ({ message }: DiagnosticView): Markup => html`<li>${message}</li>`;

function excludedPanel({ excluded }: Review): Markup | null {
  if (excluded.length === 0) return null;
  return html`
    <section class="panel" id="excluded">
      <h2>Excluded on request ${countBadge(excluded.length)}</h2>
      ${foldLong(excluded.map(messageItem), 'resources', changeList)}
    </section>`;
}

/** Errors, warnings and notes by code, each folded to one line, without those in the panel of skipped pages. */
export function diagnosticsPanel(review: Review): Markup | null {
  const groups = withoutSkipReasons(review).filter(({ items }) => items.length > 0);
  if (groups.length === 0) return null;
  const rows = groups.map(
    ({ severity, code, hint, items }) => html`
      <details class="told">
        <summary><span class="tag ${severity}">${severity}</span> ${code} ${countBadge(items.length)}</summary>
        ${foldLong(items.map(messageItem), 'of these', changeList)}
        ${hint === '' ? null : html`<p class="hint">${sentence(hint)}</p>`}
      </details>`,
  );
  return html`
    <section class="panel" id="diagnostics">
      <h2>${review.skipped.length === 0 ? 'Errors and warnings' : 'Other errors, warnings and notes'}</h2>
      <div>${rows}</div>
    </section>`;
}
