import type { CommentPlace, Comments } from './ports.ts';

/** The first line of everything that sailplan writes on a forge. */
export const MARKER = '<!-- sailplan -->';

/** `kind`: plan, report or drift; `target`: the name of its files, which has letters, digits and hyphens only. */
export const markerOf = (kind: string, target: string): string => `${MARKER}\n<!-- ${kind} ${target} -->\n`;

/** What begins with `marker` is updated in place; comments of others never are, whatever they begin with. */
export async function keepComment(
  comments: Comments,
  place: CommentPlace,
  marker: string,
  text: string,
): Promise<void> {
  const body = marker + text;
  const own = (await comments.own(place)).filter((one) => normal(one.body).startsWith(marker));
  const [first] = own;
  if (first === undefined) return comments.add(place, body);
  if (normal(first.body).trimEnd() !== body.trimEnd()) await comments.edit(place, first.id, body);
}

/** Forges may store other line ends than they were sent. */
export const normal = (body: string): string => body.replaceAll('\r\n', '\n');
