import { chunked } from '../../core/collections.ts';
import { parseJsonOrNothing } from '../../core/json/untrusted-json.ts';
import {
  AttributeTypes,
  SortedByAttribute,
  type SortedByAttributeQuery,
  TypeIds,
} from '../generated/operations.ts';
import { call } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import { incomplete, readAll } from '../graphql/pagination.ts';

/** A value with the name by which a cursor shows it. */
export interface NamedValue {
  readonly attribute: string;
  readonly slug: string;
  readonly name: string;
}

/** Above this number of products of an attribute, nothing is reported about values that were not found. */
const MOST_PAGES = 20;
/** Ids of product types in one condition. */
const TYPES_A_REQUEST = 500;

/**
 * How many products hold each value although their type does not have its attribute any more; null: not known. Saleor shows
 * these values nowhere but in the cursors of products sorted by the attribute, which begin with those that have one
 * (docs/saleor.md#value-usage). A name with a comma in it may be counted too often, never too seldom. Throws a Failure
 * (shop_incomplete).
 */
export async function countHidden(
  reader: Reader,
  values: readonly NamedValue[],
): Promise<readonly (number | null)[]> {
  const attributes = [...new Set(values.map(({ attribute }) => attribute))];
  if (attributes.length === 0) return [];
  const types = await readTypeIds(reader);
  const found = new Map(
    await Promise.all(attributes.map(async (slug) => [slug, await readHidden(reader, slug, types)] as const)),
  );
  return values.map(({ attribute, name }) => {
    const { texts, isWhole } = found.get(attribute) ?? NOTHING_KNOWN;
    const holders = texts.filter((text) => `,${text},`.includes(`,${name},`)).length;
    return holders === 0 && !isWhole ? null : holders;
  });
}

interface HiddenValues {
  /** Of each product the names of its values, joined by commas. */
  readonly texts: readonly string[];
  readonly isWhole: boolean;
}

const NOTHING_KNOWN: HiddenValues = { texts: [], isWhole: false };

async function readTypeIds(reader: Reader): Promise<readonly string[]> {
  const { items } = await readAll<{ readonly id: string }>('product types', async (after) => {
    const { productTypes } = await reader.query(TypeIds, { after });
    return productTypes;
  });
  return items.map(({ id }) => id);
}

async function readHidden(reader: Reader, slug: string, types: readonly string[]): Promise<HiddenValues> {
  const { attribute: opening } = await reader.query(AttributeTypes, { slug, after: null });
  // Without the attribute nothing has a value of it.
  if (opening === null) return { texts: [], isWhole: true };
  const { items } = await readAll<{ readonly id: string }>(`product types of ${slug}`, async (after) => {
    if (after === null) return opening.productTypes;
    const { attribute } = await reader.query(AttributeTypes, { slug, after });
    return attribute?.productTypes ?? null;
  });
  const having = new Set(items.map((type) => type.id));
  const lacking = types.filter((type) => !having.has(type));
  const parts: HiddenValues[] = [];
  for (const asked of chunked(lacking, TYPES_A_REQUEST))
    parts.push(await readSorted(reader, opening.id, asked));
  return {
    texts: parts.flatMap(({ texts }) => texts),
    isWhole: parts.every(({ isWhole }) => isWhole),
  };
}

async function readSorted(
  reader: Reader,
  attribute: string,
  types: readonly string[],
): Promise<HiddenValues> {
  const texts: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const [products]: readonly [SortedByAttributeQuery['products']] = await reader.queries([
      call(SortedByAttribute, { types, attribute, after }),
    ]);
    if (!Array.isArray(products?.edges) || typeof products.pageInfo?.hasNextPage !== 'boolean')
      throw incomplete('products by attribute', 'the answer lacks the page or its end');
    for (const { cursor } of products.edges) {
      const names = namesIn(cursor);
      if (names === undefined) return { texts, isWhole: false };
      if (names === null) return { texts, isWhole: true };
      texts.push(names);
    }
    if (!products.pageInfo.hasNextPage) return { texts, isWhole: true };
    after = products.pageInfo.endCursor;
  }
  return { texts, isWhole: false };
}

/** The names of a product's values, as in the cursor; null if it has none; undefined if this is not such a cursor. */
function namesIn(cursor: string): string | null | undefined {
  const found = parseJsonOrNothing(Buffer.from(cursor, 'base64').toString('utf8'));
  const [place, names]: readonly unknown[] = Array.isArray(found) ? found : [];
  if (place === '1' || place === '2') return null;
  return place === '0' && typeof names === 'string' ? names : undefined;
}
