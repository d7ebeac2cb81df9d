import { join, posix } from 'node:path';
import { type ArchiveLine, completeLines, verifyChain } from '../approval/archive/hash-chain.ts';
import { Failure } from '../core/failure.ts';
import { plural } from '../core/text/counting.ts';
import { shellWord } from '../core/text/shell-word.ts';
import { exists, readBytes } from '../platform/files.ts';
import { commitId, isShallow, readBlob } from '../platform/git-objects.ts';
import { type Git, isRepository, openGit, placeIn, workTreeOf } from '../platform/git-program.ts';
import { beginsWith, type FileVersion, versionsBelow } from '../platform/git-versions.ts';
import type { Archive } from './audit-archives.ts';

/** What files beside the archives, and the commits of the checkout, say about lines that the archives lack. */
export interface ArchiveEvidence {
  /** Lines that must have existed, as sentences. */
  readonly missing: readonly string[];
  /** What was looked at without such a finding, and what could not be looked at. */
  readonly looked: readonly string[];
}

/** What the caller knows. */
export interface KnownOfArchives {
  /** A hash recorded elsewhere. */
  readonly head: string | undefined;
  /** Whether every signature was checked against a list of keys. */
  readonly hasSigners: boolean;
}

const looked = (...notes: readonly string[]): ArchiveEvidence => ({ missing: [], looked: notes });

/**
 * Compares each archive of the checkout with every version that a commit of the checked-out branch has. Lines are only ever
 * added, so each version must be the beginning of the file.
 */
export async function committedEvidence(
  out: string,
  archives: readonly Archive[],
  known: KnownOfArchives,
): Promise<ArchiveEvidence> {
  const top = workTreeOf(out);
  if (top === null || !isRepository(top))
    return looked('Not in a git repository, so no commit was looked at.');
  try {
    const git = openGit(out);
    const tip = await commitId(git, 'HEAD');
    const folder = placeIn(top, join(out, 'archive'));
    if (tip === null || folder === null) return looked('git has no commit of this folder.');
    const versions = await versionsBelow(git, tip, folder);
    const compared = await compareAll(git, { out, versions, archives, known });
    if (await isShallow(git))
      return { ...compared, looked: ['This is a shallow clone: earlier commits were not looked at.'] };
    const isClean = compared.missing.length === 0 && compared.looked.length === 0;
    const words = `${plural(versions.length, 'commit')} of this branch`;
    return isClean && versions.length > 0
      ? looked(`The archives begin with what ${words} had of them.`)
      : versions.length === 0
        ? looked('No commit of this branch has an archive.')
        : compared;
  } catch (error) {
    if (error instanceof Failure) return looked(`git could not be asked: ${error.message}.`);
    throw error;
  }
}

interface Compared {
  readonly out: string;
  readonly versions: readonly FileVersion[];
  readonly archives: readonly Archive[];
  readonly known: KnownOfArchives;
}

async function compareAll(git: Git, { out, versions, archives, known }: Compared): Promise<ArchiveEvidence> {
  const found: ArchiveEvidence[] = [];
  const paths = [...new Set(versions.map(({ path }) => path))].filter((path) => path.endsWith('.jsonl'));
  for (const path of paths) {
    const file = join(out, 'archive', posix.basename(path));
    const content = exists(file) ? Buffer.from(readBytes(file)) : null;
    const archive = archives.find((one) => one.file === posix.basename(path));
    const other = versions.filter(
      (version) => version.path === path && !beginsWith(content ?? NONE, version),
    );
    // A head that somebody recorded says more about an archive that ends with it than its commits.
    if (other.length === 0 || (known.head !== undefined && archive?.head === known.head)) continue;
    const difference = await differenceFrom(git, content, other);
    if (difference !== null)
      found.push(evidenceOf(difference, { file, archive, hasSigners: known.hasSigners }));
  }
  return { missing: found.flatMap((one) => one.missing), looked: found.flatMap((one) => one.looked) };
}

const NONE = Buffer.alloc(0);

interface Difference {
  readonly commit: string;
  /** Lines of the archive in that commit. */
  readonly committed: number;
  /** Lines of the checkout's archive; null: it is gone. */
  readonly now: number | null;
  /** The first line of the checkout's that differs, counted from 1; null: it only has fewer lines. */
  readonly replaced: number | null;
}

/** The newest intact version of which a complete line is not in the file; null: none of them. */
async function differenceFrom(
  git: Git,
  content: Buffer | null,
  versions: readonly FileVersion[],
): Promise<Difference | null> {
  const mine = content === null ? [] : linesOf(content);
  for (const { commit, blob } of versions) {
    const text = completeLines((await readBlob(git, blob)).toString('utf8'));
    const theirs = text.split('\n').slice(0, -1);
    const at = theirs.findIndex((line, index) => line !== mine[index]);
    // A commit may have kept the lines of two branches. The versions before it are looked at all the same.
    if (at === -1 || !verifyChain(text).ok) continue;
    const replaced = at < mine.length ? at + 1 : null;
    return { commit: commit.slice(0, 12), committed: theirs.length, now: content && mine.length, replaced };
  }
  return null;
}

/** A crash may have left part of a last line, which the next apply replaces. */
const linesOf = (content: Buffer): readonly string[] =>
  completeLines(content.toString('utf8')).split('\n').slice(0, -1);

function evidenceOf(
  { commit, committed, now, replaced }: Difference,
  {
    file,
    archive,
    hasSigners,
  }: { readonly file: string; readonly archive: Archive | undefined; readonly hasSigners: boolean },
): ArchiveEvidence {
  const restore = `git restore --source ${commit} -- ${shellWord(file)}`;
  const had = `commit ${commit} has ${plural(committed, 'line')} of it`;
  if (now === null) return { missing: [`${file} was removed: ${had} (${restore})`], looked: [] };
  if (replaced === null)
    return { missing: [`${file} has ${plural(now, 'line')}, and ${had} (${restore})`], looked: [] };
  const words = `${file}: line ${replaced} is not the one of commit ${commit}`;
  return isSignedFrom(archive?.lines ?? [], replaced)
    ? looked(
        `${words}. The lines from there on are signed${hasSigners ? ' by listed keys' : ': --signers FILE checks by whom'}.`,
      )
    : {
        missing: [`${words}, so lines were replaced (git diff ${commit} -- ${shellWord(file)})`],
        looked: [],
      };
}

const isSignedFrom = (lines: readonly ArchiveLine[], from: number): boolean =>
  lines.length >= from && lines.slice(from - 1).every(({ signature }) => signature !== null);
