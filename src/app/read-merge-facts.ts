import { dirname, join } from 'node:path';
import type { MergeFacts, Role } from '../approval/merge/merge-facts.ts';
import type { Rules } from '../approval/policy/rules.ts';
import { exists } from '../platform/files.ts';
import { readMerge } from '../platform/git-history.ts';
import type { Workspace } from './options.ts';
import type { Folder } from './store/plan-folder.ts';

/**
 * Mode merge: git's facts about every file that the decision depends on; null in other modes. A missing file is looked up too
 * if the rules name it, because a deletion since the merge is also a fact. Throws a Failure (git_missing, history_incomplete).
 */
export async function readHistory(
  rules: Rules | null,
  folder: Folder,
  workspace: Workspace,
): Promise<MergeFacts | null> {
  if (rules?.mode !== 'merge' || rules.merge === null) return null;
  const beside = (path: string | undefined) =>
    path === undefined ? null : join(dirname(workspace.policyPath), path);
  const accept = join(folder.path, 'accept.json');
  const named: readonly (readonly [Role, string | null])[] = [
    ['plan', join(folder.path, 'plan.json')],
    ['policy', workspace.policyPath],
    ['accept', exists(accept) ? accept : null],
    ['signers', beside(rules.allowed_signers?.path)],
    ['revoked', beside(rules.revoked_keys?.path)],
    ['contract', workspace.contractPath],
    ['config', workspace.configPath],
  ];
  const files = named.flatMap(([role, path]) => (path === null ? [] : [{ role, path }]));
  return readMerge({ folder: folder.path, plans: folder.plans, ref: rules.merge.ref, files });
}
