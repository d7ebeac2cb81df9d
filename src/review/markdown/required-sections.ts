import { formatCount, plural } from '../../core/text/counting.ts';
import type { Review } from '../model/review.ts';
import { CAUSE_WORDS } from '../wording.ts';
import { CHANGE_ROWS_HEAD, changeRow } from './change-rows.ts';
import { code, codeCut, codeQuoted, link, prose } from './escape.ts';

/** A table with its title. */
export interface TableSection {
  readonly title: string;
  readonly head: string;
  readonly rows: readonly string[];
}

/** What must be seen: it is never cut. */
export function requiredSections(review: Review): readonly TableSection[] {
  const { left_out, hazards, remarks, held_back, drift } = review;
  const deletes = review.groups.flatMap(({ changes }) => changes.filter(({ action }) => action === 'delete'));
  const because = { non_ascii: 'not plain ASCII', address_not_http: 'no http(s) address' };
  return [
    {
      title: `Not compared: ${plural(left_out.length, 'offering')}`,
      head: '| Offering | Because |\n|---|---|',
      rows: left_out.map(
        ({ ref, title, link: url, because }) =>
          `| **${code(ref)}**<br>${codeQuoted(title, 120)}${url === null ? '' : `<br>${link('page', url)}`} | ${because.map(({ message }) => prose(message, 400)).join('<br>')} |`,
      ),
    },
    {
      title: `Hazards: ${formatCount(hazards.reduce((sum, { refs }) => sum + refs.length, 0))}`,
      head: '| Hazard | What it means | Where |\n|---|---|---|',
      rows: hazards.map(
        ({ code: name, meaning, refs }) =>
          `| ⚠ ${code(name)} | ${prose(meaning)} | ${refs.map(code).join('<br>')} |`,
      ),
    },
    {
      title: `Deletes: ${formatCount(deletes.length)}`,
      head: CHANGE_ROWS_HEAD,
      rows: deletes.map(changeRow),
    },
    {
      title: `Drift: ${plural(drift?.length ?? 0, 'resource')} edited in Saleor since the last converged plan`,
      head: '| Resource | Fields |\n|---|---|',
      rows: (drift ?? []).map(
        ({ ref, title, fields }) =>
          `| **${code(ref)}**<br>${codeQuoted(title, 120)} | ${fields.map(({ name, cause }) => `${code(name)}: ${CAUSE_WORDS[cause]}`).join('<br>')} |`,
      ),
    },
    {
      title: 'Look closely',
      head: '| Where | Why | Spelled out |\n|---|---|---|',
      rows: remarks.map(
        (remark) =>
          `| ${code(remark.ref)} ${code(remark.where)} | ${because[remark.code]} | ${codeCut(remark.value, 200)} |`,
      ),
    },
    {
      title: 'Held back on request',
      head: '| Resource | Why |\n|---|---|',
      rows: held_back.map(({ ref, message }) => `| ${code(ref)} | ${prose(message)} |`),
    },
  ].filter(({ rows }) => rows.length > 0);
}

export const renderSection = ({ title, head, rows }: TableSection): string =>
  `### ${title}\n\n${[head, ...rows].join('\n')}`;
