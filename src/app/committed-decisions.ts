import { join, posix } from 'node:path';
import type { EarlierDecision } from '../approval/verification.ts';
import { Failure } from '../core/failure.ts';
import { WRITTEN_FILE } from '../platform/files.ts';
import { blobSize, commitId, lineOf, readBlob } from '../platform/git-objects.ts';
import { type Git, isRepository, openGit, placeIn, workTreeOf } from '../platform/git-program.ts';
import { everyChangeBelow, type FileChange, isBlob } from '../platform/git-versions.ts';
import { askOnce, type SharedHistory } from './history-answers.ts';
import { type Folder, filesIn, storedBytes } from './store/plan-folder.ts';

interface PlanHistory {
  readonly changes: readonly FileChange[];
  /** Ids of the first-parent line. */
  readonly line: ReadonlySet<string>;
}

/** More versions of one plan's decisions than people write. Each one takes a run of ssh-keygen. */
const VERSIONS_MAX = 200;
/** A larger file cannot be a decision. */
const BYTES_MAX = 1024 * 1024;

/**
 * Every version of the files in a plan's approvals/ that a commit of the checked-out branch has, also one that a branch had before
 * it was merged. Empty outside git. Throws a Failure (git_missing, history_incomplete, approval_invalid).
 */
export async function committedDecisions(
  folder: Folder,
  shared: SharedHistory | null,
): Promise<readonly EarlierDecision[]> {
  const { path, plans } = folder;
  const top = workTreeOf(path);
  if (top === null || !isRepository(top)) return [];
  const git = openGit(path);
  const [place, out] = [placeIn(git.top, path), placeIn(git.top, plans)];
  if (place === null || out === null) return [];
  const { changes, line } = await askOnce(shared, `decisions ${git.top} ${out}`, () => historyIn(git, out));
  const former = await beforeRemoval(
    git,
    changes.find(
      ({ commit, path: file, blob }) => file === `${place}/plan.json` && blob === null && line.has(commit),
    ),
  );
  const mine = new Map<string, FileChange>();
  for (const change of changes)
    if (posix.dirname(change.path) === `${place}/approvals` && !former.has(change.commit))
      mine.set(`${change.path} ${change.blob}`, mine.get(`${change.path} ${change.blob}`) ?? change);
  if (mine.size > VERSIONS_MAX)
    throw new Failure(
      'approval_invalid',
      `commits have ${mine.size} versions of the files in ${join(path, 'approvals')}: at most ${VERSIONS_MAX} are read`,
      'Remove the plan from the branch in a commit of its own; then merge the plan and its approvals again.',
    );
  const present = filesIn(folder, 'approvals', '.json').map((file) => storedBytes(path, file, WRITTEN_FILE));
  const found: EarlierDecision[] = [];
  // Most files have one version, which is the one of the checkout.
  for (const { commit, path: file, blob } of mine.values())
    if (
      blob !== null &&
      !present.some((bytes) => isBlob(bytes, blob)) &&
      (await blobSize(git, blob)) <= BYTES_MAX
    )
      found.push({ commit, file: posix.basename(file), bytes: await readBlob(git, blob) });
  return found;
}

/** A plan that was removed from the branch and merged again has no decisions from before. */
const beforeRemoval = async (git: Git, removal: FileChange | undefined): Promise<ReadonlySet<string>> =>
  new Set(
    removal === undefined
      ? []
      : (await git.read('rev-list', removal.commit)).toString('utf8').trim().split('\n'),
  );

async function historyIn(git: Git, folder: string): Promise<PlanHistory> {
  const tip = await commitId(git, 'HEAD');
  if (tip === null) return { changes: [], line: new Set() };
  const changes = await everyChangeBelow(git, tip, folder);
  return { changes, line: new Set((await lineOf(git, tip)).map(({ id }) => id)) };
}
