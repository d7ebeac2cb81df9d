import { approvePlan } from '../../app/approve-plan.ts';
import { makePlan } from '../../app/make-plan.ts';
import { openHttp } from '../../app/open-shop.ts';
import type { Planned } from '../../app/plan-request.ts';
import { findFolder } from '../../app/store/find-folder.ts';
import { type Folder, readPlan } from '../../app/store/plan-folder.ts';
import { savePlan } from '../../app/store/write-plan.ts';
import { whoAmI } from '../../app/who-am-i.ts';
import { dryReport, unappliedReport } from '../../apply/build-report.ts';
import { DEFAULT_MAX_AGE_HOURS } from '../../approval/policy/rules.ts';
import { HOUR_MS } from '../../approval/timestamps.ts';
import { Failure } from '../../core/failure.ts';
import { isSame } from '../../core/json/canonical-json.ts';
import type { Json } from '../../core/json/json-value.ts';
import { printJson } from '../../plan/file/print.ts';
import { type Plan, planIdentity } from '../../plan/plan.ts';
import type { Report } from '../../plan/report.ts';
import { renderReport } from '../../review/render.ts';
import { isIdOrStart } from '../approver.ts';
import { SOURCE, STEPS } from '../definitions/shared-options.ts';
import { findPlan } from '../find-plan.ts';
import { type Args, flagArg, type Io, notesOf, textArg } from '../io.ts';
import { approveOf, printNext, syncOf } from '../next-command.ts';
import { type ReportCopy, reporting, type Stopped } from '../report-copy.ts';
import { loadSettings, type Settings } from '../settings.ts';
import { planRequest } from '../typed-options.ts';
import { createApplyEvents } from '../views/apply-events.ts';
import { printNotes, printPlanText } from '../views/plan-text.ts';
import { applyFolder } from './apply.ts';

/** The command of docs/sync.md: a dry run unless --no-dry-run is given; a write run still needs approval. */
export async function run(given: Args, io: Io): Promise<number> {
  const args = withAllSteps(given);
  const events = createApplyEvents(args, io);
  let isApplying = false;
  const tell = (stopped: Stopped, report: Report) => {
    if (isApplying) events.failed(stopped, report);
    else if (flagArg(args, 'json')) io.out(printJson(report));
  };
  return reporting({ name: 'sync', tell }, given, io, async (copy) => {
    const settings = loadSettings(args, io);
    const apply = (folder: Folder) => {
      isApplying = true;
      const more = { 'dry-run': flagArg(args, 'dry-run'), mark: true };
      return applyFolder({ folder, settings, events, copy }, { ...args, ...more }, io);
    };
    if (textArg(args, 'plan') !== undefined) {
      const folder = findPlan('sync', args, settings);
      assertAlone(given, readPlan(folder).plan);
      return apply(folder);
    }
    const planWith = (words: Args) => makePlan(planRequest(settings, words, io), openHttp(io), notesOf(io));
    const first = await planWith(args);
    const more = flagArg(args, 'dry-run') && !flagArg(args, 'strict') ? bootstrapFlags(first, args) : null;
    const planned = more === null ? first : await planWith({ ...args, ...more });
    printNotes(planned.notes, io);
    if (more !== null)
      io.err(
        'note: the shop lacks the attributes, so nothing can be compared yet; this dry run shows what --create-attributes --create-missing would create',
      );
    if (flagArg(args, 'dry-run')) {
      const exitCode = await dryRun(planned, copy, args, io);
      if (more !== null && !flagArg(args, 'json'))
        printNext(
          'The shop lacks the attributes: add --create-attributes --create-missing to that command.',
          args,
          io,
        );
      return exitCode;
    }
    const folder = await approvedFolder({ planned, settings, copy }, args, io);
    return folder === null ? 0 : apply(folder);
  });
}

/** The flags with which a dry run on a shop without attributes shows what would come; null: it shows enough, or has them. */
function bootstrapFlags({ plan }: Planned, args: Args): Args | null {
  const isLacking = plan.diagnostics.some(({ code }) => code === 'attribute_missing');
  const isGiven = flagArg(args, 'create-attributes') || args['sync-attributes'] !== true;
  return isLacking && plan.changes.length === 0 && !isGiven
    ? { 'create-attributes': true, 'create-missing': true }
    : null;
}

/** A plan contains its sources and steps; a flag that contradicts them would be ignored. */
function assertAlone(args: Args, { options }: Plan): void {
  const source = Object.keys(SOURCE).find((name) => args[name] !== undefined);
  if (source !== undefined)
    throw new Failure(
      'usage',
      `--plan and --${source} cannot be combined`,
      'Give one of them: a plan already contains the data of both sides.',
    );
  const held: Readonly<Record<string, unknown>> = { ...options };
  const lacking = [...Object.keys(STEPS), 'create-attributes'].find((name) => {
    const given = args[name];
    return given !== undefined && !isSame(given as Json, (held[name.replaceAll('-', '_')] ?? null) as Json);
  });
  if (lacking === undefined) return;
  throw new Failure(
    'usage',
    `the plan was written without --${lacking}${typeof args[lacking] === 'boolean' ? '' : ` ${String(args[lacking])}`}`,
    'Remove the flag, or plan again with it.',
  );
}

/** None of the step flags means all of them: a sync without any would do nothing. */
function withAllSteps(args: Args): Args {
  const isNone = args['sync-attributes'] === undefined && args['sync-products'] === undefined;
  return isNone ? { ...args, 'sync-attributes': true, 'sync-products': true } : args;
}

/** Writes the report and nothing else. With --strict it is the drift check: 2 differs, 1 something skipped or wrong. */
async function dryRun(planned: Planned, copy: ReportCopy, args: Args, io: Io): Promise<number> {
  const { plan, skippedByFlags } = planned;
  const isComplete =
    plan.skipped.length === 0 && plan.diagnostics.every(({ severity }) => severity !== 'error');
  const exitCode = !flagArg(args, 'strict') ? 0 : plan.changes.length > 0 ? 2 : isComplete ? 0 : 1;
  const report = dryReport({ call: copy.call, exitCode, plan, skippedByFlags });
  copy.write(report);
  if (flagArg(args, 'json')) io.out(printJson(report));
  else {
    const isQuiet = flagArg(args, 'quiet');
    if (!isQuiet) await printPlanText(planned, false, args, io);
    const style = { width: io.width, color: io.hasColor };
    // Does not repeat what the plan's text contains.
    io.out(
      renderReport(report, 'text', { ...style, ...(isQuiet ? { summary: true } : { brief: true }) }).text,
    );
  }
  return exitCode;
}

interface SyncRun {
  readonly planned: Planned;
  readonly settings: Settings;
  readonly copy: ReportCopy;
}

/** Stores the plan and has it approved on the terminal; null: there is nothing to change. Throws a Failure. */
async function approvedFolder(
  { planned, settings, copy }: SyncRun,
  args: Args,
  io: Io,
): Promise<Folder | null> {
  const { plan, skippedByFlags } = planned;
  const { call } = copy;
  if (!flagArg(args, 'json')) await printPlanText(planned, plan.changes.length > 0, args, io);
  if (plan.changes.length === 0) {
    const report = dryReport({ call, exitCode: plan.errored ? 1 : 0, plan, skippedByFlags });
    copy.write(report);
    if (flagArg(args, 'json')) io.out(printJson(report));
    copy.onFailure(() => report);
    if (plan.errored) throw errored('the comparison');
    return null;
  }
  const path = savePlan(planned, { out: settings.out, keep: false, author: null }, io, notesOf(io));
  if (path === null) throw new TypeError('a plan with changes has a path');
  const { id, digest } = planIdentity(plan);
  copy.onFailure((refusal) =>
    unappliedReport({ call, exitCode: refusal.exitCode, plan, digest, skippedByFlags, refusal }),
  );
  if (plan.errored) throw errored(`plan ${id}`);
  if (!io.isTerminal)
    throw new Failure(
      'confirmation_missing',
      `plan ${id} is written but not approved, and there is no terminal to ask for approval`,
      ['Next:', `    ${approveOf(id, args)}`, `    ${syncOf(id, args)}`],
    );
  io.err("To approve and apply it, type the plan's id or its first 4 digits.");
  const answer = await io.ask(`${id}: `);
  if (!isIdOrStart(answer, id))
    throw new Failure(
      'confirmation_missing',
      'the id was not typed',
      `Nothing was written to the shop; the plan is kept in ${path}.`,
    );
  const folder = findFolder(path, settings.out);
  const approval = {
    approver: whoAmI(io.env),
    decision: 'approve' as const,
    expiresAtMs: Date.now() + DEFAULT_MAX_AGE_HOURS * HOUR_MS,
    acceptedHazards: [],
    comment: 'typed the plan id on the terminal of sync',
    key: null,
  };
  await approvePlan(folder, { plan, digest, id }, approval, io);
  return folder;
}

const errored = (what: string): Failure =>
  new Failure(
    'plan_errored',
    `${what} was written with --strict and has errors, so it cannot be applied`,
    'Fix the errors listed above, then run the same command again.',
  );
