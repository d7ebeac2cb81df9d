import { plural } from '../../core/text/counting.ts';
import { withoutSkipReasons } from '../model/diagnostic-groups.ts';
import { countAlarms } from '../model/hazard-groups.ts';
import type { ChangeGroup, ChangeView, Review } from '../model/review.ts';
import { completenessLine } from '../read-details.ts';
import {
  ACTIONS,
  CAUSE_WORDS,
  channelText,
  KIND_NAMES,
  NOT_APPROVED_NOTE,
  sourceLine,
  typedFlags,
  verdictLine,
} from '../wording.ts';
import { type EntryPlace, renderChange } from './change-entry.ts';
import { htmlDocument } from './document.ts';
import { filterBar, filterSelect } from './filter-bar.ts';
import { fact, overviewTile } from './page-header.ts';
import { countBadge, diagnosticsPanel, panelsBeforeChanges } from './plan-panels.ts';
import { html, LINE_BREAK, type Markup } from './template.ts';

/** Changes of a kind that are elements from the start; the script builds the others. */
const BUILT_FIRST = 200;
/** A plan of more changes has no cards, so that the page opens within a second. */
const CARDS_MAX = 2_000;
/** A plan of more changes has all of them closed. */
const OPEN_MAX = 25;

/** A plan as one self-contained page. */
export function planPage(review: Review): string {
  const { plan, target } = review;
  const changes = review.groups.flatMap((group) => group.changes);
  const ids = new Map(changes.map(({ ref }, index) => [ref, `c${index}`]));
  const content = html`
    ${pageHeader(review)}
    ${panelsBeforeChanges(review, ids)}
    ${changeSections(review, changes, ids)}
    ${diagnosticsPanel(review)}
    <footer><p>${originNote(review)}</p>${KEYS}</footer>`;
  return htmlDocument(
    review.stored ? `sailplan ${plan.id}` : 'sailplan comparison',
    target.name ?? target.api_url,
    content,
  );
}

const KEYS = html`
  <p class="js-only">
    <kbd>/</kbd> search · <kbd>j</kbd> <kbd>k</kbd> next and previous change · <kbd>Enter</kbd> open · <kbd>t</kbd> dark or light
  </p>`;

function originNote({ plan, stored }: Review): Markup {
  if (!stored) return html`Comparison only; nothing was written.`;
  return html`Plan digest <code>${plan.digest}</code>. Generated from plan.json; only plan.json is binding.`;
}

function pageHeader(review: Review): Markup {
  const { verdict, doubts } = review;
  return html`
    <header class="hero"><p class="verdict v-${verdict.code}">${verdictLine(review)}</p>${LINE_BREAK}
      ${doubts.map(({ message }) => html`<p class="doubt">${message}</p>`)}
      <h1>${headline(review)}</h1>${LINE_BREAK}
      <div class="tiles">${overviewTiles(review)}</div>${LINE_BREAK}
      ${howToApprove(review)}
      <dl class="facts">${facts(review)}</dl>${LINE_BREAK}
      ${review.made === null || !review.stored ? null : html`<p class="aside">${NOT_APPROVED_NOTE}</p>`}
    </header>`;
}

/** The next step of a reviewer; none where nothing may be approved. */
function howToApprove({ stored, plan, verdict }: Review): Markup | null {
  if (!stored || verdict.code === 'altered' || verdict.code === 'errored') return null;
  return html`
    <p class="approve">To approve: <code>sailplan approve ${plan.id}</code>, or merge the pull request if the policy says so.</p>`;
}

function overviewTiles({ counts, hazards }: Review): readonly Markup[] {
  const hazardCount = countAlarms(hazards);
  return [
    ...ACTIONS.map((action) =>
      overviewTile({ tone: action, count: counts[action], text: `to ${action}`, href: '#changes' }),
    ),
    overviewTile({
      tone: 'hazard',
      count: hazardCount,
      text: hazardCount === 1 ? 'hazard' : 'hazards',
      href: '#hazards',
    }),
    overviewTile({
      tone: '',
      count: counts.skipped,
      text: counts.skipped === 1 ? 'page skipped' : 'pages skipped',
      href: '#skipped',
    }),
  ];
}

function facts(review: Review): readonly (Markup | null)[] {
  const { plan, target, source, contract, made } = review;
  const name = target.name === null ? '' : `${target.name} · `;
  const shop = target.shop === null ? '' : ` · ${target.shop.name}, Saleor ${target.shop.version}`;
  const wagtail = source.wagtail === null ? '' : ` · Wagtail ${source.wagtail}`;
  return [
    fact('Plan', review.stored ? html`<code>${plan.id}</code>` : 'Comparison only; no plan saved'),
    fact('Target', `${name}${target.api_url}${channelText(target)}${shop}`),
    fact('Source', `${sourceLine(review)}${wagtail}`),
    fact('Contract', `${contract.name}, named by ${contract.naming}`),
    typedFlags(review) === '' ? null : fact('Flags', html`<code>${typedFlags(review)}</code>`),
    made === null
      ? null
      : fact(review.stored ? 'Planned' : 'Read', `${made.at} by ${made.by} with ${made.tool}`),
    fact('Proof', completenessLine(review)),
    diagnosticsFact(review),
  ];
}

function diagnosticsFact(review: Review): Markup | null {
  const { diagnostics } = review;
  if (diagnostics.length === 0) return null;
  const isElsewhere = withoutSkipReasons(review).every(({ items }) => items.length === 0);
  const count = (severity: string) =>
    diagnostics
      .filter((group) => group.severity === severity)
      .reduce((sum, { items }) => sum + items.length, 0);
  const notes = count('note') === 0 ? '' : `, ${plural(count('note'), 'note')}`;
  const text = `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}${notes}`;
  return fact('Findings', html`<a href="#${isElsewhere ? 'skipped' : 'diagnostics'}">${text}</a>`);
}

function headline({ groups, counts, verdict, stored }: Review): string {
  if (groups.length === 0) return 'No changes';
  const words = groups.map(({ kind, changes }) => plural(changes.length, kind));
  const subject = words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : words[0];
  if (verdict.code === 'errored') return `${subject} would have changed`;
  const isOne = counts.create + counts.update + counts.delete === 1;
  return `${subject} ${stored ? 'change' : 'differ'}${isOne ? 's' : ''}`;
}

function changeSections(
  review: Review,
  changes: readonly ChangeView[],
  ids: ReadonlyMap<string, string>,
): Markup {
  if (changes.length === 0) return html`<h2 class="big" id="changes">No changes</h2>`;
  const indexes = filterIndexes(changes);
  const place = (ref: string): EntryPlace => ({
    id: ids.get(ref) ?? '',
    isOpen: changes.length <= OPEN_MAX,
    hasCard: changes.length <= CARDS_MAX,
    indexOf: (filter, name) => indexes[filter].get(name) ?? -1,
  });
  const section = ({ kind, changes: ofKind }: ChangeGroup) => {
    const entries = ofKind.map((change) => renderChange(change, place(change.ref)));
    return html`
      <section class="group">
        <h3>${KIND_NAMES[kind]} ${countBadge(ofKind.length)}</h3>
        <div class="rows">${builtFirst(entries)}</div>
      </section>`;
  };
  return html`
    <h2 class="big" id="changes">Changes</h2>
    ${filterBar(changes.length, filterSelects(review, changes, indexes))}
    ${review.groups.map(section)}
    <p class="nothing" hidden>No change matches these filters.</p>`;
}

/** <noscript> is a single text node where scripts run, and page.client.js builds its lines later. */
const builtFirst = (entries: readonly Markup[]): Markup =>
  entries.length <= BUILT_FIRST * 2
    ? html`${entries}`
    : html`${entries.slice(0, BUILT_FIRST)}<noscript>${entries.slice(BUILT_FIRST)}</noscript>`;

/** Name of a field or taxonomy → its number. */
type FilterIndexes = Readonly<Record<'field' | 'taxonomy', ReadonlyMap<string, number>>>;

function filterIndexes(changes: readonly ChangeView[]): FilterIndexes {
  const numbered = (names: Iterable<string>) =>
    new Map([...new Set(names)].sort().map((name, index) => [name, index]));
  return {
    field: numbered(changes.flatMap(({ touches }) => touches.fields)),
    taxonomy: numbered(changes.flatMap(({ touches }) => touches.taxonomies)),
  };
}

function filterSelects(
  review: Review,
  changes: readonly ChangeView[],
  indexes: FilterIndexes,
): readonly (Markup | null)[] {
  const numbers = (filter: 'field' | 'taxonomy') =>
    [...indexes[filter]].map(([name, index]) => [String(index), name] as const);
  const actions = ACTIONS.filter((action) => review.counts[action] > 0);
  const hazards = [...new Set(changes.flatMap((change) => change.hazards))].sort();
  const causes = [...new Set(changes.flatMap(({ cause }) => cause ?? []))];
  return [
    filterSelect({
      name: 'kind',
      label: 'All kinds',
      options: review.groups.map(({ kind }) => [kind, KIND_NAMES[kind]]),
    }),
    filterSelect({
      name: 'action',
      label: 'All actions',
      options: actions.map((action) => [action, action]),
    }),
    filterSelect({ name: 'field', label: 'All attributes', options: numbers('field') }),
    filterSelect({ name: 'taxonomy', label: 'All taxonomies', options: numbers('taxonomy') }),
    filterSelect({
      name: 'hazard',
      label: 'Hazard or not',
      options: hazards.map((code) => [code, code]),
      minimum: 1,
    }),
    filterSelect({
      name: 'cause',
      label: 'All causes',
      options: causes.map((cause) => [cause, CAUSE_WORDS[cause]]),
    }),
  ];
}
