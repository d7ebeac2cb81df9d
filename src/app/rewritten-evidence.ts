import { completeLines } from '../approval/archive/hash-chain.ts';
import type { Check } from '../approval/finding.ts';
import { entryAt, fileAt } from '../platform/git-objects.ts';
import { type Git, pathBelow } from '../platform/git-program.ts';
import type { BroughtPath } from './brought-paths.ts';

/** A pull request, with the commit where it left the protected branch. */
export interface EvidenceChange {
  readonly git: Git;
  readonly parted: string;
  readonly head: string;
  /** Folder of the plans, from the top of the work tree. */
  readonly folder: string;
  readonly brought: readonly BroughtPath[];
  readonly removed: readonly string[];
}

const refused = (detail: string): Check => ({ name: 'evidence', ok: false, detail });

/**
 * What an apply wrote is only ever added to: archives get more lines, plans get more runs. A pull request that removes or changes
 * such a file hides an apply.
 */
export async function rewrittenEvidence(change: EvidenceChange): Promise<readonly Check[]> {
  const { git, parted, head, folder, brought, removed } = change;
  const below = (path: string): string =>
    folder === '' ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : '';
  const found: Check[] = [];
  for (const path of removed) {
    const [, id] = /^([0-9a-f]{16})\/(?:runs\/.|report\.json$)/s.exec(below(path)) ?? [];
    const isLost =
      id === undefined
        ? isArchive(below(path))
        : (await entryAt(git, head, pathBelow(folder, id, 'plan.json'))) !== null;
    if (isLost) found.push(refused(`${path} is deleted, and it says what was applied`));
  }
  for (const { path, isNew } of brought) {
    if (isNew) continue;
    if (/^[0-9a-f]{16}\/runs\/./s.test(below(path)))
      found.push(refused(`${path} is changed, and only the apply that wrote it may write it`));
    else if (isArchive(below(path)) && !(await isContinued(git, path, [parted, head])))
      found.push(
        refused(`${path} does not begin with its lines of before: lines of applies were removed or changed`),
      );
  }
  return found;
}

const isArchive = (name: string): boolean => /^archive\/[^/]+\.jsonl$/.test(name);

async function isContinued(git: Git, path: string, [from, to]: readonly [string, string]): Promise<boolean> {
  const [before, after] = [await fileAt(git, from, path), await fileAt(git, to, path)];
  return (after?.toString('utf8') ?? '').startsWith(completeLines(before?.toString('utf8') ?? ''));
}
