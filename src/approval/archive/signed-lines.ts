import { Failure } from '../../core/failure.ts';
import type { Signers } from '../signing/allowed-signers.ts';
import type { Signature } from '../signing/dsse-envelope.ts';
import type { Signer, Verifier } from '../signing/signature-ports.ts';
import { readSshsig, signatureOf } from '../signing/sshsig.ts';
import { type ArchiveEntry, type ArchiveLine, appendLine, nextSignedPart, signedPart } from './hash-chain.ts';

/** The next line of an archive, signed. Throws a Failure (archive_altered, signing_failed, ssh_keygen_missing). */
export async function appendSigned(text: string, entry: ArchiveEntry, signer: Signer): Promise<string> {
  return appendLine(text, entry, signatureOf(await signer.sign(nextSignedPart(text, entry))));
}

/**
 * Checks the signatures of lines whose chain holds. Gives the first that does not hold, in words; null when all do.
 * Lines without a signature are counted and passed over; with `signers`, each key must be listed there.
 */
export async function verifyLineSignatures(
  lines: readonly ArchiveLine[],
  { verifier, signers }: { readonly verifier: Verifier; readonly signers: Signers | null },
): Promise<{ readonly problem: string | null; readonly signed: number; readonly unsigned: number }> {
  const sealed = lines.flatMap((line) =>
    line.signature === null ? [] : [{ line, signature: line.signature }],
  );
  const unsigned = lines.length - sealed.length;
  for (const [index, { line, signature }] of sealed.entries()) {
    const because = await faultOf(line, signature, verifier, signers);
    if (because !== null) return { problem: `line ${line.sequence}: ${because}`, signed: index, unsigned };
  }
  return { problem: null, signed: sealed.length, unsigned };
}

async function faultOf(
  line: ArchiveLine,
  signature: Signature,
  verifier: Verifier,
  signers: Signers | null,
): Promise<string | null> {
  try {
    const { armour, key, fingerprint } = readSshsig(signature);
    if (signers !== null && !signers.lines.some((one) => one.key === key)) {
      return `the key ${fingerprint} is not in the signers file`;
    }
    const answer = await verifier.verify({ bytes: signedPart(line), signature: armour, claim: null });
    return answer.ok ? null : `the signature does not hold: ${answer.because}`;
  } catch (error) {
    if (error instanceof Failure && error.code === 'approval_invalid') return error.message;
    throw error;
  }
}
