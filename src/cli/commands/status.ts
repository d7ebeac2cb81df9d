import { join } from 'node:path';
import { checkPlans, listPlans, type PlanRow } from '../../app/list-plans.ts';
import { openHttp } from '../../app/open-shop.ts';
import { assertPolicy } from '../../app/verify-plan.ts';
import { Failure } from '../../core/failure.ts';
import { plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { printJson } from '../../plan/file/print.ts';
import { exists, isFolder } from '../../platform/files.ts';
import { findPlan } from '../find-plan.ts';
import { type Args, flagArg, type Io, textArg } from '../io.ts';
import { loadSettings, type Settings } from '../settings.ts';
import { saleorConnection, workspaceOf } from '../typed-options.ts';

/** Lists every plan of the folder with its state; offline, unless --check compares unapplied plans with the shop. */
export async function run(args: Args, io: Io): Promise<number> {
  const settings = loadSettings(args, io);
  const { plans, id } = placeOf(textArg(args, 'path'), args, settings);
  const workspace = { ...workspaceOf(settings, args), out: plans };
  io.phase('reading and verifying the plans');
  const all = await listPlans(workspace, io.env['SALEOR_TOKEN']);
  const offline = id === null ? all : all.filter((row) => row.id === id);
  const { rows, failure } = flagArg(args, 'check')
    ? await checkPlans(offline, workspace, saleorConnection(settings, args, io), {
        http: openHttp(io),
        secrets: io,
      })
    : { rows: offline, failure: null };
  if (flagArg(args, 'json')) io.out(printJson(rows).trimEnd());
  else if (rows.length === 0) io.out(visible(`The folder ${plans} contains no plan.`));
  else for (const row of rows) io.out(rowText(row, io.width));
  // Without it, it is unknown which plans are approved; the list has the other facts.
  assertPolicy(workspace);
  // Printed after the list, because the offline results are useful anyway.
  if (failure !== null) throw failure;
  return 0;
}

/** The plans to list: those of a folder, or the one that a path or an id names. */
function placeOf(
  word: string | undefined,
  args: Args,
  settings: Settings,
): { readonly plans: string; readonly id: string | null } {
  if (word === undefined) return { plans: settings.out, id: null };
  if (isFolder(word) && !exists(join(word, 'plan.json'))) return { plans: word, id: null };
  const { plans, id } = findPlan(word, args, settings);
  if (id === null)
    throw new Failure(
      'usage',
      `${word} is a copy: its folder does not have the plan’s id as name`,
      'Rename the folder to the plan’s id, or give the plans folder.',
    );
  return { plans, id };
}

/** An address that is too long for the line gets its own line, so that the terminal does not break it. */
function rowText({ id, state, made_at, target, changes, detail }: PlanRow, width: number): string {
  const head = `${id}  ${state.padEnd(10)}  ${(made_at.slice(0, 16) || '?').padEnd(16)}`;
  const count = `${head}  ${plural(changes, 'change')}`;
  const whole = `${count} for ${visible(target)}`;
  const first =
    state === 'broken'
      ? [head.trimEnd()]
      : whole.length <= width
        ? [whole]
        : [count, `    ${visible(target)}`];
  return [...first, ...(detail === '' ? [] : [`    ${visible(detail)}`])].join('\n');
}
