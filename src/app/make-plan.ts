import { isFile } from '../platform/files.ts';
import type { Http } from '../platform/http/client.ts';
import { callShop } from './call-shop.ts';
import type { Planned, PlanRequest } from './plan-request.ts';
import type { Notes } from './ports.ts';
import { readIdLists } from './read-id-lists.ts';
import {
  type PlannedShop,
  readAllProducts,
  readShop,
  readShopFile,
  type ShopReader,
  type ShopReading,
} from './read-shop.ts';

/**
 * Reads both sides and builds the plan; writes nothing. Throws a Failure if a read is incomplete. What is needed later is
 * loaded while something is awaited.
 */
export async function makePlan(request: PlanRequest, http: Http, notes: Notes): Promise<Planned> {
  const lists = await readIdLists(request.lists, http);
  notes.phase('reading the desired state');
  const read = await request.readShop();
  const called = mayCallEarly(request, read) ? callShop(request.saleor, http) : null;
  try {
    const { progressTo, readDesiredState } = await import('./read-desired.ts');
    const desired = await readDesiredState(request.source, request.contract, http, progressTo(notes));
    notes.phase('reading the shop');
    const reading = readSaleorSide(request, { desired: desired.desired, read, called }, http, notes);
    // Awaited below.
    reading.catch(() => undefined);
    const { planFromReads } = await import('./plan-from-reads.ts');
    await request.whileReading?.();
    return await planFromReads(request, { lists, desired, shop: await reading }, notes);
  } catch (error) {
    called?.hangUp();
    throw error;
  }
}

/** Whether nothing but the export itself can be wrong before the shop's turn has come. A pipe may keep everybody waiting. */
const mayCallEarly = ({ actualFile, source }: PlanRequest, read: ShopReader): boolean =>
  actualFile === undefined && read === readAllProducts && source.kind === 'file' && isFile(source.path);

async function readSaleorSide(
  { actualFile, saleor, contract }: PlanRequest,
  reading: Pick<ShopReading, 'desired' | 'read' | 'called'>,
  http: Http,
  notes: Notes,
): Promise<PlannedShop> {
  if (actualFile !== undefined) return readShopFile(actualFile, contract, saleor.targetName);
  return readShop({ saleor, contract, ...reading }, http, notes);
}
