import type { Clock } from '../core/clock.ts';
import { isExhausted, openBudget, type RetryBudget } from '../core/retry-policy.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';
import type { CreatedResource, Journal, JournalEntry, Shop, Step, StepReply } from './ports.ts';

/** Saleor's default limit of mutations per request; the shop's adapter uses less where a server allows fewer. */
const BATCH = 4;

/** Saleor's reply to one change: the worst of the replies to its steps. */
export type ChangeReply = {
  readonly state: StepReply['state'];
  readonly because: string;
  readonly made: CreatedResource | null;
  /** It was sent as often as it may be. */
  readonly isLast: boolean;
  /** Number of changes that its step serves, this one included. */
  readonly sharedWith: number;
};

export interface SendContext {
  readonly shop: Shop;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly tracker: OutcomeTracker;
  /** How often each step was sent in this run, by its kind and ref. */
  readonly attempts: Map<string, number>;
  /** Number of requests in flight. */
  readonly parallel: number;
  readonly isStopping: () => boolean;
}

export interface SentSteps {
  /** By ref; a ref without a reply was not sent. */
  readonly replies: ReadonlyMap<string, ChangeReply>;
  /** The shop failed so often in a row that the rest was paused: look at the shop, then send it. */
  readonly isPaused: boolean;
}

export interface SendRules {
  /** No request leaves after it; milliseconds since the epoch. */
  readonly deadlineMs?: number;
  /** Called when nothing is left to send and a worker is free, while the last requests may still be in flight. */
  readonly allTaken?: () => void;
}

/** Of requests one after the other, if fewer are in flight. */
const FAILURES_IN_A_ROW = 2;

/**
 * Sends groups of steps: at most 4 steps per request, `parallel` requests in flight. A group (the steps of one product)
 * stays in one request, in order. Each intent is durable in the journal before its request leaves; an outcome goes there with
 * the next intent, because a sync takes about as long as a small request. After a failed request its worker waits as long as
 * the request itself would have to (docs/saleor.md#retries). What was not sent: because of the deadline, a signal, or
 * `isPaused`. Throws what the journal throws.
 */
export async function sendSteps(
  context: SendContext,
  groups: readonly (readonly Step[])[],
  { deadlineMs = Number.POSITIVE_INFINITY, allTaken }: SendRules = {},
): Promise<SentSteps> {
  const replies = new Map<string, ChangeReply>();
  // All workers take from this one iterator.
  const batches = packBatches(groups).values();
  const mostFailures = Math.max(FAILURES_IN_A_ROW, context.parallel);
  let isBroken = false;
  let failures = 0;
  const worker = async (): Promise<void> => {
    let outcomes: readonly JournalEntry[] = [];
    let isCut = false;
    for (const batch of batches) {
      const isOver = isBroken || failures >= mostFailures || context.clock.now() > deadlineMs;
      isCut = isOver || context.isStopping();
      if (isCut) break;
      const budget = openBudget(attemptsOf(context, batch) + 1);
      await context.journal.write([...outcomes, ...intentsOf(context, batch)]);
      const sent = await sendBatch(context, batch, budget, replies);
      outcomes = sent.outcomes;
      failures = sent.isClear ? 0 : failures + 1;
      if (sent.isClear || isExhausted(budget)) continue;
      await context.journal.write(outcomes);
      outcomes = [];
      await context.clock.sleep(budget.waitMs);
    }
    if (!isCut) allTaken?.();
    if (outcomes.length > 0) await context.journal.write(outcomes);
  };
  const guarded = (): Promise<void> =>
    worker().catch((error: unknown) => {
      isBroken = true;
      throw error;
    });
  // After an error no worker starts a request, but all are awaited, so that no reply is lost.
  const ends = await Promise.allSettled(Array.from({ length: Math.max(1, context.parallel) }, guarded));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return { replies, isPaused: failures >= mostFailures };
}

const keyOf = ({ kind }: Step, ref: string): string => `${kind} ${ref}`;

/** The largest number of attempts of a step of this batch so far. */
const attemptsOf = ({ attempts }: SendContext, batch: readonly Step[]): number =>
  Math.max(0, ...batch.flatMap((step) => step.refs.map((ref) => attempts.get(keyOf(step, ref)) ?? 0)));

const timeOf = ({ clock }: SendContext): string => new Date(clock.now()).toISOString();

const intentsOf = (context: SendContext, batch: readonly Step[]): readonly JournalEntry[] =>
  batch.map(({ kind, refs }) => ({ at: timeOf(context), event: 'intent', kind, refs }));

interface SentBatch {
  /** For the journal. */
  readonly outcomes: readonly JournalEntry[];
  /** Whether every step got a clear reply. */
  readonly isClear: boolean;
}

/** Sends a batch whose intents are durable. */
async function sendBatch(
  context: SendContext,
  batch: readonly Step[],
  budget: RetryBudget,
  replies: Map<string, ChangeReply>,
): Promise<SentBatch> {
  const { shop, tracker, attempts } = context;
  for (const ref of batch.flatMap(({ refs }) => refs)) tracker.markInFlight(ref);
  const received = await shop.send(batch, budget);
  for (const step of batch) for (const ref of step.refs) attempts.set(keyOf(step, ref), budget.attempt);
  const answered = batch.map((step, index) => ({ step, reply: received[index] ?? NO_REPLY }));
  for (const { step, reply } of answered) {
    tracker.recordReply(step, reply.state);
    keepWorstReply(replies, step, reply, isExhausted(budget));
  }
  return {
    outcomes: answered.map(({ step: { kind, refs }, reply }) => ({
      at: timeOf(context),
      event: 'outcome',
      kind,
      refs,
      ...reply,
    })),
    isClear: answered.every(({ reply: { state } }) => state === 'done' || state === 'refused'),
  };
}

/** A missing reply counts as unclear: the step may have been executed. */
const NO_REPLY: StepReply = { state: 'unclear', code: 'no_reply', message: 'no reply' };

/** From best to worst. */
const STATES: readonly StepReply['state'][] = ['done', 'not_sent', 'refused', 'unclear'];

function keepWorstReply(
  replies: Map<string, ChangeReply>,
  step: Step,
  reply: StepReply,
  isLast: boolean,
): void {
  for (const ref of step.refs) {
    const made = reply.state === 'done' ? (reply.made.find((one) => one.ref === ref) ?? null) : null;
    const latest: ChangeReply = {
      state: reply.state,
      because: reply.state === 'done' ? '' : reply.message,
      made,
      isLast,
      sharedWith: step.refs.length,
    };
    const before = replies.get(ref);
    if (before === undefined || STATES.indexOf(latest.state) >= STATES.indexOf(before.state))
      replies.set(ref, latest);
  }
}

function packBatches(groups: readonly (readonly Step[])[]): readonly (readonly Step[])[] {
  const batches: Step[][] = [];
  for (const group of groups) {
    const last = batches.at(-1);
    if (last !== undefined && last.length + group.length <= BATCH) last.push(...group);
    else batches.push([...group]);
  }
  return batches;
}
