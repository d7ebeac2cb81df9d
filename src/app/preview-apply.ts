import { type Result, runApply } from '../apply/apply.ts';
import { countWrites } from '../apply/journal-history.ts';
import { type Args, type Io, numberArg } from '../cli/io.ts';
import type { Settings } from '../cli/settings.ts';
import type { Plan } from '../plan/plan.ts';
import type { Http } from '../platform/http/client.ts';
import { systemClock } from '../platform/system-clock.ts';
import { createWriter } from '../saleor/graphql/client.ts';
import { greet } from '../saleor/preflight.ts';
import { createShop } from '../saleor/write/shop-adapter.ts';
import { clientOptions } from './open-shop.ts';
import { redacting } from './redact-replies.ts';
import { journalsOf } from './store/journal-file.ts';
import type { Folder } from './store/plan-folder.ts';

/** What an apply would find in the shop now: its own first look, field by field, and no step further. */
export async function previewApply(
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
    parallel: numberArg(args, 'parallel') ?? 4,
    isDryRun: true,
    isSpent: false,
    written: countWrites(journalsOf(folder).map(({ entries }) => entries)),
  };
  const ports = {
    shop: redacting(shop, io),
    journal: { write: async () => undefined },
    clock: systemClock,
    isStopping: () => false,
  };
  return runApply(plan, options, ports);
}
