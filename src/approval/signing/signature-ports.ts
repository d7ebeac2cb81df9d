/** Namespace of every signature (PROTOCOL.sshsig): one made for git or a file is none of ours. */
export const NAMESPACE = 'sailplan';

/** Makes an SSHSIG armour over bytes, namespace `sailplan`. Throws a Failure (signing_failed, ssh_keygen_missing). */
export interface Signer {
  sign(bytes: Uint8Array): Promise<string>;
}

/** Throws a Failure (ssh_keygen_missing) when nothing can be checked; a signature that is wrong is an answer. */
export interface Verifier {
  verify(question: Question): Promise<SignatureAnswer>;
}

export interface Question {
  readonly bytes: Uint8Array;
  /** SSHSIG armour. */
  readonly signature: string;
  /** null: only whether the signature fits the bytes and the key inside it. */
  readonly claim: Claim | null;
}

/** Whether the signature's key may speak for a principal at a time. */
export interface Claim {
  readonly principal: string;
  /** Text of an OpenSSH allowed_signers file. */
  readonly signers: string;
  /** An OpenSSH key revocation list, or a list of public keys. */
  readonly revoked: Uint8Array | null;
  /** Milliseconds since the epoch: valid-after and valid-before are held against it. */
  readonly atMs: number;
}

export type SignatureAnswer = { readonly ok: true } | { readonly ok: false; readonly because: string };
