import { join } from 'node:path';
import { fileNameFor } from '../approval/approver-name.ts';
import { printAccept, readAccept } from '../approval/merge/accepted-hazards.ts';
import { rulesOrNull } from '../approval/policy/rules-before.ts';
import { approvalEnvelope } from '../approval/signing/make-envelope.ts';
import type { Target } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import { HAZARDS } from '../plan/hazards.ts';
import { assertNoLinks, exists, WRITTEN_FILE } from '../platform/files.ts';
import { sshSigner } from '../platform/ssh-keygen.ts';
import { writeText } from '../platform/write-files.ts';
import type { Workspace } from './options.ts';
import type { SecretGuard } from './ports.ts';

import { type Folder, storedBytes } from './store/plan-folder.ts';
import { type ApprovablePlan, loadPolicy } from './verify-plan.ts';

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
 * Writes a person's decision on exactly this plan into `approvals/` and returns the file's path. Throws a Failure
 * (signing_failed, secret_found, file_unwritable).
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

/**
 * Adds hazards to the `accept.json` of mode merge and returns its path; null if the policy of this checkout has another mode.
 * Throws a Failure (policy_refused, hazard_not_accepted, file_unwritable).
 */
export function acceptForMerge(
  folder: Folder,
  { plan, digest }: ApprovablePlan,
  codes: readonly string[],
  workspace: Workspace,
): string | null {
  if (codes.length === 0 || !hasMergeMode(workspace, plan.target)) return null;
  const path = join(folder.path, 'accept.json');
  const before = exists(path)
    ? readAccept(storedBytes(folder.path, path, WRITTEN_FILE), digest, Object.keys(HAZARDS))
    : [];
  assertNoLinks(folder.path, path);
  writeText(path, printAccept(digest, [...before, ...codes]));
  return path;
}

/** Whether the policy of this checkout lets a merge approve plans for a target. Throws a Failure (policy_refused). */
const hasMergeMode = (workspace: Workspace, target: Target): boolean =>
  rulesOrNull(loadPolicy(workspace), target)?.mode === 'merge';

/** The same; false for a policy that cannot be read, which apply refuses. */
export function isApprovedByMerge(workspace: Workspace, target: Target): boolean {
  try {
    return hasMergeMode(workspace, target);
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
