import { join } from 'node:path';
import type { Made } from '../plan/made.ts';
import { parseJson, parsePlan } from '../plan/parse.ts';
import { many } from '../report/grouped.ts';
import { parseReport } from '../report/stored.ts';
import { visible } from '../report/visible.ts';
import { Failure } from '../state/failure.ts';
import { isSame } from '../state/json.ts';
import { exists, readText } from '../system/files.ts';
import { type Folder, findFolder, folders, planText, runsOf } from '../system/folder.ts';
import { lastConverged } from './archive.ts';
import { loadSettings, type Settings } from './config.ts';
import { type Args, flag, type Io } from './io.ts';
import { lookAt } from './looking.ts';
import { openHttp, targetOf } from './session.ts';
import { verifyFolder } from './verifying.ts';

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
  const rows: Row[] = [];
  for (const folder of folders(settings.out)) rows.push(await rowOf(folder, settings, args, io));
  const offline = supersede(rows).sort((a, b) => (a.made_at < b.made_at ? 1 : -1));
  const known = flag(args, 'check') ? await checked(offline, settings, args, io) : offline;
  if (flag(args, 'json')) io.out(JSON.stringify(known, null, 2));
  else if (known.length === 0) io.out(`There are no plans in ${settings.out}.`);
  else
    for (const row of known)
      io.out(
        visible(
          `${row.id}  ${row.state.padEnd(10)}  ${row.made_at.slice(0, 16)}  ${row.changes} changes for ${row.target}${row.detail === '' ? '' : `\n    ${row.detail}`}`,
          { newlines: true },
        ),
      );
  return 0;
}

/** Those that wait for this config's shop, as an apply would find them now. */
async function checked(
  rows: readonly Row[],
  settings: Settings,
  args: Args,
  io: Io,
): Promise<readonly Row[]> {
  const target = targetOf(settings);
  const http = openHttp();
  const seen: Row[] = [];
  for (const row of rows) {
    const folder = WAITING.includes(row.state) ? findFolder(row.id, settings.out) : null;
    const plan = folder === null ? null : parsePlan(planText(folder));
    const isHere = plan !== null && isSame(plan.target as never, target as never);
    if (folder === null || !isHere) {
      const other =
        plan === null
          ? row.detail
          : `${row.detail}${row.detail === '' ? '' : '; '}not checked: another target`;
      seen.push({ ...row, detail: other });
      continue;
    }
    const { conflicts, pending } = await lookAt(plan, folder, settings, args, io, http);
    seen.push(asFound(row, conflicts.length, pending.length));
  }
  return seen;
}

const WAITING: readonly State[] = ['open', 'approved', 'incomplete'];

function asFound(row: Row, conflicts: number, pending: number): Row {
  if (conflicts > 0)
    return {
      ...row,
      state: 'stale',
      detail: `${many(conflicts, 'field')} changed in the shop since: plan again`,
    };
  return pending > 0 ? row : { ...row, detail: 'the shop is so already' };
}

async function rowOf(folder: Folder, settings: Settings, args: Args, io: Io): Promise<Row> {
  const id = folder.id ?? '';
  const made_at = madeAt(folder);
  try {
    const plan = parsePlan(planText(folder));
    const target = plan.target.name ?? plan.target.api_url;
    // Whether it is approved does not hang on where this is asked: a person may apply it, or a machine with --no-policy.
    const asPerson = { ...io, isTerminal: true };
    const { digest, refusals, verdict } = await verifyFolder(folder, settings, null, args, asPerson);
    const isUnruled = verdict.ok && verdict.policy === null;
    const converged = lastConverged(settings.out, plan.target, digest);
    const isRenewed = verdict.ok && !verdict.isSpent;
    const spent = converged === null || isRenewed ? null : converged.by;
    const [state, detail] = stateOf(
      folder,
      spent,
      refusals.map(({ message }) => message),
      isUnruled ? 'by no policy: without a terminal, apply needs --no-policy' : '',
    );
    return { id, state, made_at, target, changes: plan.changes.length, detail };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { id, state: 'broken', made_at, target: '', changes: 0, detail: error.message };
  }
}

function stateOf(
  folder: Folder,
  spent: string | null,
  refusals: readonly string[],
  note: string,
): [State, string] {
  if (spent !== null) return ['spent', `applied: ${spent}`];
  if (runsOf(folder).length > 0 && !isConfirmed(folder)) return ['incomplete', 'apply it again to resume'];
  return refusals.length === 0 ? ['approved', note] : ['open', refusals[0] ?? ''];
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
function supersede(rows: readonly Row[]): Row[] {
  return rows.map((row) => {
    const later = rows
      .filter(
        (other) => other.target === row.target && other.made_at > row.made_at && other.state !== 'broken',
      )
      .sort((a, b) => (a.made_at < b.made_at ? 1 : -1))[0];
    return row.state === 'open' && later !== undefined
      ? { ...row, state: 'superseded', detail: `by ${later.id}` }
      : row;
  });
}

/** made.json decides nothing: where it cannot be read, the plan is listed all the same. */
function madeAt(folder: Folder): string {
  const path = join(folder.path, 'made.json');
  try {
    const made = exists(path) ? (parseJson(readText(path)) as unknown as Made | null) : null;
    return String(made?.made_at ?? '');
  } catch (error) {
    if (error instanceof Failure) return '';
    throw error;
  }
}
