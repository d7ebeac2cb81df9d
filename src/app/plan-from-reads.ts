import type { Desired } from '../core/desired-state.ts';
import { Failure } from '../core/failure.ts';
import { plural } from '../core/text/counting.ts';
import { didYouMean } from '../core/text/did-you-mean.ts';
import { selectOfferings } from '../diff/diff.ts';
import type { Inputs } from '../diff/model.ts';
import { build, type Plan } from '../plan/plan.ts';
import type { PlanProvenance } from '../plan/plan-provenance.ts';
import { withSnapshots } from '../plan/snapshots/snapshot-mode.ts';
import { assertNotFallen } from '../wagtail/offering-count-guard.ts';
import { extrasNote, usersFor, withUsers } from './count-extra-values.ts';
import { describePlan } from './describe-plan.ts';
import { lastCount } from './drift-base.ts';
import { editorLinks, snippetsOf } from './editor-links.ts';
import { missingPermissions, unmatchedExclusions } from './plan-notes.ts';
import type { Planned, PlanRequest } from './plan-request.ts';
import type { Notes } from './ports.ts';
import type { DesiredRead } from './read-desired.ts';
import type { readIdLists } from './read-id-lists.ts';
import { namedBy, type PlannedShop } from './read-shop.ts';

/** Both sides, and the id lists. */
interface Reads {
  readonly lists: Awaited<ReturnType<typeof readIdLists>>;
  readonly desired: DesiredRead;
  readonly shop: PlannedShop;
}

/** Builds the plan of what was read. Throws a Failure if far fewer pages came than before, or a slug is named by no page. */
export async function planFromReads(
  request: PlanRequest,
  { lists, desired, shop }: Reads,
  notes: Pick<Notes, 'phase'>,
): Promise<Planned> {
  const { contract, options, out } = request;
  const previous = lastCount(shop.actual.target, out);
  if (previous !== null) assertNotFallen(desired.desired, previous, request.maxFallShare);
  const inputs = {
    contract,
    options,
    ...lists,
    desired: desired.desired,
    actual: shop.actual,
    completeness: [...Object.keys(desired.proof), ...Object.keys(shop.proof)],
  };
  notes.phase(`comparing ${plural(desired.desired.offerings.length, 'page')} with the shop`);
  const uncounted = build(inputs);
  const extras = await shop.countExtras(uncounted);
  const whole =
    options.prune_values && extras.length > 0
      ? build({ ...inputs, actual: withUsers(inputs.actual, extras) })
      : uncounted;
  if (options.only_slugs !== null) assertSlugsNamed(options.only_slugs, desired.desired, shop);
  const plan = withSnapshots(whole, request.snapshots);
  const users = { ...usersFor(extras), ...(await shop.countTouched(plan)) };
  return {
    plan,
    provenance: metadataOf(request, plan, { desired, shop, users }),
    skippedByFlags: countSkippedByFlags(inputs),
    notes: [
      ...shop.notes,
      ...missingPermissions(plan),
      ...extrasNote(extras, plan),
      ...unmatchedExclusions(plan),
    ],
  };
}

function countSkippedByFlags(inputs: Inputs): number {
  const { limit, only_slugs, sync_products } = inputs.options;
  const { length } = inputs.desired.offerings;
  if (!sync_products) return length;
  return limit === null && only_slugs === null ? 0 : length - selectOfferings(inputs).length;
}

/** A slug that no page names is a typing error, not a plan without changes. Pages that --limit leaves out count as naming it. */
function assertSlugsNamed(only: readonly string[], desired: Desired, { actual }: PlannedShop): void {
  const { ids, slugs } = namedBy(desired);
  const [namedIds, namedSlugs] = [new Set(ids), new Set(slugs)];
  const named = new Set(
    Object.entries(actual.products).flatMap(([slug, { id }]) =>
      namedSlugs.has(slug) || namedIds.has(id) ? [slug] : [],
    ),
  );
  const unknown = only.filter((slug) => !named.has(slug));
  if (unknown.length === 0) return;
  const hint = didYouMean(unknown[0] ?? '', named);
  throw new Failure(
    'usage',
    `--only-slugs: no page names the product ${unknown.map((slug) => `"${slug}"`).join(', ')}`,
    hint || 'Give the slugs of Saleor products that offering pages name.',
  );
}

function metadataOf(
  { links, madeBy }: PlanRequest,
  plan: Plan,
  reads: {
    readonly desired: DesiredRead;
    readonly shop: PlannedShop;
    readonly users: NonNullable<PlanProvenance['users']>;
  },
): PlanProvenance {
  const { desired, shop, users } = reads;
  const { snippets, wagtail } = desired.provenance;
  return describePlan(plan, shop.actual, madeBy, {
    shop: shop.shop,
    wagtail,
    reads: { ...desired.proof, ...shop.proof },
    inputs: { ...desired.inputs, ...shop.inputs },
    links: editorLinks(plan.changes, links, snippets),
    snippets: snippetsOf(plan.changes, snippets),
    users,
    ...(shop.looked === null ? {} : { shop_written_at: shop.looked.updated_at }),
    ...shop.metadata,
  });
}
