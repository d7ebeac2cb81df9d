import type { Decision, VerifyInput } from '../../src/approval/verification.ts';
import { verifyApproval } from '../../src/approval/verify-approvals.ts';
import { sha256 } from '../../src/core/json/canonical-json.ts';
import { sshVerifier } from '../../src/platform/ssh-keygen.ts';
import { type ApprovalFile, inputWith, policy, signedFile } from './approvals.ts';
import { createKeyring, type Keyring } from './keyring.ts';

/** Approvals with real keys, checked by the real ssh-keygen. */

export const [KIM, LEE, MAX] = ['kim@example.com', 'lee@example.com', 'max@example.com'];

/** Set by `makeSigners`; a test file removes the keys when it is done. */
export let keys: Keyring;
/** The sample plan's approval, signed by Kim and by Lee. */
export let kim: ApprovalFile;
export let lee: ApprovalFile;

export async function makeSigners(): Promise<void> {
  keys = createKeyring();
  for (const name of ['kim', 'lee', 'max', 'stranger']) keys.make(name);
  kim = await signedFile(KIM, keys.sign('kim'));
  lee = await signedFile(LEE, keys.sign('lee'));
}

/** A line of an allowed_signers file. */
export const line = (names: string, key: string, options = ''): string =>
  `${names} ${options === '' ? '' : `${options} `}${keys.publicKey(key)}\n`;

export const everyone = (): string => line(KIM, 'kim') + line(LEE, 'lee') + line(MAX, 'max');

export interface Case extends Partial<VerifyInput> {
  readonly signersText?: string;
  readonly rules?: object;
}

/** Verified with the real ssh-keygen, under a policy that pins this signers file. */
export function verdictOf({ signersText = everyone(), rules = {}, ...given }: Case): Promise<Decision> {
  const signers = Buffer.from(signersText);
  const revoked = given.revoked ?? null;
  return verifyApproval(
    inputWith({
      policy: policy({
        signatures: 'required',
        allowed_signers: { path: 'allowed_signers', sha256: sha256(signers) },
        ...(revoked === null ? {} : { revoked_keys: { path: 'revoked', sha256: sha256(revoked) } }),
        ...rules,
      }),
      signers,
      verifier: sshVerifier(),
      ...given,
    }),
  );
}

export const messageOf = (verdict: Decision): string => (verdict.ok ? 'ok' : verdict.refusals[0].message);
