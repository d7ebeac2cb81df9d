import { groupBy } from '../../core/collections.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import { countAlarms } from '../model/hazard-groups.ts';
import type { HazardGroup, Review } from '../model/review.ts';
import { CAUSE_WORDS, TOLD } from '../wording.ts';
import { CHANGE_ROWS_HEAD, changeRow } from './change-rows.ts';
import { tableRow } from './collapsible-tables.ts';
import { code, codeCut, codeQuoted, link, prose } from './escape.ts';

/** A titled table; title, head and rows are Markdown already. */
export interface TableSection {
  readonly title: string;
  readonly head: string;
  readonly rows: readonly string[];
}

export const renderSection = ({ title, head, rows }: TableSection): string =>
  `### ${title}\n\n${[head, ...rows].join('\n')}`;

/** Characters of a title and of a sentence in a table. */
const TITLE_MAX = 120;
const SENTENCE_MAX = 400;

/** The sections without which nobody can review the plan: never cut. */
export const requiredSections = (review: Review): readonly TableSection[] =>
  [
    hazardsSection(review),
    deletesSection(review),
    driftSection(review),
    skippedSection(review),
    excludedSection(review),
    remarksSection(review),
  ].filter(({ rows }) => rows.length > 0);

/** The reasons of skipped pages by code, each with its page. */
const reasonsOf = (skipped: Review['skipped']) =>
  groupBy(
    skipped.flatMap(({ page_id, link: url, because }) =>
      because.map((reason) => ({ page_id, url, ...reason })),
    ),
    ({ code: reason }) => reason,
  );

/** Whether the table of reasons leaves messages out: it has one for each reason. */
export const hasMoreReasons = ({ skipped }: Review): boolean =>
  [...reasonsOf(skipped).values()].some(({ length }) => length > 1);

/** One row for each reason, with every page that has it: a page with several reasons is in several rows. */
const skippedSection = ({ skipped, offerings }: Review): TableSection => {
  const reasons = reasonsOf(skipped);
  const sorted = [...reasons].sort(([, a], [, b]) => b.length - a.length);
  const of = offerings < skipped.length ? '' : ` of ${formatCount(offerings)}`;
  return {
    title: `Skipped: ${formatCount(skipped.length)}${of} ${offerings === 1 ? 'page' : 'pages'}`,
    head: '| | Reason | Pages | What to do |\n|--:|---|---|---|',
    rows: sorted.map(([reason, items]) => {
      const [first] = items;
      const example = first === undefined ? '' : prose(first.message, SENTENCE_MAX);
      const pages = [...new Set(items.map(({ page_id }) => page_id))];
      const url = items.length === 1 ? (first?.url ?? null) : null;
      const named = url === null ? pages.join(', ') : `${link(String(pages[0]), url)}${TOLD}`;
      const hint = first === undefined || first.hint === '' ? '' : prose(first.hint, SENTENCE_MAX);
      const message = `${code(reason)}: ${items.length > 1 ? 'e.g. ' : ''}${example}`;
      return tableRow([formatCount(pages.length), message, named, hint]);
    }),
  };
};

/** Every skipped page with its title, link and reasons. */
export const skippedPagesTable = ({ skipped }: Review): string =>
  [
    '| Page | Because |\n|---|---|',
    ...skipped.map(({ ref, title, link: url, because }) => {
      const page = url === null ? '' : `<br>${link('page', url)}${TOLD}`;
      const reasons = because.map(({ message }) => prose(message, SENTENCE_MAX));
      return tableRow([`**${code(ref)}**<br>${codeQuoted(title, TITLE_MAX)}${page}`, reasons.join('<br>')]);
    }),
  ].join('\n');

const hazardsSection = ({ hazards }: Review): TableSection => ({
  title: `Hazards: ${formatCount(countAlarms(hazards))}`,
  head: '| | Hazard | What it means | Where |\n|--:|---|---|---|',
  rows: hazards
    .filter(({ severity }) => severity !== 'note')
    .map((group) =>
      tableRow([
        formatCount(group.refs.length),
        `${group.severity === 'danger' ? '🛑' : '⚠'} ${code(group.code)}`,
        prose(group.meaning),
        group.refs.map((ref) => hazardPlace(ref, group)).join(', '),
      ]),
    ),
});

/** The ref, with the products that cause the hazard where they are known. */
function hazardPlace(ref: string, { causes }: HazardGroup): string {
  const products = causes[ref] ?? [];
  if (products.length === 0) return code(ref);
  const more = products.length > CAUSES_MAX ? ` and ${formatCount(products.length - CAUSES_MAX)} more` : '';
  return `${code(ref)} (by ${products.slice(0, CAUSES_MAX).map(code).join(', ')}${more})`;
}

/** Products that are named as the cause of one hazard. */
const CAUSES_MAX = 3;

function deletesSection({ groups }: Review): TableSection {
  const deletes = groups.flatMap(({ changes }) => changes.filter(({ action }) => action === 'delete'));
  return {
    title: `Deletes: ${formatCount(deletes.length)}`,
    head: CHANGE_ROWS_HEAD,
    rows: deletes.map(changeRow),
  };
}

const driftSection = ({ drift, made }: Review): TableSection => ({
  title: `Drift: ${plural(drift?.length ?? 0, 'resource')} edited in Saleor since the last converged plan`,
  head: '| Resource | Fields |\n|---|---|',
  rows: (drift ?? []).map(({ ref, title, fields }) => {
    const edits = fields.map(({ name, cause }) => `${code(name)}: ${CAUSE_WORDS[cause]}`);
    const told = made !== null && ref.startsWith('product.') ? TOLD : '';
    return tableRow([`**${code(ref)}**<br>${codeQuoted(title, TITLE_MAX)}${told}`, edits.join('<br>')]);
  }),
});

const REMARK_WORDS = { non_ascii: 'not plain ASCII', address_not_http: 'not an http(s) address' };

const remarksSection = ({ remarks }: Review): TableSection => ({
  title: 'Look closely',
  head: '| Where | Why | Spelled out |\n|---|---|---|',
  rows: remarks.map(({ code: remark, ref, where, value }) =>
    tableRow([
      `${code(ref)} ${code(where)}`,
      REMARK_WORDS[remark],
      `${codeCut(value, 200)}${where === 'link' ? TOLD : ''}`,
    ]),
  ),
});

const excludedSection = ({ excluded }: Review): TableSection => ({
  title: 'Excluded on request',
  head: '| Resource | Why |\n|---|---|',
  rows: excluded.map(({ ref, message }) => tableRow([code(ref), prose(message)])),
});
