import { type CheckedProposal, checkProposal } from '../../app/check-proposal.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { printJson } from '../../plan/file/print.ts';
import { refusalFinding } from '../../review/ci/findings.ts';
import { reportFindings } from '../ci-output.ts';
import { type Args, flagArg, type Io, textArg } from '../io.ts';
import { loadSettings } from '../settings.ts';
import { workspaceOf } from '../typed-options.ts';
import { type CiJob, requestCommit } from './ci-job.ts';
import { jobUrl } from './job-output.ts';

/** `ci check`: whether each plan of a pull request is whole; exit 0 or 3. Offline where --commit is here. */
export async function checkStep(job: CiJob, args: Args, io: Io): Promise<number> {
  const head = await requestCommit(job, args, io);
  const workspace = workspaceOf(loadSettings(args, io), args);
  const base = job.base.ref;
  const checked = await checkProposal({ workspace, base, head });
  const said = lines(checked);
  const isOk = said.every(({ ok }) => ok);
  if (flagArg(args, 'json')) io.out(printJson({ ok: isOk, ...checked }).trimEnd());
  else for (const { ok, text } of said) (ok ? io.out : io.err)(visible(text));
  const refused = [
    ...checked.problems.map((one) => ({ ...one, ref: 'request' })),
    ...checked.plans.flatMap(({ id, checks }) => checks.map((one) => ({ ...one, ref: `plan.${id}` }))),
  ].filter(({ ok }) => !ok);
  const findings = refused.map(({ ref, name, detail }) =>
    refusalFinding(ref, { code: name, message: `${name}: ${detail}`, hint: '' }),
  );
  const verdict = isOk ? 'Each plan is whole.' : 'The pull request is refused.';
  reportFindings({ name: 'check', verdict, findings, file: null, listAll: 'sailplan ci check' }, args, io);
  const words = said.find(({ ok }) => ok === isOk)?.text ?? '';
  await setStatus(job, { commit: head, isOk, text: words }, args, io);
  return isOk ? 0 : 3;
}

/** With --status: says on the commit how a check ended, for requests whose events start no job. */
export async function setStatus(
  job: CiJob,
  { commit, isOk, text }: { readonly commit: string; readonly isOk: boolean; readonly text: string },
  args: Args,
  io: Io,
): Promise<void> {
  const name = textArg(args, 'status');
  if (name === undefined) return;
  await job.forge().setStatus(commit, { name, isOk, text: io.redact(visible(text)), url: jobUrl(io) });
}

function lines({ problems, plans }: CheckedProposal) {
  const wrong = problems.map(({ name, detail }) => ({ ok: false, text: `REFUSED ${name}: ${detail}` }));
  const judged = plans.flatMap(({ id, checks }) => {
    const failed = checks.filter(({ ok }) => !ok);
    return failed.length === 0
      ? [{ ok: true, text: `Plan ${id} is whole.` }]
      : failed.map(({ name, detail }) => ({ ok: false, text: `REFUSED plan ${id}, ${name}: ${detail}` }));
  });
  const found = [...wrong, ...judged];
  return found.length === 0 ? [{ ok: true, text: 'It brings no plan.' }] : found;
}
