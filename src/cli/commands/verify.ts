import { targetOf } from '../../app/open-shop.ts';
import { verifyProposal } from '../../app/verify-proposal.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { printJson } from '../../plan/file/print.ts';
import { isCiFormat } from '../../review/ci/ci-report.ts';
import { refusalFinding } from '../../review/ci/findings.ts';
import { printCi } from '../ci-output.ts';
import { findPlan, wordFor } from '../find-plan.ts';
import { type Args, flagArg, type Io, textArg } from '../io.ts';
import { applyOf, nextSteps, printNext } from '../next-command.ts';
import { loadSettings } from '../settings.ts';
import { saleorConnection, workspaceOf } from '../typed-options.ts';

function printHint(hint: string, io: Io): void {
  if (hint !== '') io.out(`        ${visible(hint)}`);
}

/** Prints one line per check, with the next step of each refusal. Exit 0 if the plan may be applied, else 3. Offline. */
export async function run(args: Args, io: Io): Promise<number> {
  const settings = loadSettings(args, io);
  const folder = findPlan('verify', args, settings);
  io.phase('verifying the plan');
  const { id, digest, checks, refusals } = await verifyProposal(folder, {
    workspace: workspaceOf(settings, args),
    target: settings.apiUrl === undefined ? null : targetOf(saleorConnection(settings, args, io)),
    isTerminal: io.isTerminal,
    token: io.env['SALEOR_TOKEN'],
  });
  const isOk = refusals.length === 0;
  const verdict = isOk ? `Plan ${id} may be applied.` : `Plan ${id} may not be applied.`;
  const format = textArg(args, 'format');
  if (format !== undefined && isCiFormat(format)) {
    const findings = refusals.map((one) => refusalFinding(`plan.${id}`, one));
    const listAll = `sailplan verify ${wordFor(folder, settings)}`;
    printCi({ name: 'verify', verdict, findings, file: null, listAll }, format, io);
  } else if (flagArg(args, 'json')) io.out(printJson({ id, digest, ok: isOk, checks, refusals }).trimEnd());
  else {
    const hints = new Map(refusals.map(({ message, hint }) => [message, hint]));
    for (const { name, ok, detail } of checks) {
      io.out(`${ok ? 'ok     ' : 'REFUSED'} ${visible(`${name}: ${detail}`)}`);
      if (!ok) printHint(hints.get(detail) ?? '', io);
      hints.delete(detail);
    }
    for (const hint of new Set(hints.values())) printHint(hint, io);
    io.out(verdict);
    if (isOk) printNext(nextSteps(applyOf(wordFor(folder, settings), args)), args, io);
  }
  return isOk ? 0 : 3;
}
