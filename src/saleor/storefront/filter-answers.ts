import { chunked } from '../../core/collections.ts';
import type { FilterAnswer } from '../../plan/storefront/public-shop.ts';
import { FilteredProducts, FlaggedProducts } from '../generated/operations.ts';
import { type Call, call } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import { createPageCollector, type Page, requireText } from '../graphql/pagination.ts';

/** One value of a filter, as a shopper picks it. */
export interface PickedFilter {
  readonly attribute: string;
  /** Slug of the choice, or true or false. */
  readonly value: string | boolean;
}

type Found = { readonly id: string; readonly slug: string };
type FoundPage = { readonly products?: Page<Found> | null };

/** Each costs 100 of 50,000, one alias of 100, and some 20 ms of the server (docs/saleor.md#query-cost). */
const FILTERS_A_REQUEST = 20;

/**
 * All products that each value finds, in the order of the values: many values in one request, and their next pages in the
 * following requests. Throws a Failure (shop_incomplete) if an answer is incomplete.
 */
export async function readFilterAnswers(
  reader: Reader,
  channel: string,
  picked: readonly PickedFilter[],
): Promise<readonly FilterAnswer[]> {
  const parts = await Promise.all(
    chunked(picked, FILTERS_A_REQUEST).map((part) => readPart(reader, channel, part)),
  );
  return parts.flat();
}

async function readPart(
  reader: Reader,
  channel: string,
  picked: readonly PickedFilter[],
): Promise<readonly FilterAnswer[]> {
  const collectors = picked.map(({ attribute, value }) =>
    createPageCollector<Found, string>(`products with ${attribute} = ${value}`, ({ slug }) =>
      requireText(slug, `products with ${attribute} = ${value}`),
    ),
  );
  let open: readonly { readonly index: number; readonly after: string | null }[] = picked.map((_, index) => ({
    index,
    after: null,
  }));
  while (open.length > 0) {
    const asked = open;
    const pages = await reader.queries(
      asked.map(({ index, after }) => pageCall(channel, picked[index] as PickedFilter, after)),
    );
    open = asked.flatMap(({ index }, place) => {
      const after = collectors[index]?.add(pages[place]) ?? null;
      return after === null ? [] : [{ index, after }];
    });
  }
  return picked.map(({ attribute, value }, index) => ({
    attribute,
    value,
    products: collectors[index]?.finish().items ?? [],
  }));
}

const pageCall = (
  channel: string,
  { attribute, value }: PickedFilter,
  after: string | null,
): Call<FoundPage> =>
  typeof value === 'boolean'
    ? call(FlaggedProducts, { channel, attribute, flag: value, after })
    : call(FilteredProducts, { channel, attribute, value, after });
