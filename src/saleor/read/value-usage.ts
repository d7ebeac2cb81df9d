import { chunked } from '../../core/collections.ts';
import {
  Channels,
  CountPages,
  CountPublished,
  CountPublished321,
  CountUsers,
  CountUsers321,
  CountVariants,
} from '../generated/operations.ts';
import { type Call, call } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import { incomplete } from '../graphql/pagination.ts';
import { minorOf } from '../preflight.ts';
import { countHidden, type NamedValue } from './hidden-users.ts';

/** Each costs 1 of 50,000 and one alias of 100. */
const COUNTS_A_REQUEST = 96;

/** A value as Saleor's filters name it. */
export interface ValueName {
  readonly attribute: string;
  readonly slug: string;
}

/**
 * Number of products of the whole shop with each value, among products whose type has the attribute, in the order of the
 * values; `version` is Saleor's. Only a token with MANAGE_PRODUCTS sees all products: with any other the counts are too low.
 * Throws a Failure (shop_incomplete).
 */
export async function countProducts(
  reader: Reader,
  version: string,
  values: readonly ValueName[],
): Promise<readonly number[]> {
  const operation = minorOf(version) < 22 ? CountUsers321 : CountUsers;
  return countAll(
    reader,
    values.map(({ attribute, slug }) => call(operation, { attribute, value: slug })),
  );
}

/**
 * How many products of any type, variants and pages have each value; null: it cannot be counted. The products of a type that
 * lost the attribute count too: they have the value again when it is assigned again (docs/saleor.md#value-usage). Throws a
 * Failure (shop_incomplete).
 */
export async function countUsers(
  reader: Reader,
  version: string,
  values: readonly NamedValue[],
): Promise<readonly (number | null)[]> {
  // The filter of 3.21 also finds products by their variants, and there is no filter for variants and pages.
  const isOld = minorOf(version) < 22;
  const asked = values.flatMap(
    ({ attribute, slug: value }): Call<Counting, { attribute: string; value: string }>[] =>
      isOld
        ? [call(CountUsers321, { attribute, value })]
        : [
            call(CountUsers, { attribute, value }),
            call(CountVariants, { attribute, value }),
            call(CountPages, { attribute, value }),
          ],
  );
  const counts = await countAll(reader, asked);
  const hidden = await countHidden(reader, values);
  return values.map((_, index) => {
    const each = isOld ? 1 : 3;
    const own = counts.slice(index * each, (index + 1) * each);
    const unlisted = hidden[index] ?? null;
    const listed = own.reduce((sum, count) => sum + count, 0);
    // If users are known, it is in use, whatever the other counts are.
    return unlisted === null && listed === 0 ? null : listed + (unlisted ?? 0);
  });
}

/**
 * How many products with each value are published, by channel. Saleor's filter `isPublished` counts in one channel, and only
 * products with a variant that has a price there (seen on 3.23.28).
 */
export async function countPublished(
  reader: Reader,
  version: string,
  values: readonly ValueName[],
  channels: readonly string[],
): Promise<readonly Readonly<Record<string, number>>[]> {
  const operation = minorOf(version) < 22 ? CountPublished321 : CountPublished;
  const asked = values.flatMap((value) => channels.map((channel) => ({ ...value, channel })));
  const counts = await countAll(
    reader,
    asked.map(({ attribute, slug, channel }) => call(operation, { attribute, value: slug, channel })),
  );
  return values.map((_, index) =>
    Object.fromEntries(channels.map((channel, at) => [channel, counts[index * channels.length + at] ?? 0])),
  );
}

/** Slugs of the shop's channels; needs no permission. */
export async function listChannels(reader: Reader): Promise<readonly string[]> {
  const [channels] = await reader.queries([call(Channels, {})]);
  if (!Array.isArray(channels)) throw incomplete('channels', 'the shop listed none');
  return channels.map(({ slug }) => slug);
}

interface Counting {
  readonly products?: Counted;
  readonly productVariants?: Counted;
  readonly pages?: Counted;
}

type Counted = { readonly totalCount?: number | null } | null;

async function countAll<Variables extends { readonly attribute: string; readonly value: string }>(
  reader: Reader,
  calls: readonly Call<Counting, Variables>[],
): Promise<readonly number[]> {
  const counts: number[] = [];
  for (const asked of chunked(calls, COUNTS_A_REQUEST)) {
    for (const [index, answer] of (await reader.queries(asked)).entries()) {
      if (typeof answer?.totalCount !== 'number') {
        const { attribute, value } = (asked[index] as (typeof asked)[number]).variables;
        throw incomplete(`users of ${attribute}.${value}`, 'the shop gave no count');
      }
      counts.push(answer.totalCount);
    }
  }
  return counts;
}
