import { diagnoseSetup, type SetupFinding } from '../../app/diagnose-setup.ts';
import { openHttp } from '../../app/open-shop.ts';
import { assertPolicy } from '../../app/verify-plan.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { printJson } from '../../plan/file/print.ts';
import { exists } from '../../platform/files.ts';
import { type Args, flagArg, type Io, notesOf } from '../io.ts';
import { nextSteps, planOf, printNext, withLacking } from '../next-command.ts';
import { loadSettings } from '../settings.ts';
import { saleorConnection, sourceBesideShop, workspaceOf } from '../typed-options.ts';

/** Prints each check with its fix; exit 1 if anything blocks. Reads only. */
export async function run(args: Args, io: Io): Promise<number> {
  const settings = loadSettings(args, io);
  const steps = {
    create_missing: flagArg(args, 'create-missing'),
    sync_attributes: flagArg(args, 'sync-attributes'),
    create_attributes: flagArg(args, 'create-attributes'),
    adopt: flagArg(args, 'adopt'),
    prune_values: flagArg(args, 'prune-values'),
  };
  const found = await diagnoseSetup(
    {
      saleor: saleorConnection(settings, args, io),
      contract: settings.contract,
      source: () => (settings.desired === undefined ? null : sourceBesideShop(settings, args, io)),
      steps,
      policy: () => {
        assertPolicy(workspaceOf(settings, args));
        return exists(settings.policyPath);
      },
    },
    openHttp(io),
    notesOf(io),
  );
  const isBlocked = found.some(({ severity }) => severity === 'error');
  if (flagArg(args, 'json')) io.out(printJson({ ok: !isBlocked, findings: found }).trimEnd());
  else {
    for (const line of linesOf(found)) io.out(visible(line));
    const blocked = 'Next: mend each ERROR as its arrow says, and run sailplan doctor again.';
    printNext(isBlocked ? blocked : nextSteps(planAfter(args, found)), args, io);
  }
  return isBlocked ? 1 : 0;
}

/** The next plan has the flags that the findings ask for. */
function planAfter(args: Args, found: readonly SetupFinding[]): string {
  const lacks = (name: string) => found.some(({ code }) => code === name);
  return planOf(
    withLacking(args, { attributes: lacks('attribute_missing'), assignments: lacks('assignment_missing') }),
  );
}

const LEADS = { ok: 'ok      ', warning: 'warning ', error: 'ERROR   ' };
const SHOWN = 5;

/** Groups findings with the same fix, which is printed once. */
function linesOf(found: readonly SetupFinding[]): readonly string[] {
  const groups = new Map<string, SetupFinding[]>();
  for (const one of found) {
    const name = one.severity === 'ok' ? one.message : `${one.severity} ${one.code} ${one.fix}`;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => [
    ...group.slice(0, SHOWN).map(({ severity, message }) => `${LEADS[severity]}${message}`),
    ...(group.length > SHOWN ? [`        and ${group.length - SHOWN} more like it (--json lists them)`] : []),
    ...(group[0]?.fix ? [`        → ${group[0].fix}`] : []),
  ]);
}
