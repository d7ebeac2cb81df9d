import { sha256 } from '../../core/json/canonical-json.ts';
import { type Finding, passed, refused, refusedBy } from '../finding.ts';
import { maxCountableApprovals, readSigners, type Signers } from '../signing/allowed-signers.ts';
import type { VerifyInput } from '../verification.ts';
import type { FilePin, Rules } from './rules.ts';

interface PinnedFiles {
  /** null: the rules name no signers file, or a finding refuses it. */
  readonly signers: Signers | null;
  readonly findings: readonly Finding[];
}

/** Checks the digests of the files that the policy pins, and reads the signers file. */
export function verifyPinnedFiles(
  input: Pick<VerifyInput, 'signers' | 'revoked'>,
  rules: Rules,
): PinnedFiles {
  const findings = [
    ...pinFindings('allowed_signers', rules.allowed_signers, input.signers),
    ...pinFindings('revoked_keys', rules.revoked_keys, input.revoked),
  ];
  const isSound = findings.every(({ refusal }) => refusal === null);
  if (rules.allowed_signers === null || input.signers === null || !isSound)
    return { signers: null, findings };
  try {
    const signers = readSigners(input.signers);
    const most = maxCountableApprovals(signers);
    const needsNames = rules.approvals > 1 || !rules.author_may_approve;
    const isEnough = !needsNames || most >= rules.approvals;
    const tooFew = refused(
      'signers',
      'policy_refused',
      `${rules.approvals} approvals are needed, but allowed_signers names only ${most} persons with their own key and without wildcards`,
      'Wildcards do not count where more than one approval is needed or the author may not approve.',
    );
    return { signers, findings: isEnough ? findings : [...findings, tooFew] };
  } catch (error) {
    return { signers: null, findings: [...findings, refusedBy('signers', error)] };
  }
}

function pinFindings(name: string, pin: FilePin | null, bytes: Uint8Array | null): readonly Finding[] {
  if (pin === null) return [];
  const found = bytes === null ? null : sha256(bytes);
  if (found === pin.sha256) return [passed('signers', `${pin.path}, sha256 ${pin.sha256}`)];
  const what = found === null ? 'is not there' : `has sha256 ${found}, but the policy pins ${pin.sha256}`;
  return [
    refused(
      'signers',
      'policy_refused',
      `${name}: ${pin.path} ${what}`,
      'Restore the file, or pin the new one in a reviewed change of the policy.',
    ),
  ];
}
