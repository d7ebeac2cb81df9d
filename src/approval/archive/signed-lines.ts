import { Failure } from '../../core/failure.ts';
import { listsKey, type Signers } from '../signing/allowed-signers.ts';
import type { Signature } from '../signing/dsse-envelope.ts';
import type { Signer, Verifier } from '../signing/signature-ports.ts';
import { readSshsig, signatureOf } from '../signing/sshsig.ts';
import { type ArchiveEntry, type ArchiveLine, appendLine, nextSignedPart, signedPart } from './hash-chain.ts';

/** The next line of an archive, signed. Throws a Failure (archive_altered, signing_failed, ssh_keygen_missing). */
export async function appendSigned(text: string, entry: ArchiveEntry, signer: Signer): Promise<string> {
  return appendLine(text, entry, signatureOf(await signer.sign(nextSignedPart(text, entry))));
}

interface SignatureCheck {
  readonly verifier: Verifier;
  /** Each key must be listed here; null: any key. */
  readonly signers: Signers | null;
}

/**
 * Checks the signatures of lines whose chain was verified. `problem`: the first invalid signature, as a sentence; null
 * when all are valid. `signed` counts the valid signatures before it, `unsigned` the lines without one.
 */
export async function verifyLineSignatures(
  lines: readonly ArchiveLine[],
  check: SignatureCheck,
): Promise<{ readonly problem: string | null; readonly signed: number; readonly unsigned: number }> {
  const signed = lines.flatMap((line) =>
    line.signature === null ? [] : [{ line, signature: line.signature }],
  );
  const unsigned = lines.length - signed.length;
  for (const [index, { line, signature }] of signed.entries()) {
    const because = await signatureError(line, signature, check);
    if (because !== null) return { problem: `line ${line.sequence}: ${because}`, signed: index, unsigned };
  }
  return { problem: null, signed: signed.length, unsigned };
}

/** Why a line's signature is invalid; null: it is valid. */
async function signatureError(
  line: ArchiveLine,
  signature: Signature,
  { verifier, signers }: SignatureCheck,
): Promise<string | null> {
  try {
    const { armour, key, fingerprint } = readSshsig(signature);
    if (signers !== null && !listsKey(signers, key))
      return `the key ${fingerprint} is not in the signers file`;
    const answer = await verifier.verify({ bytes: signedPart(line), signature: armour, claim: null });
    return answer.ok ? null : `the signature is not valid: ${answer.because}`;
  } catch (error) {
    if (error instanceof Failure && error.code === 'approval_invalid') return error.message;
    throw error;
  }
}
