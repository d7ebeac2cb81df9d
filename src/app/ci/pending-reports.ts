import { join } from 'node:path';
import type { Target } from '../../core/actual-state.ts';
import { fileNameOf } from '../../plan/target-file-name.ts';
import { fileAt } from '../../platform/git-objects.ts';
import { type Git, inside } from '../../platform/git-program.ts';
import type { RemoteRepository } from '../../platform/git-remote.ts';
import { code } from '../../review/markdown/escape.ts';
import { archiveText } from '../store/archive-file.ts';
import { markerOf } from './keep-comment.ts';
import type { ChangeRequest, ForgeClient } from './ports.ts';
import { targetWord } from './proposal-text.ts';
import { reportBranch } from './publish-reports.ts';

export interface ReportsPlace {
  readonly git: Git;
  readonly remote: RemoteRepository;
  readonly forge: Pick<ForgeClient, 'requests'>;
  /** The protected branch, which is checked out. */
  readonly base: { readonly branch: string };
  /** Folder of the plans. */
  readonly out: string;
}

/**
 * The unmerged request with the reports of an earlier apply; null: there is none. Opens it if an earlier job was stopped before
 * it could, and deletes a branch whose reports are on the protected branch already.
 */
export async function waitingReports(place: ReportsPlace, target: Target): Promise<ChangeRequest | null> {
  const { git, remote, forge, out } = place;
  const branch = reportBranch(target);
  const tip = await remote.branchTip(branch);
  if (tip === null) return null;
  const open = (await forge.requests.list({ branch, state: 'open' })).find(({ isFromFork }) => !isFromFork);
  if (open !== undefined) return open;
  const path = inside(git.top, join(out, 'archive', `${fileNameOf(target)}.jsonl`));
  const theirs = await fileAt(git, await remote.fetch(`refs/heads/${branch}`), path);
  if (theirs === null || archiveText(out, target).startsWith(theirs.toString('utf8'))) {
    await remote.push(null, branch, tip);
    return null;
  }
  return openReportRequest(place, target);
}

/** Opens a request for reports, because the protected branch accepts no push. */
export function openReportRequest({ forge, base }: ReportsPlace, target: Target): Promise<ChangeRequest> {
  const name = targetWord({ target });
  return forge.requests.open({
    branch: reportBranch(target),
    base: base.branch,
    title: `Reports of ${name}`,
    body: `${markerOf('reports', fileNameOf(target))}What was applied to ${code(name)}. Merge it soon: the archive in it is one chain, and no plan is applied before it is merged.`,
  });
}
