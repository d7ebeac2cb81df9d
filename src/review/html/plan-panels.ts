import { formatCount, plural } from '../../core/text/counting.ts';
import type { DiagnosticView, Review } from '../model/review.ts';
import { CAUSE_WORDS } from '../wording.ts';
import { outward } from './document.ts';
import { html, type Markup } from './template.ts';

/** Ref → where it stands in the page. */
type Ids = ReadonlyMap<string, string>;

/** What must be seen before the changes. */
export const panels = (review: Review, ids: Ids): Markup =>
  html`${hazards(review, ids)}${drift(review, ids)}${leftOut(review)}${remarks(review, ids)}${heldBack(review)}`;

const FIRST = 8;

/** The first few, and the rest behind a fold. */
function few(items: readonly Markup[], what: string, wrap: (items: readonly Markup[]) => Markup): Markup {
  if (items.length <= FIRST + 2) return wrap(items);
  return html`${wrap(items.slice(0, FIRST))}<details class="more"><summary>and ${formatCount(items.length - FIRST)} more ${what}</summary>${wrap(items.slice(FIRST))}</details>`;
}

export const changeList = (items: readonly Markup[]): Markup => html`<ul class="list">${items}</ul>`;
const refs = (items: readonly Markup[]): Markup => html`<div class="refs">${items}</div>`;

const toRef = (ids: Ids) => (ref: string) => {
  const id = ids.get(ref);
  return id === undefined ? html`<code>${ref}</code>` : html`<a href="#${id}"><code>${ref}</code></a>`;
};

function hazards({ hazards }: Review, ids: Ids): Markup | null {
  if (hazards.length === 0) return null;
  const rows = hazards.map(
    ({ code, meaning, refs: where }) =>
      html`<li><span class="tag hazard">${code}</span> <span class="n">${formatCount(where.length)}</span> ${meaning}${few(where.map(toRef(ids)), 'places', refs)}</li>`,
  );
  return html`<section class="panel" id="hazards"><h2>Hazards</h2>${changeList(rows)}</section>`;
}

function drift({ drift }: Review, ids: Ids): Markup | null {
  if (drift === null || drift.length === 0) return null;
  const rows = drift.map(
    ({ ref, title, fields }) =>
      html`<li><b>${title}</b> ${toRef(ids)(ref)}<p class="why">${fields.map(({ name, cause }) => html`<code>${name}</code> <span class="tag cause">${CAUSE_WORDS[cause]}</span> `)}</p></li>`,
  );
  return html`<section class="panel" id="drift"><h2>Drift: edited in Saleor since the last converged plan <span class="n">${formatCount(drift.length)}</span></h2>${few(rows, 'resources', changeList)}</section>`;
}

function leftOut({ left_out }: Review): Markup | null {
  if (left_out.length === 0) return null;
  const rows = left_out.map(
    ({ ref, title, page_id, link, because }) =>
      html`<li><b>${title}</b> <code>${ref}</code> ${link === null ? html`<span class="n">page ${page_id}</span>` : outward(`open page ${page_id}`, link)}${because.map(({ message }) => html`<p class="why">${message}</p>`)}</li>`,
  );
  return html`<section class="panel" id="left-out"><h2>Not compared: ${plural(left_out.length, 'offering')}</h2>${few(rows, 'offerings', changeList)}</section>`;
}

function remarks({ remarks }: Review, ids: Ids): Markup | null {
  if (remarks.length === 0) return null;
  const words = { non_ascii: 'is not plain ASCII:', address_not_http: 'is no http(s) address:' };
  const rows = remarks.map(
    ({ code, ref, where, value }) =>
      html`<li>${toRef(ids)(ref)}, ${where} ${words[code]} <code>${value}</code></li>`,
  );
  return html`<section class="panel" id="remarks"><h2>Look closely <span class="n">${formatCount(remarks.length)}</span></h2>${few(rows, 'remarks', changeList)}</section>`;
}

const message = ({ message }: DiagnosticView): Markup => html`<li>${message}</li>`;

function heldBack({ held_back }: Review): Markup | null {
  if (held_back.length === 0) return null;
  return html`<section class="panel" id="held-back"><h2>Held back on request <span class="n">${formatCount(held_back.length)}</span></h2>${few(held_back.map(message), 'resources', changeList)}</section>`;
}

/** Errors and warnings by code, one line each until it is opened. */
export function diagnostics({ diagnostics }: Review): Markup | null {
  if (diagnostics.length === 0) return null;
  const rows = diagnostics.map(
    ({ severity, code, hint, items }) =>
      html`<details class="told"><summary><span class="tag ${severity}">${severity}</span> ${code} <span class="n">${formatCount(items.length)}</span></summary>${few(items.map(message), 'of these', changeList)}${hint === '' ? null : html`<p class="hint">${hint}</p>`}</details>`,
  );
  return html`<section class="panel" id="diagnostics"><h2>Errors and warnings</h2><div>${rows}</div></section>`;
}
