import { basename, dirname } from 'node:path';
import type { Check } from '../approval/finding.ts';
import { planFactsOf } from '../approval/verification.ts';
import { verifyApprovalFile } from '../approval/verified-statement.ts';
import { Failure } from '../core/failure.ts';
import { alike } from '../core/text/similar-names.ts';
import type { Plan } from '../plan/plan.ts';
import { entriesBelow, entryAt, isShallow, namedCommit, readBlob } from '../platform/git-objects.ts';
import { type Git, inside, openGit, pathBelow } from '../platform/git-program.ts';
import { sshVerifier } from '../platform/ssh-keygen.ts';
import { type BroughtPath, pathsBrought, pathsRemoved } from './brought-paths.ts';
import { withPlanOf } from './copy-plan.ts';
import type { Workspace } from './options.ts';
import { reviewTest } from './review-file.ts';
import { rewrittenEvidence } from './rewritten-evidence.ts';
import { rulesDiffer } from './rule-versions.ts';
import { type PlanFileKind, planFileKind } from './store/plan-files.ts';
import { wholeness } from './verify-plan.ts';

export interface ProposalToCheck {
  readonly workspace: Workspace;
  /** The protected branch, as a commit or ref. */
  readonly base: string;
  /** The pull request's commit. */
  readonly head: string;
}

export interface CheckedProposal {
  /** Problems of the pull request as a whole. */
  readonly problems: readonly Check[];
  /** Each plan that the pull request adds or changes. */
  readonly plans: readonly { readonly id: string; readonly checks: readonly Check[] }[];
}

/** A file of a pull request below the plans folder. */
interface Placed extends BroughtPath {
  /** Path below the plans folder; null if the folder is spelled differently, or if the file has the folder's name. */
  readonly name: string | null;
  /** null: it is in no folder of a plan. */
  readonly id: string | null;
  readonly kind: PlanFileKind;
}

/**
 * Checks that each plan that a pull request adds or changes is valid, and that no file comes with it that affects decisions.
 * Reads the commit's objects without a checkout, so links, hooks and config of the commit have no effect. Throws a Failure
 * (usage, git_missing, history_incomplete).
 */
export async function checkProposal({ workspace, base, head }: ProposalToCheck): Promise<CheckedProposal> {
  const git = openGit(dirname(workspace.out));
  const [from, to] = [await commitNamed(git, base), await commitNamed(git, head)];
  if (await isShallow(git))
    throw new Failure(
      'history_incomplete',
      'this is a shallow clone, so the content of the pull request is unknown',
      'Fetch the whole history: fetch-depth: 0 (GitHub), GIT_DEPTH: 0 (GitLab), git fetch --unshallow.',
    );
  const folder = inside(git.top, workspace.out);
  const brought = await pathsBrought(git, from, to);
  const parted = (await git.find('merge-base', from, to)) ?? from;
  const placed = brought.flatMap((path) => placedIn(folder, path));
  const ofPlans = placed.filter(({ id, kind }) => id !== null && kind !== 'written' && kind !== 'refusal');
  const ids = [...new Set(ofPlans.flatMap(({ id }) => id ?? []))].sort();
  const removed = await pathsRemoved(git, from, to);
  const problems = [
    ...shortened(placed.flatMap((path) => oddity(path, ids.length > 0))),
    ...(await removedApprovals({ git, commit: to, folder, workspace }, removed)),
    ...shortened(await rewrittenEvidence({ git, parted, head: to, folder, brought, removed })),
    ...(ids.length > 0 && (await rulesDiffer(workspace, git, from, to)) ? [RULES_TOO] : []),
  ];
  const plans = [];
  for (const id of ids) {
    // An older version may have written the review.md of a plan that only gets an approval now.
    const isRead = ofPlans.some((one) => one.id === id && !/\/approvals\//.test(one.name ?? ''));
    const place = { git, commit: to, folder, workspace };
    plans.push({ id, checks: await checksOf(place, { id, isRead }) });
  }
  return { problems, plans };
}

/** Throws a Failure (usage) for a commit that is not there. */
export async function commitNamed(git: Git, name: string): Promise<string> {
  const id = await namedCommit(git, name);
  if (id !== null) return id;
  throw new Failure('usage', `there is no commit ${name} here`, 'Fetch it, or name another.');
}

const refusal = (name: string, detail: string): Check => ({ name, ok: false, detail });

const RULES_TOO = refusal(
  'rules',
  'policy, config or contract change together with a plan: a pull request cannot change its own rules. Have that change merged first',
);

/** Number of unexpected files that are named; a pull request may contain thousands. */
const NAMED = 50;

function shortened(found: readonly Check[]): readonly Check[] {
  const more = found.length - NAMED;
  return more > 0 ? [...found.slice(0, NAMED), refusal('files', `${more} more files like these`)] : found;
}

/** Deleted approvals and rejections of a plan that remains: a decision is replaced by a new one, never deleted. */
async function removedApprovals(
  { git, commit, folder }: Place,
  removed: readonly string[],
): Promise<readonly Check[]> {
  const found: Check[] = [];
  for (const path of removed) {
    const name = folder === '' ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : '';
    const [, id] = /^([0-9a-f]{16})\/approvals\/[^/]+$/.exec(name) ?? [];
    if (id !== undefined && (await entryAt(git, commit, pathBelow(folder, id, 'plan.json'))) !== null)
      found.push(refusal('files', `${path} is deleted, and it may be a rejection`));
  }
  return found;
}

/** Location of a path in the plans folder, also under names that some file systems treat as equal. */
function placedIn(folder: string, brought: BroughtPath): readonly Placed[] {
  const { path } = brought;
  const [mine, theirs] = [alike(path), alike(folder)];
  const nowhere = { ...brought, name: null, id: null, kind: 'unknown' as const };
  // A link or file in the place of the folder, or of one above it.
  if (mine === theirs || theirs.startsWith(`${mine}/`)) return [nowhere];
  if (folder !== '' && !mine.startsWith(`${theirs}/`)) return [];
  if (folder !== '' && !path.startsWith(`${folder}/`)) return [nowhere];
  const name = folder === '' ? path : path.slice(folder.length + 1);
  const [, id, below = ''] = /^([0-9a-f]{16})\/(.*)$/s.exec(name) ?? [];
  if (id !== undefined) return [{ ...brought, name, id, kind: planFileKind(below) }];
  const isWritten = /^(?:archive\/[^/]+\.jsonl$|\.lock-)/.test(name);
  return [{ ...brought, name, id: null, kind: isWritten ? 'written' : 'unknown' }];
}

/** Files that are allowed in the plans folder besides plans. */
const HARMLESS: readonly (string | null)[] = ['.gitkeep', '.gitignore', 'README.md'];

function oddity({ path, mode, name, kind }: Placed, hasPlan: boolean): readonly Check[] {
  if (mode !== '100644') return [refusal('files', `${path} is not a regular file (mode ${mode})`)];
  if (kind === 'brought' || kind === 'refusal' || HARMLESS.includes(name)) return [];
  if (kind === 'unknown') return [refusal('files', `${path} is not one of the files of a plan`)];
  // Reports and archive of what was applied may come by a pull request of their own.
  return hasPlan || name?.startsWith('.lock-')
    ? [refusal('evidence', `${path} came with it, but only apply writes such files`)]
    : [];
}

interface Place {
  readonly git: Git;
  readonly commit: string;
  readonly folder: string;
  readonly workspace: Workspace;
}

/** The checks of one plan, from the objects of the commit. */
async function checksOf(
  place: Place,
  { id, isRead }: { readonly id: string; readonly isRead: boolean },
): Promise<readonly Check[]> {
  const copied = await withPlanOf({ ...place, id }, async (copy): Promise<readonly Check[]> => {
    try {
      const { plan, digest, tests } = wholeness(copy, place.workspace.contract);
      const mine = [...tests, ...(isRead ? [reviewTest(copy, plan, digest)] : [])];
      const checks = mine.map(({ name, ok, detail }) => ({ name, ok, detail }));
      return [...checks, ...(await invalidApprovals(place, id, plan))];
    } catch (error) {
      if (error instanceof Failure) return [refusal('plan', error.message.replaceAll(`${copy.plans}/`, ''))];
      throw error;
    }
  });
  return copied.odd === null
    ? copied.value
    : [refusal('files', `${copied.odd.path} is not a regular file (mode ${copied.odd.mode})`)];
}

/**
 * Approvals that no policy could count: one such file refuses the plan once it is merged. Whether the others are enough, and
 * whose keys signed them, is decided there.
 */
async function invalidApprovals(
  { git, commit, folder }: Place,
  id: string,
  plan: Plan,
): Promise<readonly Check[]> {
  const context = {
    plan: planFactsOf(plan),
    signers: null,
    revoked: null,
    now: Date.now(),
    verifier: sshVerifier(),
  };
  const found: Check[] = [];
  for (const { path, id: blob } of await entriesBelow(git, commit, pathBelow(folder, id, 'approvals'))) {
    try {
      await verifyApprovalFile(context, { file: basename(path), bytes: await readBlob(git, blob) });
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'approval_invalid') throw error;
      found.push(refusal('approvals', `${basename(path)}: ${error.message}`));
    }
  }
  return found;
}
