import type { CommentPlace, Comments } from './ports.ts';

/** First line of every comment, request and issue that sailplan writes. */
export const MARKER = '<!-- sailplan -->';

/** `kind`: plan, report or drift; `target`: the name of its files, which has letters, digits and hyphens only. */
export const markerOf = (kind: string, target: string): string => `${MARKER}\n<!-- ${kind} ${target} -->\n`;

/** Updates the token's own comment that begins with `marker`, or adds one. Never edits another author's comment. */
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

/** Forges may change line ends. */
export const normal = (body: string): string => body.replaceAll('\r\n', '\n');
