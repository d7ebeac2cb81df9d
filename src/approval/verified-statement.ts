import { Failure } from '../core/failure.ts';
import { isSame, type Json, sha256 } from '../core/json/canonical-json.ts';
import { fileNameFor } from './approver-name.ts';
import { listsKey, literalLinesFor, type Signers } from './signing/allowed-signers.ts';
import { type Envelope, readEnvelope } from './signing/dsse-envelope.ts';
import {
  type Approval,
  type Author,
  readApproval,
  readAuthor,
  type Statement,
} from './signing/in-toto-statement.ts';
import type { Verifier } from './signing/signature-ports.ts';
import { readSshsig, type Sshsig } from './signing/sshsig.ts';
import type { PlanFacts } from './verification.ts';

/** A statement about this plan, and how far one knows who made it. */
export interface VerifiedStatement<P> {
  readonly file: string;
  /** SHA-256 of the file. */
  readonly digest: string;
  readonly predicate: P;
  readonly atMs: number;
  /** Fingerprint of the key; null: unsigned. */
  readonly key: string | null;
  readonly signerMatch: SignerMatch;
}

/**
 * named: signed by a key that the signers file gives to this name · wildcard: only a pattern there covers it ·
 * keyless: a good signature, but no signers file says whose · unsigned
 */
export type SignerMatch = 'named' | 'wildcard' | 'keyless' | 'unsigned';

export interface VerificationContext {
  readonly plan: PlanFacts;
  readonly signers: Signers | null;
  readonly revoked: Uint8Array | null;
  readonly now: number;
  readonly verifier: Verifier;
}

/** Clocks of two machines may differ by this much. */
const SKEW_MS = 5 * 60_000;

/** Reads one file of approvals/. Throws a Failure (approval_invalid) for whatever cannot stand: none is ignored. */
export async function verifyApprovalFile(
  court: VerificationContext,
  { file, bytes }: { readonly file: string; readonly bytes: Uint8Array },
): Promise<VerifiedStatement<Approval>> {
  const heard = await verifyStatement(court, bytes, readApproval, ({ approver }) => approver);
  const name = fileNameFor(heard.predicate.approver);
  if (file !== name) throw invalid(`what ${heard.predicate.approver} says belongs in ${name}, not ${file}`);
  return { file, ...heard };
}

/** Reads author.json in the same way. */
export const verifyAuthorFile = async (
  court: VerificationContext,
  bytes: Uint8Array,
): Promise<VerifiedStatement<Author>> => ({
  file: 'author.json',
  ...(await verifyStatement(court, bytes, readAuthor, ({ author }) => author)),
});

async function verifyStatement<P extends Approval | Author>(
  court: VerificationContext,
  bytes: Uint8Array,
  read: (payload: Uint8Array) => Statement<P>,
  who: (said: P) => string,
): Promise<Omit<VerifiedStatement<P>, 'file'>> {
  const envelope = readEnvelope(bytes);
  // The signature over the raw bytes comes first: nobody parses what no listed key has signed.
  const signature = await openSignature(court, envelope);
  const statement = read(envelope.payload);
  const said = statement.predicate;
  const atMs = Date.parse(said.at);
  concerns(court, statement.subject[0].digest.sha256, said, atMs);
  const standing = await standingOf(court, envelope, signature, who(said), atMs);
  return {
    digest: sha256(bytes),
    predicate: said,
    atMs,
    key: signature?.fingerprint ?? null,
    signerMatch: standing,
  };
}

async function openSignature(
  court: VerificationContext,
  { pae, signature }: Envelope,
): Promise<Sshsig | null> {
  if (signature === null) return null;
  const opened = readSshsig(signature);
  if (court.signers !== null && !listsKey(court.signers, opened.key)) {
    throw invalid(`the key ${opened.fingerprint} is not in the signers file`);
  }
  const answer = await court.verifier.verify({ bytes: pae, signature: opened.armour, claim: null });
  if (!answer.ok) throw invalid(`the signature does not hold: ${answer.because}`);
  return opened;
}

function concerns(
  { plan, now }: VerificationContext,
  digest: string,
  said: Approval | Author,
  atMs: number,
): void {
  if (digest !== plan.digest) {
    throw invalid(`it is for another plan (${said.plan_id}, digest ${digest.slice(0, 16)}…), not ${plan.id}`);
  }
  if (!isSame(said.target as unknown as Json, plan.target as unknown as Json)) {
    throw invalid(`it is for another target (${said.target.api_url}), not ${plan.target.api_url}`);
  }
  if (!(atMs <= now + SKEW_MS)) throw invalid(`its time ${said.at} lies in the future`);
}

/** A key must be good for the name both when the statement was made and now: else an old key could be used with an old date. */
async function standingOf(
  court: VerificationContext,
  { pae }: Envelope,
  signature: Sshsig | null,
  who: string,
  atMs: number,
): Promise<SignerMatch> {
  if (signature === null) return 'unsigned';
  if (court.signers === null) return 'keyless';
  const ask = async (signers: string, at: number) =>
    court.verifier.verify({
      bytes: pae,
      signature: signature.armour,
      claim: { principal: who, signers, revoked: court.revoked, atMs: at },
    });
  const text = court.signers.text;
  const today = await ask(text, court.now);
  if (!today.ok) throw invalid(`the key ${signature.fingerprint} may not speak for ${who}: ${today.because}`);
  const atThatTime = await ask(text, atMs);
  if (!atThatTime.ok) {
    throw invalid(`the key ${signature.fingerprint} might not speak for ${who} then: ${atThatTime.because}`);
  }
  const literal = literalLinesFor(court.signers, who);
  if (literal === '') return 'wildcard';
  const byName = [await ask(literal, court.now), await ask(literal, atMs)];
  return byName.every(({ ok }) => ok) ? 'named' : 'wildcard';
}

const invalid = (because: string): Failure =>
  new Failure('approval_invalid', because, 'Remove the file, or approve this plan anew.');
