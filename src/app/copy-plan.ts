import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entriesBelow, readBlob } from '../platform/git-objects.ts';
import { type Git, pathBelow } from '../platform/git-program.ts';
import { makeFolder } from '../platform/write-files.ts';
import { planFileKind } from './store/plan-files.ts';
import type { Folder } from './store/plan-folder.ts';

/** A plan in a commit. */
export interface PlanPlaceInCommit {
  readonly git: Git;
  readonly commit: string;
  /** The folder of the plans, from the top of the work tree; empty: the top itself. */
  readonly folder: string;
  readonly id: string;
}

/** A path of the commit that is not a regular file, with its mode. */
export interface OddPath {
  readonly path: string;
  readonly mode: string;
}

/**
 * Calls `use` with a copy of a plan from a commit, in a folder that is removed afterwards. It has only the plan's own regular
 * files, without approvals. Returns the first unexpected path instead, if there is one.
 */
export async function withPlanOf<T>(
  { git, commit, folder, id }: PlanPlaceInCommit,
  use: (copy: Folder) => T | Promise<T>,
): Promise<{ readonly odd: OddPath } | { readonly odd: null; readonly value: T }> {
  const path = pathBelow(folder, id);
  const entries = await entriesBelow(git, commit, path);
  const odd = entries.find(({ mode }) => mode !== '100644');
  if (odd !== undefined) return { odd };
  const temporary = mkdtempSync(join(tmpdir(), 'sailplan-check-'));
  try {
    const copy = { path: join(temporary, id), id, plans: temporary };
    makeFolder(copy.path);
    for (const entry of entries) {
      const name = entry.path.slice(path.length + 1);
      if (planFileKind(name) === 'brought' && !name.includes('/'))
        writeFileSync(join(copy.path, name), await readBlob(git, entry.id));
    }
    return { odd: null, value: await use(copy) };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
