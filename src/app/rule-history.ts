import { dirname, join, posix, relative } from 'node:path';
import type { Commit } from '../approval/merge/merge-facts.ts';
import { type RuleChange, rulesInForce } from '../approval/merge/rules-in-force.ts';
import type { Policy } from '../approval/policy/policy.ts';
import { type RulesBefore, rulesOrNull } from '../approval/policy/rules-before.ts';
import type { Target } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import { sha256 } from '../core/json/canonical-json.ts';
import { exists, readBytes, WRITTEN_FILE } from '../platform/files.ts';
import { lastChange, renewalPaths } from '../platform/git-history.ts';
import { commitId, fileAt, isShallow, readCommit, refCommit } from '../platform/git-objects.ts';
import { type Git, isRepository, openGit, placeIn, workTreeOf } from '../platform/git-program.ts';
import { lastChangesBelow } from '../platform/git-versions.ts';
import { askOnce, type SharedHistory } from './history-answers.ts';
import type { Workspace } from './options.ts';
import { configPlaces, decidedBy, type FoundConfig } from './rule-places.ts';
import { type CommittedRules, firstParentLine, type RuleReader, ruleChanges } from './rule-versions.ts';
import { linkToRules, rulesElsewhere } from './rules-elsewhere.ts';
import type { Folder } from './store/plan-folder.ts';

/** Input for reading the rules. */
export interface RuleQuestion {
  readonly target: Target;
  readonly folder: Folder;
  readonly workspace: Workspace;
  /** Whether a person on a terminal is responsible for what cannot be proved. */
  readonly isTerminal: boolean;
  /** Read once by a command that judges many plans and changes nothing; null: for one plan. */
  readonly history: SharedHistory | null;
}

/**
 * Git's facts about the rules before the plan; null if the checkout is not in a repository, or the repository has no commit.
 * `now`: the checkout's policy. Throws a Failure (git_missing, history_incomplete).
 */
export async function rulesBefore(question: RuleQuestion, now: Policy | null): Promise<RulesBefore | null> {
  const { target, folder, workspace, isTerminal, history } = question;
  const { places } = workspace;
  const named = places.config ?? (places.folder === null ? workspace.policyPath : null);
  const top = workTreeOf(named === null ? (places.folder ?? '.') : dirname(named));
  if (top === null || !isRepository(top)) return null;
  const git = openGit(top);
  const head = await askOnce(history, 'head', () => commitId(git, 'HEAD'));
  if (head === null) return null;
  const reader = readerOf(workspace, { git, places, target, isTerminal });
  const path = workTreeOf(folder.path) === git.top ? placeIn(git.top, join(folder.path, 'plan.json')) : null;
  const lastOf = lastChangesOf(git, history);
  const checkedOut = await lineUntil(reader, head, path, lastOf);
  const tip = await protectedTip(reader, checkedOut.earlier);
  const line = tip === null || tip === head ? checkedOut : await lineUntil(reader, tip, path, lastOf);
  const { commit } = line;
  const isCut = () => askOnce(history, 'shallow', () => isShallow(git));
  if (commit !== null && now !== null && (await isCut()) && !(await hasParents(git, commit)))
    throw new Failure(
      'history_incomplete',
      'this is a shallow clone, so the rules from before the plan are unknown',
      'Fetch the whole history: fetch-depth: 0 (GitHub), GIT_DEPTH: 0 (GitLab), git fetch --unshallow.',
    );
  const link = linkToRules(git.top, question);
  const before = await standing(reader, line, link);
  const renewal = path === null ? null : await lastOf(line.tip, renewalPaths(path));
  if (renewal === null || renewal.id === commit?.id) return before;
  // In mode merge, the merge of a newer approval approves the plan again (verifyMerge decides whether it counts).
  const renewed = await standing(reader, await until(reader, line, renewal), link);
  return rulesOrNull(renewed.policy, target)?.mode === 'merge' ? renewed : before;
}

/** Readers of a command that judges several plans share what they read: the history does not change meanwhile. */
const shared = new WeakMap<Workspace, Map<string, Pick<RuleReader, 'known' | 'lines' | 'changes'>>>();

function readerOf(workspace: Workspace, reader: Omit<RuleReader, 'known' | 'lines' | 'changes'>): RuleReader {
  const readers = shared.get(workspace) ?? new Map();
  shared.set(workspace, readers);
  const { name, api_url } = reader.target;
  const key = `${name} ${api_url}`;
  const memory = readers.get(key) ?? { known: new Map(), lines: new Map(), changes: new Map() };
  readers.set(key, memory);
  return { ...reader, ...memory };
}

/** A commit at the end of a shallow clone names parents that are not there. */
const hasParents = async (git: Git, { parents: [first] }: Commit): Promise<boolean> =>
  first === undefined || (await commitId(git, first)) !== null;

/** A first-parent line with the changes of its rules, and the part of it before a plan. */
interface RuleLine {
  readonly tip: string;
  readonly changes: readonly RuleChange<CommittedRules>[];
  /** The commit that added the plan; null if none did. */
  readonly commit: Commit | null;
  /** The changes before that commit; all where there is none. */
  readonly earlier: readonly RuleChange<CommittedRules>[];
}

type LastOf = (tip: string, paths: readonly string[]) => Promise<Commit | null>;

/** `lastChange` for one plan; for many, from one walk over the folder that each is in. */
function lastChangesOf(git: Git, history: SharedHistory | null): LastOf {
  return async (tip, paths) => {
    const plans = posix.dirname(posix.dirname(paths[0] ?? ''));
    if (history === null || plans === '.') return lastChange(git, tip, ...paths);
    const lastIn = await askOnce(history, `${tip} ${plans}`, () => lastChangesBelow(git, tip, plans));
    const id = lastIn(paths);
    return id === null ? null : readCommit(git, id);
  };
}

async function lineUntil(
  reader: RuleReader,
  tip: string,
  plan: string | null,
  lastOf: LastOf,
): Promise<RuleLine> {
  const commit = plan === null ? null : await lastOf(tip, [plan]);
  return until(reader, { tip, changes: await ruleChanges(reader, tip) }, commit);
}

async function until(
  reader: RuleReader,
  { tip, changes }: Pick<RuleLine, 'tip' | 'changes'>,
  commit: Commit | null,
): Promise<RuleLine> {
  if (commit === null) return { tip, changes, commit, earlier: changes };
  const [first] = commit.parents;
  const line = new Map((await firstParentLine(reader, tip)).map(({ id }, index) => [id, index]));
  const last = (first === undefined ? undefined : line.get(first)) ?? -1;
  const earlier = changes.filter(({ commit: { id } }) => (line.get(id) ?? 0) <= last);
  return { tip, changes, commit, earlier };
}

/**
 * The branch of mode merge, from the oldest rules that lead to the current ones: no other branch decides on the rules, and
 * none that comes with the plan. null if no branch is named or it does not exist here, which verifyMerge refuses.
 */
async function protectedTip(
  reader: RuleReader,
  earlier: readonly RuleChange<CommittedRules>[],
): Promise<string | null> {
  const refs = new Set(earlier.flatMap(({ version: { rules } }) => rules?.merge?.ref ?? []));
  for (const ref of refs) {
    const tip = await refCommit(reader.git, ref);
    const next = tip === null ? ref : rulesInForce(await ruleChanges(reader, tip)).version?.rules?.merge?.ref;
    if (tip !== null && (next === undefined || next === ref)) return tip;
    // Iterating a Set includes elements that are added during the iteration.
    if (next !== undefined) refs.add(next);
  }
  return null;
}

/** Commits of one push or rebase have times close to each other. */
const ONE_PUSH_MS = 3_600_000;

/**
 * Changes of the rules before the plan and not together with it. If neither the change nor the plan is a merge, and there is
 * no merge between them, git cannot distinguish two pushes from two commits of one push; a forge that rebases gives all of
 * them the same time.
 */
async function settled(
  reader: RuleReader,
  { tip, commit, earlier }: RuleLine,
): Promise<readonly RuleChange<CommittedRules>[]> {
  const { git, isTerminal } = reader;
  if (isTerminal || commit === null || commit.parents.length > 1) return earlier;
  const line = await firstParentLine(reader, tip);
  const placeOfCommit = new Map(line.map(({ id }, index) => [id, index]));
  const before = line.slice(0, placeOfCommit.get(commit.id));
  const lastMerge = before.findLastIndex(({ parents }) => parents.length > 1);
  const apart: RuleChange<CommittedRules>[] = [];
  for (const change of earlier) {
    const { id } = change.commit;
    const isMerged = (placeOfCommit.get(id) ?? 0) <= lastMerge;
    // The first rules of a repository loosen none.
    const isApart = apart.length === 0 || isMerged;
    if (isApart || commit.atMs - (await readCommit(git, id)).atMs >= ONE_PUSH_MS) apart.push(change);
  }
  return apart;
}

async function standing(reader: RuleReader, line: RuleLine, link: string | null): Promise<RulesBefore> {
  const { git, places } = reader;
  const { changes, tip, commit, earlier } = line;
  const first = commit === null ? tip : (commit.parents[0] ?? null);
  const apart = await settled(reader, line);
  const { version } = rulesInForce(apart);
  const refusedChange = rulesInForce(earlier).refused ?? rulesInForce(changes).refused;
  const short = (id: string) => id.slice(0, 12);
  const config = configNow(reader);
  const present = decidedBy(config, places, git.top);
  const { contractPath, policyPath } = version?.decided ?? present;
  return {
    where: commit === null ? `in commit ${short(tip)}` : `before commit ${short(commit.id)} added the plan`,
    isCommitted: commit !== null,
    hadRules: version !== null && (version.hasConfig || version.hasPolicy),
    policyPath: relative(git.top, policyPath),
    policyDigest: version?.policyDigest ?? null,
    policy: version?.policy ?? null,
    config: {
      path: relative(git.top, config?.path ?? configPlaces(places, git.top)[0] ?? 'the config'),
      before: version?.decided.digest ?? null,
      now: present.digest,
    },
    contract: await contractThen(git, contractPath, first),
    isOnePush: apart.length < earlier.length,
    refusedChange,
    othersBefore: version?.hasPolicy ? null : await rulesElsewhere(reader, commit, policyPath),
    link,
  };
}

/** The config of the checkout, searched as in any commit. */
function configNow({ git, places }: RuleReader): FoundConfig | null {
  const path = configPlaces(places, git.top).find(exists);
  return path === undefined
    ? null
    : { path, text: Buffer.from(readBytes(path, WRITTEN_FILE)).toString('utf8') };
}

async function contractThen(git: Git, path: string | null, commit: string | null) {
  const place = path === null ? null : placeIn(git.top, path);
  if (path === null || place === null) return null;
  const then = commit === null ? null : await fileAt(git, commit, place);
  return {
    path: place,
    before: then === null ? null : sha256(then),
    now: exists(path) ? sha256(readBytes(path, WRITTEN_FILE)) : null,
  };
}
