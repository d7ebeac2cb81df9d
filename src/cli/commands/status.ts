import { join } from 'node:path';
import { openHttp, targetOf } from '../../app/open-shop.ts';
import { previewApply } from '../../app/preview-apply.ts';
import { lastConverged } from '../../app/store/archive-file.ts';
import { journalsOf } from '../../app/store/journal-file.ts';
import { readPlanMetadata } from '../../app/store/metadata-file.ts';
import { type Folder, findFolder, namedLikePlans, planText } from '../../app/store/plan-folder.ts';
import { verifyFolder } from '../../app/verify-plan.ts';
import type { Refusal } from '../../approval/finding.ts';
import type { Target } from '../../core/actual-state.ts';
import { Failure } from '../../core/failure.ts';
import { byCodeUnit, isSame } from '../../core/json/canonical-json.ts';
import { plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { requireVerified } from '../../plan/file/integrity.ts';
import { parsePlan } from '../../plan/file/parse.ts';
import { printJson } from '../../plan/file/print.ts';
import { exists, readText } from '../../platform/files.ts';
import { parseReport } from '../../review/parse-report.ts';
import { type Args, flagArg, type Io } from '../io.ts';
import { loadSettings, type Settings } from '../settings.ts';

/**
 * open: nobody approved it · approved · stale: the shop changed since (with --check) · incomplete: a run did not converge ·
 * spent: applied · superseded · broken
 */
type State = 'open' | 'approved' | 'stale' | 'incomplete' | 'spent' | 'superseded' | 'broken';

interface Row {
  readonly id: string;
  readonly state: State;
  readonly made_at: string;
  readonly target: string;
  readonly changes: number;
  readonly detail: string;
}

/** Every plan of the folder and where it stands; offline, unless --check asks the shop about those that wait. */
export async function run(args: Args, io: Io): Promise<number> {
  const settings = loadSettings(args, io);
  const places: Place[] = [];
  for (const folder of namedLikePlans(settings.out)) places.push(await placeOf(folder, settings, args, io));
  const offline = supersede(places).sort(
    (a, b) => byCodeUnit(b.made_at, a.made_at) || byCodeUnit(a.id, b.id),
  );
  const { rows, failure } = flagArg(args, 'check')
    ? await checked(offline, settings, args, io)
    : { rows: offline, failure: null };
  if (flagArg(args, 'json')) io.out(printJson(rows as never).trimEnd());
  else if (rows.length === 0) io.out(`There are no plans in ${settings.out}.`);
  else for (const row of rows) io.out(inWords(row));
  // Said after the list: what could be found out offline is of use all the same.
  if (failure !== null) throw failure;
  return 0;
}

function inWords({ id, state, made_at, target, changes, detail }: Row): string {
  const of = state === 'broken' ? '' : `  ${plural(changes, 'change')} for ${visible(target)}`;
  const head = `${id}  ${state.padEnd(10)}  ${(made_at.slice(0, 16) || '?').padEnd(16)}${of}`.trimEnd();
  return detail === '' ? head : `${head}\n    ${visible(detail)}`;
}

/** Those that wait for this config's shop, as an apply would find them now. */
async function checked(
  rows: readonly Row[],
  settings: Settings,
  args: Args,
  io: Io,
): Promise<{ readonly rows: readonly Row[]; readonly failure: Failure | null }> {
  const target = targetOf(settings);
  const http = openHttp(io);
  const seen: Row[] = [];
  let failure: Failure | null = null;
  for (const row of rows) {
    const folder = WAITING.includes(row.state) ? findFolder(row.id, settings.out) : null;
    const plan = folder === null ? null : requireVerified(parsePlan(planText(folder)), { rebuilds: false });
    const isHere = plan !== null && isSame(plan.target as never, target as never);
    if (plan === null || folder === null) seen.push(row);
    else if (!isHere) seen.push(unchecked(row, 'another target'));
    else if (failure !== null) seen.push(unchecked(row, 'the shop did not answer'));
    else {
      try {
        const { conflicts, pending } = await previewApply(plan, folder, settings, args, io, http);
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

const unchecked = (row: Row, because: string): Row => ({
  ...row,
  detail: `${row.detail}${row.detail === '' ? '' : '; '}not checked: ${because}`,
});

const WAITING: readonly State[] = ['open', 'approved', 'incomplete'];

function asFound(row: Row, conflicts: number, pending: number): Row {
  if (conflicts > 0)
    return {
      ...row,
      state: 'stale',
      detail: `${plural(conflicts, 'field')} changed in the shop since: plan again`,
    };
  return pending > 0 ? row : { ...row, detail: 'the shop is so already' };
}

interface Place {
  readonly row: Row;
  /** null: it cannot be read. */
  readonly target: Target | null;
}

async function placeOf(folder: Folder, settings: Settings, args: Args, io: Io): Promise<Place> {
  const id = folder.id ?? '';
  try {
    // Whether it is approved does not hang on where this is asked: a person may apply it, or a machine with --no-policy.
    const asPerson = { ...io, isTerminal: true };
    const { plan, digest, refusals, verdict } = await verifyFolder(folder, settings, null, args, asPerson);
    const isUnruled = verdict.ok && verdict.policy === null;
    const converged = lastConverged(settings.out, plan.target, digest);
    const isRenewed = verdict.ok && !verdict.isSpent;
    const spent = converged === null || isRenewed ? null : converged.by;
    const [state, detail] = stateOf(
      folder,
      spent,
      refusals,
      isUnruled ? 'by no policy: without a terminal, apply needs --no-policy' : '',
    );
    const made_at = timeOf(readPlanMetadata(folder, digest).made?.made_at ?? '');
    const target = plan.target.name ?? plan.target.api_url;
    return {
      row: { id, state, made_at, target, changes: plan.changes.length, detail },
      target: plan.target,
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return {
      row: { id, state: 'broken', made_at: '', target: '', changes: 0, detail: error.message },
      target: null,
    };
  }
}

/** made.json decides nothing: what is no time in it is none. */
const timeOf = (made_at: string): string => (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(made_at) ? made_at : '');

function stateOf(
  folder: Folder,
  spent: string | null,
  refusals: readonly Refusal[],
  note: string,
): [State, string] {
  // What was applied stays so, also where a later version would plan otherwise.
  if (spent !== null) return ['spent', `applied: ${spent}`];
  const altered = refusals.find(({ code }) => code === 'plan_altered');
  if (altered !== undefined) return ['broken', altered.message];
  if (journalsOf(folder).length > 0 && !isConfirmed(folder))
    return ['incomplete', 'apply it again to resume'];
  return refusals.length === 0 ? ['approved', note] : ['open', refusals[0]?.message ?? ''];
}

/** A run that found all in the shop already wrote nothing, so the archive does not tell of it. */
function isConfirmed({ path }: Folder): boolean {
  const report = join(path, 'report.json');
  try {
    return exists(report) && parseReport(readText(report), report).converged;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** An open plan is superseded by a later one for the same target. */
function supersede(places: readonly Place[]): Row[] {
  return places.map(({ row, target }) => {
    const [later] = places
      .filter(
        (other) =>
          isSame(other.target as never, target as never) &&
          other.row.made_at > row.made_at &&
          other.row.state !== 'broken',
      )
      .sort((a, b) => byCodeUnit(b.row.made_at, a.row.made_at));
    return row.state === 'open' && row.made_at !== '' && later !== undefined
      ? { ...row, state: 'superseded', detail: `by ${later.row.id}` }
      : row;
  });
}
