import { type EngineOptions, type Result, runApply } from '../apply/apply.ts';
import { applyReport } from '../apply/build-report.ts';
import { countWrites, refsSentTwice } from '../apply/journal-history.ts';
import type { JournalEntry, Shop } from '../apply/ports.ts';
import { previewRequests } from '../apply/preview-requests.ts';
import type { ArchiveLine } from '../approval/archive/hash-chain.ts';
import { refusePending } from '../approval/verification.ts';
import { type Args, flagArg, type Io, numberArg, textArg } from '../cli/io.ts';
import type { Settings } from '../cli/settings.ts';
import type { ApplyEvents } from '../cli/views/apply-events.ts';
import { Failure } from '../core/failure.ts';
import type { Notice, Report, Run } from '../plan/report.ts';
import { permissionsFor } from '../plan/required-permissions.ts';
import { fileNameOf } from '../plan/target-file-name.ts';
import type { Http } from '../platform/http/client.ts';
import { lockPath, takeLock } from '../platform/lock-file.ts';
import { systemClock } from '../platform/system-clock.ts';
import type { Composed } from '../saleor/graphql/batch-operations.ts';
import { createWriter, type Writer } from '../saleor/graphql/client.ts';
import { greet } from '../saleor/preflight.ts';
import { createShop, requestOf } from '../saleor/write/shop-adapter.ts';
import { clientOptions, openHttp } from './open-shop.ts';
import { redacting } from './redact-replies.ts';
import { checkPolicy, type Mark, markApplied, notesIn, spentIn } from './shop-apply-record.ts';
import { adviceOf, dropLease, takeLease } from './shop-lease.ts';
import { archiveFinished, archiveStarted, lastLine } from './store/archive-file.ts';
import { journalAt, journalPath, journalsOf, withKilled } from './store/journal-file.ts';
import { afterWrites, keepEvidence, runsBefore, writeReports } from './store/run-records.ts';
import { runPath, type Start } from './store/run-start.ts';
import type { Verified } from './verify-plan.ts';

export interface AppliedPlan {
  readonly report: Report;
  readonly result: Result;
  readonly path: string | null;
  /** With --dry-run --show-requests. */
  readonly requests: readonly Composed[] | null;
}

/** One call of apply. */
export interface ApplyCall {
  readonly verified: Verified;
  readonly start: Start;
  readonly settings: Settings;
  readonly args: Args;
  readonly io: Io;
  readonly teller: ApplyEvents;
}

/**
 * Applies a verified plan under the target's lock, with journal, report, archive and mark. Throws a Failure where nothing
 * was written to the shop; after the first write there is always a report.
 */
export async function applyVerified(call: ApplyCall): Promise<AppliedPlan> {
  const { verified, settings, args } = call;
  const path = lockPath(settings.out, fileNameOf(verified.plan.target));
  const lock = takeLock(path, verified.id, textArg(args, 'force-unlock') ?? null);
  try {
    return await applyLocked(call, openHttp(call.io));
  } finally {
    lock.release();
  }
}

async function applyLocked(call: ApplyCall, http: Http): Promise<AppliedPlan> {
  const { verified, start, args, io, teller } = call;
  const { plan, digest, verdict, id } = verified;
  if (!verdict.ok) throw new TypeError('a plan that is not approved is not applied');
  const scene = await openScene(call, http);
  checkPolicy(verdict.policy, scene.marks);
  const spentBy = verdict.isSpent
    ? 'the archive says so'
    : spentIn(scene.marks, digest, verdict.approvedAtMs);
  // Read before the first write: what cannot be read must not come between the writes and their report.
  const past = pastOf(call);
  if (start.unclaimed !== null) throw start.unclaimed;
  const options: EngineOptions = {
    onConflict: textArg(args, 'on-conflict') === 'skip' ? 'skip' : 'stop',
    parallel: numberArg(args, 'parallel') ?? 4,
    isDryRun: flagArg(args, 'dry-run'),
    isSpent: spentBy !== null,
    written: countWrites(past.journals),
  };
  const journal = journalOf(call, scene);
  const result = await runApply(plan, options, {
    shop: scene.shop,
    journal: teller.wrapJournal(journal),
    clock: systemClock,
    isStopping: io.stopOnSignal(),
  });
  if (result.ending === 'spent') throw refusePending(id, String(spentBy), result.pending.length);
  const report = reportOn(call, scene, past, result, http.counts.requests, journal.kept);
  if (options.isDryRun) {
    const requests = flagArg(args, 'show-requests')
      ? (await previewRequests(plan, options, scene.shop, systemClock)).map(requestOf)
      : null;
    return { report, result, path: null, requests };
  }
  return { report, result, path: await record(call, scene, past.last, report, result), requests: null };
}

/** Who we are to the shop, and what the app noted there. */
interface ApplySession {
  readonly writer: Writer;
  readonly shop: Shop;
  readonly marks: readonly Mark[];
  /** What another machine's lease tells. */
  readonly advice: readonly Notice[];
  /** Where this run notes its lease and mark; null: nowhere. */
  readonly keeper: { readonly id: string } | null;
}

async function openScene({ verified, settings, args, io }: ApplyCall, http: Http): Promise<ApplySession> {
  const { plan } = verified;
  const writer = createWriter(clientOptions(settings, args, io, http));
  const { permissions, shop: info, app } = await greet(writer);
  checkPermissions(permissions, permissionsFor(plan.changes));
  const shop = createShop(writer, plan.contract, {
    target: plan.target,
    permissions,
    version: info.version,
  });
  const { marks, lease } = await notesIn(writer, app);
  const advice = adviceOf(lease, Date.now());
  for (const { message, hint } of advice) io.err(`note: ${message}. ${hint}`);
  return { writer, shop: redacting(shop, io), marks, advice, keeper: flagArg(args, 'mark') ? app : null };
}

/** What earlier runs of the plan left. */
interface Past {
  readonly runs: readonly Run[];
  readonly journals: readonly (readonly JournalEntry[])[];
  readonly last: ArchiveLine | null;
}

function pastOf({ verified: { plan, digest }, start: { folder }, settings }: ApplyCall): Past {
  const earlier = journalsOf(folder);
  return {
    runs: withKilled(runsBefore(folder), earlier),
    journals: earlier.map(({ entries }) => entries),
    last: lastLine(settings.out, plan.target, digest),
  };
}

function journalOf({ verified, start, settings, io }: ApplyCall, { writer, keeper }: ApplySession) {
  const { verdict, id } = verified;
  const number = start.run ?? 0;
  const before = async () => {
    if (!verdict.ok) throw new TypeError('a plan that is not approved is not applied');
    keepEvidence(start.folder, runPath(start, number));
    await archiveStarted(settings.out, verified, verdict, io.env['SAILPLAN_ARCHIVE_KEY']);
  };
  // The lease is a write to the shop, too: not before the journal tells that the run has begun.
  const after = async () => {
    if (keeper !== null) await takeLease(writer, keeper.id, id, io);
  };
  return journalAt(journalPath(start.folder, number), io, before, after);
}

function reportOn(
  { verified: { plan, digest, verdict }, start, args }: ApplyCall,
  { advice }: ApplySession,
  { runs, journals }: Past,
  result: Result,
  requests: number,
  written: readonly JournalEntry[],
): Report {
  const isDryRun = flagArg(args, 'dry-run');
  const mine: Run = {
    number: start.run ?? 0,
    started_at: start.at,
    finished_at: new Date().toISOString(),
    requests,
  };
  return applyReport({
    plan,
    digest,
    runs: [...runs, ...(isDryRun ? [] : [mine])],
    approvals: verdict.ok ? verdict.approvals : [],
    policy: verdict.policy,
    tracker: result.tracker,
    isDryRun,
    converged: result.converged,
    conflicts: result.conflicts,
    interruption: result.interruption,
    refusal: null,
    sentTwice: refsSentTwice([...journals, written]),
    concurrentlyEdited: result.concurrentlyEdited,
    advice,
  });
}

/** Report, archive and mark; gives the path of the report. */
async function record(
  { verified, start, settings, io }: ApplyCall,
  { writer, keeper, marks }: ApplySession,
  before: ArchiveLine | null,
  report: Report,
  result: Result,
): Promise<string> {
  const { verdict } = verified;
  const isRecorded =
    result.ending === 'done' || (result.ending === 'nothing_to_do' && before?.event === 'started');
  const run = runPath(start, start.run ?? 0);
  const path = writeReports(report, start.folder, run, result, io, isRecorded || before === null);
  if (isRecorded && verdict.ok) {
    const key = io.env['SAILPLAN_ARCHIVE_KEY'];
    await afterWrites('the archive', () => archiveFinished(settings.out, verified, verdict, report, key));
    if (result.converged) await markApplied(writer, keeper, marks, report, io);
    else if (keeper !== null) await dropLease(writer, keeper.id, io);
  }
  return path;
}

function checkPermissions(held: readonly string[], needed: readonly string[]): void {
  const missing = needed.filter((permission) => !held.includes(permission));
  if (missing.length === 0) return;
  throw new Failure(
    'permission_missing_to_apply',
    `the token lacks ${missing.join(' and ')}, which this plan needs`,
    'Give the app what is missing (Dashboard, Extensions); nothing was written.',
  );
}
