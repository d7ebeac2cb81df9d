import { authorEnvelope } from '../approval/signing/make-envelope.ts';
import { digestOf, type Plan } from '../plan/plan.ts';
import { sshSigner } from '../platform/ssh-keygen.ts';
import type { Notes } from './ports.ts';

export interface AuthorSignature {
  readonly author: string;
  /** Path of an SSH key. */
  readonly key: string;
}

/** author.json: the signed statement of the plan's author. Throws a Failure (signing_failed). */
export async function signAuthor(
  plan: Plan,
  { author, key }: AuthorSignature,
  notes: Pick<Notes, 'warn'>,
): Promise<string> {
  // ssh-keygen prints prompts, for example to touch a security key; each line is passed on.
  const tell = (asked: string) => {
    for (const line of asked.trim().split('\n')) notes.warn(line);
  };
  const { target } = plan;
  return authorEnvelope(
    { digest: digestOf(plan), target },
    { author, atMs: Date.now() },
    sshSigner(key, { tell }),
  );
}
