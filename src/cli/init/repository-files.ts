import { exists, readText } from '../../platform/files.ts';
import { writeText } from '../../platform/write-files.ts';

const POLICY_FILE = 'sailplan.policy.json';

/**
 * A policy, .gitignore and .gitattributes, where they lack something; gives the files that were written. With CI files the
 * merged pull request is the approval, as the workflow applies what was merged.
 */
export const writeRepositoryFiles = (out: string, hasCi: boolean): readonly string[] => [
  ...policyPart(hasCi),
  // Locks are of this machine; everything else in the folder of the plans belongs into git.
  ...linesPart('.gitignore', ['node_modules/', `${out}/.lock-*`]),
  // Digests are of bytes: git must not convert line ends at checkout (core.autocrlf).
  ...linesPart('.gitattributes', [`${out}/** -text`, 'sailplan.*.json -text', 'allowed_signers -text']),
];

const MERGE = { mode: 'merge', merge: { ref: 'refs/remotes/origin/main', squash: 'refuse' } };

function policyPart(hasCi: boolean): readonly string[] {
  if (exists(POLICY_FILE)) return [];
  const policy = {
    format: 'sailplan-policy',
    format_version: '1.0',
    default: hasCi ? { ...MERGE, max_age_hours: 72 } : { approvals: 1, max_age_hours: 72 },
  };
  writeText(POLICY_FILE, `${JSON.stringify(policy, null, 2)}\n`);
  return [POLICY_FILE];
}

/** Adds the lines that a file lacks; `node_modules` says what `node_modules/` says. */
function linesPart(path: string, wanted: readonly string[]): readonly string[] {
  const before = exists(path) ? readText(path) : '';
  const has = new Set(before.split(/\r?\n/).map((line) => line.trim().replace(/^\/|\/$/g, '')));
  const missing = wanted.filter((line) => !has.has(line.replace(/^\/|\/$/g, '')));
  if (missing.length === 0) return [];
  writeText(path, `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`);
  return [path];
}
