import type { Contract } from '../../contract/contract.ts';
import type { Actual, Product, Proof } from '../../core/actual-state.ts';
import { digest, isSame, type Json, own } from '../../core/json/canonical-json.ts';
import { ChangedProducts } from '../generated/operations.ts';
import { type Call, call } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import { readAll } from '../graphql/pagination.ts';
import type { Structure } from './attributes-and-types.ts';
import type { Newest } from './first-request.ts';
import {
  bySlug,
  keysOf,
  type ProductEntry,
  type ProductNames,
  type ProductNode,
  type ProductPage,
  productOf,
} from './products.ts';
import { pagesFor, readNamed } from './products-by-id.ts';
import { unprovenOf } from './verify-unchanged.ts';

/** What an earlier read left for a later one that reads only what moved since. */
export interface ReadMarker {
  /** When the shop had last written a product before that read began, by the shop's own clock. */
  readonly updated_at: string;
  /** SHA-256 of the contract: another one reads other fields. */
  readonly contract: string;
}

export interface IncrementalBase {
  readonly actual: Pick<Actual, 'attributes' | 'product_types' | 'products'>;
  readonly looked: ReadMarker;
  /** Of Saleor then; null: not known. An upgrade may move data without a word. */
  readonly version: string | null;
}

/** How a read of what changed went. */
export interface RefreshFigures {
  /** Products written since then were read. */
  readonly since: string;
  readonly written: number;
  /** Of the others those that were read all the same, since the earlier read proved nothing about them. */
  readonly read_again: number;
  readonly kept: number;
}

/** What is there before the products are looked at. */
export interface CurrentShop {
  readonly version: string;
  readonly structure: Structure;
  readonly newest: Newest;
  /** The answer to changedCall. */
  readonly first: ProductPage;
}

export const contractDigest = (contract: Contract): string => digest(contract as unknown as Json);

/**
 * A transaction stamps its product when it writes and is seen when it ends, other machines' clocks differ, and a replica
 * may lag: what was under way when the earlier read began is read again.
 */
const OVERLAP_MS = 10 * 60_000;

const sinceOf = ({ updated_at }: ReadMarker): string =>
  new Date(Date.parse(updated_at) - OVERLAP_MS).toISOString();

const changed = (contract: Contract, looked: ReadMarker, after: string | null) => ({
  since: sinceOf(looked),
  after,
  keys: keysOf(contract),
});

/** The first page of what was written since, to be asked together with something else. */
export const changedCall = (contract: Contract, looked: ReadMarker): Call =>
  call(ChangedProducts, changed(contract, looked, null)) as never;

/**
 * The wanted products, as a full read would find them: those that were written since the earlier read, those that it says
 * nothing sure about, and for the rest what it found. Saleor moves a product's updatedAt with every write to it, but not
 * when a value is renamed or deleted, an attribute is assigned or unassigned, a product type is renamed or a product is
 * deleted (docs/saleor.md#products-written-since): values and types are compared by id, and the shop counts the rest. A text: why all of
 * them have to be read instead.
 */
export async function readChanged(
  reader: Reader,
  contract: Contract,
  wanted: ProductNames,
  earlier: IncrementalBase,
  now: CurrentShop,
): Promise<{ products: Actual['products']; proof: Proof; refreshed: RefreshFigures } | string> {
  const doubt = doubtOf(contract, earlier, now);
  if (doubt !== null) return doubt;
  const most = pagesFor(wanted);
  if (Math.ceil((now.first?.totalCount ?? 0) / 100) > most)
    return `${now.first?.totalCount} products of the shop were written since`;
  const isWanted = among(wanted);
  const written = await readAll<ProductNode, Written>(
    'products written since',
    async (after) =>
      after === null
        ? now.first
        : (await reader.query(ChangedProducts, changed(contract, earlier.looked, after))).products,
    // What no page names is nobody's business, however odd it is.
    (node) => ({ id: node.id, slug: node.slug, entry: isWanted(node) ? productOf(node, contract) : null }),
  );
  const { kept, again } = partitionByValidity(wanted, earlier, now.structure, written.items);
  if (pagesFor(again) >= most) return 'the earlier read is sure of too few of the products';
  const unproven = await unprovenOf(reader, now.version, flagsOf(contract, now.structure), kept);
  const missed = new Set(unproven.map(({ id }) => id));
  const names = { ids: [...again.ids, ...missed], slugs: again.slugs };
  const keep = (node: ProductNode) => productOf(node, contract);
  const reread = await readNamed(reader, names, keysOf(contract), keep);
  // What was written between two questions is in both answers, and the later one is the truer.
  const later = new Set(reread.items.map(([, { id }]) => id));
  const fresh = written.items.flatMap(({ entry }) =>
    entry === null || later.has(entry[1].id) ? [] : [entry],
  );
  const old = kept.filter(([, { id }]) => !missed.has(id) && !later.has(id));
  const named = reread.items.filter(([slug, { id }]) => isWanted({ id, slug }));
  const products = bySlug([...fresh, ...named, ...old]);
  const items = Object.keys(products).length;
  return {
    products,
    proof: { requests: written.proof.requests + reread.proof.requests, items, total: items },
    refreshed: {
      since: sinceOf(earlier.looked),
      written: written.items.length,
      read_again: reread.items.length,
      kept: old.length,
    },
  };
}

/** What makes all of the earlier read worthless; null: nothing. */
function doubtOf(
  contract: Contract,
  { actual, looked, version }: IncrementalBase,
  now: CurrentShop,
): string | null {
  if (version !== now.version) return `it was read from Saleor ${version ?? 'of an unknown version'}`;
  if (looked.contract !== contractDigest(contract)) return 'it was read for another contract';
  const { updated_at } = now.newest;
  if (updated_at === null || Date.parse(updated_at) < Date.parse(looked.updated_at))
    return 'the shop says that it was last written before';
  const other = contract.attributes.find(({ slug }) => {
    const [before, after] = [own(actual.attributes, slug), own(now.structure.attributes, slug)];
    return before?.id !== after?.id || before?.input_type !== after?.input_type;
  });
  return other === undefined ? null : `the attribute ${other.slug} is another one, or is gone`;
}

/** A product that was written since; null: no page names it. */
interface Written {
  readonly id: string;
  readonly slug: string;
  readonly entry: ProductEntry | null;
}

/** Whether a product is one of those that are named. */
export const among = ({ ids, slugs }: ProductNames) => {
  const [byId, named] = [new Set(ids), new Set(slugs)];
  return ({ id, slug }: { readonly id: string; readonly slug: string }) => byId.has(id) || named.has(slug);
};

/** Of the wanted products those whose earlier document still holds, and what has to be asked for by name. */
function partitionByValidity(
  wanted: ProductNames,
  earlier: IncrementalBase,
  structure: Structure,
  written: readonly Written[],
) {
  const moved = new Set(written.map(({ id }) => id));
  const isWanted = among(wanted);
  const held = Object.entries(earlier.actual.products).filter(([, { id }]) => !moved.has(id));
  const found = held.filter(([slug, { id }]) => isWanted({ id, slug }));
  const holds = holdsIn(earlier.actual, structure);
  const kept: ProductEntry[] = [];
  const doubtful: string[] = [];
  for (const entry of found) {
    if (holds(entry[1])) kept.push(entry);
    else doubtful.push(entry[1].id);
  }
  const ids = new Set([...moved, ...held.map(([, { id }]) => id)]);
  const slugs = new Set([...written.map(({ slug }) => slug), ...held.map(([slug]) => slug)]);
  return {
    kept,
    again: {
      ids: [...wanted.ids.filter((id) => !ids.has(id)), ...doubtful],
      slugs: wanted.slugs.filter((slug) => !slugs.has(slug)),
    },
  };
}

/** Whether a product's type has the same attributes, and each of its values the same id, as when it was read. */
function holdsIn(before: IncrementalBase['actual'], after: Structure): (product: Product) => boolean {
  const types = new Set(
    Object.entries(before.product_types)
      .filter(([slug, type]) => {
        const now = own(after.product_types, slug);
        return now?.id === type.id && isSame(now.attributes, type.attributes);
      })
      .map(([slug]) => slug),
  );
  const values = new Map(
    Object.entries(before.attributes).map(([attribute, { values: held }]) => {
      const now = own(after.attributes, attribute)?.values ?? {};
      const same = Object.entries(held).filter(([slug, { id }]) => own(now, slug)?.id === id);
      return [attribute, new Set(same.map(([slug]) => slug))];
    }),
  );
  return ({ type, document }) =>
    types.has(type) &&
    Object.entries(document.attributes).every(([attribute, assigned]) => {
      if (assigned === null || typeof assigned === 'boolean') return true;
      const same = values.get(attribute);
      const slugs = typeof assigned === 'string' ? [assigned] : Object.keys(assigned);
      return slugs.every((slug) => same?.has(slug) === true);
    });
}

/** Attributes whose values are nowhere listed: only counting shows that one was deleted. */
const flagsOf = (contract: Contract, { attributes }: Structure): readonly string[] =>
  contract.attributes
    .filter(
      ({ slug, input_type }) => input_type === 'BOOLEAN' && own(attributes, slug)?.input_type === 'BOOLEAN',
    )
    .map(({ slug }) => slug);
