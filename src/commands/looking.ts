import { createWriter } from '../actual/client.ts';
import { greet } from '../actual/preflight.ts';
import { createShop } from '../actual/shop.ts';
import { apply, type Result } from '../apply/apply.ts';
import { writtenIn } from '../apply/history.ts';
import type { Plan } from '../plan/plan.ts';
import { systemClock } from '../system/clock.ts';
import type { Folder } from '../system/folder.ts';
import type { Http } from '../system/http.ts';
import type { Settings } from './config.ts';
import { type Args, count, type Io } from './io.ts';
import { journalsOf } from './journals.ts';
import { redacting } from './redacting.ts';
import { clientOptions } from './session.ts';

/** What an apply would find in the shop now: its own first look, field by field, and no step further. */
export async function lookAt(
  plan: Plan,
  folder: Folder,
  settings: Settings,
  args: Args,
  io: Io,
  http: Http,
): Promise<Result> {
  const writer = createWriter(clientOptions(settings, args, io, http));
  const { permissions, shop: info } = await greet(writer);
  const shop = createShop(writer, plan.contract, { target: plan.target, permissions, version: info.version });
  const options = {
    onConflict: 'stop' as const,
    parallel: count(args, 'parallel') ?? 4,
    isDryRun: true,
    isSpent: false,
    written: writtenIn(journalsOf(folder).map(({ entries }) => entries)),
  };
  const ports = {
    shop: redacting(shop, io),
    journal: { write: async () => undefined },
    clock: systemClock,
    isStopping: () => false,
  };
  return apply(plan, options, ports);
}
