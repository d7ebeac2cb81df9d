import type { Json } from '../../core/json/canonical-json.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import { quoted } from '../../core/text/invisible-characters.ts';
import type { ChangeView, FieldView, Member } from '../model/review.ts';
import { CAUSE_WORDS, filterWords, GLYPHS, holders } from '../wording.ts';
import { outward } from './document.ts';
import { cards } from './product-card.ts';
import { html, type Markup } from './template.ts';

/** Where a change stands in the page, and by what it is filtered; indexes, so that no data becomes an attribute's name. */
export interface EntryPlace {
  readonly id: string;
  readonly isOpen: boolean;
  /** Without cards, for plans of thousands of changes. */
  readonly isSpare: boolean;
  indexOf(filter: string, name: string): number;
}

/** One change, in one line of HTML: what is always seen, and a body with before and after. */
export function renderChange(change: ChangeView, place: EntryPlace): Markup {
  const { action, kind, cause, hazards, touches } = change;
  const index = (filter: string, names: readonly string[]) =>
    names.map((name) => place.indexOf(filter, name)).join(' ');
  const inside = body(place.isSpare ? { ...change, card: null } : change);
  return html`<details class="c ${action}" id="${place.id}"${place.isOpen ? OPEN : null} data-kind="${kind}" data-action="${action}" data-field="${index('field', touches.fields)}" data-taxonomy="${index('taxonomy', touches.taxonomies)}" data-cause="${cause ?? ''}" data-hazard="${hazards.join(' ')}"><summary><span class="g">${GLYPHS[action]}</span><span class="t">${change.title}</span><span class="r">${change.ref}</span>${hazards.map(hazardTag)}${cause === null ? null : html`<span class="tag cause">${CAUSE_WORDS[cause]}</span>`}<span class="gist">${gist(change)}</span></summary>${inside}</details>
`;
}

const OPEN = html` open`;
const hazardTag = (code: string): Markup => html`<span class="tag hazard">${code}</span>`;

const GIST = 4;

/** What changes, in a few words. */
function gist({ kind, action, fields, impact }: ChangeView): string {
  if (kind === 'value' && action === 'create') {
    return impact === null || impact.needed_by === 0
      ? 'not needed yet'
      : `needed by ${plural(impact.needed_by, 'product')}`;
  }
  const names = fields.map(({ name, title }) => title ?? name.slice(name.indexOf('.') + 1));
  const rest = names.length > GIST ? ` +${formatCount(names.length - GIST)}` : '';
  return names.slice(0, GIST).join(', ') + rest;
}

const LINKS = { page: 'page in Wagtail', term: 'term in Wagtail', dashboard: 'dashboard' } as const;

function body(change: ChangeView): Markup {
  const { identity, links, fields, card } = change;
  return html`<div class="body"><div class="id">${identity.filter(({ name, value }) => name === 'page' || value !== change.title).map(({ name, value }) => html`<span>${name} <b>${value}</b></span>`)}${links.map(({ what, url }) => html`<span>${outward(LINKS[what], url)}</span>`)}</div>${fields.length === 0 ? null : table(change)}${footnotes(change)}${card === null ? null : cards(card)}</div>`;
}

/** Closing tags that HTML does not need are left out: a page of 10,000 changes is a third smaller. */
function table({ fields }: ChangeView): Markup {
  return html`<table class="d"><thead><tr><th>Field<th>Before<th>After<tbody>${fields.map(line)}</table>`;
}

function line(view: FieldView): Markup {
  const short = view.name.slice(view.name.indexOf('.') + 1);
  const title = view.title === null ? html`${short}` : html`${view.title} <small>${short}</small>`;
  const tags = html`${view.hazard === null ? null : hazardTag(view.hazard)}${view.cause === null ? null : html` <span class="tag cause">${CAUSE_WORDS[view.cause]}</span>`}`;
  if (view.shape === 'set') {
    return html`<tr><th>${title}${tags}<td>${set([...view.removed.map(gone), ...view.kept.map(stays)])}<td>${set([...view.kept.map(stays), ...view.added.map(come)])}`;
  }
  const [before, after] =
    view.shape === 'key'
      ? [view.before === null ? NONE : gone(view.before), view.after === null ? NONE : come(view.after)]
      : marked(view.before, view.after);
  return html`<tr><th>${title}${tags}<td>${before}<td>${after}`;
}

const NONE = html`<i>none</i>`;
const set = (members: readonly Markup[]): Markup => (members.length === 0 ? NONE : html`${members}`);

const named = ({ key, label }: Member): Markup =>
  label === null || label === key ? html`${key}` : html`${label}<small>${key}</small>`;

const gone = (member: Member): Markup => html`<del>${named(member)}</del>`;
const come = (member: Member): Markup => html`<ins>${named(member)}</ins>`;
const stays = (member: Member): Markup => html`<span>${named(member)}</span>`;

/** Two values, with what differs in the middle of two texts marked. */
function marked(before: Json, after: Json): readonly [Markup, Markup] {
  if (typeof before !== 'string' || typeof after !== 'string') return [plain(before), plain(after)];
  const [left, right] = [[...before], [...after]];
  const shorter = Math.min(left.length, right.length);
  let head = 0;
  while (head < shorter && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail += 1;
  if (head + tail < 3) return [plain(before), plain(after)];
  const cut = (from: readonly string[]) => {
    const middle = from.slice(head, from.length - tail).join('');
    return html`<p>${from.slice(0, head).join('')}${middle === '' ? null : html`<mark>${middle}</mark>`}${from.slice(from.length - tail).join('')}</p>`;
  };
  return [cut(left), cut(right)];
}

const plain = (value: Json): Markup =>
  value === null
    ? NONE
    : html`<p><mark>${typeof value === 'string' ? value : JSON.stringify(value)}</mark></p>`;

function footnotes({ unchanged, impact, needs, action }: ChangeView): Markup | null {
  const notes = [
    ...(unchanged > 0 ? [`${plural(unchanged, 'unchanged field')} hidden.`] : []),
    ...(impact === null ? [] : [held(impact, action)]),
    ...(needs.length > 0 ? [`Waits for ${needs.join(', ')}.`] : []),
  ];
  return notes.length === 0 ? null : html`<p class="foot">${notes.join(' ')}</p>`;
}

function held(impact: NonNullable<ChangeView['impact']>, action: ChangeView['action']): string {
  if (action !== 'create')
    return `Held by ${holders(impact, quoted)}; ${filterWords(impact, action, quoted)}.`;
  return impact.needed_by === 0
    ? 'No product of this plan needs it yet.'
    : `Needed by ${plural(impact.needed_by, 'product')} of this plan.`;
}
