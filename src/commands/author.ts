import { printEnvelope, signedBytes } from '../approval/envelope.ts';
import { signatureOf } from '../approval/sshsig.ts';
import { authorStatement, printStatement } from '../approval/statement.ts';
import { printTime } from '../approval/time.ts';
import { digestOf, type Plan } from '../plan/plan.ts';
import { Failure } from '../state/failure.ts';
import { sshSigner } from '../system/ssh.ts';
import { type Args, type Io, text } from './io.ts';

/** author.json: who says to have made this plan, signed; null without --sign. Throws a Failure (usage, signing_failed). */
export async function signAuthor(plan: Plan, args: Args, io: Io): Promise<string | null> {
  const [key, author] = [text(args, 'sign'), text(args, 'as')];
  if (key === undefined && author === undefined) return null;
  if (key === undefined || author === undefined)
    throw new Failure(
      'usage',
      `--${key === undefined ? 'as' : 'sign'} needs --${key === undefined ? 'sign KEY' : 'as WHO'}`,
      'The author of a plan is named and signs: --as ada@example.com --sign ~/.ssh/id_ed25519.',
    );
  const payload = printStatement(
    authorStatement(digestOf(plan), { author, at: printTime(Date.now()), target: plan.target }),
  );
  const armour = await sshSigner(key, {
    tell: (asked) =>
      void asked
        .trim()
        .split('\n')
        .forEach((line) => void io.err(line)),
  }).sign(signedBytes(payload));
  return printEnvelope(payload, signatureOf(armour));
}
