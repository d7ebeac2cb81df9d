import type { Change } from '../diff/inputs.ts';
import type { Outcome } from '../plan/report.ts';

export interface Fate {
  readonly outcome: Outcome;
  readonly because: string | null;
  /** Id of what was created, where Saleor returned one. */
  readonly id: string | null;
}

/** What became of each change so far; `applied` is confirmed by the read-back or taken back by it. */
export interface Fates {
  of(ref: string): Fate;
  set(ref: string, outcome: Outcome, because: string | null, id?: string): void;
  /** Whether what needs this change may go on. */
  isThere(ref: string): boolean;
}

export function newFates(changes: readonly Change[]): Fates {
  const fates = new Map<string, Fate>(
    changes.map(({ ref }) => [ref, { outcome: 'not_attempted', because: null, id: null }]),
  );
  const of = (ref: string): Fate => fates.get(ref) ?? { outcome: 'not_attempted', because: null, id: null };
  return {
    of,
    set: (ref, outcome, because, id) => void fates.set(ref, { outcome, because, id: id ?? of(ref).id }),
    isThere: (ref) => ['applied', 'already'].includes(of(ref).outcome),
  };
}
