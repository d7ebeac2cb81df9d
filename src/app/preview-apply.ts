import { type EngineResult, runApply } from '../apply/apply.ts';
import { countWrites } from '../apply/journal-history.ts';
import { digestOf, type Plan } from '../plan/plan.ts';
import type { Http } from '../platform/http/client.ts';
import { systemClock } from '../platform/system-clock.ts';
import { greet } from '../saleor/preflight.ts';
import { createShop } from '../saleor/write/shop-adapter.ts';
import { openWriter } from './open-shop.ts';
import type { SaleorConnection } from './options.ts';
import type { SecretGuard } from './ports.ts';
import { redactHttp } from './redact-replies.ts';
import { journalsOf } from './store/journal-file.ts';
import type { Folder } from './store/plan-folder.ts';
import { proofKeyOf } from './store/run-proof.ts';

/** What an apply would find in the shop now: its own first look, field by field, and no step further. */
export async function previewApply(
  { plan, folder }: { readonly plan: Plan; readonly folder: Folder },
  saleor: SaleorConnection,
  http: Http,
  secrets: SecretGuard,
): Promise<EngineResult> {
  const writer = openWriter(saleor, redactHttp(http, secrets));
  const { permissions, shop: info } = await greet(writer);
  const shop = createShop(writer, plan.contract, { target: plan.target, permissions, version: info.version });
  const key = proofKeyOf(saleor.token, plan.target.api_url);
  const { journals } = journalsOf(folder, digestOf(plan), key);
  const options = {
    onConflict: 'stop' as const,
    parallel: saleor.parallel,
    isDryRun: true,
    isApplied: false,
    written: countWrites(journals.map(({ entries }) => entries)),
  };
  return runApply(plan, options, {
    shop,
    journal: { write: async () => undefined },
    clock: systemClock,
    isStopping: () => false,
  });
}
