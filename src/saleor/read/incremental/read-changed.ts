import type { Contract } from '../../../contract/contract.ts';
import type { Actual } from '../../../core/actual-state.ts';
import { own } from '../../../core/json/records.ts';
import { ChangedProducts } from '../../generated/operations.ts';
import { call } from '../../graphql/batch-operations.ts';
import type { Reader } from '../../graphql/client.ts';
import { readAll } from '../../graphql/pagination.ts';
import type { Structure } from '../attributes-and-types.ts';
import { metadataKeys, type ProductEntry, type ProductNode, productOf } from '../product-document.ts';
import { bySlug, type ProductsRead } from '../products.ts';
import { matcherOf, type ProductNames, pagesFor, readNamed } from '../products-by-id.ts';
import { contractDigest, type ReadMarker } from '../read-marker.ts';
import type { ShopBeforeProducts } from '../wanted-products.ts';
import { partitionByValidity, type WrittenProduct } from './partition-by-validity.ts';
import { unprovenOf } from './verify-unchanged.ts';

/** The earlier read that a later one starts from. */
export interface IncrementalBase {
  readonly actual: Pick<Actual, 'attributes' | 'product_types' | 'products'>;
  readonly looked: ReadMarker;
  /** Saleor's version then; null: not known. An upgrade may change data without a write. */
  readonly version: string | null;
}

export interface RefreshFigures {
  /** Products written since this time were read. */
  readonly since: string;
  readonly written: number;
  /** Of the others, those that were read again, because the earlier read proved nothing about them. */
  readonly read_again: number;
  readonly kept: number;
}

/**
 * Re-reads the last 10 minutes before the earlier read: a transaction sets `updatedAt` before it commits, clocks of
 * machines differ, replicas lag.
 */
const OVERLAP_MS = 10 * 60_000;

const sinceOf = ({ updated_at }: ReadMarker): string =>
  new Date(Date.parse(updated_at) - OVERLAP_MS).toISOString();

const changedVariables = (contract: Contract, looked: ReadMarker, after: string | null) => ({
  since: sinceOf(looked),
  after,
  keys: metadataKeys(contract),
});

/** Requests the first page of products written since, to be sent together with other calls. */
export const changedCall = (contract: Contract, looked: ReadMarker) =>
  call(ChangedProducts, changedVariables(contract, looked, null));

interface ChangedQuestion {
  readonly reader: Reader;
  readonly contract: Contract;
  readonly wanted: ProductNames;
  readonly base: IncrementalBase;
  /** Its first page is the answer to changedCall. */
  readonly shop: ShopBeforeProducts;
}

/**
 * The wanted products as a full read would find them: those written since the earlier read, those about which it proves
 * nothing, and for the rest what it found. Saleor moves a product's updatedAt with every write to it, but not when a value is
 * renamed or deleted, an attribute is assigned or unassigned, a product type is renamed or a product is deleted
 * (docs/saleor.md#products-written-since): values and types are compared by id, and the shop counts the rest. A text: why
 * all of them have to be read instead.
 */
export async function readChanged(
  question: ChangedQuestion,
): Promise<(ProductsRead & { readonly refreshed: RefreshFigures | string }) | string> {
  const { reader, contract, wanted, base, shop } = question;
  const doubt = doubtOf(question);
  if (doubt !== null) return doubt;
  const count = shop.first?.totalCount ?? 0;
  if (pagesOf(count) > Math.max(1, pagesFor(wanted) / MOST_WRITTEN))
    return readOthers(question, firstPage(question), `${count} products of the shop were written since`);
  const written = await readWritten(question);
  const { kept, again } = partitionByValidity(wanted, base.actual, shop.structure, written.items);
  if (pagesFor(again) + pagesOf(count) >= pagesFor(wanted))
    return readOthers(question, written, 'the earlier read covers too few of the products with certainty');
  const unproven = await unprovenOf(reader, shop.version, booleansOf(contract, shop.structure), kept);
  const unprovenIds = new Set(unproven.map(({ id }) => id));
  const names = { ids: [...again.ids, ...unprovenIds], slugs: again.slugs };
  const reread = await readNamed(reader, names, {
    keys: metadataKeys(contract),
    keep: (node) => productOf(node, contract),
  });
  const products = newestOfEach(wanted, {
    written: written.items,
    reread: reread.items,
    kept: kept.filter(([, { id }]) => !unprovenIds.has(id)),
  });
  const items = Object.keys(products.all).length;
  return {
    products: products.all,
    proof: { requests: written.proof.requests + reread.proof.requests, items, total: items },
    refreshed: {
      since: sinceOf(base.looked),
      written: written.items.length,
      read_again: reread.items.length,
      kept: products.kept,
    },
  };
}

/** Why the earlier read, or a read of products written since, cannot be used at all; null if it can. */
function doubtOf({ contract, base, shop }: ChangedQuestion): string | null {
  const { actual, looked, version } = base;
  if (version !== shop.version) return `it was read from Saleor ${version ?? 'of an unknown version'}`;
  if (looked.contract !== contractDigest(contract)) return 'it was read with another contract';
  const { updated_at } = shop.newest;
  if (updated_at === null || Date.parse(updated_at) < Date.parse(looked.updated_at))
    return 'according to the shop, its last write was before';
  const other = contract.attributes.find(({ slug }) => {
    const [before, after] = [own(actual.attributes, slug), own(shop.structure.attributes, slug)];
    return before?.id !== after?.id || before?.input_type !== after?.input_type;
  });
  if (other !== undefined) return `the attribute ${other.slug} changed or no longer exists`;
  return null;
}

const pagesOf = (products: number): number => Math.ceil(products / 100);

/**
 * Pages of what was written since follow one another, pages of named products are read several at a time: from a third of the
 * pages on the latter take less time. The first page is there in any case.
 */
const MOST_WRITTEN = 3;

type Written = Awaited<ReturnType<typeof readWritten>>;

/** The page of written products that came with the first request. */
function firstPage({ contract, wanted, shop }: ChangedQuestion): Written {
  const isWanted = matcherOf(wanted);
  const items = (shop.first?.edges ?? []).map(({ node }) => writtenOf(node, contract, isWanted));
  return { items, proof: { requests: 0, items: items.length, total: items.length } };
}

/** All wanted products, those that were not read yet by name: as many pages as if none had been read. */
async function readOthers(
  { reader, contract, wanted }: ChangedQuestion,
  written: Written,
  because: string,
): Promise<ProductsRead & { readonly refreshed: string }> {
  const [ids, slugs] = [
    new Set(written.items.map(({ id }) => id)),
    new Set(written.items.map(({ slug }) => slug)),
  ];
  const names = {
    ids: wanted.ids.filter((id) => !ids.has(id)),
    slugs: wanted.slugs.filter((slug) => !slugs.has(slug)),
  };
  const others = await readNamed(reader, names, {
    keys: metadataKeys(contract),
    keep: (node) => productOf(node, contract),
  });
  const { all } = newestOfEach(wanted, { written: written.items, reread: others.items, kept: [] });
  const items = Object.keys(all).length;
  const requests = written.proof.requests + others.proof.requests;
  return { products: all, proof: { requests, items, total: items }, refreshed: because };
}

function readWritten({ reader, contract, wanted, base, shop }: ChangedQuestion) {
  const isWanted = matcherOf(wanted);
  return readAll<ProductNode, WrittenProduct>(
    'products written since',
    async (after) =>
      after === null
        ? (shop.first ?? null)
        : (await reader.query(ChangedProducts, changedVariables(contract, base.looked, after))).products,
    (node) => writtenOf(node, contract, isWanted),
  );
}

/** A product that no page names may be malformed without any harm. */
const writtenOf = (
  node: ProductNode,
  contract: Contract,
  isWanted: ReturnType<typeof matcherOf>,
): WrittenProduct => ({
  id: node.id,
  slug: node.slug,
  entry: isWanted(node) ? productOf(node, contract) : null,
});

interface Parts {
  readonly written: readonly WrittenProduct[];
  readonly reread: readonly ProductEntry[];
  readonly kept: readonly ProductEntry[];
}

/** A product that was written between two requests is in both answers, and the later answer counts. */
function newestOfEach(wanted: ProductNames, { written, reread, kept }: Parts) {
  const isWanted = matcherOf(wanted);
  const rereadIds = new Set(reread.map(([, { id }]) => id));
  const fresh = written.flatMap(({ entry }) => (entry === null || rereadIds.has(entry[1].id) ? [] : [entry]));
  const named = reread.filter(([slug, { id }]) => isWanted({ id, slug }));
  const unchanged = kept.filter(([, { id }]) => !rereadIds.has(id));
  return { all: bySlug([...fresh, ...named, ...unchanged]), kept: unchanged.length };
}

/** Attributes whose values are not listed anywhere: only counting shows that one was deleted. */
const booleansOf = (contract: Contract, { attributes }: Structure): readonly string[] =>
  contract.attributes
    .filter(
      ({ slug, input_type }) => input_type === 'BOOLEAN' && own(attributes, slug)?.input_type === 'BOOLEAN',
    )
    .map(({ slug }) => slug);
