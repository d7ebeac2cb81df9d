import { kindOf } from '../core/resource-ref.ts';
import type { Change } from '../diff/model.ts';
import type { Outcome } from '../plan/report.ts';
import { countSending, type WriteCounts } from './journal-history.ts';
import type { Step, StepReply } from './ports.ts';

export interface TrackedOutcome {
  readonly outcome: Outcome;
  readonly because: string | null;
  /** Id of what was created, where Saleor returned one or the look shows it. */
  readonly id: string | null;
}

/** What became of each change so far; `applied` is confirmed by the read-back or taken back by it. */
export interface OutcomeTracker {
  of(ref: string): TrackedOutcome;
  set(ref: string, outcome: Outcome, because: string | null, id?: string): void;
  /** Its request is about to leave: until the reply is judged nobody knows. */
  markInFlight(ref: string): void;
  /** It is not sent, or not again: skipped where nothing was sent yet. */
  markNotSent(ref: string, because: string): void;
  /** The shop shows it as planned: our work where we wrote it or may have, in this run or an earlier one. */
  markPresent(ref: string, id?: string): void;
  /** What came of a sending. */
  recordReply(step: Step, state: StepReply['state']): void;
  /** Whether a write of ours has arrived, or may have, and was not taken back. */
  mayBeOurs(ref: string): boolean;
  /** Whether what needs this change may go on. */
  isPresent(ref: string): boolean;
}

/** `written`: what earlier runs of this plan wrote or may have written. */
export function createOutcomeTracker(changes: readonly Change[], written: WriteCounts): OutcomeTracker {
  const outcomes = new Map<string, TrackedOutcome>();
  const ours = new Map(written);
  const made = new Set(
    changes.flatMap(({ ref, action }) => (kindOf(ref) === 'value' && action === 'create' ? [ref] : [])),
  );
  const mayBeOurs = (ref: string): boolean => (ours.get(ref) ?? 0) > 0;
  const of = (ref: string): TrackedOutcome =>
    outcomes.get(ref) ?? {
      outcome: 'not_attempted',
      because: written.has(ref) ? SENT_BEFORE : null,
      id: null,
    };
  const set: OutcomeTracker['set'] = (ref, outcome, because, id) =>
    void outcomes.set(ref, { outcome, because, id: id ?? of(ref).id });
  return {
    of,
    set,
    markInFlight: (ref) => set(ref, 'unknown', 'the run ended before its reply was known'),
    markNotSent: (ref, because) => {
      const wasSent = of(ref).outcome === 'unknown';
      set(ref, !wasSent ? 'skipped' : mayBeOurs(ref) ? 'unknown' : 'failed', because);
    },
    markPresent: (ref, id) => set(ref, mayBeOurs(ref) ? 'applied' : 'already', null, id),
    recordReply: ({ kind, refs }, state) => countSending(ours, made, kind, refs, state),
    mayBeOurs,
    isPresent: (ref) => ['applied', 'already'].includes(of(ref).outcome),
  };
}

const SENT_BEFORE = 'an earlier run sent it, and the shop did not show all of it when this one began';
