import type { Reader } from './client.ts';
import { call } from './compose.ts';
import { CountUsers, CountUsers321 } from './generated/operations.ts';
import { minorOf } from './preflight.ts';
import { incomplete } from './proof.ts';

/** Each costs 1 of 50,000 and one alias of 100. */
const COUNTS_A_REQUEST = 50;

/**
 * How many products of the whole shop have each value, in the order asked; `version` is Saleor's. Only a token with
 * MANAGE_PRODUCTS sees all products: with any other the figures are too low.
 */
export async function countUsers(
  reader: Reader,
  version: string,
  values: readonly { readonly attribute: string; readonly slug: string }[],
): Promise<readonly number[]> {
  const operation = minorOf(version) < 22 ? CountUsers321 : CountUsers;
  const counts: number[] = [];
  for (let start = 0; start < values.length; start += COUNTS_A_REQUEST) {
    const asked = values.slice(start, start + COUNTS_A_REQUEST);
    const answers = await reader.queries(
      asked.map(({ attribute, slug }) => call(operation, { attribute, value: slug })),
    );
    for (const [index, answer] of answers.entries()) {
      if (typeof answer?.totalCount !== 'number') {
        const { attribute, slug } = asked[index] ?? {};
        throw incomplete(`users of ${attribute}.${slug}`, 'the shop gave no count');
      }
      counts.push(answer.totalCount);
    }
  }
  return counts;
}
