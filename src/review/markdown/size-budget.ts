import { groupBy } from '../../core/collections.ts';
import type { Kind } from '../../core/resource-ref.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import type { ChangeView, Review } from '../model/review.ts';
import { countsLine, fullViewCommand, KIND_NAMES } from '../wording.ts';
import { CHANGE_ROWS_HEAD, changeRow } from './change-rows.ts';
import { code, codeCut } from './escape.ts';

/** UTF-8 bytes. */
export const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** A block that a reader can open. `summary` is HTML of our own. */
export const collapsible = (summary: string, body: string, isOpen = false): string =>
  `<details${isOpen ? ' open' : ''}><summary>${summary}</summary>\n\n${body}\n\n</details>`;

/** How many rows from the first on fit. */
export function countFitting(rows: readonly string[], room: number): number {
  let used = 0;
  const over = rows.findIndex((line) => {
    used += byteLength(line) + 1;
    return used > room;
  });
  return over === -1 ? rows.length : over;
}

/** The changes but for deletes, as many as fit `room` bytes; of what does not fit the middle is left out. */
export function changeTables(review: Review, room: number): readonly string[] {
  const all = review.groups.flatMap(({ kind, changes }) =>
    changes
      .filter((change) => change.action !== 'delete')
      .map((change) => ({ kind, change, line: changeRow(change) })),
  );
  const [front, back] = ends(
    all.map(({ line }) => byteLength(line) + 1),
    room,
  );
  const tables = (part: typeof all) =>
    [...groupBy(part, ({ kind }) => kind)].map(([kind, items]) => {
      const group = review.groups.find((one) => one.kind === kind);
      const shown =
        items.length < (group?.changes.length ?? 0) - (group?.counts.delete ?? 0)
          ? `, ${formatCount(items.length)} shown here`
          : '';
      const title = `<b>${KIND_NAMES[kind as Kind]}</b>: ${countsLine({ ...(group?.counts ?? { create: 0, update: 0 }), delete: 0 } as never)}${shown}`;
      return collapsible(
        title,
        [CHANGE_ROWS_HEAD, ...items.map(({ line }) => line)].join('\n'),
        items.length <= 30,
      );
    });
  const cut = all.slice(front, all.length - back);
  return [
    ...tables(all.slice(0, front)),
    ...(cut.length === 0 ? [] : [missing(cut, review)]),
    ...tables(all.slice(all.length - back)),
  ];
}

/** How many rows of the front and of the back fit, by their sizes: about half the room each. */
function ends(sizes: readonly number[], room: number): readonly [number, number] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= room) return [sizes.length, 0];
  let [front, back, used] = [0, 0, 0];
  while (front < sizes.length && used + (sizes[front] ?? 0) <= room / 2) {
    used += sizes[front] ?? 0;
    front += 1;
  }
  while (back < sizes.length - front && used + (sizes[sizes.length - 1 - back] ?? 0) <= room) {
    used += sizes[sizes.length - 1 - back] ?? 0;
    back += 1;
  }
  return [front, back];
}

const REF_MAX = 120;

/** Changes stand in the order of their refs, so first and last name the gap exactly. */
function missing(cut: readonly { kind: Kind; change: ChangeView }[], review: Review): string {
  const gaps = [...groupBy(cut, ({ kind }) => kind)].map(([kind, items]) => {
    const [first, last] = [items[0]?.change.ref ?? '', items.at(-1)?.change.ref ?? ''];
    const range =
      items.length === 1
        ? codeCut(first, REF_MAX)
        : `from ${codeCut(first, REF_MAX)} to ${codeCut(last, REF_MAX)}`;
    return `> - ${KIND_NAMES[kind as Kind]}: ${formatCount(items.length)}, ${range}`;
  });
  return [
    `> **${plural(cut.length, 'change')} not shown here**, to stay within the size of a comment:`,
    ...gaps,
    `>\n> All of them: ${code(fullViewCommand(review))}`,
  ].join('\n');
}
