import { formatCount, plural } from '../../core/text/counting.ts';
import type { ChangeView, Review } from '../model/review.ts';
import {
  ACTIONS,
  BESIDE,
  CAUSE_WORDS,
  channelWords,
  completenessLine,
  KIND_NAMES,
  sourceLine,
} from '../wording.ts';
import { type EntryPlace, renderChange } from './change-entry.ts';
import { htmlDocument } from './document.ts';
import { filters, selectBox } from './filter-bar.ts';
import { diagnostics, panels } from './plan-panels.ts';
import { html, type Markup } from './template.ts';

/** So many changes of a kind are in the page from the start; the script builds the others. */
const FIRST = 200;
/** From how many changes on the cards are left out, so that the page opens within a second. */
const SPARE = 2_000;
/** Up to how many changes stand open. */
const OPEN = 25;

/** A plan as one self-contained page. */
export function planPage(review: Review): string {
  const { plan, target } = review;
  const all = review.groups.flatMap(({ changes }) => changes);
  const ids = new Map(all.map(({ ref }, index) => [ref, `c${index}`]));
  const content = html`${hero(review)}${panels(review, ids)}${list(review, all, ids)}${diagnostics(review)}<footer><p>${origin(review)}</p><p class="js-only"><kbd>/</kbd> search · <kbd>j</kbd> <kbd>k</kbd> next and previous change · <kbd>Enter</kbd> open · <kbd>t</kbd> dark or light</p></footer>`;
  return htmlDocument(
    review.stored ? `sailplan ${plan.id}` : 'sailplan comparison',
    target.name ?? target.api_url,
    content,
  );
}

const origin = ({ plan, made, stored }: Review): Markup | string =>
  stored
    ? html`Plan digest <code>${plan.digest}</code>. This page is made from the plan file, which alone counts.${made === null ? null : html` ${BESIDE}`}`
    : 'This is what was found; nothing was written anywhere.';

function hero(review: Review): Markup {
  const { verdict, plan, target, contract, flags, made, counts } = review;
  const hazards = review.hazards.reduce((sum, { refs }) => sum + refs.length, 0);
  const fact = (name: string, value: Markup | string) => html`<dt>${name}</dt><dd>${value}</dd>`;
  const shop = target.shop === null ? '' : ` · ${target.shop.name}, Saleor ${target.shop.version}`;
  return html`<header class="hero"><p class="verdict v-${verdict.code}">${verdict.line}</p>
${review.doubts.map(({ message }) => html`<p class="doubt">${message}</p>`)}<h1>${title(review)}</h1>
<div class="tiles">${ACTIONS.map((action) => tile(action, counts[action], `to ${action}`, '#changes'))}${tile('hazard', hazards, hazards === 1 ? 'hazard' : 'hazards', '#hazards')}${tile('', counts.left_out, counts.left_out === 1 ? 'offering not compared' : 'offerings not compared', '#left-out')}</div>
<dl class="facts">${fact('Plan', review.stored ? html`<code>${plan.id}</code>` : 'Comparison, of which no plan is written')}${fact('Target', `${target.name === null ? '' : `${target.name} · `}${target.api_url}${channelWords(target)}${shop}`)}${fact('Source', `${sourceLine(review)}${review.source.wagtail === null ? '' : ` · Wagtail ${review.source.wagtail}`}`)}${fact('Contract', `${contract.name}, named by ${contract.naming}`)}${flags.length === 0 ? null : fact('Flags', html`<code>${flags.join(' ')}</code>`)}${made === null ? null : fact('Made', `${made.at} by ${made.by} with ${made.tool}`)}${fact('Proof', completenessLine(review))}${toldLine(review)}</dl></header>`;
}

function toldLine({ diagnostics }: Review): Markup | null {
  if (diagnostics.length === 0) return null;
  const count = (severity: string) =>
    diagnostics
      .filter((group) => group.severity === severity)
      .reduce((sum, { items }) => sum + items.length, 0);
  const notes = count('note') === 0 ? '' : `, ${plural(count('note'), 'note')}`;
  const words = `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}${notes}`;
  return html`<dt>Told</dt><dd><a href="#diagnostics">${words}</a></dd>`;
}

function title({ groups, counts, verdict, stored }: Review): string {
  if (groups.length === 0) return 'No changes';
  const words = groups.map(({ kind, changes }) => plural(changes.length, kind));
  const last = words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : words[0];
  const one = counts.create + counts.update + counts.delete === 1;
  if (verdict.code === 'errored') return `${last} would have changed`;
  return `${last} ${stored ? 'change' : 'differ'}${one ? 's' : ''}`;
}

function tile(how: string, count: number, words: string, to: string): Markup {
  const isZero = count === 0;
  const inside = html`<b>${formatCount(count)}</b><span>${words}</span>`;
  return isZero
    ? html`<div class="tile zero">${inside}</div>`
    : html`<a class="tile ${how}" href="${to}">${inside}</a>`;
}

function list(review: Review, all: readonly ChangeView[], ids: ReadonlyMap<string, string>): Markup {
  if (all.length === 0) return html`<h2 class="big" id="changes">No changes</h2>`;
  const index = indexes(all);
  const place = (ref: string): EntryPlace => ({
    id: ids.get(ref) ?? '',
    isOpen: all.length <= OPEN,
    isSpare: all.length > SPARE,
    indexOf: (filter, name) => index.get(filter)?.get(name) ?? -1,
  });
  const groups = review.groups.map(
    ({ kind, changes }) =>
      html`<section class="group"><h3>${KIND_NAMES[kind]} <span class="n">${formatCount(changes.length)}</span></h3><div class="rows">${rows(changes.map((change) => renderChange(change, place(change.ref))))}</div></section>`,
  );
  return html`<h2 class="big" id="changes">Changes</h2>${bar(review, index, all.length)}${groups}<p class="nothing" hidden>No change fits these filters.</p>`;
}

const rows = (entries: readonly Markup[]): Markup =>
  entries.length <= FIRST * 2
    ? html`${entries}`
    : html`${entries.slice(0, FIRST)}<noscript>${entries.slice(FIRST)}</noscript>`;

type Filters = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Fields and taxonomies by index: the page's attributes hold numbers, the names are text. */
function indexes(all: readonly ChangeView[]): Filters {
  const index = (names: Iterable<string>) =>
    new Map([...new Set(names)].sort().map((name, position) => [name, position]));
  return new Map([
    ['field', index(all.flatMap(({ touches }) => touches.fields))],
    ['taxonomy', index(all.flatMap(({ touches }) => touches.taxonomies))],
  ]);
}

function bar(review: Review, index: Filters, total: number): Markup {
  const named = (by: string) =>
    [...(index.get(by) ?? [])].map(([name, index]) => [String(index), name] as const);
  const causes = [
    ...new Set(review.groups.flatMap(({ changes }) => changes.flatMap(({ cause }) => cause ?? []))),
  ];
  const hazards = new Set(review.groups.flatMap(({ changes }) => changes.flatMap(({ hazards }) => hazards)));
  const selects = [
    selectBox(
      'kind',
      'Every kind',
      review.groups.map(({ kind }) => [kind, KIND_NAMES[kind]] as const),
    ),
    selectBox(
      'action',
      'Every action',
      ACTIONS.filter((action) => review.counts[action] > 0).map((action) => [action, action] as const),
    ),
    selectBox('field', 'Every attribute', named('field')),
    selectBox('taxonomy', 'Every taxonomy', named('taxonomy')),
    selectBox(
      'hazard',
      'Hazard or not',
      [...hazards].sort().map((code) => [code, code] as const),
      1,
    ),
    selectBox(
      'cause',
      'Every cause',
      causes.map((cause) => [cause, CAUSE_WORDS[cause]] as const),
    ),
  ];
  return filters(total, selects);
}
