import { Failure } from '../core/failure.ts';
import { isSame, sha256 } from '../core/json/canonical-json.ts';
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

/** A statement about this plan, with what is known of who made it. */
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
 * named: signed by a key that the signers file assigns to this full name · wildcard: only a pattern of the signers file covers
 * the name · keyless: the signature is valid, but no signers file names the owner of the key · unsigned
 */
export type SignerMatch = 'named' | 'wildcard' | 'keyless' | 'unsigned';

export interface VerificationContext {
  readonly plan: PlanFacts;
  readonly signers: Signers | null;
  readonly revoked: Uint8Array | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly verifier: Verifier;
}

/** Accepted difference between the clocks of two machines. */
const SKEW_MS = 5 * 60_000;

/** Verifies one file of approvals/. Throws a Failure (approval_invalid) for any invalid file: none is ignored. */
export async function verifyApprovalFile(
  context: VerificationContext,
  { file, bytes }: { readonly file: string; readonly bytes: Uint8Array },
): Promise<VerifiedStatement<Approval>> {
  const statement = await verifyStatement(context, bytes, readApproval, ({ approver }) => approver);
  const { approver } = statement.predicate;
  const name = fileNameFor(approver);
  if (file !== name) throw invalid(`what ${approver} says belongs in ${name}, not ${file}`);
  return { file, ...statement };
}

/** Verifies author.json. Throws a Failure (approval_invalid). */
export const verifyAuthorFile = async (
  context: VerificationContext,
  bytes: Uint8Array,
): Promise<VerifiedStatement<Author>> => ({
  file: 'author.json',
  ...(await verifyStatement(context, bytes, readAuthor, ({ author }) => author)),
});

async function verifyStatement<P extends Approval | Author>(
  context: VerificationContext,
  bytes: Uint8Array,
  read: (payload: Uint8Array) => Statement<P>,
  nameIn: (predicate: P) => string,
): Promise<Omit<VerifiedStatement<P>, 'file'>> {
  const envelope = readEnvelope(bytes);
  // The signature over the raw bytes comes first: the payload of an unlisted key is never parsed.
  const signature = await openSignature(context, envelope);
  const { predicate, subject } = read(envelope.payload);
  const atMs = Date.parse(predicate.at);
  assertConcernsPlan(context, subject[0].digest.sha256, predicate);
  const signer = { envelope, signature, name: nameIn(predicate), atMs };
  return {
    digest: sha256(bytes),
    predicate,
    atMs,
    key: signature?.fingerprint ?? null,
    signerMatch: await matchSigner(context, signer),
  };
}

async function openSignature(
  { signers, verifier }: VerificationContext,
  { pae, signature }: Envelope,
): Promise<Sshsig | null> {
  if (signature === null) return null;
  const opened = readSshsig(signature);
  if (signers !== null && !listsKey(signers, opened.key)) {
    throw invalid(`the key ${opened.fingerprint} is not in the signers file`);
  }
  const answer = await verifier.verify({ bytes: pae, signature: opened.armour, claim: null });
  if (!answer.ok) throw invalid(`the signature is not valid: ${answer.because}`);
  return opened;
}

function assertConcernsPlan(
  { plan, now }: VerificationContext,
  digest: string,
  { plan_id, target, at }: Approval | Author,
): void {
  if (digest !== plan.digest) {
    throw invalid(`it is for another plan (${plan_id}, digest ${digest.slice(0, 16)}…), not ${plan.id}`);
  }
  if (!isSame(target, plan.target)) {
    throw invalid(`it is for another target (${target.api_url}), not ${plan.target.api_url}`);
  }
  if (!(Date.parse(at) <= now + SKEW_MS)) throw invalid(`its time ${at} is in the future`);
}

interface ClaimedSigner {
  readonly envelope: Envelope;
  readonly signature: Sshsig | null;
  readonly name: string;
  readonly atMs: number;
}

/**
 * A key must be valid for the name both when the statement was made and now: else an expired key could sign with an old
 * date. Throws a Failure (approval_invalid).
 */
async function matchSigner(
  { signers, revoked, now, verifier }: VerificationContext,
  { envelope, signature, name, atMs }: ClaimedSigner,
): Promise<SignerMatch> {
  if (signature === null) return 'unsigned';
  if (signers === null) return 'keyless';
  const { armour, fingerprint } = signature;
  const verifyWith = (text: string, at: number) =>
    verifier.verify({
      bytes: envelope.pae,
      signature: armour,
      claim: { principal: name, signers: text, revoked, atMs: at },
    });
  const today = await verifyWith(signers.text, now);
  if (!today.ok) throw invalid(`the key ${fingerprint} may not sign for ${name}: ${today.because}`);
  const atThatTime = await verifyWith(signers.text, atMs);
  if (!atThatTime.ok)
    throw invalid(`the key ${fingerprint} was not allowed to sign for ${name} then: ${atThatTime.because}`);
  const literal = literalLinesFor(signers, name);
  if (literal === '') return 'wildcard';
  const byName = [await verifyWith(literal, now), await verifyWith(literal, atMs)];
  return byName.every(({ ok }) => ok) ? 'named' : 'wildcard';
}

const invalid = (because: string): Failure =>
  new Failure('approval_invalid', because, 'Remove the file, or approve this plan again.');
