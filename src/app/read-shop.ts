import type { Contract } from '../contract/contract.ts';
import type { Desired } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { productPk } from '../core/product-id.ts';
import { localesOf } from '../diff/translation-changes.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanProvenance } from '../plan/plan-provenance.ts';
import type { Http } from '../platform/http/client.ts';
import type { Reader } from '../saleor/graphql/client.ts';
import type { Structure } from '../saleor/read/attributes-and-types.ts';
import { type ActualRead, type ReadOptions, readActualState } from '../saleor/read/read-actual.ts';
import { contractDigest } from '../saleor/read/read-marker.ts';
import { countOfTypes, findUnnamed } from '../saleor/read/unnamed-products.ts';
import type { CalledShop } from './call-shop.ts';
import { assertChannel, countTouched } from './count-changed-values.ts';
import { type CountedValue, countExtras } from './count-extra-values.ts';
import { openReader, targetOf } from './open-shop.ts';
import type { SaleorConnection } from './options.ts';
import { unnamedNote } from './plan-notes.ts';
import type { Notes } from './ports.ts';
import { readSnapshot } from './read-snapshot.ts';

/** Saleor's side as a plan needs it, and how further questions about values are answered. */
export interface PlannedShop extends Pick<ActualRead, 'actual' | 'proof' | 'shop' | 'looked'> {
  /** Further facts of the read for provenance.json. */
  readonly metadata: Partial<PlanProvenance>;
  readonly notes: readonly Diagnostic[];
  /** SHA-256 of the file that was read, by its name. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The users of the values that the plan lists as extra; empty if there is no shop. */
  countExtras(plan: Plan): Promise<readonly CountedValue[]>;
  /** The users of the values that the plan changes or deletes. */
  countTouched(plan: Plan): Promise<NonNullable<PlanProvenance['users']>>;
}

/** Reads a snapshot file instead of the shop. Throws a Failure if the file is not a snapshot. */
export function readShopFile(file: string, contract: Contract, targetName: string | null): PlannedShop {
  const { read: snapshot, sha256 } = readSnapshot(file);
  // A snapshot names its shop, but not the shop's target name in this config.
  const target = { ...snapshot.actual.target, name: targetName ?? snapshot.actual.target.name };
  return {
    ...snapshot,
    // Of another contract it lacks fields, and a later read that begins at this plan would not miss them.
    looked: snapshot.looked?.contract === contractDigest(contract) ? snapshot.looked : null,
    metadata: {},
    actual: { ...snapshot.actual, target },
    notes: [],
    inputs: { [file]: sha256 },
    countExtras: async () => [],
    countTouched: async () => ({}),
  };
}

export interface ShopReading {
  readonly saleor: SaleorConnection;
  readonly contract: Contract;
  readonly desired: Desired;
  readonly read: ShopReader;
  /** The shop, where it was greeted already. */
  readonly called: CalledShop | null;
}

/** How a shop is read; every reader gives the same Actual. */
export type ShopReader = (context: {
  readonly reader: Reader;
  readonly contract: Contract;
  readonly options: ReadOptions;
  readonly notes: Notes;
}) => Promise<ActualRead & { readonly metadata: Partial<PlanProvenance> }>;

export const readAllProducts: ShopReader = async ({ reader, contract, options }) => ({
  ...(await readActualState(reader, contract, options)),
  metadata: {},
});

/** Reads the products that the pages name completely. Throws a Failure if a read is incomplete. */
export async function readShop(
  { saleor, contract, desired, read: readWith, called }: ShopReading,
  http: Http,
  notes: Notes,
): Promise<PlannedShop> {
  const reader = called?.reader ?? openReader(saleor, http);
  await assertChannel(reader, saleor.channel);
  let counted: Promise<number> = Promise.resolve(0);
  const options = {
    products: namedBy(desired),
    locales: localesOf({ contract, desired }),
    target: targetOf(saleor),
    greeted: called?.greeted,
    onStructure: ({ product_types }: Pick<Structure, 'product_types'>) => {
      counted = countOfTypes(reader, contract, product_types);
      // Awaited after the read, whose errors come first.
      counted.catch(() => undefined);
    },
  };
  const read = await readWith({ reader, contract, options, notes });
  const { version } = read.shop;
  const unnamed = await findUnnamed(reader, contract, read.actual, await counted);
  return {
    ...read,
    notes: [...read.extras.problems, ...unnamedNote(unnamed)],
    inputs: {},
    countExtras: (plan) => countExtras(plan, reader, version),
    countTouched: (plan) => countTouched(plan, reader, version, saleor.channel ?? null),
  };
}

/** The products that the pages name. A malformed id is not requested; the plan reports it. */
export function namedBy({ offerings }: Desired): { ids: readonly string[]; slugs: readonly string[] } {
  const ids = offerings.flatMap(({ saleor_product_id: id }) =>
    id !== null && productPk(id) !== null ? [id] : [],
  );
  const slugs = offerings.flatMap(({ saleor_product_slug: slug }) => slug ?? []);
  return { ids: [...new Set(ids)], slugs: [...new Set(slugs)] };
}
