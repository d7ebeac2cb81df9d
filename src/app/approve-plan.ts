import { join } from 'node:path';
import { fileNameFor } from '../approval/approver-name.ts';
import { approvalEnvelope } from '../approval/signing/make-envelope.ts';
import { assertNoLinks } from '../platform/files.ts';
import { sshSigner } from '../platform/ssh-keygen.ts';
import { writeText } from '../platform/write-files.ts';
import type { SecretGuard } from './ports.ts';
import type { Folder } from './store/plan-folder.ts';
import type { ApprovablePlan } from './verify-plan.ts';

export interface ApproveRequest {
  readonly approver: string;
  readonly decision: 'approve' | 'reject';
  /** Milliseconds since the epoch; null: never. */
  readonly expiresAtMs: number | null;
  readonly acceptedHazards: readonly string[];
  readonly comment: string | null;
  /** Path of an SSH key; null: unsigned. */
  readonly key: string | null;
}

/**
 * Writes what a person says of this plan, and of no other, into `approvals/`; returns the path of the file.
 * Throws a Failure (signing_failed, secret_found, file_unwritable).
 */
export async function approvePlan(
  folder: Folder,
  { plan, digest }: ApprovablePlan,
  { key, ...statement }: ApproveRequest,
  secrets: Pick<SecretGuard, 'assertNoSecret'>,
): Promise<string> {
  const envelope = await approvalEnvelope(
    { digest, target: plan.target },
    { ...statement, atMs: Date.now() },
    key === null ? null : sshSigner(key),
  );
  const path = join(folder.path, 'approvals', fileNameFor(statement.approver));
  secrets.assertNoSecret(envelope, path);
  assertNoLinks(folder.path, path);
  writeText(path, envelope);
  return path;
}
