import { join } from 'node:path';
import type { ArchiveLine } from '../approval/archive/hash-chain.ts';
import type { Refusal } from '../approval/finding.ts';
import type { Target } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import { canonical, isSame } from '../core/json/canonical-json.ts';
import { byCodeUnit } from '../core/json/records.ts';
import { plural } from '../core/text/counting.ts';
import { requireVerified } from '../plan/file/integrity.ts';
import { digestOf } from '../plan/plan.ts';
import type { Http } from '../platform/http/client.ts';
import type { SharedHistory } from './history-answers.ts';
import { targetOf } from './open-shop.ts';
import type { SaleorConnection, Workspace } from './options.ts';
import type { SecretGuard } from './ports.ts';
import { previewApply } from './preview-apply.ts';
import { type OpenArchive, openArchivesOnce } from './store/archive-file.ts';
import { findFolder } from './store/find-folder.ts';
import { journalsOf } from './store/journal-file.ts';
import { type Folder, namedLikePlans, readPlan, runsOf } from './store/plan-folder.ts';
import { readPlanProvenance } from './store/provenance-file.ts';
import { type ProofKey, proofKeyOf } from './store/run-proof.ts';
import { harmlessReport, provedReport, type ReportProofs } from './store/run-records.ts';
import { verifyPlan } from './verify-plan.ts';

/**
 * open: nobody approved it · approved · stale: the shop changed since, as the last run or --check found · incomplete: a run did
 * not converge · applied · superseded · broken
 */
export type PlanState = 'open' | 'approved' | 'stale' | 'incomplete' | 'applied' | 'superseded' | 'broken';

export type PlanRow = {
  readonly id: string;
  readonly state: PlanState;
  /** ISO time; empty where it is not known. */
  readonly made_at: string;
  readonly target: string;
  readonly changes: number;
  readonly detail: string;
};

/**
 * Lists every plan of the folder with its state, newest first; offline. `token`: of the app, proves evidence of runs;
 * undefined: only the archive is trusted. Throws a Failure if the archive is altered.
 */
export async function listPlans(
  workspace: Workspace,
  token: string | undefined,
): Promise<readonly PlanRow[]> {
  const places: Place[] = [];
  const judging = { workspace, token, open: openArchivesOnce(), history: new Map() };
  for (const folder of namedLikePlans(workspace.out)) places.push(await placeOf(folder, judging));
  return supersede(places).sort((a, b) => byCodeUnit(b.made_at, a.made_at) || byCodeUnit(a.id, b.id));
}

export interface CheckedPlans {
  readonly rows: readonly PlanRow[];
  /** Why the shop could not be compared for the other plans; null if it was. */
  readonly failure: Failure | null;
}

const WAITING: readonly PlanState[] = ['open', 'approved', 'incomplete', 'stale'];

/** Those that wait for this shop, as an apply would find them now. Throws a Failure (usage) where no shop is named. */
export async function checkPlans(
  rows: readonly PlanRow[],
  { out }: Workspace,
  saleor: SaleorConnection,
  { http, secrets }: { readonly http: Http; readonly secrets: SecretGuard },
): Promise<CheckedPlans> {
  const target = targetOf(saleor);
  const seen: PlanRow[] = [];
  let failure: Failure | null = null;
  for (const row of rows) {
    const folder = WAITING.includes(row.state) ? findFolder(row.id, out) : null;
    const plan = folder === null ? null : requireVerified(readPlan(folder), { rebuilds: false });
    const isHere = plan !== null && isSame(plan.target, target);
    if (plan === null || folder === null) seen.push(row);
    else if (!isHere) seen.push(unchecked(row, 'another target'));
    else if (failure !== null) seen.push(unchecked(row, 'the shop did not answer'));
    else {
      try {
        const { conflicts, pending } = await previewApply({ plan, folder }, saleor, http, secrets);
        seen.push(asFound(row, conflicts.length, pending.length));
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        failure = error;
        seen.push(unchecked(row, 'the shop did not answer'));
      }
    }
  }
  return { rows: seen, failure };
}

const unchecked = (row: PlanRow, because: string): PlanRow => ({
  ...row,
  detail: `${row.detail}${row.detail === '' ? '' : '; '}not checked: ${because}`,
});

function asFound(row: PlanRow, conflicts: number, pending: number): PlanRow {
  if (conflicts > 0)
    return {
      ...row,
      state: 'stale',
      detail: `${plural(conflicts, 'field')} changed in the shop since: plan again`,
    };
  if (pending === 0) return { ...row, detail: 'the shop already matches' };
  return row.state === 'stale'
    ? { ...row, state: 'approved', detail: 'the shop has not changed since the plan' }
    : row;
}

interface Place {
  readonly row: PlanRow;
  /** null: it cannot be read. */
  readonly target: Target | null;
}

interface Judging {
  readonly workspace: Workspace;
  readonly token: string | undefined;
  readonly open: OpenArchive;
  readonly history: SharedHistory;
}

async function placeOf(folder: Folder, { workspace, token, open, history }: Judging): Promise<Place> {
  const id = folder.id ?? '';
  try {
    // The state must not depend on the machine: a person may apply the plan, or a machine with --no-policy.
    const { plan, digest, refusals, verdict } = await verifyPlan(folder, {
      workspace,
      target: null,
      isTerminal: true,
      open,
      history,
      // What was applied stays so, also where a later version would plan otherwise.
      rebuildsApplied: false,
    });
    const isUnruled = verdict.ok && verdict.policy === null;
    const archive = open(folder.plans, plan.target);
    const converged = archive.lastConverged(digest);
    const isRenewed = verdict.ok && !verdict.isApplied;
    const applied = converged === null || isRenewed ? null : converged.by;
    const left = leftBy(folder, digest, proofKeyOf(token, plan.target.api_url), archive.lastLine(digest));
    const note = isUnruled ? 'no policy: without a terminal, apply needs --no-policy' : '';
    const [state, detail] = stateOf(left, applied, refusals, note);
    const made_at = timeOf(readPlanProvenance(folder, digest).provenance?.made_at ?? '');
    const target = plan.target.name ?? plan.target.api_url;
    return {
      row: { id, state, made_at, target, changes: plan.changes.length, detail },
      target: plan.target,
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (isOfPolicy(error)) return unjudged(folder, error);
    return {
      row: { id, state: 'broken', made_at: '', target: '', changes: 0, detail: error.message },
      target: null,
    };
  }
}

const isOfPolicy = ({ code }: Failure): boolean => code === 'policy_refused' || code === 'policy_missing';

/** It is unknown whether a plan is approved while the policy cannot be used; the plan itself is valid. */
function unjudged(folder: Folder, { message }: Failure): Place {
  const { plan } = readPlan(folder);
  const made_at = timeOf(readPlanProvenance(folder, digestOf(plan)).provenance?.made_at ?? '');
  const target = plan.target.name ?? plan.target.api_url;
  const detail = `the policy cannot be used: ${message}`;
  return {
    row: { id: folder.id ?? '', state: 'open', made_at, target, changes: plan.changes.length, detail },
    target: plan.target,
  };
}

/** The time in provenance.json; empty if it has none. */
const timeOf = (made_at: string): string => (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(made_at) ? made_at : '');

/** What runs of a plan left, as far as it is proved. */
interface LeftByRuns {
  /** A run began, and no run converged. */
  readonly isIncomplete: boolean;
  /** The last run met what somebody else had changed in the shop. */
  readonly hasConflict: boolean;
  /** Paths of what is not proved. */
  readonly unproved: readonly string[];
}

/** The archive does not list a run that found every change already in the shop; its report does. */
function leftBy(folder: Folder, digest: string, key: ProofKey | null, last: ArchiveLine | null): LeftByRuns {
  const { journals, unproved } = journalsOf(folder, digest, key);
  const proofs = { digest, key, archived: last?.report ?? null };
  const { report, unproved: reports } = provedReport(folder, proofs);
  const hasBegun = journals.length > 0 || (last !== null && last.result !== 'converged');
  // Without a token a journal of an archived run is as it should be: nothing can be checked, and nothing is wrong.
  const isCheckable = key !== null || last === null;
  return {
    isIncomplete: hasBegun && report?.converged !== true,
    hasConflict: report?.converged !== true && metConflict(folder, proofs),
    unproved: isCheckable
      ? [...unproved, ...reports.filter((path) => harmlessReport(folder, path) === null)]
      : [],
  };
}

function metConflict(folder: Folder, proofs: ReportProofs): boolean {
  const last = runsOf(folder).at(-1);
  if (last === undefined) return false;
  const name = join('runs', String(last), 'report.json');
  const report = provedReport(folder, proofs, name).report ?? harmlessReport(folder, join(folder.path, name));
  return report?.errors.some(({ code }) => code === 'conflict') ?? false;
}

function stateOf(
  { isIncomplete, hasConflict, unproved }: LeftByRuns,
  applied: string | null,
  refusals: readonly Refusal[],
  note: string,
): [PlanState, string] {
  const ignored = unproved.map((path) => `${path} is ignored: not written with this app's token`);
  const detailed = (...words: readonly string[]) =>
    [...words, ...ignored].filter((word) => word !== '').join('; ');
  // What was applied stays so, also where a later version would plan otherwise.
  if (applied !== null) return ['applied', detailed(`applied: ${applied}`)];
  const altered = refusals.find(({ code }) => code === 'plan_altered');
  if (altered !== undefined) return ['broken', detailed(altered.message)];
  if (hasConflict) return ['stale', detailed('the last apply found that the shop had changed: plan again')];
  if (isIncomplete) return ['incomplete', detailed('apply it again to resume')];
  return refusals.length === 0
    ? ['approved', detailed(note)]
    : ['open', detailed(refusals[0]?.message ?? '')];
}

/** An open plan is superseded by a later one for the same target. */
function supersede(places: readonly Place[]): PlanRow[] {
  const newest = new Map<string, PlanRow>();
  for (const { row, target } of places)
    if (
      target !== null &&
      row.state !== 'broken' &&
      row.made_at > (newest.get(canonical(target))?.made_at ?? '')
    )
      newest.set(canonical(target), row);
  return places.map(({ row, target }) => {
    const later = target === null ? undefined : newest.get(canonical(target));
    return row.state === 'open' && row.made_at !== '' && later !== undefined && later.made_at > row.made_at
      ? { ...row, state: 'superseded', detail: `by ${later.id}` }
      : row;
  });
}
