import { kindOf } from '../core/resource-ref.ts';
import type { Change } from '../diff/model.ts';
import type { Outcome } from '../plan/report.ts';
import { countWrite, type WriteCounts } from './journal-history.ts';
import type { Step, StepReply } from './ports.ts';

export interface TrackedOutcome {
  readonly outcome: Outcome;
  readonly because: string | null;
  /** Id of the created resource, if Saleor returned it or a read showed it. */
  readonly id: string | null;
  /** Somebody else changed the resource: this plan cannot finish it, a new one can. */
  readonly isConflict?: true;
}

/** The outcome of each change so far. The read-back confirms `applied`, or corrects it. */
export interface OutcomeTracker {
  of(ref: string): TrackedOutcome;
  set(ref: string, outcome: Outcome, because: string | null, id?: string): void;
  /** Somebody else changed it, so it is not written, or not written again. */
  markConflict(ref: string, outcome: 'skipped' | 'failed' | 'unknown', because: string): void;
  /** Its request is about to leave: the outcome is unknown until the reply. */
  markInFlight(ref: string): void;
  /** It is not sent, or not sent again: skipped if nothing was sent yet, else unknown or failed. */
  markNotSent(ref: string, because: string): void;
  /** The shop shows it as planned: applied if this run or an earlier one wrote it or may have, else already. */
  markPresent(ref: string, id?: string): void;
  /** Counts a step that was sent, by its reply. */
  recordReply(step: Step, state: StepReply['state']): void;
  /** Whether a write of this plan arrived or may have arrived, and was not rolled back. */
  mayBeOurs(ref: string): boolean;
  /** Whether the shop has this change, so that changes which need it may be written. */
  isPresent(ref: string): boolean;
}

/** `written`: writes that earlier runs of this plan made or may have made. */
export function createOutcomeTracker(changes: readonly Change[], written: WriteCounts): OutcomeTracker {
  const outcomes = new Map<string, TrackedOutcome>();
  const writes = new Map(written);
  const created = new Set(
    changes.flatMap(({ ref, action }) => (kindOf(ref) === 'value' && action === 'create' ? [ref] : [])),
  );
  const mayBeOurs = (ref: string): boolean => (writes.get(ref) ?? 0) > 0;
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
    markConflict: (ref, outcome, because) =>
      void outcomes.set(ref, { outcome, because, id: of(ref).id, isConflict: true }),
    markInFlight: (ref) => set(ref, 'unknown', 'the run ended before its reply was known'),
    markNotSent: (ref, because) => {
      const wasSent = of(ref).outcome === 'unknown';
      set(ref, !wasSent ? 'skipped' : mayBeOurs(ref) ? 'unknown' : 'failed', because);
    },
    markPresent: (ref, id) => set(ref, mayBeOurs(ref) ? 'applied' : 'already', null, id),
    recordReply: ({ kind, refs }, state) => countWrite(writes, created, { kind, refs, state }),
    mayBeOurs,
    isPresent: (ref) => ['applied', 'already'].includes(of(ref).outcome),
  };
}

const SENT_BEFORE = 'an earlier run sent it, but the shop did not show all of it when this run began';
