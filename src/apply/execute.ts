import type { Change } from '../diff/inputs.ts';
import type { Plan } from '../plan/plan.ts';
import type { Actual } from '../state/actual.ts';
import { kindOf } from '../state/ref.ts';
import { type Assessment, assess } from './assess.ts';
import type { Fates } from './fates.ts';
import { type Now, nowOf, split } from './now.ts';
import { overlay } from './overlay.ts';
import { type Line, sendAll, type Word } from './send.ts';
import { stepsFor } from './steps.ts';

const ATTEMPTS = 5;
const BACKOFF = { baseMs: 500, maxMs: 8_000 };

export interface Execution extends Line {
  readonly plan: Plan;
  readonly fates: Fates;
  /** A fresh look at what these changes touch, laid over what is known. */
  readonly look: (changes: readonly Change[], known: Actual) => Promise<Actual>;
  /** A last word right before each sending: what it does not let through is not sent. */
  readonly admit?: (open: readonly Assessment[], actual: Actual) => Promise<readonly Assessment[]>;
}

/**
 * Writes what is pending of one phase. After an unclear reply it looks before it sends again. Gives the look with every
 * confirmed change laid over it, and what the deadline or a signal left unsent.
 */
export async function write(
  execution: Execution,
  assessed: readonly Assessment[],
  now: Now,
  deadlineMs = Number.POSITIVE_INFINITY,
): Promise<{ actual: Actual; unsent: readonly Assessment[] }> {
  const { fates, plan } = execution;
  const doubtful = new Set<string>();
  let actual = now.actual;
  let open = ready(fates, assessed);
  let unsent: readonly Assessment[] = [];
  for (let attempt = 1; open.length > 0; attempt += 1) {
    if (execution.admit !== undefined) open = await execution.admit(open, actual);
    const steps = stepsFor(plan, open, nowOf(plan, actual), attempt > 1);
    const words = await sendAll(execution, steps, attempt === 1 ? deadlineMs : Number.POSITIVE_INFINITY);
    unsent = [...unsent, ...open.filter(({ change }) => !words.has(change.ref))];
    const again: Assessment[] = [];
    for (const one of open) {
      const word = words.get(one.change.ref);
      if (word === undefined) continue;
      const verdict = await judge(execution, one.change, word, doubtful);
      if (verdict === 'again') again.push(one);
      if (verdict === 'done') actual = overlay(actual, one.change, word.made);
    }
    if (again.length === 0) break;
    if (attempt === ATTEMPTS || execution.isStopping()) {
      giveUp(fates, again, words);
      break;
    }
    if (again.some(({ change }) => doubtful.has(change.ref))) await execution.clock.sleep(backoff(attempt));
    actual = await execution.look(
      again.map(({ change }) => change),
      actual,
    );
    open = lookAgain(fates, again, nowOf(plan, actual), words);
  }
  return { actual, unsent };
}

const backoff = (attempt: number): number => Math.min(BACKOFF.maxMs, BACKOFF.baseMs * 2 ** (attempt - 1));

/** What needs a change that is not there is skipped. */
function ready(fates: Fates, assessed: readonly Assessment[]): readonly Assessment[] {
  return assessed.filter(({ change }) => {
    const lacking = change.needs.find((need) => !fates.isThere(need));
    if (lacking !== undefined) fates.set(change.ref, 'skipped', `it needs ${lacking}, which is not there`);
    return lacking === undefined;
  });
}

type Verdict = 'done' | 'again' | 'ended';

async function judge(
  execution: Execution,
  change: Change,
  word: Word,
  doubtful: Set<string>,
): Promise<Verdict> {
  const { fates } = execution;
  if (word.state === 'done') {
    const wrong = wrongSlug(execution.plan, change, word);
    if (wrong !== null && word.made !== null) {
      fates.set(change.ref, 'failed', await undo(execution, change, word.made.id, wrong));
      return 'ended';
    }
    fates.set(change.ref, 'applied', null, word.made?.id);
    return 'done';
  }
  if (word.state === 'refused' && word.company === 1 && !doubtful.has(change.ref)) {
    fates.set(change.ref, 'failed', word.because);
    return 'ended';
  }
  // Refused in company: one of them is at fault, so each is sent alone. Refused after an unclear reply: the earlier
  // sending may have arrived. Both are decided by a look.
  if (word.state !== 'refused') doubtful.add(change.ref);
  return 'again';
}

/** In mode `key` the slug of a new value is its key; anything else would be a filter that nobody asked for. */
function wrongSlug({ contract }: Plan, { ref, action }: Change, { made }: Word): string | null {
  if (contract.naming !== 'key' || kindOf(ref) !== 'value' || action !== 'create' || made === null)
    return null;
  return made.slug === split(ref)[2] ? null : made.slug;
}

async function undo(execution: Execution, { ref }: Change, id: string, slug: string): Promise<string> {
  const words = await sendAll(
    execution,
    [[{ kind: 'delete_value', refs: [ref], id }]],
    Number.POSITIVE_INFINITY,
  );
  const word = words.get(ref);
  const because = `Saleor made the slug "${slug}"`;
  return word?.state === 'done'
    ? `${because}; the value was deleted again`
    : `${because}; the value ${id} could not be deleted again: ${word?.because ?? 'stopped'}`;
}

function lookAgain(
  fates: Fates,
  again: readonly Assessment[],
  fresh: Now,
  words: ReadonlyMap<string, Word>,
): readonly Assessment[] {
  return again.flatMap(({ change }) => {
    const found = assess(change, fresh);
    const word = words.get(change.ref);
    if (found.conflicts.length > 0)
      fates.set(
        change.ref,
        'unknown',
        `after an unclear reply (${word?.because}) the shop shows something else`,
      );
    else if (found.pending.length === 0) fates.set(change.ref, 'applied', null);
    else if (word?.state === 'refused' && word.company === 1) fates.set(change.ref, 'failed', word.because);
    else return [found];
    return [];
  });
}

function giveUp(fates: Fates, again: readonly Assessment[], words: ReadonlyMap<string, Word>): void {
  for (const { change } of again) {
    const word = words.get(change.ref);
    const outcome = word?.state === 'unclear' ? 'unknown' : 'failed';
    fates.set(change.ref, outcome, word?.because ?? 'no reply');
  }
}
