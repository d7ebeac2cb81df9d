import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import type { Commit } from '../approval/merge/merge-facts.ts';
import { entriesBelow, entryAt } from '../platform/git-objects.ts';
import { linkOnTheWay, placeIn } from '../platform/git-program.ts';
import { CONFIG_FILE } from './config-file.ts';
import type { Workspace } from './options.ts';
import { POLICY_FILE } from './rule-places.ts';
import type { RuleReader } from './rule-versions.ts';
import type { Folder } from './store/plan-folder.ts';

/**
 * For a policy that did not exist before the plan: a file of rules that did, anywhere in the repository; null: there was none, so
 * that these are its first rules. A pull request can choose another place for its rules, by a link that leads there for example,
 * or the caller can name a file that came with it. null also for a policy that no commit has: somebody keeps it beside the repository.
 */
export async function rulesElsewhere(
  { git, isTerminal, places }: RuleReader,
  commit: Commit | null,
  policyPath: string,
): Promise<string | null> {
  const [first] = commit?.parents ?? [];
  const place = existsSync(policyPath) ? placeIn(git.top, policyPath) : null;
  if (commit === null || first === undefined || place === null) return null;
  if ((await entryAt(git, 'HEAD', place)) === null) return null;
  const named = (await entriesBelow(git, first, '')).filter(({ path }) =>
    [CONFIG_FILE, POLICY_FILE].includes(posix.basename(path)),
  );
  const policy = named.find(({ path }) => posix.basename(path) === POLICY_FILE) ?? null;
  // Without a policy a person on a terminal could apply with one approval, so the usual policy loosens nothing for that person.
  const isStricter = isTerminal && places.given.policy === undefined;
  return (policy ?? (isStricter ? null : named[0]))?.path ?? null;
}

/** The first link inside the repository on the way to rules or plans, which can lead elsewhere than before; null: none. */
export function linkToRules(
  top: string,
  { workspace, folder }: { readonly workspace: Workspace; readonly folder: Folder },
): string | null {
  const paths = [workspace.policyPath, workspace.contractPath, workspace.configPath, folder.plans];
  for (const path of paths) {
    const link = path === null ? null : linkOnTheWay(top, path);
    if (link !== null) return link;
  }
  return null;
}
