import { markerOf, normal } from './keep-comment.ts';
import type { CommentPlace, ForgeClient, Issue } from './ports.ts';

export interface DriftToReport {
  /** Name of the target's files. */
  readonly target: string;
  readonly title: string;
  /** The differences as Markdown; null: none. */
  readonly markdown: string | null;
}

/** opened, updated, unchanged: there are differences · closed: there are none any more · none: there were none */
export interface ReportedDrift {
  readonly state: 'opened' | 'updated' | 'unchanged' | 'closed' | 'none';
  readonly issue: Issue | null;
}

/** Keeps one issue per target that lists the differences, and closes it with a comment when there are none. Throws a Failure. */
export async function reportDrift(
  { target, title, markdown }: DriftToReport,
  { issues, comments }: Pick<ForgeClient, 'issues' | 'comments'>,
): Promise<ReportedDrift> {
  const marker = markerOf('drift', target);
  const [issue, ...others] = (await issues.own())
    .filter(({ body }) => normal(body).startsWith(marker))
    .toSorted((a, b) => a.number - b.number);
  // Two jobs that ran at the same time may each have opened one.
  for (const other of others) await issues.edit(other.number, { isClosed: true });
  if (markdown === null) {
    if (issue === undefined) return { state: 'none', issue: null };
    const place: CommentPlace = { kind: 'issue', number: issue.number };
    await comments.add(place, 'sailplan finds no differences any more.');
    await issues.edit(issue.number, { isClosed: true });
    return { state: 'closed', issue };
  }
  const body = marker + markdown;
  if (issue === undefined) return { state: 'opened', issue: await issues.open(title, body) };
  if (normal(issue.body).trimEnd() === body.trimEnd()) return { state: 'unchanged', issue };
  await issues.edit(issue.number, { body });
  return { state: 'updated', issue };
}
