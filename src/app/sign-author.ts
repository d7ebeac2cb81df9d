import { authorEnvelope } from '../approval/signing/make-envelope.ts';
import { type Args, type Io, textArg } from '../cli/io.ts';
import { Failure } from '../core/failure.ts';
import { digestOf, type Plan } from '../plan/plan.ts';
import { sshSigner } from '../platform/ssh-keygen.ts';

/** author.json: who says to have made this plan, signed; null without --sign. Throws a Failure (usage, signing_failed). */
export async function signAuthor(plan: Plan, args: Args, io: Io): Promise<string | null> {
  const [key, author] = [textArg(args, 'sign'), textArg(args, 'as')];
  if (key === undefined && author === undefined) return null;
  if (key === undefined || author === undefined)
    throw new Failure(
      'usage',
      `--${key === undefined ? 'as' : 'sign'} needs --${key === undefined ? 'sign KEY' : 'as WHO'}`,
      'The author of a plan is named and signs: --as ada@example.com --sign ~/.ssh/id_ed25519.',
    );
  const signer = sshSigner(key, {
    tell: (asked) =>
      void asked
        .trim()
        .split('\n')
        .forEach((line) => void io.err(line)),
  });
  return authorEnvelope(
    { digest: digestOf(plan), target: plan.target },
    { author, atMs: Date.now() },
    signer,
  );
}
