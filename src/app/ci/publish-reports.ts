import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { appendLine, completeLines, verifiedLines } from '../../approval/archive/hash-chain.ts';
import { appendSigned } from '../../approval/archive/signed-lines.ts';
import type { Target } from '../../core/actual-state.ts';
import { Failure } from '../../core/failure.ts';
import { fileNameOf } from '../../plan/target-file-name.ts';
import { decodeText, exists } from '../../platform/files.ts';
import { fileAt } from '../../platform/git-objects.ts';
import { type Git, inside } from '../../platform/git-program.ts';
import type { RemoteRepository } from '../../platform/git-remote.ts';
import { sshSigner } from '../../platform/ssh-keygen.ts';
import { writeText } from '../../platform/write-files.ts';
import { archiveText } from '../store/archive-file.ts';
import { type Folder, storedBytes } from '../store/plan-folder.ts';

export interface ReportsToPublish {
  readonly folder: Folder;
  readonly target: Target;
  /** The protected branch, and its remote-tracking ref in this clone. */
  readonly base: { readonly branch: string; readonly ref: string };
  /** The commit that the reports were written on. */
  readonly from: string;
  readonly message: string;
  /** Path of an SSH key that signs the archive's lines. */
  readonly archiveKey: string | undefined;
}

/**
 * pushed: on the protected branch · branch: it takes no push, so they are on a branch of their own · nothing: there was nothing
 * new to publish
 */
export type Published =
  | { readonly kind: 'pushed'; readonly commit: string }
  | { readonly kind: 'branch'; readonly branch: string; readonly commit: string; readonly because: string }
  | { readonly kind: 'nothing' };

interface Ports {
  readonly git: Git;
  readonly remote: RemoteRepository;
  wait(ms: number): Promise<void>;
}

/** Attempts to push: other jobs rarely push at the same moment. */
const ATTEMPTS = 8;

export const reportBranch = (target: Target): string => `sailplan-report/${fileNameOf(target)}`;

/**
 * Commits report, runs and archive of one plan on top of the protected branch and pushes them. If somebody pushed meanwhile, it
 * commits on top of that: archive lines of another job come first, and this run's lines, which nobody has seen yet, are chained
 * to them. Throws a Failure.
 */
export async function publishReports(given: ReportsToPublish, ports: Ports): Promise<Published> {
  const { git, remote } = ports;
  let because = '';
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const tip = await remote.fetch(`refs/heads/${given.base.branch}`, given.base.ref);
    const files = await changedFiles(given, git, tip);
    if (files.size === 0) return { kind: 'nothing' };
    const isApart = await isWrittenTwice(given, git, tip, files);
    const commit = await remote.commit({ parent: tip, files, message: given.message });
    const pushed = isApart ? null : await remote.push(commit, given.base.branch, tip);
    if (pushed?.kind === 'pushed') {
      keepArchive(given, git, files);
      return { kind: 'pushed', commit };
    }
    because = pushed?.said ?? 'another job wrote reports of the same plan at the same time';
    if (pushed?.kind !== 'moved') return onBranch(commit, because, given, remote);
    await ports.wait(attempt * 200 * (1 + Math.random()));
  }
  throw new Failure(
    'report_unwritten',
    `the reports were not pushed in ${ATTEMPTS} attempts: ${because}`,
    'Run sailplan ci apply again: the shop knows what was applied.',
  );
}

async function onBranch(
  commit: string,
  because: string,
  { target }: ReportsToPublish,
  remote: RemoteRepository,
): Promise<Published> {
  const branch = reportBranch(target);
  const pushed = await remote.push(commit, branch, await remote.branchTip(branch));
  if (pushed.kind === 'pushed') return { kind: 'branch', branch, commit, because };
  throw new Failure(
    'report_unwritten',
    `the reports were pushed neither to the protected branch (${because}) nor to ${branch} (${pushed.said})`,
    'Let the job’s token write contents (GitHub: contents: write; GitLab: write_repository), then run sailplan ci apply again: the shop knows what was applied.',
  );
}

/** Files that the apply wrote and that differ from the tip, by path from the top. */
async function changedFiles(
  given: ReportsToPublish,
  git: Git,
  tip: string,
): Promise<Map<string, Uint8Array>> {
  const { folder, target } = given;
  const files = new Map<string, Uint8Array>();
  for (const name of writtenBelow(folder))
    files.set(inside(git.top, join(folder.path, name)), storedBytes(folder.path, join(folder.path, name)));
  const archive = inside(git.top, archivePlace(given));
  const ours = archiveText(folder.plans, target);
  if (ours !== '') files.set(archive, Buffer.from(await chained(given, ours, { git, path: archive, tip })));
  for (const [path, bytes] of files) if ((await fileAt(git, tip, path))?.equals(bytes)) files.delete(path);
  return files;
}

const archivePlace = ({ folder, target }: ReportsToPublish): string =>
  join(folder.plans, 'archive', `${fileNameOf(target)}.jsonl`);

/** Copies the pushed archive into the checkout, so that the next plan's lines continue it. */
function keepArchive(given: ReportsToPublish, { top }: Git, files: ReadonlyMap<string, Uint8Array>): void {
  const path = archivePlace(given);
  const text = files.get(inside(top, path));
  if (text !== undefined) writeText(path, decodeText(text, path));
}

function writtenBelow({ path }: Folder): readonly string[] {
  const runs = join(path, 'runs');
  const inRuns = exists(runs)
    ? readdirSync(runs, { recursive: true, withFileTypes: true }).flatMap((entry) =>
        entry.isFile() ? [join(entry.parentPath, entry.name).slice(path.length + 1)] : [],
      )
    : [];
  return [...(exists(join(path, 'report.json')) ? ['report.json'] : []), ...inRuns.sort()];
}

/** The tip's archive, followed by this run's new lines. */
async function chained(
  { from, archiveKey }: ReportsToPublish,
  ours: string,
  { git, path, tip }: { readonly git: Git; readonly path: string; readonly tip: string },
): Promise<string> {
  const at = async (commit: string) =>
    completeLines((await fileAt(git, commit, path))?.toString('utf8') ?? '');
  const [before, theirs] = [await at(from), await at(tip)];
  if (before === theirs) return ours;
  if (!ours.startsWith(before) || !theirs.startsWith(before)) throw forked(path);
  let text = theirs;
  for (const { sequence: _, previous: __, signature: ___, ...entry } of verifiedLines(ours).slice(
    verifiedLines(before).length,
  ))
    text += archiveKey ? await appendSigned(text, entry, sshSigner(archiveKey)) : appendLine(text, entry);
  return text;
}

const forked = (path: string): Failure =>
  new Failure(
    'archive_altered',
    `${path} of the protected branch does not continue the archive that this job started from`,
    'sailplan audit verify shows what is wrong there.',
  );

/** Whether the tip has other reports of the same runs than the commit that this job started from. */
async function isWrittenTwice(
  { from, folder }: ReportsToPublish,
  git: Git,
  tip: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<boolean> {
  const runs = inside(git.top, join(folder.path, 'runs'));
  for (const path of files.keys()) {
    if (!path.startsWith(`${runs}/`)) continue;
    const [before, now] = [await fileAt(git, from, path), await fileAt(git, tip, path)];
    if (now !== null && (before === null || !before.equals(now))) return true;
  }
  return false;
}
