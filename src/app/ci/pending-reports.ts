import { join } from 'node:path';
import type { Target } from '../../core/actual-state.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { fileNameOf } from '../../plan/target-file-name.ts';
import { fileAt } from '../../platform/git-objects.ts';
import { type Git, inside } from '../../platform/git-program.ts';
import type { RemoteRepository } from '../../platform/git-remote.ts';
import { code } from '../../review/markdown/escape.ts';
import { archiveText } from '../store/archive-file.ts';
import { markerOf } from './keep-comment.ts';
import type { ChangeRequest, ForgeClient } from './ports.ts';
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
 * The request with reports of an earlier apply that is not merged yet; null: there is none. Opens it where a job was stopped
 * before it could, and removes a branch whose reports the protected branch has.
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

/** A request for reports that the protected branch takes by no push. */
export function openReportRequest({ forge, base }: ReportsPlace, target: Target): Promise<ChangeRequest> {
  const name = visible(target.name ?? new URL(target.api_url).host).slice(0, 80);
  return forge.requests.open({
    branch: reportBranch(target),
    base: base.branch,
    title: `Reports of ${name}`,
    body: `${markerOf('reports', fileNameOf(target))}What was applied to ${code(name)}. Merge it soon: the archive in it is one chain, and no plan is applied before it is merged.`,
  });
}
