import { approvePlan } from '../../app/approve-plan.ts';
import { whoAmI } from '../../app/describe-plan.ts';
import { makePlan, type Planned } from '../../app/make-plan.ts';
import { openHttp } from '../../app/open-shop.ts';
import { findFolder, planText } from '../../app/store/plan-folder.ts';
import { savePlan } from '../../app/store/write-plan.ts';
import { dryReport } from '../../apply/build-report.ts';
import { DEFAULT_MAX_AGE_HOURS } from '../../approval/policy/rules.ts';
import { HOUR_MS } from '../../approval/timestamps.ts';
import { Failure } from '../../core/failure.ts';
import { isSame } from '../../core/json/canonical-json.ts';
import type { Json } from '../../core/json/json-value.ts';
import { parsePlan } from '../../plan/file/parse.ts';
import { printJson } from '../../plan/file/print.ts';
import { digestOf, type Plan, planIdentity } from '../../plan/plan.ts';
import type { Report } from '../../plan/report.ts';
import { renderReport } from '../../review/render.ts';
import { SOURCE, STEPS } from '../definitions/shared-options.ts';
import { findPlan } from '../find-plan.ts';
import { type Args, flagArg, type Io, notesOf, textArg } from '../io.ts';
import { assertReportPath, writeReportCopy } from '../report-copy.ts';
import { loadSettings, type Settings } from '../settings.ts';
import { planRequest } from '../typed-options.ts';
import { printNotes, printPlanText } from '../views/plan-text.ts';
import { applyFolder } from './apply.ts';

/** The command of docs/sync.md: a dry run unless --no-dry-run is said, and a write run still needs approval. */
export async function run(given: Args, io: Io): Promise<number> {
  const args = withAllSteps(given);
  const settings = loadSettings(args, io);
  assertReportPath(args);
  const path = textArg(args, 'plan');
  if (path !== undefined) {
    const folder = findPlan(path, args, settings);
    assertAlone(given, parsePlan(planText(folder)).plan);
    return applyFolder(folder, settings, { ...args, mark: true }, io);
  }
  const planned = await makePlan(planRequest(settings, args, io), openHttp(io), notesOf(io));
  printNotes(planned.notes, io);
  return flagArg(args, 'dry-run') ? dryRun(planned, args, io) : writeRun(planned, settings, args, io);
}

/** A plan says itself what it was made from and which steps it holds; a flag that says otherwise would be ignored. */
function assertAlone(args: Args, { options }: Plan): void {
  const source = Object.keys(SOURCE).find((name) => args[name] !== undefined);
  if (source !== undefined)
    throw new Failure(
      'usage',
      `--plan and --${source} are two sources at once`,
      'Leave one out: a plan holds what was read when it was made.',
    );
  const held: Readonly<Record<string, unknown>> = { ...options };
  const lacking = Object.keys(STEPS).find((name) => {
    const given = args[name];
    return given !== undefined && !isSame(given as Json, (held[name.replaceAll('-', '_')] ?? null) as Json);
  });
  if (lacking === undefined) return;
  throw new Failure(
    'usage',
    `the plan was made without --${lacking}${typeof args[lacking] === 'boolean' ? '' : ` ${String(args[lacking])}`}`,
    'Leave the flag out, or plan again with it.',
  );
}

/** None of the step flags means all of them: a sync without any would do nothing. */
function withAllSteps(args: Args): Args {
  const isNone = args['sync-attributes'] === undefined && args['sync-products'] === undefined;
  return isNone ? { ...args, 'sync-attributes': true, 'sync-products': true } : args;
}

const dryReportOf = ({ plan }: Planned): Report =>
  dryReport({ plan, digest: digestOf(plan), runs: [], approvals: [], policy: null });

/** Writes the report and nothing else. With --strict it is the drift check: 2 differs, 1 something left out or wrong. */
function dryRun(planned: Planned, args: Args, io: Io): number {
  const report = dryReportOf(planned);
  writeReportCopy(report, args, io);
  if (flagArg(args, 'json')) io.out(printJson(report));
  else {
    printPlanText(planned, false, io);
    io.out(renderReport(report, 'text', { width: io.width, color: io.hasColor, summary: true }).text);
  }
  if (!flagArg(args, 'strict')) return 0;
  return planned.plan.changes.length > 0 ? 2 : report.complete ? 0 : 1;
}

async function writeRun(planned: Planned, settings: Settings, args: Args, io: Io): Promise<number> {
  const { plan } = planned;
  printPlanText(planned, plan.changes.length > 0, io);
  const path = savePlan(planned, { out: settings.out, keep: false, author: null }, io, notesOf(io));
  if (path === null) {
    writeReportCopy(dryReportOf(planned), args, io);
    return plan.errored ? 1 : 0;
  }
  const { id, digest } = planIdentity(plan);
  if (plan.errored)
    throw new Failure(
      'plan_errored',
      `plan ${id} was made with --strict while something is wrong: it may be read, never applied`,
      'Mend what it lists as errors and run the same command again.',
    );
  if (!io.isTerminal)
    throw new Failure(
      'confirmation_missing',
      `plan ${id} is written but not approved, and there is no terminal to ask on`,
      `To go on:\n    sailplan approve ${id} --as YOU\n    sync_wagtail_to_saleor --no-dry-run --plan ${id}`,
    );
  const answer = await io.ask(`Type the plan's id to approve and apply it (${id}): `);
  if (answer !== id)
    throw new Failure(
      'confirmation_missing',
      'the id was not typed',
      `Nothing was written to the shop; the plan stays in ${path}.`,
    );
  const folder = findFolder(path, settings.out);
  const approval = {
    approver: whoAmI(io.env),
    decision: 'approve' as const,
    expiresAtMs: Date.now() + DEFAULT_MAX_AGE_HOURS * HOUR_MS,
    acceptedHazards: [],
    comment: 'typed the plan id on the terminal of sync_wagtail_to_saleor',
    key: null,
  };
  await approvePlan(folder, { plan, digest, id }, approval, io);
  return applyFolder(folder, settings, { ...args, 'dry-run': false, mark: true }, io);
}
