import type { Desired } from '../core/desired-state.ts';
import type { Http } from '../platform/http/client.ts';
import type { Planned, PlanRequest } from './plan-request.ts';
import type { Notes } from './ports.ts';
import { progressTo, readDesiredState } from './read-desired.ts';
import { readIdLists } from './read-id-lists.ts';
import { type PlannedShop, readShop, readShopFile } from './read-shop.ts';

/** Reads both sides and builds the plan; writes nothing. Throws a Failure if a read is incomplete. */
export async function makePlan(request: PlanRequest, http: Http, notes: Notes): Promise<Planned> {
  const lists = await readIdLists(request.lists, http);
  notes.phase('reading the desired state');
  const desired = await readDesiredState(request.source, request.contract, http, progressTo(notes));
  notes.phase('reading the shop');
  const reading = readSaleorSide(request, desired.desired, http, notes);
  request.whileReading?.();
  // The code that the answers need is loaded while they are awaited.
  const [shop, { planFromReads }] = await Promise.all([reading, import('./plan-from-reads.ts')]);
  return planFromReads(request, { lists, desired, shop }, notes);
}

async function readSaleorSide(
  { actualFile, saleor, contract, readShop: read }: PlanRequest,
  desired: Desired,
  http: Http,
  notes: Notes,
): Promise<PlannedShop> {
  if (actualFile !== undefined) return readShopFile(actualFile, contract, saleor.targetName);
  return readShop({ saleor, contract, desired, read }, http, notes);
}
