import type { Clock } from '../core/clock.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';
import type { CreatedResource, Journal, Shop, Step, StepReply } from './ports.ts';

/** Saleor's default limit of mutations per request; the shop's adapter uses less where a server allows fewer. */
const BATCH = 4;

/** Saleor's reply to one change: the worst of the replies to its steps. */
export type ChangeReply = {
  readonly state: StepReply['state'];
  readonly because: string;
  readonly made: CreatedResource | null;
  /** Number of changes that its step serves, this one included. */
  readonly sharedWith: number;
};

export interface SendContext {
  readonly shop: Shop;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly tracker: OutcomeTracker;
  /** Number of requests in flight. */
  readonly parallel: number;
  readonly isStopping: () => boolean;
}

/**
 * Sends groups of steps: at most 4 steps per request, `parallel` requests in flight. A group (the steps of one product)
 * stays in one request, in order. Each intent is durable in the journal before its request leaves. Gives ref → reply;
 * a ref without a reply was not sent, because of `deadlineMs` (milliseconds since the epoch) or a signal. Throws what
 * the journal throws.
 */
export async function sendSteps(
  context: SendContext,
  groups: readonly (readonly Step[])[],
  deadlineMs: number,
): Promise<ReadonlyMap<string, ChangeReply>> {
  const replies = new Map<string, ChangeReply>();
  // All workers take from this one iterator.
  const batches = packBatches(groups).values();
  let isBroken = false;
  const worker = async (): Promise<void> => {
    for (const batch of batches) {
      if (isBroken || context.isStopping() || context.clock.now() > deadlineMs) return;
      await sendBatch(context, batch, replies).catch((error: unknown) => {
        isBroken = true;
        throw error;
      });
    }
  };
  // After an error no worker starts a request, but all are awaited, so that no reply is lost.
  const ends = await Promise.allSettled(Array.from({ length: Math.max(1, context.parallel) }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return replies;
}

async function sendBatch(
  { shop, journal, clock, tracker }: SendContext,
  batch: readonly Step[],
  replies: Map<string, ChangeReply>,
): Promise<void> {
  const at = () => new Date(clock.now()).toISOString();
  await journal.write(batch.map(({ kind, refs }) => ({ at: at(), event: 'intent' as const, kind, refs })));
  for (const ref of batch.flatMap(({ refs }) => refs)) tracker.markInFlight(ref);
  const received = await shop.send(batch);
  const answered = batch.map((step, index) => ({ step, reply: received[index] ?? NO_REPLY }));
  for (const { step, reply } of answered) {
    tracker.recordReply(step, reply.state);
    keepWorstReply(replies, step, reply);
  }
  await journal.write(
    answered.map(({ step: { kind, refs }, reply }) => ({
      at: at(),
      event: 'outcome' as const,
      kind,
      refs,
      ...reply,
    })),
  );
}

/** A missing reply counts as unclear: the step may have been executed. */
const NO_REPLY: StepReply = { state: 'unclear', code: 'no_reply', message: 'no reply' };

/** From best to worst. */
const STATES: readonly StepReply['state'][] = ['done', 'not_sent', 'refused', 'unclear'];

function keepWorstReply(replies: Map<string, ChangeReply>, step: Step, reply: StepReply): void {
  for (const ref of step.refs) {
    const made = reply.state === 'done' ? (reply.made.find((one) => one.ref === ref) ?? null) : null;
    const latest: ChangeReply = {
      state: reply.state,
      because: reply.state === 'done' ? '' : reply.message,
      made,
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
