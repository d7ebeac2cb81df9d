import type { Target } from '../../core/actual-state.ts';
import { printTime } from '../timestamps.ts';
import { printEnvelope, signedBytes } from './dsse-envelope.ts';
import {
  type Approval,
  type Author,
  approvalStatement,
  authorStatement,
  printStatement,
  type Statement,
} from './in-toto-statement.ts';
import type { Signer } from './signature-ports.ts';
import { signatureOf } from './sshsig.ts';

/** The plan that a statement is about. */
export interface StatementSubject {
  readonly digest: string;
  readonly target: Target;
}

export interface ApprovalDetails {
  readonly approver: string;
  readonly decision: Approval['decision'];
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** Milliseconds since the epoch; null: the policy alone decides how long the approval lasts. */
  readonly expiresAtMs: number | null;
  readonly acceptedHazards: readonly string[];
  readonly comment: string | null;
}

/**
 * Makes the file of an approval or a rejection (plans/<id>/approvals/). `signer` null: unsigned.
 * Throws a Failure (usage) for an invalid name, time or comment, and what the signer throws.
 */
export async function approvalEnvelope(
  { digest, target }: StatementSubject,
  { atMs, expiresAtMs, acceptedHazards, ...rest }: ApprovalDetails,
  signer: Signer | null,
): Promise<string> {
  const statement = approvalStatement(digest, {
    ...rest,
    at: printTime(atMs),
    expires_at: expiresAtMs === null ? null : printTime(expiresAtMs),
    target,
    accepted_hazards: acceptedHazards,
  });
  return envelopeOf(statement, signer);
}

/** Makes plans/<id>/author.json. Throws a Failure (usage) for an invalid name, and what the signer throws. */
export const authorEnvelope = (
  { digest, target }: StatementSubject,
  { author, atMs }: { readonly author: string; readonly atMs: number },
  signer: Signer,
): Promise<string> => envelopeOf(authorStatement(digest, { author, at: printTime(atMs), target }), signer);

async function envelopeOf(
  statement: Statement<Approval> | Statement<Author>,
  signer: Signer | null,
): Promise<string> {
  const payload = printStatement(statement);
  const signature = signer === null ? null : signatureOf(await signer.sign(signedBytes(payload)));
  return printEnvelope(payload, signature);
}
