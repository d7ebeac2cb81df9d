import { makeRevertPlan } from '../../app/make-revert-plan.ts';
import { openHttp } from '../../app/open-shop.ts';
import { whoAmI } from '../../app/who-am-i.ts';
import { printJson } from '../../plan/file/print.ts';
import { type Args, flagArg, type Io, textArg } from '../io.ts';
import { saveSigned } from '../plan-outcome.ts';
import { loadSettings } from '../settings.ts';
import { editorAddresses, saleorConnection } from '../typed-options.ts';
import { planAnswer, printNotes, printPlanText, printWritten } from '../views/plan-text.ts';

/**
 * Plans the inverse of what a report lists as applied and nobody has changed since. It is reviewed, approved and applied like
 * any plan.
 */
export async function run(args: Args, io: Io): Promise<number> {
  const settings = loadSettings(args, io);
  const { contract, out } = settings;
  const planned = await makeRevertPlan(
    {
      report: textArg(args, 'report') ?? '',
      out,
      contract,
      saleor: saleorConnection(settings, args, io),
      links: editorAddresses(settings),
      madeBy: whoAmI(io.env),
    },
    openHttp(io),
  );
  printNotes(planned.notes, io);
  const path = await saveSigned(planned, textArg(args, 'out') ?? planned.plans, { ...args, keep: true }, io);
  if (flagArg(args, 'json')) io.out(printJson(planAnswer(planned, path)).trimEnd());
  else {
    await printPlanText(planned, path !== null, args, io);
    if (path !== null) await printWritten(planned, path, args, io);
  }
  return 0;
}
