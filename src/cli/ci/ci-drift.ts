import { targetWord } from '../../app/ci/proposal-text.ts';
import { reportDrift } from '../../app/ci/report-drift.ts';
import { detectDrift } from '../../app/detect-drift.ts';
import { openHttp } from '../../app/open-shop.ts';
import { plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { printJson } from '../../plan/file/print.ts';
import { fileNameOf } from '../../plan/target-file-name.ts';
import { driftFindings } from '../../review/ci/findings.ts';
import { buildReview } from '../../review/model/build-review.ts';
import { renderPlan } from '../../review/render.ts';
import { verdictLine } from '../../review/wording.ts';
import { reportFindings, sourceFile } from '../ci-output.ts';
import { type Args, flagArg, type Io, notesOf } from '../io.ts';
import { writeJobSummary } from '../job-summary.ts';
import { loadSettings } from '../settings.ts';
import { planRequest } from '../typed-options.ts';
import { printNotes } from '../views/plan-text.ts';
import { type CiJob, checkOutBase } from './ci-job.ts';
import { skippedWords } from './ci-plan.ts';
import { writeOutputs } from './job-output.ts';

/** `ci drift`: keeps one issue that says what differs now; exit 2 if anything does, else 1 for errors, else 0. */
export async function driftStep(job: CiJob, args: Args, io: Io): Promise<number> {
  // A missing token is found before anything is read.
  const forge = job.forge();
  await checkOutBase(job);
  const settings = loadSettings(args, io);
  const everything = { ...args, strict: false, 'create-missing': true };
  const { plan, provenance, notes, causes } = await detectDrift(
    planRequest(settings, everything, io),
    undefined,
    openHttp(io),
    notesOf(io),
  );
  printNotes(notes, io);
  const errors = plan.diagnostics.filter(({ severity }) => severity === 'error').length;
  // Pages with errors are named by lint until somebody fixes them; the issue says what differs.
  const isClean = plan.changes.length === 0;
  const review = buildReview(plan, provenance, { stored: false, ...(causes === null ? {} : { causes }) });
  const markdown = isClean ? null : io.redact(renderPlan(review, 'markdown', { allowCut: true }).text);
  const name = targetWord(plan);
  const title = `Wagtail and Saleor differ: ${name}`;
  const { state, issue } = await reportDrift({ target: fileNameOf(plan.target), title, markdown }, forge);
  if (markdown !== null) writeJobSummary(io, () => markdown);
  const number = issue === null ? '' : String(issue.number);
  await writeOutputs(io, {
    state,
    changes: String(plan.changes.length),
    issue: number,
    url: issue?.url ?? '',
  });
  const findings = driftFindings(review);
  const report = { name: 'drift', verdict: verdictLine(review), findings, file: sourceFile(settings) };
  reportFindings({ ...report, listAll: 'sailplan drift --format html' }, args, io);
  const exitCode = plan.changes.length > 0 ? 2 : errors + plan.skipped.length > 0 ? 1 : 0;
  if (flagArg(args, 'json')) {
    const shown = issue === null ? null : { number: issue.number, url: issue.url };
    io.out(printJson({ state, changes: plan.changes.length, errors, issue: shown }).trimEnd());
  } else {
    const differs = `${isClean ? 'No differences' : plural(plan.changes.length, 'difference')}.${skippedWords(plan)}`;
    io.out(visible(issue === null ? differs : `${differs} Issue ${state}: ${issue.url}`));
  }
  return exitCode;
}
