import type { Clock } from '../core/clock.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import type { Change } from '../diff/model.ts';
import type { Plan } from '../plan/plan.ts';
import { type EngineOptions, runApply } from './apply.ts';
import type { CreatedResource, Shop, Step } from './ports.ts';
import { withConfirmed } from './write-with-retry.ts';

/**
 * The requests that an apply would send, in order. Runs the engine with reads of the real shop and a recorder instead of its
 * writes. Resources that do not exist yet have the id `(id of REF)`.
 */
export async function previewRequests(
  plan: Plan,
  options: EngineOptions,
  shop: Pick<Shop, 'read' | 'countUsers'>,
  clock: Clock,
): Promise<readonly (readonly Step[])[]> {
  const batches: (readonly Step[])[] = [];
  const changes = new Map(plan.changes.map((change) => [change.ref, change]));
  const confirmed: { readonly change: Change; readonly made: CreatedResource | null }[] = [];
  const recorder: Shop = {
    read: async (scope) => withConfirmed(plan, await shop.read(scope), confirmed),
    countUsers: shop.countUsers,
    send: async (batch) => {
      batches.push(batch);
      return batch.map(({ refs }) => {
        const touched = refs.flatMap((ref) => changes.get(ref) ?? []);
        const made = touched.flatMap((change) => (change.before === null ? [createdResource(change)] : []));
        confirmed.push(
          ...touched.map((change) => ({ change, made: made.find(({ ref }) => ref === change.ref) ?? null })),
        );
        return { state: 'done' as const, made };
      });
    },
  };
  const ports = {
    shop: recorder,
    journal: { write: async () => undefined },
    // The shop never shows recorded writes, so waiting for a replica is useless.
    clock: { now: clock.now, sleep: async () => undefined },
    isStopping: () => false,
  };
  await runApply(plan, { ...options, isDryRun: false, parallel: 1 }, ports);
  return batches;
}

const createdResource = ({ ref, after }: Change): CreatedResource => ({
  ref,
  id: `(id of ${ref})`,
  slug: String((after as JsonObject)['slug'] ?? ''),
});
