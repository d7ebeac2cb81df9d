import { LastWrite, type LastWriteQuery } from '../generated/operations.ts';
import { type Call, call } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import { incomplete, requireText } from '../graphql/pagination.ts';
import { labels } from '../language-codes.ts';
import { type Opening, openingCalls, openingOf } from './attributes-and-types.ts';

/** Structure, and whatever else fits into its request: round trips are what a small read takes its time for. */
export async function openTogether(
  reader: Reader,
  attributes: readonly string[],
  locales: readonly string[],
  further: readonly Call[],
): Promise<{ readonly opening: Opening; readonly further: readonly unknown[] }> {
  const calls = openingCalls(attributes);
  const answers = await reader.queries([...calls, ...further], labels(locales));
  return { opening: openingOf(answers), further: answers.slice(calls.length) };
}

/** What the shop says of all its products. */
export interface Newest {
  /** When one of them was last written, by the shop's own clock; null: there is none. */
  readonly updated_at: string | null;
  readonly total: number;
}

export const newestCall: Call = call(LastWrite, {}) as never;

/** The answer to newestCall. */
export function newestOf(answer: unknown): Newest {
  const { totalCount: total, edges } = (answer ?? {}) as NonNullable<LastWriteQuery['products']>;
  if (typeof total !== 'number' || !Array.isArray(edges) || edges.length > 1)
    throw incomplete('products', 'the shop does not say how many there are');
  const [first] = edges;
  const updated_at =
    first === undefined ? null : requireText(first.node?.updatedAt, 'the product written last');
  if (updated_at !== null && Number.isNaN(Date.parse(updated_at)))
    throw incomplete('the product written last', `${updated_at} is no time`);
  return { updated_at, total };
}
