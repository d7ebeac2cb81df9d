import type { Json } from '../../core/json/json-value.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import { quoted } from '../../core/text/invisible-characters.ts';
import type { Action } from '../../diff/model.ts';
import type { Cause } from '../../plan/drift-causes.ts';
import type { ChangeView, FieldView, Impact, Member } from '../model/review.ts';
import { CAUSE_WORDS, filterSlugText, GLYPHS, holdersText } from '../wording.ts';
import { externalLink } from './document.ts';
import { cardPair } from './product-card.ts';
import { html, htmlAttributes, LINE_BREAK, type Markup } from './template.ts';

export interface EntryPlace {
  /** Id of the element. */
  readonly id: string;
  readonly isOpen: boolean;
  readonly hasCard: boolean;
  /** Number of a field or taxonomy in its filter, so that the data attributes contain numbers and no text from outside. */
  indexOf(filter: 'field' | 'taxonomy', name: string): number;
}

/** One change in one line of HTML, as page.client.js expects it: a summary, and a body with before and after. */
export function renderChange(change: ChangeView, place: EntryPlace): Markup {
  const { action, kind, cause, hazards, touches } = change;
  const indexes = (filter: 'field' | 'taxonomy', names: readonly string[]) =>
    names.map((name) => place.indexOf(filter, name)).join(' ');
  const identity = htmlAttributes({ class: `c ${action}`, id: place.id });
  const data = htmlAttributes({
    'data-kind': kind,
    'data-action': action,
    'data-field': indexes('field', touches.fields),
    'data-taxonomy': indexes('taxonomy', touches.taxonomies),
    'data-cause': cause ?? '',
    'data-hazard': hazards.join(' '),
  });
  return html`
    <details${identity}${place.isOpen ? OPEN : null}${data}>
      <summary>
        <span class="g">${GLYPHS[action]}</span>
        <span class="t">${change.title}</span>
        <span class="r">${change.ref}</span>
        ${hazards.map(hazardTag)}
        ${cause === null ? null : causeTag(cause)}
        <span class="gist">${summaryOf(change)}</span>
      </summary>
      ${bodyOf(change, place.hasCard)}
    </details>${LINE_BREAK}`;
}

const OPEN = html` open`;
const hazardTag = (code: string): Markup => html`<span class="tag hazard">${code}</span>`;
const causeTag = (cause: Cause): Markup => html`<span class="tag cause">${CAUSE_WORDS[cause]}</span>`;

const SUMMARY_FIELDS = 4;

/** The first fields that change; of a new value, how many products need it. */
function summaryOf({ kind, action, fields, impact }: ChangeView): string {
  if (kind === 'value' && action === 'create') {
    return impact === null || impact.needed_by === 0
      ? 'not needed yet'
      : `needed by ${plural(impact.needed_by, 'product')}`;
  }
  const names = fields.map(({ name, title }) => title ?? withoutPart(name));
  const more = names.length > SUMMARY_FIELDS ? ` +${formatCount(names.length - SUMMARY_FIELDS)}` : '';
  return names.slice(0, SUMMARY_FIELDS).join(', ') + more;
}

/** `attributes.gsv_roles` → `gsv_roles` */
const withoutPart = (name: string): string => name.slice(name.indexOf('.') + 1);

const LINK_TEXTS = { page: 'page in Wagtail', term: 'term in Wagtail', dashboard: 'dashboard' } as const;

function bodyOf(change: ChangeView, hasCard: boolean): Markup {
  const { identity, links, fields, card } = change;
  const facts = identity.filter(({ name, value }) => name === 'page' || value !== change.title);
  return html`
    <div class="body">
      <div class="id">
        ${facts.map(({ name, value }) => html`<span>${name} <b>${value}</b></span>`)}
        ${links.map(({ what, url }) => html`<span>${externalLink(LINK_TEXTS[what], url)}</span>`)}
      </div>
      ${fields.length === 0 ? null : fieldTable(fields)}
      ${footnotes(change)}
      ${card === null || !hasCard ? null : cardPair(card)}
    </div>`;
}

/** Closing tags that HTML does not require are omitted: a page of 10,000 changes is a third smaller. */
export const fieldTable = (fields: readonly FieldView[]): Markup => html`
  <table class="d">
    <thead><tr><th>Field<th>Before<th>After
    <tbody>${fields.map(fieldRow)}
  </table>`;

function fieldRow(field: FieldView): Markup {
  const name = withoutPart(field.name);
  const title = field.title === null ? html`${name}` : html`${field.title} <small>${name}</small>`;
  const hazard = field.hazard === null ? null : hazardTag(field.hazard);
  const cause = field.cause === null ? null : html` ${causeTag(field.cause)}`;
  const [before, after] = fieldSides(field);
  return html`<tr><th>${title}${hazard}${cause}<td>${before}<td>${after}`;
}

function fieldSides(field: FieldView): readonly [Markup, Markup] {
  switch (field.shape) {
    case 'set': {
      const kept = field.kept.map(keptMember);
      return [
        memberList([...field.removed.map(removedMember), ...kept]),
        memberList([...kept, ...field.added.map(addedMember)]),
      ];
    }
    case 'key':
      return [
        field.before === null ? NONE : removedMember(field.before),
        field.after === null ? NONE : addedMember(field.after),
      ];
    case 'value':
      return markDifference(field.before, field.after);
  }
}

const NONE = html`<i>none</i>`;
const memberList = (members: readonly Markup[]): Markup => (members.length === 0 ? NONE : html`${members}`);

const memberName = ({ key, label }: Member): Markup =>
  label === null || label === key ? html`${key}` : html`${label}<small>${key}</small>`;

const removedMember = (member: Member): Markup => html`<del>${memberName(member)}</del>`;
const addedMember = (member: Member): Markup => html`<ins>${memberName(member)}</ins>`;
const keptMember = (member: Member): Markup => html`<span>${memberName(member)}</span>`;

/** With fewer common characters than this, two texts are marked completely. */
const COMMON_LEAST = 3;

/** Both values; of two texts with a common start and end, only the middle is marked. */
function markDifference(before: Json, after: Json): readonly [Markup, Markup] {
  if (typeof before !== 'string' || typeof after !== 'string') return [wholeValue(before), wholeValue(after)];
  const [left, right] = [[...before], [...after]];
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < shorter - start && left[left.length - 1 - end] === right[right.length - 1 - end]) end += 1;
  if (start + end < COMMON_LEAST) return [wholeValue(before), wholeValue(after)];
  const markMiddle = (characters: readonly string[]) => {
    const text = (from: number, to: number) => characters.slice(from, to).join('');
    const middle = text(start, characters.length - end);
    return html`
      <p>
        ${text(0, start)}
        ${middle === '' ? null : html`<mark>${middle}</mark>`}
        ${text(characters.length - end, characters.length)}
      </p>`;
  };
  return [markMiddle(left), markMiddle(right)];
}

const wholeValue = (value: Json): Markup =>
  value === null
    ? NONE
    : html`<p><mark>${typeof value === 'string' ? value : JSON.stringify(value)}</mark></p>`;

function footnotes({ unchanged, impact, needs, action }: ChangeView): Markup | null {
  const notes = [
    ...(unchanged > 0 ? [`${plural(unchanged, 'unchanged field')} hidden.`] : []),
    ...(impact === null ? [] : [impactNote(impact, action)]),
    ...(needs.length > 0 ? [`Waits for ${needs.join(', ')}.`] : []),
  ];
  return notes.length === 0 ? null : html`<p class="foot">${notes.join(' ')}</p>`;
}

function impactNote(impact: Impact, action: Action): string {
  if (action !== 'create')
    return `Used by ${holdersText(impact, quoted)}; ${filterSlugText(impact, action, quoted)}.`;
  return impact.needed_by === 0
    ? 'No product of this plan needs it yet.'
    : `Needed by ${plural(impact.needed_by, 'product')} of this plan.`;
}
