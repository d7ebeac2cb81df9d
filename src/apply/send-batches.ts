import type { Clock } from '../core/clock.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';
import type { CreatedResource, Journal, Shop, Step, StepReply } from './ports.ts';

/** Saleor's default limit of mutations a request; the shop's adapter goes lower where a server says so. */
const BATCH = 4;

/** What Saleor said of one change: the worst of its steps' replies. */
export type ChangeReply = {
  readonly state: StepReply['state'];
  readonly because: string;
  readonly made: CreatedResource | null /** How many changes its step served. */;
  readonly sharedWith: number;
};

export interface SendContext {
  readonly shop: Shop;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly tracker: OutcomeTracker;
  readonly parallel: number;
  readonly isStopping: () => boolean;
}

/**
 * Sends groups of steps, at most four a request and `parallel` requests in flight; a group (one product's steps) stays
 * together and in order. An intent is durable before its request leaves. Refs without a word were not sent: the deadline
 * (ms since the epoch) or a signal came first.
 */
export async function sendSteps(
  line: SendContext,
  groups: readonly (readonly Step[])[],
  deadlineMs: number,
): Promise<ReadonlyMap<string, ChangeReply>> {
  const words = new Map<string, ChangeReply>();
  const batches = pack(groups).values();
  let isBroken = false;
  // All workers take from the same row.
  const worker = async (): Promise<void> => {
    for (const batch of batches) {
      if (isBroken || line.isStopping() || line.clock.now() > deadlineMs) return;
      await sendOne(line, batch, words).catch((error: unknown) => {
        isBroken = true;
        throw error;
      });
    }
  };
  // A journal that failed once is not written to again; all workers are awaited, so no reply goes unheard.
  const ends = await Promise.allSettled(Array.from({ length: Math.max(1, line.parallel) }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return words;
}

async function sendOne(
  { shop, journal, clock, tracker }: SendContext,
  batch: readonly Step[],
  words: Map<string, ChangeReply>,
): Promise<void> {
  const at = () => new Date(clock.now()).toISOString();
  await journal.write(batch.map(({ kind, refs }) => ({ at: at(), event: 'intent' as const, kind, refs })));
  for (const ref of batch.flatMap(({ refs }) => refs)) tracker.markInFlight(ref);
  const replies = await shop.send(batch);
  const heard = batch.map((step, index) => ({ step, reply: replies[index] ?? NO_REPLY }));
  for (const { step, reply } of heard) {
    tracker.recordReply(step, reply.state);
    note(words, step, reply);
  }
  await journal.write(
    heard.map(({ step: { kind, refs }, reply }) => ({
      at: at(),
      event: 'outcome' as const,
      kind,
      refs,
      ...reply,
    })),
  );
}

/** Fewer replies than steps: what nothing is said of may have been carried out. */
const NO_REPLY: StepReply = { state: 'unclear', code: 'no_reply', message: 'no reply' };

const WORST: readonly StepReply['state'][] = ['done', 'not_sent', 'refused', 'unclear'];

function note(words: Map<string, ChangeReply>, step: Step, reply: StepReply): void {
  for (const ref of step.refs) {
    const made = reply.state === 'done' ? (reply.made.find((one) => one.ref === ref) ?? null) : null;
    const word: ChangeReply = {
      state: reply.state,
      because: reply.state === 'done' ? '' : reply.message,
      made,
      sharedWith: step.refs.length,
    };
    const before = words.get(ref);
    if (before === undefined || WORST.indexOf(word.state) >= WORST.indexOf(before.state))
      words.set(ref, word);
  }
}

function pack(groups: readonly (readonly Step[])[]): readonly (readonly Step[])[] {
  const batches: Step[][] = [];
  for (const group of groups) {
    const last = batches.at(-1);
    if (last !== undefined && last.length + group.length <= BATCH) last.push(...group);
    else batches.push([...group]);
  }
  return batches;
}
