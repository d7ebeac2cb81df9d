import type { AppliedPlan, ApplyObserver } from '../../app/apply-plan.ts';
import type { JournalEntry } from '../../apply/ports.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import { printJsonLine } from '../../plan/file/print.ts';
import type { Report } from '../../plan/report.ts';
import type { Composed } from '../../saleor/graphql/batch-operations.ts';
import type { EventLine } from '../generated/event.js';
import { type Args, flagArg, type Io } from '../io.ts';
import type { Stopped } from '../report-copy.ts';

/** What an apply prints while it works: with --json one event a line on stdout, and how far it is on stderr. */
export interface ApplyEvents extends ApplyObserver {
  finished(applied: AppliedPlan, exitCode: number): void;
  /** After `finished`: the storefront check, if requested. */
  storefront(proof: JsonObject): void;
  /** Ends a command that failed; prints nothing if `refused` or `finished` was already printed. */
  failed(stopped: Stopped, report: Report): void;
}

export function createApplyEvents(args: Args, io: Io, nowMs: () => number = Date.now): ApplyEvents {
  const at = () => new Date(nowMs()).toISOString();
  let isFinished = false;
  const emit = (event: EventLine) => {
    if (event.event === 'finished') isFinished = true;
    if (flagArg(args, 'json')) io.out(printJsonLine(event));
  };
  const fail = ({ code, message, hint, exitCode }: Stopped, report: Report | null, path: string | null) =>
    emit({
      event: 'finished',
      at: at(),
      ending: exitCode === 3 ? 'refused' : 'failed',
      exit_code: exitCode,
      error: { code, message, hint },
      report_path: path,
      report,
    });
  const counter = createCounter(nowMs);
  return {
    started: (plan, id, digest, run) =>
      emit({
        event: 'started',
        at: at(),
        plan: { id, digest },
        target: plan.target,
        mode: flagArg(args, 'dry-run') ? 'dry_run' : 'apply',
        run,
        changes: plan.changes.length,
      }),
    written: (entries) => {
      for (const entry of entries) {
        if (entry.event === 'intent' || entry.event === 'outcome') emit(eventOf(entry));
        const progress = counter(entry);
        if (progress === null) continue;
        emit({ event: 'progress', at: at(), ...progress });
        io.progress(progressText(progress));
      }
    },
    finished: ({ report, result: { ending }, path, failure, requests }, exit_code) =>
      emit({
        event: 'finished',
        at: at(),
        ending: ending === 'applied_before' ? 'refused' : ending,
        exit_code,
        error: failure === null ? null : { code: failure.code, message: failure.message, hint: failure.hint },
        report_path: path,
        report: report,
        ...(requests === null ? {} : { requests: requests.map(asSent) }),
      }),
    storefront: (proof) => emit({ event: 'storefront', at: at(), proof }),
    refused: fail,
    failed: (stopped, report) => {
      if (!isFinished) fail(stopped, report, null);
    },
  };
}

const asSent = ({ document, variables }: Composed) => ({
  query: document,
  variables: { ...variables } as JsonObject,
});

type Step = Extract<EventLine, { event: 'intent' | 'outcome' }>;

/** An entry of the journal is its event already. */
const eventOf = (entry: JournalEntry): Step => entry as Step;

interface ApplyProgress {
  readonly done: number;
  readonly total: number;
  /** Changes per second so far; null: not known yet. */
  readonly per_second: number | null;
  readonly seconds_left: number | null;
}

/** Counts changes from the journal; null for an entry without progress. */
function createCounter(nowMs: () => number): (entry: JournalEntry) => ApplyProgress | null {
  const done = new Set<string>();
  let total = 0;
  let begunMs = nowMs();
  return ({ event, refs = [], ...rest }) => {
    if (event === 'started') {
      total = (rest['pending'] as readonly string[]).length;
      begunMs = nowMs();
    } else if (event === 'outcome' && rest['state'] === 'done') for (const ref of refs) done.add(ref);
    else return null;
    const seconds = (nowMs() - begunMs) / 1000;
    const rate = done.size === 0 || seconds <= 0 ? null : done.size / seconds;
    return {
      done: done.size,
      total,
      per_second: rate === null ? null : Math.round(rate * 10) / 10,
      seconds_left: rate === null ? null : Math.ceil(Math.max(0, total - done.size) / rate),
    };
  };
}

function progressText({ done, total, per_second, seconds_left }: ApplyProgress): string {
  const rate = per_second === null ? '' : `, ${per_second} a second`;
  const left = seconds_left === null || done >= total ? '' : `, about ${timeIn(seconds_left)} left`;
  return `applied ${formatCount(done)} of ${plural(total, 'change')}${rate}${left}`;
}

const timeIn = (seconds: number): string =>
  seconds < 90
    ? `${seconds} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${Math.round(seconds / 3600)} h`;
