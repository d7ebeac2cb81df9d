/** Namespace of every signature (PROTOCOL.sshsig), so that a signature made for git or for a file is not accepted. */
export const NAMESPACE = 'sailplan';

/** Signs bytes; returns an SSHSIG armour, namespace `sailplan`. Throws a Failure (signing_failed, ssh_keygen_missing). */
export interface Signer {
  sign(bytes: Uint8Array): Promise<string>;
}

/** Verifies a signature. Throws a Failure (ssh_keygen_missing) when it cannot check; an invalid signature is an answer. */
export interface Verifier {
  verify(question: SignatureQuestion): Promise<SignatureAnswer>;
}

export interface SignatureQuestion {
  readonly bytes: Uint8Array;
  /** SSHSIG armour. */
  readonly signature: string;
  /** null: check only that the signature fits the bytes and the key inside it. */
  readonly claim: SignerClaim | null;
}

/** The claim that the signature's key may sign for a principal at a time. */
export interface SignerClaim {
  readonly principal: string;
  /** Text of an OpenSSH allowed_signers file. */
  readonly signers: string;
  /** An OpenSSH key revocation list, or a list of public keys. */
  readonly revoked: Uint8Array | null;
  /** The time to compare valid-after and valid-before with, in milliseconds since the epoch. */
  readonly atMs: number;
}

export type SignatureAnswer = { readonly ok: true } | { readonly ok: false; readonly because: string };
