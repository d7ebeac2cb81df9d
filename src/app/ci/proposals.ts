import type { Target } from '../../core/actual-state.ts';
import { Failure } from '../../core/failure.ts';
import { isSame } from '../../core/json/canonical-json.ts';
import { parsePlan } from '../../plan/file/parse.ts';
import { decodeText } from '../../platform/files.ts';
import { fileAt } from '../../platform/git-objects.ts';
import type { Git } from '../../platform/git-program.ts';
import type { RemoteRepository } from '../../platform/git-remote.ts';
import type { ChangeRequest, ChangeRequests } from './ports.ts';

const PREFIX = 'sailplan/';

export const proposalBranch = (id: string): string => `${PREFIX}${id}`;

/** The plan's id in the name of a branch; null: it is not a branch that sailplan creates. */
const idOfBranch = (branch: string): string | null => /^sailplan\/([0-9a-f]{16})$/.exec(branch)?.[1] ?? null;

/** An open request with a plan of this target. */
export interface OpenProposal {
  readonly id: string;
  readonly request: ChangeRequest;
  /** Bytes of the plan.json in its branch, which others may have changed since. */
  readonly planFile: Uint8Array;
}

export interface ProposalSearch {
  readonly git: Git;
  readonly remote: Pick<RemoteRepository, 'fetch'>;
  readonly requests: Pick<ChangeRequests, 'list'>;
  /** The folder of the plans, from the top of the work tree. */
  readonly folder: string;
  readonly target: Target;
}

/**
 * The open requests of this repository with a plan of this target. The target is read from the plan in the branch, never from
 * the request's title or text.
 */
export async function openProposals(search: ProposalSearch): Promise<readonly OpenProposal[]> {
  const open = await search.requests.list({ state: 'open' });
  const found: OpenProposal[] = [];
  for (const request of open) {
    const id = request.isFromFork ? null : idOfBranch(request.branch);
    if (id === null) continue;
    const planFile = await planFileIn(search, request.branch, id);
    if (planFile !== null && isSame(planFile.target, search.target))
      found.push({ id, request, planFile: planFile.bytes });
  }
  return found;
}

/** null: the branch is gone, or has no readable plan. */
async function planFileIn(
  { git, remote, folder }: ProposalSearch,
  branch: string,
  id: string,
): Promise<{ readonly target: Target; readonly bytes: Uint8Array } | null> {
  try {
    const commit = await remote.fetch(`refs/heads/${branch}`);
    const path = `${folder === '' ? '' : `${folder}/`}${id}/plan.json`;
    const bytes = await fileAt(git, commit, path);
    return bytes === null ? null : { target: parsePlan(decodeText(bytes, path)).plan.target, bytes };
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
