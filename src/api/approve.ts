import { join } from 'node:path';
import { targetOf } from '../app/open-shop.ts';
import { findFolder } from '../app/store/plan-folder.ts';
import { approvable, verifyFolder } from '../app/verify-plan.ts';
import { fileNameFor } from '../approval/approver-name.ts';
import type { Check, Refusal } from '../approval/finding.ts';
import { approvalEnvelope } from '../approval/signing/make-envelope.ts';
import { Failure } from '../core/failure.ts';
import type { HazardCode } from '../plan/hazards.ts';
import { writeText } from '../platform/files.ts';
import { sshSigner } from '../platform/ssh-keygen.ts';
import type { FolderOptions } from './options.ts';
import { argsOf, ioOf, settingsOf } from './session.ts';

export interface ApproveOptions {
  /** Who approves, e.g. an e-mail address. */
  readonly as: string;
  /** The id of the plan that was read: an approval names exactly this one. */
  readonly planId: string;
  readonly decision?: 'approve' | 'reject';
  readonly accept?: readonly HazardCode[];
  readonly comment?: string;
  readonly expiresAt?: Date;
  /** Path of an SSH key to sign with. */
  readonly sign?: string;
  /** Folder of the plans ('plans'). */
  readonly out?: string;
}

/** Writes what a person says of a plan, and of no other, into its approvals/; gives the file's path. */
export async function approve(path: string, options: ApproveOptions): Promise<string> {
  const folder = findFolder(path, options.out ?? 'plans');
  const { plan, digest, id } = approvable(folder);
  if (id !== options.planId)
    throw new Failure(
      'confirmation_missing',
      `this is plan ${id}, not ${options.planId}`,
      'Nothing was approved.',
    );
  const envelope = await approvalEnvelope(
    { digest, target: plan.target },
    {
      approver: options.as,
      decision: options.decision ?? 'approve',
      atMs: Date.now(),
      expiresAtMs: options.expiresAt?.getTime() ?? null,
      acceptedHazards: options.accept ?? [],
      comment: options.comment ?? null,
    },
    options.sign === undefined ? null : sshSigner(options.sign),
  );
  const file = join(folder.path, 'approvals', fileNameFor(options.as));
  writeText(file, envelope);
  return file;
}

export interface VerifyOptions extends FolderOptions {
  /** Named: the plan must be of this shop. */
  readonly apiUrl?: string;
  readonly name?: string;
}

/** Whether a plan may be applied, and why not. */
export interface Verification {
  readonly ok: boolean;
  readonly id: string;
  readonly digest: string;
  readonly checks: readonly Check[];
  readonly refusals: readonly Refusal[];
}

/** Everything that can be checked offline, as `sailplan verify` does. `path`: plan.json, its folder, or its id. */
export async function verify(path: string, options: VerifyOptions = {}): Promise<Verification> {
  const settings = settingsOf(options);
  const target = options.apiUrl === undefined ? null : targetOf(settings);
  const folder = findFolder(path, settings.out);
  const { id, digest, checks, refusals } = await verifyFolder(
    folder,
    settings,
    target,
    argsOf(options),
    ioOf({}),
  );
  return { ok: refusals.length === 0, id, digest, checks, refusals };
}
