import { type CheckedProposal, checkProposal } from '../../app/check-proposal.ts';
import { Failure } from '../../core/failure.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { printJson } from '../../plan/file/print.ts';
import { type Args, flagArg, type Io, textArg } from '../io.ts';
import { loadSettings } from '../settings.ts';
import { workspaceOf } from '../typed-options.ts';

/** `ci check`: whether each plan of a pull request is whole; exit 0 or 3. Offline. */
export async function run(args: Args, io: Io): Promise<number> {
  const head = textArg(args, 'commit');
  if (head === undefined)
    throw new Failure(
      'usage',
      'ci check needs --commit COMMIT',
      'Fetch the pull request’s newest commit and name it, e.g. --commit FETCH_HEAD.',
    );
  const workspace = workspaceOf(loadSettings(args, io), args);
  const base = textArg(args, 'base') ?? 'refs/remotes/origin/main';
  const checked = await checkProposal({ workspace, base, head });
  const isOk = lines(checked).every(({ ok }) => ok);
  if (flagArg(args, 'json')) io.out(printJson({ ok: isOk, ...checked }).trimEnd());
  else for (const { ok, text } of lines(checked)) (ok ? io.out : io.err)(visible(text));
  return isOk ? 0 : 3;
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
