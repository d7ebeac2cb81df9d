import { approvePlan } from '../app/approve-plan.ts';
import { targetOf } from '../app/open-shop.ts';
import { findFolder } from '../app/store/find-folder.ts';
import { approvable, verifyPlan } from '../app/verify-plan.ts';
import type { Check, Refusal } from '../approval/finding.ts';
import { Failure } from '../core/failure.ts';
import type { HazardCode } from '../plan/hazards.ts';
import { type FolderOptions, saleorFrom, secretsOf, workspaceFrom } from './options.ts';

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

/** Writes a person's decision on exactly this plan into its approvals/. Returns the file's path. */
export async function approve(path: string, options: ApproveOptions): Promise<string> {
  const folder = findFolder(path, options.out ?? 'plans');
  const plan = approvable(folder);
  if (plan.id !== options.planId)
    throw new Failure(
      'confirmation_missing',
      `this is plan ${plan.id}, not ${options.planId}`,
      'Nothing was approved.',
    );
  return approvePlan(
    folder,
    plan,
    {
      approver: options.as,
      decision: options.decision ?? 'approve',
      expiresAtMs: options.expiresAt?.getTime() ?? null,
      acceptedHazards: options.accept ?? [],
      comment: options.comment ?? null,
      key: options.sign ?? null,
    },
    secretsOf({}),
  );
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
  const { apiUrl, name } = options;
  const workspace = workspaceFrom(options);
  const target =
    apiUrl === undefined
      ? null
      : targetOf(saleorFrom({ apiUrl, token: '', ...(name === undefined ? {} : { name }) }));
  const folder = findFolder(path, workspace.out);
  const { id, digest, checks, refusals } = await verifyPlan(folder, { workspace, target, isTerminal: false });
  return { ok: refusals.length === 0, id, digest, checks, refusals };
}
