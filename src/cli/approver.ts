import { nameError } from '../approval/approver-name.ts';
import { Failure } from '../core/failure.ts';
import { gitEmail } from '../platform/git-identity.ts';
import { type Args, textArg } from './io.ts';

/** Who acts: --as, else git's user.email. Throws a Failure (usage) where nobody is named, or a placeholder is. */
export async function approverOf(args: Args): Promise<string> {
  const given = textArg(args, 'as');
  const name = given ?? (await gitEmail());
  if (name === null)
    throw new Failure(
      'usage',
      '--as WHO is missing, and git has no user.email here',
      'Name the person, e.g. --as ada@example.com, or set it once: git config --global user.email ada@example.com.',
    );
  const error = nameError(name);
  if (error === null) return name;
  throw new Failure(
    'usage',
    `${given === undefined ? 'git’s user.email' : '--as'}: ${error}`,
    'Name the person, e.g. --as ada@example.com.',
  );
}

/** Who approves where --as is not given: git's user.email; null where it is not set or is a placeholder. */
export async function defaultApprover(): Promise<string | null> {
  const email = await gitEmail();
  return email === null || nameError(email) !== null ? null : email;
}

/** Whether an answer names the plan: its id, or at least its first 4 digits. */
export const isIdOrStart = (answer: string | null, id: string): boolean =>
  answer !== null && answer.length >= 4 && id.startsWith(answer);
