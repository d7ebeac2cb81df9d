import type { Fates } from './outcome-tracker.ts';
import type { Clock, Journal, Made, Reply, Shop, Step } from './ports.ts';

/** Saleor's default limit of mutations a request; the shop's adapter goes lower where a server says so. */
const BATCH = 4;

/** What Saleor said of one change: the worst of its steps' replies. */
export type Word = {
  readonly state: Reply['state'];
  readonly because: string;
  readonly made: Made | null /** How many changes its step served. */;
  readonly company: number;
};

export interface Line {
  readonly shop: Shop;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly fates: Fates;
  readonly parallel: number;
  readonly isStopping: () => boolean;
}

/**
 * Sends groups of steps, at most four a request and `parallel` requests in flight; a group (one product's steps) stays
 * together and in order. An intent is durable before its request leaves. Refs without a word were not sent: the deadline
 * (ms since the epoch) or a signal came first.
 */
export async function sendAll(
  line: Line,
  groups: readonly (readonly Step[])[],
  deadlineMs: number,
): Promise<ReadonlyMap<string, Word>> {
  const words = new Map<string, Word>();
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
  { shop, journal, clock, fates }: Line,
  batch: readonly Step[],
  words: Map<string, Word>,
): Promise<void> {
  const at = () => new Date(clock.now()).toISOString();
  await journal.write(batch.map(({ kind, refs }) => ({ at: at(), event: 'intent' as const, kind, refs })));
  for (const ref of batch.flatMap(({ refs }) => refs)) fates.leaves(ref);
  const replies = await shop.send(batch);
  const heard = batch.map((step, index) => ({ step, reply: replies[index] ?? NO_REPLY }));
  for (const { step, reply } of heard) {
    fates.heard(step, reply.state);
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
const NO_REPLY: Reply = { state: 'unclear', code: 'no_reply', message: 'no reply' };

const WORST: readonly Reply['state'][] = ['done', 'not_sent', 'refused', 'unclear'];

function note(words: Map<string, Word>, step: Step, reply: Reply): void {
  for (const ref of step.refs) {
    const made = reply.state === 'done' ? (reply.made.find((one) => one.ref === ref) ?? null) : null;
    const word: Word = {
      state: reply.state,
      because: reply.state === 'done' ? '' : reply.message,
      made,
      company: step.refs.length,
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
