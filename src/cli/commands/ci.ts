import { Failure } from '../../core/failure.ts';
import { applyStep } from '../ci/ci-apply.ts';
import { checkStep } from '../ci/ci-check.ts';
import { driftStep } from '../ci/ci-drift.ts';
import { type CiJob, openJob } from '../ci/ci-job.ts';
import { planStep } from '../ci/ci-plan.ts';
import { replanStep } from '../ci/ci-replan.ts';
import { type Args, type Io, textArg } from '../io.ts';

const STEPS: Readonly<Record<string, (job: CiJob, args: Args, io: Io) => Promise<number>>> = {
  plan: planStep,
  check: checkStep,
  replan: replanStep,
  apply: applyStep,
  drift: driftStep,
};

/** One step of a CI job. Each action is checked before it is done, so the next job completes one that was stopped. */
export function run(args: Args, io: Io): Promise<number> {
  const step = STEPS[textArg(args, 'step') ?? ''];
  if (step === undefined) throw new Failure('usage', 'ci needs a step', 'For example sailplan ci plan.');
  return step(openJob(args, io), args, io);
}
