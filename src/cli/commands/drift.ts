import { detectDrift } from '../../app/detect-drift.ts';
import { openHttp } from '../../app/open-shop.ts';
import { kindOf } from '../../core/resource-ref.ts';
import type { Plan } from '../../plan/plan.ts';
import { type CiFormat, isCiFormat } from '../../review/ci/ci-report.ts';
import { driftFindings } from '../../review/ci/findings.ts';
import { buildReview } from '../../review/model/build-review.ts';
import { type Medium, renderPlan } from '../../review/render.ts';
import { verdictLine } from '../../review/wording.ts';
import { printCi, sourceFile } from '../ci-output.ts';
import { type Args, type Io, notesOf, textArg } from '../io.ts';
import { FIX_LISTED, nextSteps, planOf, printNext, withLacking } from '../next-command.ts';
import { loadSettings } from '../settings.ts';
import { planRequest } from '../typed-options.ts';
import { printNotes, printReview } from '../views/plan-text.ts';

const EVERYTHING = { 'create-missing': true, 'sync-attributes': true, 'sync-products': true };

/** The plan that writes these differences; assignments only where some are missing. */
function differs(args: Args, { changes }: Plan): string {
  const assignments = changes.some(({ ref }) => kindOf(ref) === 'assignment');
  const plan = planOf(withLacking(args, { attributes: false, assignments }));
  return `${nextSteps(plan)}\nTo keep a difference, add it to ignore in the config.`;
}

/**
 * What differs now, with everything compared; writes nothing anywhere, and its client cannot send a mutation.
 * Exit 2 if anything differs, else 1 if anything was skipped or wrong, else 0.
 */
export async function run(args: Args, io: Io): Promise<number> {
  const settings = loadSettings(args, io);
  const everything = { ...args, ...EVERYTHING };
  const { plan, provenance, notes, causes } = await detectDrift(
    planRequest(settings, everything, io),
    textArg(args, 'base'),
    openHttp(io),
    notesOf(io),
  );
  printNotes(notes, io);
  const shown = buildReview(plan, provenance, { stored: false, ...(causes === null ? {} : { causes }) });
  const medium = (textArg(args, 'format') ?? 'text') as Medium | CiFormat;
  if (isCiFormat(medium))
    printCi(
      {
        name: 'drift',
        verdict: verdictLine(shown),
        findings: driftFindings(shown),
        file: sourceFile(settings),
        listAll: 'sailplan drift --format html',
      },
      medium,
      io,
      (maxBytes) => renderPlan(shown, 'markdown', { maxBytes, allowCut: true }).text,
    );
  else if (medium === 'text') await printReview(shown, args, io);
  else io.out(renderPlan(shown, medium, {}).text);
  const isWrong = plan.skipped.length > 0 || plan.diagnostics.some(({ severity }) => severity === 'error');
  const code = plan.changes.length > 0 ? 2 : isWrong ? 1 : 0;
  if (medium === 'text' && code > 0) printNext(code === 2 ? differs(args, plan) : FIX_LISTED, args, io);
  return code;
}
