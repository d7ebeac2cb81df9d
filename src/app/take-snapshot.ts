import type { Contract } from '../contract/contract.ts';
import { plural } from '../core/text/counting.ts';
import { printJson } from '../plan/file/print.ts';
import type { Http } from '../platform/http/client.ts';
import { readActualState } from '../saleor/read/read-actual.ts';
import { printSnapshot } from '../saleor/snapshot-file.ts';
import { openReader, targetOf } from './open-shop.ts';
import type { SaleorConnection, WagtailSource } from './options.ts';
import type { Notes } from './ports.ts';
import { progressTo, readDesiredState } from './read-desired.ts';

/** One side, printed as a file that `--desired` or `--actual` reads. */
export interface Snapshot {
  readonly content: string;
  /** How much was read, for people. */
  readonly figures: string;
}

/** Reads the whole shop. `locales`: languages of the labels to read. Throws a Failure if the read is incomplete. */
export async function snapshotSaleor(
  { saleor, contract, locales }: { saleor: SaleorConnection; contract: Contract; locales: readonly string[] },
  http: Http,
): Promise<Snapshot> {
  const target = targetOf(saleor);
  const read = await readActualState(openReader(saleor, http), contract, {
    products: 'all',
    locales,
    target,
  });
  const { products, values, attributes } = read.proof;
  return {
    content: printSnapshot(read),
    figures: `${plural(products.items, 'product')}, ${plural(values.items, 'value')} of ${plural(attributes.items, 'attribute')}`,
  };
}

/** Reads the whole source. Throws a Failure if the read is incomplete. */
export async function snapshotWagtail(
  { source, contract }: { source: WagtailSource; contract: Contract },
  http: Http,
  notes: Notes,
): Promise<Snapshot> {
  const { desired } = await readDesiredState(source, contract, http, progressTo(notes));
  return {
    content: printJson(desired),
    figures: `${plural(desired.offerings.length, 'offering')}, ${plural(Object.keys(desired.taxonomies).length, 'taxonomy', 'taxonomies')}`,
  };
}
