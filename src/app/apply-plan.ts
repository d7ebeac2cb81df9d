import { type EngineOptions, type EngineResult, exitCodeOf, runApply } from '../apply/apply.ts';
import { applyReport } from '../apply/build-report.ts';
import { countWrites, refsSentTwice } from '../apply/journal-history.ts';
import type { JournalEntry, Shop } from '../apply/ports.ts';
import { previewRequests } from '../apply/preview-requests.ts';
import type { ArchiveLine } from '../approval/archive/hash-chain.ts';
import { refusePending } from '../approval/verification.ts';
import { Failure } from '../core/failure.ts';
import type { Plan } from '../plan/plan.ts';
import type { Notice, PlanReport, ReportedCall, Run } from '../plan/report.ts';
import { permissionsFor } from '../plan/required-permissions.ts';
import { fileNameOf } from '../plan/target-file-name.ts';
import type { Http } from '../platform/http/client.ts';
import { createWaitTicker, tickingClock, type WaitTicker } from '../platform/http/wait-ticker.ts';
import { type LockHolder, lockPath, takeLock } from '../platform/lock-file.ts';
import { systemClock } from '../platform/system-clock.ts';
import type { Composed } from '../saleor/graphql/batch-operations.ts';
import type { Writer } from '../saleor/graphql/client.ts';
import { greet } from '../saleor/preflight.ts';
import { createShop, requestOf } from '../saleor/write/shop-adapter.ts';
import { assertPlanCounts } from './check-plan-counts.ts';
import { openHttp, openOutage, openWriter, targetOf } from './open-shop.ts';
import type { SaleorConnection, Workspace } from './options.ts';
import type { Notes, SecretGuard, StopSignal } from './ports.ts';
import { withoutSecrets } from './redact-replies.ts';
import { appliedIn, checkPolicy, type Mark, markApplied, notesIn } from './shop-apply-record.ts';
import { adviceOf, dropLease, takeLease } from './shop-lease.ts';
import { type ArchivedApply, archiveFinished, archiveStarted, openArchive } from './store/archive-file.ts';
import { journalAt, journalPath, journalsOf, withKilled } from './store/journal-file.ts';
import type { Folder } from './store/plan-folder.ts';
import { type ProofKey, proofKeyOf } from './store/run-proof.ts';
import { keepEvidence, notKept, provedReport, writeReports } from './store/run-records.ts';
import { recordFailure, runPath, type Start, startIn } from './store/run-start.ts';
import { unprovedNotice } from './unproved-evidence.ts';
import { refusalOf, type Verified, verifyPlan } from './verify-plan.ts';

/** A Saleor that restarts with its database needs about a minute. */
export const DEFAULT_WAIT_S = 120;

export interface ApplyRequest {
  readonly folder: Folder;
  readonly workspace: Workspace;
  readonly saleor: SaleorConnection;
  /** Whether there is a terminal: see VerifyRequest. */
  readonly isTerminal: boolean;
  /** `skip`: writes the rest where the shop changed since the plan. */
  readonly onConflict: 'stop' | 'skip';
  /** Does everything but write. */
  readonly isDryRun: boolean;
  /** With a dry run: also returns the requests that would be sent. */
  readonly showRequests: boolean;
  /** Notes lease and mark in the app's own metadata, for other machines. */
  readonly mark: boolean;
  /** How long to look for a shop that stops answering; 0: not at all. */
  readonly waitMs: number;
  /** Id of the plan whose lock is to be broken; null: none. */
  readonly forceUnlock: string | null;
  /** Who started it, kept with the run. */
  readonly startedBy: string;
  /**
   * Also archives a run that found everything in the shop already, where the archive knows no apply of the plan: in a job whose
   * predecessor was stopped before it could publish its reports.
   */
  readonly archivesConfirmation?: boolean;
  /** Path of an SSH key that signs the archive's lines. */
  readonly archiveKey: string | undefined;
  /** The command and its options, for the report. */
  readonly call: ReportedCall;
  /** Called when the plan is known to be applicable, before anything is written; may throw a Failure. */
  assertReady?(): void;
}

/** What happens during an apply, in this order. */
export interface ApplyObserver {
  /** Before the first request to the shop; `run` is null in a dry run. */
  started(plan: Plan, id: string, digest: string, run: number | null): void;
  /** Journal entries, once they are durable. */
  written(entries: readonly JournalEntry[]): void;
  /** It was refused, or failed before its end; the same Failure is thrown next. */
  refused(failure: Failure, report: PlanReport | null, path: string | null): void;
}

export interface ApplyPorts {
  readonly notes: Notes;
  readonly secrets: SecretGuard;
  readonly stop: StopSignal;
  readonly observer: ApplyObserver;
}

export interface AppliedPlan {
  readonly report: PlanReport;
  readonly result: EngineResult;
  readonly exitCode: number;
  /** Path of report.json; null: none was written, as in a dry run. */
  readonly path: string | null;
  /** What of an ended run could not be kept; the report has it too. null: everything was. */
  readonly failure: Failure | null;
  /** With `showRequests`. */
  readonly requests: readonly Composed[] | null;
}

/** One start of an apply. */
interface ApplyCall {
  readonly request: ApplyRequest;
  readonly ports: ApplyPorts;
  readonly verified: Verified;
  readonly start: Start;
}

interface LockedCall extends ApplyCall {
  readonly isStopping: () => boolean;
  readonly ticker: WaitTicker;
}

/**
 * Verifies a plan and applies it under the target's lock, with journal, read-back, report, archive and mark. Throws a
 * Failure where it is refused or nothing was written; such a start leaves a report too. After the first write there is
 * always a report.
 */
export async function applyPlan(request: ApplyRequest, ports: ApplyPorts): Promise<AppliedPlan> {
  const { folder, workspace, saleor, isTerminal, isDryRun } = request;
  ports.notes.phase('verifying the plan');
  const verified = await verifyPlan(folder, { workspace, target: targetOf(saleor), isTerminal });
  const start = startIn(folder, isDryRun);
  ports.observer.started(verified.plan, verified.id, verified.digest, start.run);
  try {
    const refusal = refusalOf(verified);
    if (refusal !== null) throw refusal;
    request.assertReady?.();
    return await applyUnderLock({ request, ports, verified, start });
  } catch (error) {
    const failure = error instanceof Failure ? error : unexpected(error);
    const { report, path } = recordFailure({ start, verified, call: request.call }, failure, ports.secrets);
    ports.observer.refused(failure, report, path);
    throw error;
  }
}

/** A bug; after the first write the engine returns its errors, so nothing was written. */
const unexpected = (error: unknown): Failure =>
  new Failure(
    'shop_error',
    `internal error: ${error instanceof Error ? error.message : String(error)}`,
    'This is a bug in sailplan; nothing was written.',
  );

async function applyUnderLock(call: ApplyCall): Promise<AppliedPlan> {
  const { request, verified, ports } = call;
  const path = lockPath(request.folder.plans, fileNameOf(verified.plan.target));
  const lock = takeLock(path, verified.id, request.forceUnlock);
  const isStopping = ports.stop.arm(lock.release);
  if (lock.takenFrom !== null) ports.notes.warn(takenOver(lock.takenFrom));
  try {
    const locked = { ...call, isStopping, ticker: createWaitTicker(ports.notes.progress) };
    return await applyLocked(locked, httpOf(locked));
  } finally {
    lock.release();
  }
}

function httpOf({ request: { saleor, waitMs }, ports, isStopping, ticker }: LockedCall): Http {
  const { notes, secrets } = ports;
  const outage = openOutage(saleor, { waitMs, isStopping, note: notes.warn });
  return openHttp(notes, { secrets, ticker, outage });
}

const takenOver = ({ pid, plan, at }: LockHolder): string =>
  `note: took over the lock of process ${pid}, which applied plan ${plan} since ${at} and is no longer running`;

async function applyLocked(call: LockedCall, http: Http): Promise<AppliedPlan> {
  const { request, verified, start } = call;
  const { plan, digest, verdict, id } = verified;
  if (!verdict.ok) throw new TypeError('a plan that is not approved is not applied');
  const session = await openSession(call, http);
  checkPolicy(verified.policyNow, session.marks, request.folder.plans);
  if (verified.countsDecide) await assertPlanCounts(plan, session.writer, session.version);
  const appliedBy = verdict.isApplied
    ? 'according to the archive'
    : appliedIn(session.marks, digest, verdict.approvedAtMs);
  // Read before the first write: what cannot be read must not come between the writes and their report.
  const past = pastOf(call, session.key);
  for (const { message, hint } of past.unproved) call.ports.notes.warn(`note: ${message}. ${hint}`);
  if (start.unclaimed !== null) throw start.unclaimed;
  const options: EngineOptions = {
    onConflict: request.onConflict,
    parallel: request.saleor.parallel,
    isDryRun: request.isDryRun,
    isApplied: appliedBy !== null,
    written: countWrites(past.journals),
  };
  const journal = journalOf(call, session);
  const result = await runApply(plan, options, {
    shop: session.shop,
    journal,
    clock: tickingClock(call.ticker),
    isStopping: call.isStopping,
  });
  if (result.ending === 'applied_before') throw refusePending(id, String(appliedBy), result.pending.length);
  const report = reportOn(call, session, past, { result, requests: http.counts.requests, journal });
  if (request.isDryRun) {
    const requests = request.showRequests
      ? (await previewRequests(plan, options, session.shop, systemClock)).map(requestOf)
      : null;
    return { report, result, exitCode: exitCodeOf(result), path: null, failure: null, requests };
  }
  return { ...(await record(call, session, past, { report, result })), result, requests: null };
}

/** Who we are to the shop, and what the app noted there. */
interface ApplySession {
  /** Saleor's. */
  readonly version: string;
  readonly writer: Writer;
  readonly shop: Shop;
  readonly marks: readonly Mark[];
  /** Another machine's lease. */
  readonly advice: readonly Notice[];
  /** Where this run notes its lease and mark; null: nowhere. */
  readonly keeper: { readonly id: string } | null;
  /** Proves what this run leaves, and what earlier ones left. */
  readonly key: ProofKey;
}

async function openSession({ request, ports, verified }: ApplyCall, http: Http): Promise<ApplySession> {
  const { plan } = verified;
  const writer = openWriter(request.saleor, http);
  const noted = notesIn(writer);
  // Awaited later; where both fail, the greeting says more of the token.
  noted.catch(() => undefined);
  const { permissions, shop: info, app } = await greet(writer);
  checkPermissions(permissions, permissionsFor(plan.changes));
  const shop = createShop(writer, plan.contract, {
    target: plan.target,
    permissions,
    version: info.version,
  });
  const { marks, lease } = await noted;
  const advice = adviceOf(lease, Date.now());
  for (const { message, hint } of advice) ports.notes.warn(`note: ${message}. ${hint}`);
  const key = proofKeyOf(request.saleor.token, plan.target.api_url);
  if (key === null) throw new TypeError('a session without a token');
  return {
    version: info.version,
    writer,
    shop,
    marks,
    advice,
    keeper: request.mark ? app : null,
    key,
  };
}

/** What earlier runs of the plan left. */
interface Past {
  readonly runs: readonly Run[];
  readonly journals: readonly (readonly JournalEntry[])[];
  readonly last: ArchiveLine | null;
  /** Evidence without a proof by the app's token: it is named and ignored. */
  readonly unproved: readonly Notice[];
}

function pastOf({ verified: { plan, digest }, request: { folder } }: ApplyCall, key: ProofKey): Past {
  const last = openArchive(folder.plans, plan.target).lastLine(digest);
  const { journals, unproved } = journalsOf(folder, digest, key);
  const before = provedReport(folder, { digest, key, archived: last?.report ?? null });
  return {
    runs: withKilled(before.report?.runs ?? [], journals),
    journals: journals.map(({ entries }) => entries),
    last,
    unproved: [...unproved, ...before.unproved].map(unprovedNotice),
  };
}

function journalOf({ request, ports, verified, start }: ApplyCall, { writer, keeper, key }: ApplySession) {
  const { id, digest } = verified;
  const number = start.run ?? 0;
  const place = { path: journalPath(start.folder, number), key, digest, run: number };
  return journalAt(place, ports.secrets, {
    before: async () => {
      const { startedBy, workspace } = request;
      keepEvidence(start.folder, runPath(start, number), { startedBy, policyPath: workspace.policyPath });
      await archiveStarted(request.folder.plans, archivedApply(verified), request.archiveKey);
    },
    // The lease is a write to the shop too, so it needs a journal that records the start of the run.
    after: async () => {
      if (keeper !== null) await takeLease(writer, keeper.id, id, ports.notes);
    },
    written: (entries) => ports.observer.written(entries),
  });
}

interface Ended {
  readonly result: EngineResult;
  readonly requests: number;
  readonly journal: { readonly kept: readonly JournalEntry[] };
}

function reportOn(
  { verified: { plan, digest, verdict }, start, request: { isDryRun, call }, ports: { secrets } }: ApplyCall,
  { advice }: ApplySession,
  { runs, journals, unproved }: Past,
  { result, requests, journal }: Ended,
): PlanReport {
  const mine: Run = {
    number: start.run ?? 0,
    started_at: start.at,
    finished_at: new Date().toISOString(),
    requests,
    applied: [...countWrites([journal.kept]).keys()].filter(
      (ref) => result.tracker.of(ref).outcome === 'applied',
    ).length,
  };
  const report = applyReport({
    call,
    exitCode: exitCodeOf(result),
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
    sentTwice: refsSentTwice([...journals, journal.kept]),
    concurrentlyEdited: result.concurrentlyEdited,
    slugDifferences: result.slugDifferences,
    advice: [...advice, ...unproved],
  });
  return withoutSecrets(report, secrets);
}

function archivedApply({ plan, id, digest, verdict }: Verified): ArchivedApply {
  if (!verdict.ok) throw new TypeError('a plan that is not approved is not applied');
  return { plan, id, digest, approvals: verdict.approval_digests, policy: verdict.policy };
}

type Recorded = Pick<AppliedPlan, 'report' | 'path' | 'failure' | 'exitCode'>;

/**
 * Writes report, archive line and mark. What cannot be written is returned with the report of what the run did, which stays
 * the only one; it throws nothing.
 */
async function record(
  call: ApplyCall,
  { writer, keeper, marks, key }: ApplySession,
  { last, journals }: Past,
  { report: made, result }: { readonly report: PlanReport; readonly result: EngineResult },
): Promise<Recorded> {
  const { verified, start, request, ports } = call;
  const { verdict, digest } = verified;
  const hasWritten = result.ending === 'done';
  const isDone = result.ending === 'nothing_to_do';
  // A proved journal of a plan that the archive does not list: its lines were lost, for example where two branches met.
  const isWanted = request.archivesConfirmation === true || journals.length > 0;
  const isConfirmed = isDone && last === null && result.converged && isWanted;
  const isRecorded = hasWritten || (isDone && last?.event === 'started') || isConfirmed;
  const place = {
    folder: start.folder,
    run: start.run ?? 0,
    digest,
    key,
    isWhole: isRecorded || last === null,
  };
  let recorded: Recorded = { report: made, path: null, failure: null, exitCode: exitCodeOf(result) };
  const keep = async (what: string, action: () => Promise<void>) => {
    try {
      await action();
    } catch (error) {
      recorded = withFailure(recorded, notKept(what, error, hasWritten));
    }
  };
  await keep('the report', async () => {
    recorded = { ...recorded, path: writeReports(recorded.report, ports.secrets, place) };
  });
  if (!isRecorded || !verdict.ok) return recorded;
  const { folder, archiveKey } = request;
  // The archive contains the report's digest: without a report, the next run of the same plan writes both.
  if (recorded.failure === null) {
    await keep('the archive', async () => {
      if (isConfirmed) await archiveStarted(folder.plans, archivedApply(verified), archiveKey);
      await archiveFinished(folder.plans, archivedApply(verified), recorded.report, archiveKey);
    });
    if (recorded.failure !== null)
      await keep('the report', async () => void writeReports(recorded.report, ports.secrets, place));
  }
  if (isConfirmed) return recorded;
  if (result.converged)
    await markApplied(writer, keeper, { before: marks, report: recorded.report }, ports.notes);
  else if (keeper !== null) await dropLease(writer, keeper.id, ports.notes);
  return recorded;
}

/** The same report with what could not be kept; the first failure is the one that ends the command. */
function withFailure({ report, path, failure }: Recorded, found: Failure): Recorded {
  const { code, message, hint } = found;
  const first = failure ?? found;
  const errors = [{ code, ref: 'run', message, hint }, ...report.errors];
  return {
    report: { ...report, exit_code: first.exitCode, errors },
    path,
    failure: first,
    exitCode: first.exitCode,
  };
}

function checkPermissions(held: readonly string[], needed: readonly string[]): void {
  const missing = needed.filter((permission) => !held.includes(permission));
  if (missing.length === 0) return;
  throw new Failure(
    'permission_missing_to_apply',
    `the token lacks ${missing.join(' and ')}, which this plan needs`,
    'Give the app that permission (Dashboard, Extensions). Nothing was written.',
  );
}
