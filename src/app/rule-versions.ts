import type { RuleChange, RuleVersion } from '../approval/merge/rules-in-force.ts';
import { type Policy, readPolicy } from '../approval/policy/policy.ts';
import { rulesOrNull } from '../approval/policy/rules-before.ts';
import type { Target } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import { digest as digestOfJson, sha256 } from '../core/json/canonical-json.ts';
import { changesOf, fileAt, idsOf, lineOf, readBlob } from '../platform/git-objects.ts';
import { type Git, placeIn } from '../platform/git-program.ts';
import type { Workspace } from './options.ts';
import { configPlaces, type Decided, decidedBy, type RulePlaces } from './rule-places.ts';

/** The rules as one commit has them. */
export interface CommittedRules extends RuleVersion {
  readonly decided: Decided;
  readonly policy: Policy | null;
  readonly policyDigest: string | null;
  readonly hasConfig: boolean;
}

export interface RuleReader {
  readonly git: Git;
  readonly places: RulePlaces;
  readonly target: Target;
  readonly isTerminal: boolean;
  /** By the ids of config and policy. */
  readonly known: Map<string, CommittedRules>;
  /** By tip. */
  readonly lines: Map<string, Awaited<ReturnType<typeof lineOf>>>;
  readonly changes: Map<string, readonly RuleChange<CommittedRules>[]>;
}

/** A branch's first-parent line, the oldest commit first. */
export async function firstParentLine({ git, lines }: RuleReader, tip: string) {
  const line = lines.get(tip) ?? (await lineOf(git, tip));
  lines.set(tip, line);
  return line;
}

/** Whether policy, contract or what the config decides are others in one commit than where it parted from another. */
export async function rulesDiffer(
  workspace: Workspace,
  git: Git,
  base: string,
  head: string,
): Promise<boolean> {
  const parted = (await git.find('merge-base', '--all', base, head))?.split('\n') ?? [base];
  const target = { name: null, api_url: 'https://shop.invalid/' };
  const reader: RuleReader = {
    git,
    places: workspace.places,
    target,
    isTerminal: false,
    known: new Map(),
    lines: new Map(),
    changes: new Map(),
  };
  const keys = new Set<string>();
  const versions = await versionsAt(reader, [...parted, head]);
  for (const [commit, { key, decided }] of versions) {
    const place = decided.contractPath === null ? null : placeOf(git, decided.contractPath);
    const contract = place === null ? null : await fileAt(git, commit, place);
    keys.add(`${key} ${contract === null ? null : sha256(contract)}`);
  }
  return keys.size > 1;
}

/** Every commit of a first-parent line that changed config or policy, and the merges that could have added others. */
export async function ruleChanges(
  reader: RuleReader,
  tip: string,
): Promise<readonly RuleChange<CommittedRules>[]> {
  const found = reader.changes.get(tip) ?? (await lookForChanges(reader, tip));
  reader.changes.set(tip, found);
  return found;
}

async function lookForChanges(
  reader: RuleReader,
  tip: string,
): Promise<readonly RuleChange<CommittedRules>[]> {
  const { git } = reader;
  const line = await firstParentLine(reader, tip);
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

/** Paths of configs and policy in the repository, as far as they exist. */
const pathsOf = ({ git, places }: RuleReader, { policyPath }: Decided): readonly string[] =>
  [...configPlaces(places, git.top), policyPath].flatMap((path) => placeOf(git, path) ?? []);

/** null: outside the repository, or a path that git cannot look up. */
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

/** The config that counts in each commit: the first existing one of its places. `id` is null if there is none. */
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
