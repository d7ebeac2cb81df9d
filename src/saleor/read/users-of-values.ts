import { chunked } from '../../core/collections.ts';
import { UsersOfValue, UsersOfValue321 } from '../generated/operations.ts';
import { call } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import { incomplete } from '../graphql/pagination.ts';
import { minorOf } from '../preflight.ts';
import type { ValueName } from './value-usage.ts';

/** Each costs 5 of 50,000. */
const QUESTIONS_A_REQUEST = 96;

/** Products of a value: how many, and the slugs of the first five. */
export interface ProductsOfValue {
  readonly count: number;
  readonly first: readonly string[];
}

/** The products that have each value, in the order of the values. Throws a Failure (shop_incomplete). */
export async function readUsersOf(
  reader: Reader,
  version: string,
  values: readonly ValueName[],
): Promise<readonly ProductsOfValue[]> {
  const operation = minorOf(version) < 22 ? UsersOfValue321 : UsersOfValue;
  const found: ProductsOfValue[] = [];
  for (const asked of chunked(values, QUESTIONS_A_REQUEST)) {
    const calls = asked.map(({ attribute, slug }) => call(operation, { attribute, value: slug }));
    for (const [index, page] of (await reader.queries(calls)).entries()) {
      if (typeof page?.totalCount !== 'number')
        throw incomplete(
          `users of ${asked[index]?.attribute}.${asked[index]?.slug}`,
          'the shop gave no count',
        );
      found.push({ count: page.totalCount, first: page.edges.map(({ node }) => node.slug) });
    }
  }
  return found;
}
