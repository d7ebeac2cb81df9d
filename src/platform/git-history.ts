import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { chunksOf } from './files.ts';
import {
  entriesBelow,
  filesAt,
  type GitCommit,
  isShallow,
  readBlob,
  readCommit,
  refCommit,
} from './git-objects.ts';
import { type Git, inside, openGit } from './git-program.ts';

/** What to look up. The facts have the shape of approval's MergeFacts; the two folders do not import each other. */
interface HistoryLookup<Role extends string> {
  /** Any folder inside the work tree. */
  readonly folder: string;
  /** Folder of the plans, inside the work tree. */
  readonly plans: string;
  /** The protected branch, in full: refs/remotes/origin/main. */
  readonly ref: string;
  /** Paths in the file system; one has the role `plan`. That a file is missing is a fact too. */
  readonly files: readonly { readonly role: Role | 'plan'; readonly path: string }[];
  /** The program; given in tests. */
  readonly command?: string;
}

/**
 * Reads git's facts about these files on the protected branch, with plumbing commands only: no discovery of a repository, no
 * hooks, no replace refs, no grafts, no fetch, and only the environment variables that git needs. Digests are SHA-256 of the
 * content; null if a file is missing or not a regular file. Throws a Failure (git_missing, history_incomplete).
 */
export async function readMerge<Role extends string>(lookup: HistoryLookup<Role>) {
  const { folder, plans, ref, files, command } = lookup;
  const git = openGit(folder, command);
  const { top } = git;
  const shallow = await isShallow(git);
  const tip = await refCommit(git, ref);
  const placed = files.map(({ role, path }) => ({ role, path: inside(top, path), checkout: digestOf(path) }));
  const plan = placed.find(({ role }) => role === 'plan')?.path;
  const commit = tip === null || plan === undefined ? null : await lastChange(git, tip, plan);
  const known = { git, placed, tip, plans: inside(top, plans), isShallow: shallow };
  const renewedBy =
    tip === null || plan === undefined || commit === null ? null : await lastRenewal(git, tip, plan);
  return {
    ref,
    tip,
    isShallow: shallow,
    ...(await factsAt(known, commit)),
    renewal:
      renewedBy === null || plan === undefined || renewedBy.id === commit?.id
        ? null
        : await renewalAt(known, renewedBy, plan),
  };
}

const besidePlan = (plan: string, name: 'approvals' | 'provenance.json'): string =>
  posix.join(posix.dirname(plan), name);

/** The newest commit that changed a plan, its approvals or its provenance; null: none did. */
export const lastRenewal = (git: Git, tip: string, plan: string): Promise<GitCommit | null> =>
  lastChange(git, tip, ...renewalPaths(plan));

/** What a commit changes that approves or proposes a plan again. */
export const renewalPaths = (plan: string): readonly string[] => [
  plan,
  besidePlan(plan, 'approvals'),
  besidePlan(plan, 'provenance.json'),
];

interface Known<Role extends string> {
  readonly git: Git;
  readonly placed: readonly {
    readonly role: Role;
    readonly path: string;
    readonly checkout: string | null;
  }[];
  readonly tip: string | null;
  /** The folder of the plans, relative to the top of the work tree. */
  readonly plans: string;
  readonly isShallow: boolean;
}

/** What one commit of the branch did to these files. */
async function factsAt<Role extends string>(
  { git, placed, tip, plans, isShallow }: Known<Role>,
  commit: GitCommit | null,
) {
  const paths = placed.map(({ path }) => path);
  const blobs = new Map<string, string>();
  const digests = async (where: string | null | undefined): Promise<ReadonlyMap<string, string>> =>
    where ? digestsAt(git, { commit: where, paths, blobs }) : new Map();
  // Of a shallow clone the parents are not there.
  const [first, ...others] = isShallow ? [] : (commit?.parents ?? []);
  const merged: ReadonlyMap<string, string>[] = [];
  for (const parent of others) merged.push(await digests(parent));
  const at = { branch: await digests(tip), merge: await digests(commit?.id), first: await digests(first) };
  const files = placed.map(({ role, path, checkout }) => ({
    role,
    path,
    checkout,
    branch: at.branch.get(path) ?? null,
    merge: at.merge.get(path) ?? null,
    first_parent: at.first.get(path) ?? null,
    merged: merged.map((parent) => parent.get(path) ?? null),
  }));
  const brought = commit === null || isShallow ? [] : await pathsBrought(git, commit, plans);
  return { commit, files, brought };
}

/** The same for a commit that added approvals or a provenance.json of the plan, and for these files. */
async function renewalAt<Role extends string>(known: Known<Role>, commit: GitCommit, plan: string) {
  const approvals = besidePlan(plan, 'approvals');
  const paths = known.isShallow ? [] : await pathsBrought(known.git, commit, approvals);
  const placedAt = (path: string) => ({
    role: 'approval' as const,
    path,
    checkout: digestOf(join(known.git.top, path)),
  });
  const placed = paths.map((name) => placedAt(posix.join(approvals, name)));
  const provenance = [placedAt(besidePlan(plan, 'provenance.json'))];
  return {
    ...(await factsAt(known, commit)),
    commit,
    approvals: (await factsAt({ ...known, placed }, commit)).files,
    provenance: (await factsAt({ ...known, placed: provenance }, commit)).files[0] ?? null,
  };
}

/** The newest commit of a first-parent line that changed one of these; null: none did. */
export async function lastChange(git: Git, tip: string, ...paths: string[]): Promise<GitCommit | null> {
  const answer = await git.read('rev-list', '--first-parent', '-n', '1', tip, '--', ...paths);
  const id = answer.toString('utf8').trim();
  return id === '' ? null : readCommit(git, id);
}

/** Paths below a folder, relative to it, that a commit added or changed against its first parent. */
async function pathsBrought(
  git: Git,
  { id, parents: [first] }: GitCommit,
  folder: string,
): Promise<readonly string[]> {
  const start = folder === '' ? 0 : folder.length + 1;
  const found =
    first === undefined
      ? (await entriesBelow(git, id, folder)).map(({ path }) => path)
      : await pathsChanged(git, first, id, folder);
  return found.map((path) => path.slice(start));
}

/** Paths below a folder that differ between two commits or that the other commit lacks. Renames are not detected. */
async function pathsChanged(git: Git, from: string, to: string, folder: string): Promise<readonly string[]> {
  const answer = await git.read(
    ...['diff-tree', '-r', '--no-renames', '--no-ext-diff', '--diff-filter=d', '--name-only', '-z'],
    ...[from, to, '--', folder === '' ? '.' : folder],
  );
  return answer
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '');
}

interface FilesAt {
  readonly commit: string;
  readonly paths: readonly string[];
  /** Digests by the id of a blob, kept for the next commit, which mostly has the same files. */
  readonly blobs: Map<string, string>;
}

/** The digests of those of these paths that are regular files of a commit. */
async function digestsAt(git: Git, { commit, paths, blobs }: FilesAt): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for (const { path, id } of await filesAt(git, commit, paths)) {
    const digest = blobs.get(id) ?? sha256(await readBlob(git, id));
    blobs.set(id, digest);
    digests.set(path, digest);
  }
  return digests;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A plan may have hundreds of megabytes. */
function digestOf(path: string): string | null {
  if (!existsSync(path)) return null;
  const hash = createHash('sha256');
  for (const chunk of chunksOf(path)) hash.update(chunk);
  return hash.digest('hex');
}
