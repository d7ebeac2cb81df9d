import { makePlan } from '../../app/make-plan.ts';
import { openHttp } from '../../app/open-shop.ts';
import { Failure } from '../../core/failure.ts';
import { didYouMean } from '../../core/text/did-you-mean.ts';
import type { FailConditions } from '../../plan/fail-conditions.ts';
import { type Args, type Io, listArg, notesOf, textArg } from '../io.ts';
import { loadSettings } from '../settings.ts';
import { planRequest } from '../typed-options.ts';

/** Reads both sides and writes `plans/<id>/` when there is something to change. */
export async function run(args: Args, io: Io): Promise<number> {
  const conditions = await failConditions(args);
  const settings = loadSettings(args, io);
  const loadOutcome = () => import('../plan-outcome.ts');
  // What writes and prints is loaded while the shop answers.
  const request = { ...planRequest(settings, args, io), whileReading: loadOutcome };
  const planned = await makePlan(request, openHttp(io), notesOf(io));
  const { concludePlan } = await loadOutcome();
  return concludePlan(planned, { conditions, out: settings.out }, args, io);
}

/** Throws a Failure (usage) for an unknown hazard or a malformed share. */
async function failConditions(args: Args): Promise<FailConditions> {
  const hazards = listArg(args, 'fail-on');
  if (hazards.length > 0) assertKnown(hazards, (await import('../../plan/fail-conditions.ts')).FAIL_ON);
  const share = textArg(args, 'fail-on-skipped');
  const percent = /^([0-9]{1,2}(?:\.[0-9]+)?|100)%?$/.exec(share ?? '')?.[1];
  if (share !== undefined && percent === undefined)
    throw new Failure(
      'usage',
      `--fail-on-skipped needs a percentage of the pages, not "${share}"`,
      'For example --fail-on-skipped=10%.',
    );
  return { hazards, skippedPercent: percent === undefined ? null : Number(percent) };
}

function assertKnown(hazards: readonly string[], known: readonly string[]): void {
  const unknown = hazards.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Failure(
      'usage',
      `--fail-on: there is no hazard "${unknown}"`,
      didYouMean(unknown, known) || `Use one of ${known.join(', ')}.`,
    );
}
