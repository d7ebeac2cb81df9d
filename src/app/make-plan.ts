import { userInfo } from 'node:os';
import { type Args, flagArg, type Io, listArg, numberArg, textArg } from '../cli/io.ts';
import { exclusions, type Settings } from '../cli/settings.ts';
import type { Actual } from '../core/actual-state.ts';
import type { Desired } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import { own } from '../core/json/canonical-json.ts';
import { didYouMean, near } from '../core/text/did-you-mean.ts';
import { VERSION } from '../core/version.ts';
import { productPk } from '../diff/match-products.ts';
import { DEFAULT_OPTIONS, type Options } from '../diff/model.ts';
import { localesOf } from '../diff/translation-changes.ts';
import { build, type Plan, planIdentity } from '../plan/plan.ts';
import type { PlanMetadata } from '../plan/plan-metadata.ts';
import { permissionsFor } from '../plan/required-permissions.ts';
import { excerptOf } from '../plan/snapshots/partial-snapshot.ts';
import type { Http } from '../platform/http/client.ts';
import { contractDigest } from '../saleor/read/incremental-read.ts';
import { type ActualRead, readActualState } from '../saleor/read/read-actual.ts';
import { assertNotFallen } from '../wagtail/offering-count-guard.ts';
import { assertChannel, countTouched } from './count-changed-values.ts';
import { countExtras, extrasNote, usersFor, withUsers } from './count-extra-values.ts';
import { lastCount } from './drift-base.ts';
import { editorLinks, snippetsOf } from './editor-links.ts';
import { incrementalBaseFor, isFound, refreshedOf } from './incremental-base.ts';
import { openReader, targetOf } from './open-shop.ts';
import { type DesiredRead, readDesiredState, readRegistry } from './read-desired.ts';
import { readSnapshot } from './read-snapshot.ts';

export interface Planned {
  readonly plan: Plan;
  readonly made: PlanMetadata;
  /** What a person should know of the token and the shop; outside the plan, since it moves by itself. */
  readonly notes: readonly Diagnostic[];
}

/** Reads both sides and builds the plan; writes nothing. Throws a Failure when a read is not whole. */
export async function makePlan(settings: Settings, args: Args, io: Io, http: Http): Promise<Planned> {
  const options = optionsFrom(settings, args);
  const registry = await readRegistry(settings, http);
  const desired = await readDesiredState(settings, args, io, http);
  const actual = await readShop(settings, args, io, http, desired.desired);
  const previous = lastCount(actual.actual.target, settings.out);
  if (previous !== null) assertNotFallen(desired.desired, previous, settings.config?.wagtail?.max_fall_share);
  const { only_slugs } = options;
  const completeness = [...Object.keys(desired.proof), ...Object.keys(actual.proof)];
  const inputs = {
    contract: settings.contract,
    options,
    registry,
    desired: desired.desired,
    actual: actual.actual,
    completeness,
  };
  const uncounted = build(inputs);
  const extras = await actual.count(uncounted);
  const whole =
    options.prune_values && extras.length > 0
      ? build({ ...inputs, actual: withUsers(inputs.actual, extras) })
      : uncounted;
  if (only_slugs !== null) checkSlugs(only_slugs, desired.desired, actual);
  const plan = snapshotsOf(settings, args, options, io) === 'changed' ? excerptOf(whole) : whole;
  const users = { ...usersFor(extras), ...(await actual.touch(plan)) };
  return {
    plan,
    made: metadataOf(settings, plan, desired, actual, users),
    notes: [...actual.notes, ...missingPermissions(plan), ...extrasNote(extras, plan), ...unmatched(plan)],
  };
}

/** Told at once, so that nobody approves what cannot be applied; a token that may only read plans all the same. */
const missingPermissions = (plan: Plan): readonly Diagnostic[] =>
  permissionsFor(plan.changes)
    .filter((permission) => !plan.actual.permissions.includes(permission))
    .map((permission) => ({
      severity: 'note',
      code: 'permission_missing_to_apply',
      ref: 'shop',
      data: { permission },
    }));

/** A ref that holds nothing back may be misspelt, or no longer needed; outside the plan, which is the same without it. */
const unmatched = ({ options, changes, diagnostics }: Plan): readonly Diagnostic[] => {
  const held = new Set(
    diagnostics.flatMap(({ code, ref, data }) =>
      code === 'held_back' ? [`${ref} ${data['field']}`] : code === 'held_back_with' ? [ref] : [],
    ),
  );
  return options.exclude
    .filter(({ ref, field }) => !held.has(`${ref} ${field}`) && !held.has(ref))
    .map(({ ref, field, reason }) => ({
      severity: 'note',
      code: 'nothing_to_hold_back',
      ref,
      data: {
        field,
        reason,
        near: changes.some((change) => change.ref === ref)
          ? []
          : near(
              ref,
              changes.map((change) => change.ref),
            ),
      },
    }));
};

type ShopRead = Pick<ActualRead, 'actual' | 'proof' | 'shop' | 'looked'> & {
  readonly refreshed: PlanMetadata['refreshed'];
  readonly notes: readonly Diagnostic[];
  readonly inputs: Readonly<Record<string, string>>;
  /** The users of what the plan calls extra; none where there is no shop to ask. */
  readonly count: (plan: Plan) => ReturnType<typeof countExtras>;
  /** The users of the values that the plan changes or deletes. */
  readonly touch: (plan: Plan) => ReturnType<typeof countTouched>;
};

async function readShop(
  settings: Settings,
  args: Args,
  io: Io,
  http: Http,
  desired: Desired,
): Promise<ShopRead> {
  const earlier = incrementalBaseFor(settings, args);
  const file = textArg(args, 'actual');
  if (file !== undefined) {
    const { read: snapshot, sha256 } = readSnapshot(file);
    const inputs = { [file]: sha256 };
    // A snapshot says which shop it is of, but not under which name this config knows that shop.
    const target = { ...snapshot.actual.target, name: settings.targetName ?? snapshot.actual.target.name };
    return {
      ...snapshot,
      // Of another contract it lacks fields, and a later read that begins at this plan would not miss them.
      looked: snapshot.looked?.contract === contractDigest(settings.contract) ? snapshot.looked : null,
      refreshed: null,
      actual: { ...snapshot.actual, target },
      notes: [],
      inputs,
      count: async () => [],
      touch: async () => ({}),
    };
  }
  const reader = openReader(settings, args, io, http);
  await assertChannel(reader, settings.channel);
  const read = await readActualState(reader, settings.contract, {
    products: namedBy(desired),
    locales: localesOf({ contract: settings.contract, desired }),
    target: targetOf(settings),
    ...(isFound(earlier) ? { earlier: earlier.earlier } : {}),
  });
  const refreshed = refreshedOf(earlier, read.extras.refreshed, io);
  const count = (plan: Plan) => countExtras(plan, reader, read.shop.version);
  const touch = (plan: Plan) => countTouched(plan, reader, read.shop.version, settings.channel ?? null);
  return { ...read, refreshed, notes: read.extras.problems, inputs: {}, count, touch };
}

/** The products that the pages name; a malformed id is not asked for, the plan reports it. */
export function namedBy({ offerings }: Desired): { ids: readonly string[]; slugs: readonly string[] } {
  const ids = offerings.flatMap(({ saleor_product_id: id }) =>
    id !== null && productPk(id) !== null ? [id] : [],
  );
  const slugs = offerings.flatMap(({ saleor_product_slug: slug }) => slug ?? []);
  return { ids: [...new Set(ids)], slugs: [...new Set(slugs)] };
}

/** Step D runs unless only --sync-attributes is given. */
function optionsFrom(settings: Settings, args: Args): Options {
  const strict = flagArg(args, 'strict');
  if (strict && flagArg(args, 'create-missing')) {
    throw new Failure(
      'usage',
      '--strict and --create-missing exclude each other: strict means that nothing is created',
      'Leave one of them out.',
    );
  }
  if (flagArg(args, 'prune-used') && !flagArg(args, 'prune-values')) {
    throw new Failure(
      'usage',
      '--prune-used says which values --prune-values may delete, and does nothing by itself',
      'Say --prune-values --prune-used.',
    );
  }
  const onlySlugs = args['only-slugs'] === undefined ? null : [...listArg(args, 'only-slugs')].sort();
  return {
    ...DEFAULT_OPTIONS,
    strict,
    create_missing: flagArg(args, 'create-missing'),
    sync_attributes: flagArg(args, 'sync-attributes'),
    sync_products: flagArg(args, 'sync-products') || !flagArg(args, 'sync-attributes'),
    create_attributes: flagArg(args, 'create-attributes'),
    adopt: flagArg(args, 'adopt'),
    prune_values: flagArg(args, 'prune-values'),
    prune_used: flagArg(args, 'prune-used'),
    limit: numberArg(args, 'limit') ?? null,
    only_slugs: onlySlugs,
    exclude: exclusions(settings.config, listArg(args, 'exclude'), new Date().toISOString().slice(0, 10)),
  };
}

/** The first N of fewer offerings are other ones, so a plan with a limit cannot do without those that do not change. */
function snapshotsOf({ config }: Settings, args: Args, { limit }: Options, io: Io): 'full' | 'changed' {
  const given = textArg(args, 'snapshots');
  if (given === 'changed' && limit !== null)
    throw new Failure(
      'usage',
      '--snapshots changed and --limit exclude each other: what the limit leaves out hangs on every offering',
      'Leave one of them out; a plan of a few offerings is small.',
    );
  const wanted = given ?? config?.snapshots;
  // Whoever set it counts on a small file.
  if (wanted === 'changed' && limit !== null)
    io.err(
      'note: the config’s "snapshots": "changed" does not go with --limit; this plan holds whole snapshots',
    );
  return wanted === 'changed' && limit === null ? 'changed' : 'full';
}

/** A slug that no page names is a typing error, not a plan without changes; what --limit leaves out is none. */
function checkSlugs(only: readonly string[], desired: Desired, { actual }: ShopRead): void {
  const { ids, slugs } = namedBy(desired);
  const named = Object.entries(actual.products).flatMap(([slug, { id }]) =>
    slugs.includes(slug) || ids.includes(id) ? [slug] : [],
  );
  const unknown = only.filter((slug) => !named.includes(slug));
  if (unknown.length === 0) return;
  const hint = didYouMean(unknown[0] ?? '', named);
  throw new Failure(
    'usage',
    `--only-slugs: no page names the product ${unknown.map((slug) => `"${slug}"`).join(', ')}`,
    hint || 'Give the slugs of Saleor products that offering pages name.',
  );
}

function metadataOf(
  settings: Settings,
  plan: Plan,
  desired: DesiredRead,
  actual: ShopRead,
  users: NonNullable<PlanMetadata['users']>,
): PlanMetadata {
  const name = planIdentity(plan);
  return {
    format_version: '1.0',
    get plan() {
      return name.id;
    },
    get digest() {
      return name.digest;
    },
    made_at: new Date().toISOString(),
    made_by: whoAmI(),
    tool: `sailplan ${VERSION}`,
    shop: actual.shop,
    wagtail: desired.provenance.wagtail,
    reads: { ...desired.proof, ...actual.proof },
    inputs: { ...desired.inputs, ...actual.inputs },
    names: productNames(plan, actual.actual),
    links: editorLinks(plan.changes, settings, desired.provenance.snippets),
    snippets: snippetsOf(plan.changes, desired.provenance.snippets),
    users,
    ...(actual.looked === null ? {} : { shop_written_at: actual.looked.updated_at }),
    ...(actual.refreshed ? { refreshed: actual.refreshed } : {}),
  };
}

/** Whose name stands in made.json: SAILPLAN_USER (a forge's runner has a name that says nothing), else the account's. */
export function whoAmI(): string {
  const named = process.env['SAILPLAN_USER'];
  if (named !== undefined && named !== '') return named;
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

/** What people call the products that change; a name is nobody's managed field, so the plan itself does not hold it. */
export function productNames({ changes }: Plan, { products }: Actual): Readonly<Record<string, string>> {
  return Object.fromEntries(
    changes.flatMap(({ ref }) => {
      const name = ref.startsWith('product.') ? own(products, ref.slice('product.'.length))?.name : undefined;
      return name === undefined ? [] : [[ref, name] as const];
    }),
  );
}
