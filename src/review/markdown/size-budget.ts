import { KINDS, type Kind } from '../../core/resource-ref.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import type { ChangeView, Review } from '../model/review.ts';
import { countsLine, fullViewCommand, KIND_NAMES } from '../wording.ts';
import { CHANGE_ROWS_HEAD, changeRow } from './change-rows.ts';
import { collapsible } from './collapsible-tables.ts';
import { code, codeCut } from './escape.ts';

/** Bytes of the text in UTF-8. */
export const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** How many rows, each with a line break, fit into `room` bytes, counted from the first. */
export function countFitting(rows: readonly string[], room: number): number {
  let used = 0;
  const tooMany = rows.findIndex((row) => {
    used += byteLength(row) + 1;
    return used > room;
  });
  return tooMany === -1 ? rows.length : tooMany;
}

interface ChangeRow {
  readonly kind: Kind;
  readonly change: ChangeView;
}

/**
 * Tables of the changes except deletes, as many rows as fit into `room` bytes. Where not all fit, the first and the last are
 * shown and a note names what is omitted between them.
 */
export function changeTables(review: Review, room: number): readonly string[] {
  const rows = review.groups.flatMap(({ kind, changes }) =>
    changes.filter(({ action }) => action !== 'delete').map((change) => ({ kind, change })),
  );
  const { first, last } = countFittingEnds(rows, room);
  const omitted = rows.slice(first, rows.length - last);
  return [
    ...tablesByKind(rows.slice(0, first), review),
    ...(omitted.length === 0 ? [] : [omittedNote(omitted, review)]),
    ...tablesByKind(rows.slice(rows.length - last), review),
  ];
}

/** Rows are in the order of their kinds. */
const byKind = (rows: readonly ChangeRow[]): readonly (readonly [Kind, readonly ChangeRow[]])[] =>
  KINDS.flatMap((kind) => {
    const ofKind = rows.filter((row) => row.kind === kind);
    return ofKind.length === 0 ? [] : [[kind, ofKind] as const];
  });

/** A table of more rows is closed. */
const OPEN_MAX = 5;

const tablesByKind = (rows: readonly ChangeRow[], { groups }: Review): readonly string[] =>
  byKind(rows).map(([kind, ofKind]) => {
    const group = groups.find((candidate) => candidate.kind === kind);
    const { create = 0, update = 0, delete: deletes = 0 } = group?.counts ?? {};
    const isPart = ofKind.length < (group?.changes.length ?? 0) - deletes;
    const shown = isPart ? `, ${formatCount(ofKind.length)} shown here` : '';
    return collapsible(
      `<b>${KIND_NAMES[kind]}</b>: ${countsLine({ create, update, delete: 0 })}${shown}`,
      [CHANGE_ROWS_HEAD, ...ofKind.map(({ change }) => changeRow(change))].join('\n'),
      ofKind.length <= OPEN_MAX,
    );
  });

/**
 * How many rows fit into `room` bytes: from the first on into one half, from the last back into the rest. Renders no more rows
 * than the room has place for.
 */
function countFittingEnds(rows: readonly ChangeRow[], room: number): { first: number; last: number } {
  const sizeAt = (index: number) => byteLength(changeRow((rows[index] as ChangeRow).change)) + 1;
  let [first, last, used] = [0, 0, 0];
  for (; first < rows.length; first += 1) {
    const size = sizeAt(first);
    if (used + size > room / 2) break;
    used += size;
  }
  let all = used;
  for (let index = first; index < rows.length && all <= room; index += 1) all += sizeAt(index);
  if (all <= room) return { first: rows.length, last: 0 };
  while (last < rows.length - first) {
    const size = sizeAt(rows.length - 1 - last);
    if (used + size > room) break;
    used += size;
    last += 1;
  }
  return { first, last };
}

/** Characters of a ref. */
const REF_MAX = 120;

/** Changes are in the order of their refs, so the first and the last ref name the gap exactly. */
function omittedNote(omitted: readonly ChangeRow[], review: Review): string {
  const gaps = byKind(omitted).map(([kind, rows]) => {
    const [first, last] = [rows[0]?.change.ref ?? '', rows.at(-1)?.change.ref ?? ''];
    const range =
      rows.length === 1
        ? codeCut(first, REF_MAX)
        : `from ${codeCut(first, REF_MAX)} to ${codeCut(last, REF_MAX)}`;
    return `> - ${KIND_NAMES[kind]}: ${formatCount(rows.length)}, ${range}`;
  });
  return [
    `> **${plural(omitted.length, 'change')} not shown here**, to stay within the size of a comment:`,
    ...gaps,
    `>\n> All of them: ${code(fullViewCommand(review))}`,
  ].join('\n');
}
