import type { Change } from '../diff/inputs.ts';
import { localesOf } from '../diff/translations.ts';
import { inputsOf, type Plan } from '../plan/plan.ts';
import type { Actual } from '../state/actual.ts';
import { Failure } from '../state/failure.ts';
import { KINDS, kindOf } from '../state/ref.ts';
import { type Assessment, assess, type Conflict } from './assess.ts';
import { writeDeletes } from './deletes.ts';
import { type Execution, write } from './execute.ts';
import { type Fates, newFates } from './fates.ts';
import { nowOf } from './now.ts';
import type { Clock, Journal, Scope, Shop } from './ports.ts';

export interface Ports {
  readonly shop: Shop;
  readonly journal: Journal;
  readonly clock: Clock;
  /** True once a signal asked to stop: writes in flight are finished, no new one is begun. */
  readonly isStopping: () => boolean;
}

export interface ApplyOptions {
  /** stop: a conflict anywhere, and nothing at all is written. skip: go on with what does not conflict. */
  readonly onConflict: 'stop' | 'skip';
  /** Requests in flight. */
  readonly parallel: number;
  /** Everything but the writes. */
  readonly isDryRun: boolean;
  /** An earlier apply of this plan converged: it may confirm, and nothing else. */
  readonly isSpent: boolean;
  /** Refs that an earlier run of this plan meant to write: found as planned, they are its work. */
  readonly written: ReadonlySet<string>;
}

/** nothing_to_do: all was in the shop already · done: something was written · the others: nothing was written */
export type Ending = 'nothing_to_do' | 'stale' | 'spent' | 'dry_run' | 'done';

export interface Result {
  readonly ending: Ending;
  readonly conflicts: readonly Conflict[];
  /** What was pending at the first look, with its fields. */
  readonly pending: readonly Assessment[];
  readonly fates: Fates;
  /** Every change was seen in the shop at the end. */
  readonly converged: boolean;
  /** What ended the run early (a lost connection, a full disk), or null. */
  readonly interruption: string | null;
}

/** A product is looked at again at most this long before it is written. */
const LOOK_AGE_MS = 5_000;
const WAVE = 100;
/** A read replica may lag behind the writes (facts/saleor §7). */
const READ_BACK_WAITS_MS = [0, 500, 2_000];

/**
 * Executes a verified plan: look, compare field by field, write what is pending in dependency order, read back
 * (design, "Apply"). Knows neither HTTP nor files nor console; throws a Failure only where nothing was written yet.
 */
export async function apply(plan: Plan, options: ApplyOptions, ports: Ports): Promise<Result> {
  const fates = newFates(plan.changes);
  const lookedAt = ports.clock.now();
  const first = await ports.shop.look(scopeOf(plan, plan.changes, true));
  const assessed = plan.changes.map((change) => assess(change, nowOf(plan, first)));
  const conflicts = assessed.flatMap((one) => one.conflicts);
  const pending = assessed.filter((one) => one.pending.length > 0 && one.conflicts.length === 0);
  noteFirst(fates, assessed, options.written);
  const end = (ending: Ending, converged: boolean, interruption: string | null = null): Result => ({
    ending,
    conflicts,
    pending,
    fates,
    converged,
    interruption,
  });
  if (conflicts.length > 0 && options.onConflict === 'stop') return end('stale', false);
  if (options.isSpent && pending.length > 0) return end('spent', false);
  if (options.isDryRun) return end('dry_run', false);
  if (pending.length === 0) return end('nothing_to_do', conflicts.length === 0);

  await ports.journal.write([
    entry(ports.clock, 'started', { pending: pending.map(({ change }) => change.ref) }),
  ]);
  const interruption = await tried(() => writeAll(plan, pending, options, ports, fates, first, lookedAt));
  const unread = await tried(() => readBack(plan, fates, ports, first));
  const converged = unread === null && plan.changes.every(({ ref }) => fates.isThere(ref));
  const unwritten = await tried(() => ports.journal.write([entry(ports.clock, 'finished', { converged })]));
  return end('done', converged, interruption ?? unread ?? unwritten);
}

/** Once something was written, nothing may keep the report from being made: the reason is handed on instead. */
async function tried(action: () => Promise<void>): Promise<string | null> {
  try {
    await action();
    return null;
  } catch (error) {
    return error instanceof Failure
      ? error.message
      : `internal error: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const entry = (clock: Clock, event: 'started' | 'finished', rest: Record<string, unknown>) => ({
  at: new Date(clock.now()).toISOString(),
  event,
  ...rest,
});

function noteFirst(fates: Fates, assessed: readonly Assessment[], written: ReadonlySet<string>): void {
  for (const { change, pending, conflicts } of assessed) {
    if (conflicts.length > 0) fates.set(change.ref, 'skipped', 'the shop changed since the plan');
    else if (pending.length === 0)
      fates.set(change.ref, written.has(change.ref) ? 'applied' : 'already', null);
  }
}

/** What the changes touch, and nothing else. */
export function scopeOf(plan: Plan, changes: readonly Change[], withAttributes: boolean): Scope {
  const isTranslating = withAttributes && changes.some(({ ref }) => kindOf(ref) === 'translation');
  return {
    attributes: withAttributes ? plan.contract.attributes.map(({ slug }) => slug) : [],
    locales: isTranslating ? localesOf(inputsOf(plan)) : [],
    products: changes.flatMap(({ ref, ids }) => (kindOf(ref) === 'product' ? (ids['product'] ?? []) : [])),
  };
}

const isProduct = ({ ref }: Change): boolean => kindOf(ref) === 'product';

/** In dependency order; deletes last. */
const PHASES: readonly ((change: Change) => boolean)[] = [
  ...KINDS.map(
    (kind) =>
      ({ ref, action }: Change) =>
        action !== 'delete' && kindOf(ref) === kind,
  ),
  ({ action }: Change) => action === 'delete',
];

async function writeAll(
  plan: Plan,
  pending: readonly Assessment[],
  options: ApplyOptions,
  ports: Ports,
  fates: Fates,
  first: Actual,
  lookedAt: number,
): Promise<void> {
  const look = async (changes: readonly Change[], known: Actual): Promise<Actual> => {
    if (changes.every(isProduct))
      return { ...known, products: (await ports.shop.look(scopeOf(plan, changes, false))).products };
    return {
      ...(await ports.shop.look(
        scopeOf(
          plan,
          plan.changes.filter((change) => !isProduct(change)),
          true,
        ),
      )),
      products: known.products,
    };
  };
  const execution: Execution = { ...ports, plan, fates, parallel: options.parallel, look };
  let actual = first;
  for (const isMine of PHASES) {
    const mine = pending.filter(({ change }) => isMine(change));
    if (mine.length === 0 || ports.isStopping()) continue;
    if (mine.every(({ change }) => isProduct(change))) await writeProducts(execution, mine, actual, lookedAt);
    else if (mine.every(({ change }) => change.action === 'delete'))
      await writeDeletes(execution, mine, actual);
    else {
      ({ actual } = await write(execution, mine, nowOf(plan, actual)));
      // A slug that only Saleor knows (mode external_reference) is read, not guessed.
      if (plan.contract.naming !== 'key')
        actual = await look(
          mine.map(({ change }) => change),
          actual,
        );
    }
  }
}

/**
 * Waves of products, each looked at right before it is written: what a human did since the plan is a conflict and is not
 * overwritten. The first look serves the first wave while it is fresh.
 */
async function writeProducts(
  execution: Execution,
  pending: readonly Assessment[],
  known: Actual,
  firstLookedAt: number,
): Promise<void> {
  const { clock, fates, plan } = execution;
  const queue = pending.map(({ change }) => change);
  let size = WAVE;
  let actual = known;
  let lookedAt = firstLookedAt;
  while (queue.length > 0 && !execution.isStopping()) {
    const wave = queue.splice(0, size);
    if (clock.now() - lookedAt > LOOK_AGE_MS / 2) {
      lookedAt = clock.now();
      actual = await execution.look(wave, actual);
    }
    const now = nowOf(plan, actual);
    const open = wave.map((change) => assess(change, now)).filter((one) => isOpen(fates, one));
    const { unsent } = await write(execution, open, now, lookedAt + LOOK_AGE_MS);
    if (unsent.length > 0) size = Math.max(4, open.length - unsent.length);
    queue.unshift(...unsent.map(({ change }) => change));
    lookedAt = Number.NEGATIVE_INFINITY;
  }
}

function isOpen(fates: Fates, { change, pending, conflicts }: Assessment): boolean {
  if (conflicts.length > 0)
    fates.set(
      change.ref,
      'skipped',
      `the shop changed during the run (${conflicts.map(({ field, because }) => because ?? field).join(', ')})`,
    );
  else if (pending.length === 0) fates.set(change.ref, 'already', null);
  return conflicts.length === 0 && pending.length > 0;
}

/** The last word on every change that was sent: what the shop shows now, asked again while a replica may lag. */
async function readBack(plan: Plan, fates: Fates, { shop, clock }: Ports, first: Actual): Promise<void> {
  const isSent = ({ ref }: Change): boolean =>
    ['applied', 'already', 'unknown'].includes(fates.of(ref).outcome);
  for (const waitMs of READ_BACK_WAITS_MS) {
    if (waitMs > 0) await clock.sleep(waitMs);
    const changes = plan.changes.filter(isSent);
    const hasOthers = changes.some((change) => !isProduct(change));
    const seen = await shop.look(scopeOf(plan, changes, hasOthers));
    // Without other changes the values are still those of the first look; products are read in their words.
    const now = nowOf(plan, hasOthers ? seen : { ...first, products: seen.products });
    const isLast = waitMs === READ_BACK_WAITS_MS.at(-1);
    const wrong = changes
      .map((change) => assess(change, now))
      .filter((one) => one.pending.length + one.conflicts.length > 0);
    for (const change of changes) {
      if (fates.of(change.ref).outcome === 'unknown' && !wrong.some((one) => one.change === change))
        fates.set(change.ref, 'applied', null);
    }
    if (wrong.length === 0) return;
    if (isLast) for (const one of wrong) deny(fates, one);
  }
}

function deny(fates: Fates, { change, pending, conflicts }: Assessment): void {
  const fields = [
    ...pending.map(({ name }) => name),
    ...conflicts.map(({ field, because }) => because ?? field),
  ].filter((name) => name !== '');
  const shown =
    fields.length === 0
      ? 'the shop does not show it'
      : `the shop shows something else in ${fields.join(', ')}`;
  fates.set(
    change.ref,
    fates.of(change.ref).outcome === 'unknown' ? 'unknown' : 'failed',
    `read back: ${shown}`,
  );
}
