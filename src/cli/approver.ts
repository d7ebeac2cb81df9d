import { nameError } from '../approval/approver-name.ts';
import { Failure } from '../core/failure.ts';
import { gitEmail } from '../platform/git-identity.ts';
import { type Args, type Io, textArg } from './io.ts';

/**
 * Name of the person who approves or plans: --as, else git's user.email, else the answer on a terminal. Throws a Failure (usage)
 * for no name or a placeholder.
 */
export async function approverOf(args: Args, io: Pick<Io, 'ask'>): Promise<string> {
  const given = textArg(args, 'as');
  const email = given === undefined ? await gitEmail() : null;
  const name = given ?? email ?? (await askName(io));
  if (name === null)
    throw new Failure(
      'usage',
      'nobody is named: --as is missing, and git has no user.email here',
      'Give your name or email address, for example --as ada@example.com. To set it once: git config --global user.email ada@example.com.',
    );
  const error = nameError(name);
  if (error === null) return name;
  throw new Failure(
    'usage',
    `${given !== undefined ? '--as' : email !== null ? 'git’s user.email' : 'your answer'}: ${error}`,
    'Give your name or email address, for example --as ada@example.com.',
  );
}

/** null: there is no terminal, or the answer is empty. */
async function askName(io: Pick<Io, 'ask'>): Promise<string | null> {
  const answer = await io.ask('Your name or email address (it is recorded in the approval): ');
  return answer === null || answer.trim() === '' ? null : answer.trim();
}

/** Whether an answer names the plan: its id, or at least its first 4 digits. */
export const isIdOrStart = (answer: string | null, id: string): boolean =>
  answer !== null && answer.length >= 4 && id.startsWith(answer);
