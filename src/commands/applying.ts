import { join } from 'node:path';
import { createWriter } from '../actual/client.ts';
import { greet } from '../actual/preflight.ts';
import { createShop } from '../actual/shop.ts';
import { type ApplyOptions, apply, type Result } from '../apply/apply.ts';
import { sentTwiceIn, writtenIn } from '../apply/history.ts';
import { applyReport } from '../apply/report.ts';
import { refusePending } from '../approval/verdict.ts';
import { permissionsFor } from '../plan/permissions.ts';
import type { Report, Run } from '../plan/report.ts';
import { fileNameOf } from '../plan/target.ts';
import { Failure } from '../state/failure.ts';
import { systemClock } from '../system/clock.ts';
import { type Folder, runsOf } from '../system/folder.ts';
import type { Http } from '../system/http.ts';
import { lockPath, takeLock } from '../system/lock.ts';
import { archiveFinished, archiveStarted, lastLine } from './archive.ts';
import type { Settings } from './config.ts';
import { afterWrites, keepEvidence, runsBefore, writeReports } from './evidence.ts';
import { type Args, count, flag, type Io, text } from './io.ts';
import { journalAt, journalPath, journalsOf, withKilled } from './journals.ts';
import { checkPolicy, markApplied, marksIn, spentIn } from './mark.ts';
import { redacting } from './redacting.ts';
import { clientOptions, openHttp } from './session.ts';
import type { Verified } from './verifying.ts';

export interface Applied {
  readonly report: Report;
  readonly result: Result;
  readonly path: string | null;
}

/**
 * Applies a verified plan under the target's lock, with journal, report, archive and mark. Throws a Failure where nothing
 * was written to the shop; after the first write there is always a report.
 */
export async function applyVerified(
  verified: Verified,
  folder: Folder,
  settings: Settings,
  args: Args,
  io: Io,
): Promise<Applied> {
  const { plan, id } = verified;
  const lock = takeLock(
    lockPath(settings.out, fileNameOf(plan.target)),
    id,
    text(args, 'force-unlock') ?? null,
  );
  try {
    return await applyLocked(verified, folder, settings, args, io, openHttp());
  } finally {
    lock.release();
  }
}

async function applyLocked(
  verified: Verified,
  folder: Folder,
  settings: Settings,
  args: Args,
  io: Io,
  http: Http,
): Promise<Applied> {
  const { plan, digest, verdict, id } = verified;
  if (!verdict.ok) throw new TypeError('a plan that is not approved is not applied');
  const isDryRun = flag(args, 'dry-run');
  const writer = createWriter(clientOptions(settings, args, io, http));
  const { permissions, shop: info, app } = await greet(writer);
  checkPermissions(permissions, permissionsFor(plan.changes));
  const bare = createShop(writer, plan.contract, { target: plan.target, permissions, version: info.version });
  const shop = redacting(bare, io);
  const marks = await marksIn(writer, app);
  checkPolicy(verdict.policy, marks);
  const spentBy = verdict.isSpent ? 'the archive says so' : spentIn(marks, digest, verdict.approvedAtMs);
  const earlier = journalsOf(folder);
  // Read before the first write: what cannot be read must not come between the writes and their report.
  const runs = withKilled(runsBefore(folder), earlier);
  const before = lastLine(settings.out, plan.target, digest);
  const number = (runsOf(folder).at(-1) ?? 0) + 1;
  const run = join(folder.path, 'runs', String(number));
  const startedAt = new Date().toISOString();
  const options: ApplyOptions = {
    onConflict: text(args, 'on-conflict') === 'skip' ? 'skip' : 'stop',
    parallel: count(args, 'parallel') ?? 4,
    isDryRun,
    isSpent: spentBy !== null,
    written: writtenIn(earlier.map(({ entries }) => entries)),
  };
  const key = io.env['SAILPLAN_ARCHIVE_KEY'];
  const journal = journalAt(journalPath(folder, number), io, async () => {
    keepEvidence(folder, run);
    await archiveStarted(settings.out, verified, verdict, key);
  });
  const result = await apply(plan, options, {
    shop,
    journal,
    clock: systemClock,
    isStopping: io.stopOnSignal(),
  });
  if (result.ending === 'spent') throw refusePending(id, String(spentBy), result.pending.length);
  const mine: Run = {
    number,
    started_at: startedAt,
    finished_at: new Date().toISOString(),
    requests: http.counts.requests,
  };
  const report = applyReport({
    plan,
    digest,
    runs: [...runs, ...(isDryRun ? [] : [mine])],
    approvals: verdict.approvals,
    policy: verdict.policy,
    fates: result.fates,
    isDryRun,
    converged: result.converged,
    conflicts: result.conflicts,
    interruption: result.interruption,
    sentTwice: sentTwiceIn([...earlier.map(({ entries }) => entries), journal.kept]),
  });
  if (isDryRun) return { report, result, path: null };
  const isRecorded =
    result.ending === 'done' || (result.ending === 'nothing_to_do' && before?.event === 'started');
  const path = writeReports(report, folder, run, result, io, isRecorded || before === null);
  if (isRecorded) {
    await afterWrites('the archive', () => archiveFinished(settings.out, verified, verdict, report, key));
    if (flag(args, 'mark') && result.converged) await markApplied(writer, app, marks, report, io);
  }
  return { report, result, path };
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
