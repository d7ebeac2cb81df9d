import type { Target } from '../../core/actual-state.ts';
import { groupBy } from '../../core/collections.ts';
import { byCodeUnit } from '../../core/json/records.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import type { AuditEntry } from './audit-entry.ts';
import { htmlDocument } from './document.ts';
import { filterBar, filterSelect } from './filter-bar.ts';
import { fact, overviewTile } from './page-header.ts';
import { countBadge } from './plan-panels.ts';
import { html, type Markup } from './template.ts';

/** One archive with its applies, and whether it is intact. */
export interface AuditedArchive {
  readonly file: string;
  readonly target: Target | null;
  readonly lines: number;
  /** Hash of the last line; null if the chain is broken. */
  readonly head: string | null;
  readonly signed: number;
  /** The first check that fails; null if chain, plans, approvals, reports and signatures are intact. */
  readonly problem: string | null;
  readonly entries: readonly AuditEntry[];
}

/** Applies that are elements from the start; the script builds the others. */
const BUILT_FIRST = 50;

/** The timeline of all applies, as one self-contained page; the newest first. `madeAt`: ISO time. */
export function auditPage(archives: readonly AuditedArchive[], madeAt: string): string {
  const all = archives
    .flatMap(({ entries }, target) => entries.map((entry) => ({ entry, target })))
    // Of one instant, the later line of an archive is the newer one.
    .map((one, place) => ({ ...one, place }))
    .sort((a, b) => byCodeUnit(b.entry.at, a.entry.at) || b.place - a.place);
  const people = [...new Set(all.flatMap(({ entry }) => entry.people))].sort(byCodeUnit);
  const numberOf = new Map(people.map((name, index) => [name, index]));
  const rows = all.map(({ entry, target }, index) => ({
    month: entry.at.slice(0, 7),
    markup: entry.render({
      id: `a${all.length - index}`,
      people: entry.people.map((name) => numberOf.get(name) ?? -1),
      target,
    }),
  }));
  const months = [...groupBy(rows, ({ month }) => month)];
  let built = 0;
  const sections = months.map(([month, ofMonth]) => {
    const first = Math.max(0, BUILT_FIRST - built);
    built += ofMonth.length;
    const [now, later] = [ofMonth.slice(0, first), ofMonth.slice(first)].map((some) =>
      some.map(({ markup }) => markup),
    );
    return html`
      <section class="group">
        <h3>${month === '' ? 'Time unknown' : month} ${countBadge(ofMonth.length)}</h3>
        <div class="rows">${now ?? null}${later === undefined || later.length === 0 ? null : html`<noscript>${later}</noscript>`}</div>
      </section>`;
  });
  const selects = [
    filterSelect({ name: 'month', label: 'Every month', options: months.map(([month]) => [month, month]) }),
    filterSelect({
      name: 'person',
      label: 'Every person',
      options: people.map((name, index) => [String(index), name]),
    }),
    filterSelect({
      name: 'result',
      label: 'Every result',
      options: [...new Set(all.map(({ entry }) => entry.result))].map((result) => [result, result]),
    }),
    filterSelect({
      name: 'archive',
      label: 'Every shop',
      options: archives.map((archive, index) => [String(index), nameOf(archive)]),
    }),
  ];
  const content = html`
    ${pageHeader(
      archives,
      all.map(({ entry }) => entry),
      madeAt,
    )}
    <h2 class="big" id="changes">Applies</h2>
    ${filterBar(all.length, selects, ['apply', 'applies'])}
    ${sections}
    <p class="nothing" hidden>No apply fits these filters.</p>
    ${proofPanel(archives)}`;
  return htmlDocument('sailplan audit', archives.map(nameOf).join(', '), content);
}

const nameOf = ({ target, file }: AuditedArchive): string => target?.name ?? target?.api_url ?? file;

function pageHeader(
  archives: readonly AuditedArchive[],
  entries: readonly AuditEntry[],
  madeAt: string,
): Markup {
  const broken = archives.filter(({ problem }) => problem !== null);
  const count = (result: AuditEntry['result']) => entries.filter((entry) => entry.result === result).length;
  const tiles = [
    overviewTile({ tone: 'create', count: count('converged'), text: 'converged', href: '#changes' }),
    overviewTile({ tone: 'update', count: count('incomplete'), text: 'incomplete', href: '#changes' }),
    overviewTile({ tone: 'delete', count: count('unfinished'), text: 'unfinished', href: '#changes' }),
    overviewTile({
      tone: '',
      count: entries.reduce((sum, { changes }) => sum + changes, 0),
      text: 'changes planned',
      href: '#changes',
    }),
  ];
  const times = entries.map(({ at }) => at).filter((at) => at !== '');
  return html`
    <header class="hero">
      <p class="verdict v-${broken.length === 0 ? 'converged' : 'altered'}">${broken.length === 0 ? 'The archive is intact' : 'The archive was altered'}</p>
      <h1>${plural(entries.length, 'apply', 'applies')}</h1>
      <div class="tiles">${tiles}</div>
      <dl class="facts">
        ${archives.map((archive) => fact('Shop', nameOf(archive)))}
        ${times.length === 0 ? null : fact('From', `${times.at(-1)?.slice(0, 10)} to ${times[0]?.slice(0, 10)}`)}
        ${broken.map(({ file, problem }) => fact('Refused', `${file}: ${problem}`))}
        ${fact('Proof', html`<a href="#proof">hash chain, digests and signatures</a>, checked ${madeAt.slice(0, 16).replace('T', ' ')} UTC`)}
      </dl>
    </header>`;
}

const CHECK_NOTE =
  'This page is a copy; only the archive files count. To check them, run: sailplan audit verify --head HASH';

function proofPanel(archives: readonly AuditedArchive[]): Markup {
  const items = archives.map(({ file, lines, head, signed, problem }) => {
    const state =
      problem === null
        ? html`<span class="tag applied">intact</span> ${plural(lines, 'line')}, ${formatCount(signed)} signed, with their plans, approvals and reports.`
        : html`<span class="tag error">refused</span> ${problem}`;
    return html`
      <li>
        <b>${file}</b> ${state}
        ${head === null ? null : html`<p class="why">Head <code>${head}</code></p>`}
      </li>`;
  });
  return html`
    <section class="panel" id="proof">
      <h2>Proof of the chain</h2>
      <ul class="list">${items}</ul>
      <p class="hint">
        Each line of an archive contains the hash of the previous line and the digests of its plan, approvals, policy and report. ${CHECK_NOTE}
      </p>
    </section>`;
}
