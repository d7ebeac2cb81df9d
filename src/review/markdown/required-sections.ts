import { formatCount, plural } from '../../core/text/counting.ts';
import type { Review } from '../model/review.ts';
import { CAUSE_WORDS } from '../wording.ts';
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
    skippedSection(review),
    hazardsSection(review),
    deletesSection(review),
    driftSection(review),
    remarksSection(review),
    excludedSection(review),
  ].filter(({ rows }) => rows.length > 0);

const skippedSection = ({ skipped }: Review): TableSection => ({
  title: `Skipped: ${plural(skipped.length, 'page')}`,
  head: '| Page | Because |\n|---|---|',
  rows: skipped.map(({ ref, title, link: url, because }) => {
    const page = url === null ? '' : `<br>${link('page', url)}`;
    const reasons = because.map(({ message }) => prose(message, SENTENCE_MAX));
    return tableRow([`**${code(ref)}**<br>${codeQuoted(title, TITLE_MAX)}${page}`, reasons.join('<br>')]);
  }),
});

const hazardsSection = ({ hazards }: Review): TableSection => ({
  title: `Hazards: ${formatCount(hazards.reduce((sum, { refs }) => sum + refs.length, 0))}`,
  head: '| Hazard | What it means | Where |\n|---|---|---|',
  rows: hazards.map(({ code: name, meaning, refs }) =>
    tableRow([`⚠ ${code(name)}`, prose(meaning), refs.map(code).join('<br>')]),
  ),
});

function deletesSection({ groups }: Review): TableSection {
  const deletes = groups.flatMap(({ changes }) => changes.filter(({ action }) => action === 'delete'));
  return {
    title: `Deletes: ${formatCount(deletes.length)}`,
    head: CHANGE_ROWS_HEAD,
    rows: deletes.map(changeRow),
  };
}

const driftSection = ({ drift }: Review): TableSection => ({
  title: `Drift: ${plural(drift?.length ?? 0, 'resource')} edited in Saleor since the last converged plan`,
  head: '| Resource | Fields |\n|---|---|',
  rows: (drift ?? []).map(({ ref, title, fields }) => {
    const edits = fields.map(({ name, cause }) => `${code(name)}: ${CAUSE_WORDS[cause]}`);
    return tableRow([`**${code(ref)}**<br>${codeQuoted(title, TITLE_MAX)}`, edits.join('<br>')]);
  }),
});

const REMARK_WORDS = { non_ascii: 'not plain ASCII', address_not_http: 'no http(s) address' };

const remarksSection = ({ remarks }: Review): TableSection => ({
  title: 'Look closely',
  head: '| Where | Why | Spelled out |\n|---|---|---|',
  rows: remarks.map(({ code: remark, ref, where, value }) =>
    tableRow([`${code(ref)} ${code(where)}`, REMARK_WORDS[remark], codeCut(value, 200)]),
  ),
});

const excludedSection = ({ excluded }: Review): TableSection => ({
  title: 'Excluded on request',
  head: '| Resource | Why |\n|---|---|',
  rows: excluded.map(({ ref, message }) => tableRow([code(ref), prose(message)])),
});
