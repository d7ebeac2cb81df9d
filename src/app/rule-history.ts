import { dirname, join, relative } from 'node:path';
import type { Commit } from '../approval/merge/merge-facts.ts';
import { type RuleChange, type RuleVersion, rulesInForce } from '../approval/merge/rules-in-force.ts';
import { type Policy, readPolicy } from '../approval/policy/policy.ts';
import { type RulesBefore, rulesOrNull } from '../approval/policy/rules-before.ts';
import type { Target } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import { digest as digestOfJson, sha256 } from '../core/json/canonical-json.ts';
import { exists, readBytes, SMALL_FILE } from '../platform/files.ts';
import { lastChange, lastRenewal } from '../platform/git-history.ts';
import { changesOf, commitId, fileAt, idsOf, isShallow, lineOf, readBlob } from '../platform/git-objects.ts';
import { type Git, isRepository, openGit, placeIn, workTreeOf } from '../platform/git-program.ts';
import type { Workspace } from './options.ts';
import { configPlaces, type Decided, decidedBy, type FoundConfig, type RulePlaces } from './rule-places.ts';
import type { Folder } from './store/plan-folder.ts';

/** The rules as one commit has them. */
interface CommittedRules extends RuleVersion {
  readonly decided: Decided;
  readonly policy: Policy | null;
  readonly policyDigest: string | null;
  readonly hasConfig: boolean;
}

interface RuleReader {
  readonly git: Git;
  readonly places: RulePlaces;
  readonly target: Target;
  /** By the ids of config and policy. */
  readonly known: Map<string, CommittedRules>;
}

/**
 * What git says of the rules before the plan came; null: the checkout is in no repository, or in one without a commit.
 * Throws a Failure (git_missing, history_incomplete).
 */
export async function rulesBefore(
  target: Target,
  folder: Folder,
  workspace: Workspace,
  now: Policy | null,
): Promise<RulesBefore | null> {
  const { places } = workspace;
  const named = places.config ?? (places.folder === null ? workspace.policyPath : null);
  const top = workTreeOf(named === null ? (places.folder ?? '.') : dirname(named));
  if (top === null || !isRepository(top)) return null;
  const git = openGit(top);
  const head = await commitId(git, 'HEAD');
  if (head === null) return null;
  const reader: RuleReader = { git, places, target, known: new Map() };
  const changes = await ruleChanges(reader, head);
  const tip = (await protectedTip(reader, changes, rulesOrNull(now, target)?.merge?.ref)) ?? head;
  const path = workTreeOf(folder.path) === git.top ? placeIn(git.top, join(folder.path, 'plan.json')) : null;
  const commit = path === null ? null : await lastChange(git, tip, path);
  if (commit !== null && now !== null && (await isShallow(git)) && !(await hasParents(git, commit)))
    throw new Failure(
      'history_incomplete',
      'this is a shallow clone, so the rules before the plan cannot be seen',
      'Fetch it whole: fetch-depth: 0 (GitHub), GIT_DEPTH: 0 (GitLab), git fetch --unshallow.',
    );
  const known = { changes: tip === head ? changes : await ruleChanges(reader, tip), tip };
  const before = await standing(reader, { ...known, commit });
  const renewal = path === null ? null : await lastRenewal(git, tip, path);
  if (renewal === null || renewal.id === commit?.id) return before;
  // In mode merge the merge of a newer approval approves the plan anew (verifyMerge says whether it does).
  const renewed = await standing(reader, { ...known, commit: renewal });
  return rulesOrNull(renewed.policy, target)?.mode === 'merge' ? renewed : before;
}

/** A commit at the end of a shallow clone names parents that are not there. */
const hasParents = async (git: Git, { parents: [first] }: Commit): Promise<boolean> =>
  first === undefined || (await commitId(git, first)) !== null;

/**
 * The branch that mode merge names, by the oldest rules with it that lead on: no other branch decides what rules, and none that
 * a pull request names. null: none is named, or it is not here, which verifyMerge refuses.
 */
async function protectedTip(
  reader: RuleReader,
  changes: readonly RuleChange<CommittedRules>[],
  now: string | undefined,
): Promise<string | null> {
  const named = changes.flatMap(({ version: { rules } }) => rules?.merge?.ref ?? []);
  const refs = new Set([...named, ...(now === undefined ? [] : [now])]);
  for (const ref of refs) {
    const tip = await commitId(reader.git, ref);
    const next = tip === null ? ref : rulesInForce(await ruleChanges(reader, tip)).version?.rules?.merge?.ref;
    if (tip !== null && (next === undefined || next === ref)) return tip;
    // A set gives what is added to it while it is read.
    if (next !== undefined) refs.add(next);
  }
  return null;
}

interface Standing {
  readonly changes: readonly RuleChange<CommittedRules>[];
  readonly tip: string;
  readonly commit: Commit | null;
}

async function standing(reader: RuleReader, { changes, tip, commit }: Standing): Promise<RulesBefore> {
  const { git, places } = reader;
  const first = commit === null ? tip : (commit.parents[0] ?? null);
  const line = (await lineOf(git, tip)).map(({ id }) => id);
  const until = first === null ? -1 : line.indexOf(first);
  const earlier = changes.filter(({ commit: { id } }) => line.indexOf(id) <= until);
  const { version, refused: refusedBefore } = rulesInForce(earlier);
  const { refused } = rulesInForce(changes);
  const short = (id: string) => id.slice(0, 12);
  const config = configNow(reader);
  const present = decidedBy(config, places, git.top);
  const { contractPath } = version?.decided ?? present;
  return {
    where: commit === null ? `in commit ${short(tip)}` : `before commit ${short(commit.id)} brought the plan`,
    isCommitted: commit !== null,
    hadRules: version !== null && (version.hasConfig || version.hasPolicy),
    policyPath: relative(git.top, (version?.decided ?? present).policyPath),
    policyDigest: version?.policyDigest ?? null,
    policy: version?.policy ?? null,
    config: {
      path: relative(git.top, config?.path ?? configPlaces(places, git.top)[0] ?? 'the config'),
      before: version?.decided.digest ?? null,
      now: present.digest,
    },
    contract: await contractThen(git, contractPath, first),
    refusedChange: refusedBefore ?? refused,
  };
}

/** The config of the checkout, looked for as in any commit. */
function configNow({ git, places }: RuleReader): FoundConfig | null {
  const path = configPlaces(places, git.top).find(exists);
  return path === undefined
    ? null
    : { path, text: Buffer.from(readBytes(path, SMALL_FILE)).toString('utf8') };
}

async function contractThen(git: Git, path: string | null, commit: string | null) {
  const place = path === null ? null : placeIn(git.top, path);
  if (path === null || place === null) return null;
  const then = commit === null ? null : await fileAt(git, commit, place);
  return {
    path: place,
    before: then === null ? null : sha256(then),
    now: exists(path) ? sha256(readBytes(path, SMALL_FILE)) : null,
  };
}

/** Every commit of a first-parent line that changed config or policy, and the merges that could have brought others. */
async function ruleChanges(reader: RuleReader, tip: string): Promise<readonly RuleChange<CommittedRules>[]> {
  const { git } = reader;
  const line = await lineOf(git, tip);
  const paths = new Set(pathsOf(reader, decidedBy(null, reader.places, git.top)));
  for (;;) {
    const changed = new Set(paths.size === 0 ? [] : await changesOf(git, tip, [...paths]));
    const changes = await changesAt(reader, line, changed);
    const before = paths.size;
    for (const { version, merged } of changes)
      for (const { decided } of [version, ...merged])
        for (const path of pathsOf(reader, decided)) paths.add(path);
    if (paths.size === before) return changes;
  }
}

/** Where configs and policy stand in the repository, as far as they do. */
const pathsOf = ({ git, places }: RuleReader, { policyPath }: Decided): readonly string[] =>
  [...configPlaces(places, git.top), policyPath].flatMap((path) => placeOf(git, path) ?? []);

/** null: outside the repository, or a path that cannot be asked for. */
function placeOf({ top }: Git, path: string): string | null {
  const place = placeIn(top, path);
  return place?.includes('\n') ? null : place;
}

async function changesAt(
  reader: RuleReader,
  line: Awaited<ReturnType<typeof lineOf>>,
  changed: ReadonlySet<string>,
): Promise<readonly RuleChange<CommittedRules>[]> {
  const looked = line.filter(({ id, parents }) => changed.has(id) || parents.length > 1);
  const versions = await versionsAt(
    reader,
    looked.flatMap(({ id, parents }) => [id, ...parents.slice(1)]),
  );
  return looked.flatMap((commit): readonly RuleChange<CommittedRules>[] => {
    const version = versions.get(commit.id);
    const merged = commit.parents.slice(1).flatMap((id) => versions.get(id) ?? []);
    return version === undefined ? [] : [{ commit, version, merged }];
  });
}

/** The rules of each commit. Commits with the same files are read once. */
async function versionsAt(
  reader: RuleReader,
  commits: readonly string[],
): Promise<ReadonlyMap<string, CommittedRules>> {
  const { git, places } = reader;
  const unique = [...new Set(commits)];
  const found = new Map<string, CommittedRules>();
  const configs = await configsAt(reader, unique);
  for (const name of new Set(configs.map((config) => config.name))) {
    const at = unique.filter((_, index) => configs[index]?.name === name);
    const { path, id } = configs.find((one) => one.name === name) ?? { path: '', id: null };
    const config = id === null ? null : { path, text: (await blobOrEmpty(git, id)).toString('utf8') };
    const decided = decidedBy(config, places, git.top);
    const policyPath = placeOf(git, decided.policyPath);
    const policies =
      policyPath === null
        ? []
        : await idsOf(
            git,
            at.map((commit) => ({ commit, path: policyPath })),
          );
    for (const [index, commit] of at.entries())
      found.set(commit, await rulesOf(reader, { decided, hasConfig: id !== null }, policies[index] ?? null));
  }
  return found;
}

/** The config that counts in each commit: the first of its places that is there. `id` null: there is none. */
async function configsAt({ git, places }: RuleReader, commits: readonly string[]) {
  const looked = configPlaces(places, git.top).flatMap((path) => {
    const place = placeOf(git, path);
    return place === null ? [] : [{ path, place }];
  });
  const asked = commits.flatMap((commit) => looked.map(({ place }) => ({ commit, path: place })));
  const ids = asked.length === 0 ? [] : await idsOf(git, asked);
  return commits.map((_, at) => {
    const index = looked.findIndex((_, one) => (ids[at * looked.length + one] ?? null) !== null);
    const id = index === -1 ? null : (ids[at * looked.length + index] ?? null);
    return { name: `${index} ${id}`, path: looked[index]?.path ?? '', id };
  });
}

async function rulesOf(
  { git, target, known }: RuleReader,
  config: Pick<CommittedRules, 'decided' | 'hasConfig'>,
  policyId: string | null,
): Promise<CommittedRules> {
  const name = `${config.decided.digest} ${policyId}`;
  const earlier = known.get(name);
  if (earlier !== undefined) return earlier;
  const bytes = policyId === null ? null : await blobOrEmpty(git, policyId);
  const policy = bytes === null ? null : policyOrNull(bytes);
  const policyDigest = bytes === null ? null : sha256(bytes);
  const found = {
    ...config,
    policy,
    policyDigest,
    hasPolicy: policyDigest !== null,
    rules: rulesOrNull(policy, target),
    key: digestOfJson([config.decided.digest, policyDigest]),
  };
  known.set(name, found);
  return found;
}

/** A folder or another repository in the place of a file is as unusable as an empty one. */
async function blobOrEmpty(git: Git, id: string): Promise<Buffer> {
  try {
    return await readBlob(git, id);
  } catch (error) {
    if (error instanceof Failure && error.code === 'history_incomplete') return Buffer.alloc(0);
    throw error;
  }
}

function policyOrNull(bytes: Uint8Array): Policy | null {
  try {
    return readPolicy(bytes);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
