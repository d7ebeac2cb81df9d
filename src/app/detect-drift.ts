import type { Causes } from '../plan/drift-causes.ts';
import type { Http } from '../platform/http/client.ts';
import { causesFor } from './drift-base.ts';
import { makePlan } from './make-plan.ts';
import type { Planned, PlanRequest } from './plan-request.ts';
import type { Notes } from './ports.ts';

export interface Drift extends Planned {
  /** Who changed each field; null if no base was requested and no plan was applied before. */
  readonly causes: Causes | null;
}

/**
 * Compares everything that a plan can: missing values, attributes and products. Writes nothing, and its client cannot send a
 * mutation. `base`: a converged plan, `auto`, or undefined.
 */
export async function detectDrift(
  request: PlanRequest,
  base: string | undefined,
  http: Http,
  notes: Notes,
): Promise<Drift> {
  const options = { ...request.options, create_missing: true, sync_attributes: true, sync_products: true };
  const planned = await makePlan({ ...request, options }, http, notes);
  return { ...planned, causes: causesFor(planned.plan, base, request.out) };
}
