import { join } from 'node:path';
import { ownersOf, parseCodeOwners } from '../../app/ci-setup/code-owners.ts';
import { isRecord, own } from '../../core/json/records.ts';
import { parseJsonOrNothing } from '../../core/json/untrusted-json.ts';
import { VERSION } from '../../core/version.ts';
import { exists, readText } from '../../platform/files.ts';
import { writeText } from '../../platform/write-files.ts';

const POLICY_FILE = 'sailplan.policy.json';

/**
 * A policy, .gitignore and .gitattributes, where they lack something; gives the files that were written. `branch`: with CI files
 * the pull request that is merged into it is the approval, as the workflow applies what was merged; null: no CI.
 */
export const writeRepositoryFiles = (out: string, branch: string | null): readonly string[] => [
  ...policyPart(branch),
  // Locks are of this machine; everything else in the folder of the plans belongs into git.
  ...linesPart('.gitignore', ['node_modules/', `${out}/.lock-*`]),
  // Digests are of bytes: git must not convert line ends at checkout (core.autocrlf).
  ...linesPart('.gitattributes', [`${out}/** -text`, 'sailplan.*.json -text', 'allowed_signers -text']),
];

/** A policy that is there stays, unless it is exactly the one that init writes without CI: that one refuses merges. */
function policyPart(branch: string | null): readonly string[] {
  const text = policyText(branch);
  const there = exists(POLICY_FILE) ? readText(POLICY_FILE) : null;
  if (there === text || (there !== null && there !== policyText(null))) return [];
  if (there !== null && branch === null) return [];
  writeText(POLICY_FILE, text);
  return [POLICY_FILE];
}

function policyText(branch: string | null): string {
  const merge = { mode: 'merge', merge: { ref: `refs/remotes/origin/${branch}`, squash: 'refuse' } };
  const policy = {
    format: 'sailplan-policy',
    format_version: '1.0',
    default: branch === null ? { approvals: 1, max_age_hours: 72 } : { ...merge, max_age_hours: 72 },
  };
  return `${JSON.stringify(policy, null, 2)}\n`;
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

/** The package is not on the registry yet, so a project takes it from a file of its own. */
const TARBALL = `vendor/sailplan-${VERSION}.tgz`;

/** Writes a package.json where there is none; what remains to be done for `npm ci`, as lines of the checklist. */
export function packagePart(): { readonly written: readonly string[]; readonly install: readonly string[] } {
  const pack = `sailplan is not on the npm registry yet. In a checkout of sailplan run \`make build && npm pack\`, and put the file here as \`${TARBALL}\`.`;
  if (!exists('package.json')) {
    const text = { private: true, devDependencies: { sailplan: `file:${TARBALL}` } };
    writeText('package.json', `${JSON.stringify(text, null, 2)}\n`);
    return { written: ['package.json'], install: [...(exists(TARBALL) ? [] : [pack]), INSTALL] };
  }
  const wanted = dependencyIn(parseJsonOrNothing(readText('package.json')));
  if (wanted === null)
    return { written: [], install: [pack, `Run \`npm install --save-dev --save-exact ./${TARBALL}\`.`] };
  const isThere = !wanted.startsWith('file:') || exists(wanted.slice('file:'.length));
  return {
    written: [],
    install: [...(isThere ? [] : [pack]), ...(isThere && exists('package-lock.json') ? [] : [INSTALL])],
  };
}

const INSTALL = 'Run `npm install`: CI needs package-lock.json.';

/** The version or file of sailplan that a package.json asks for; null: none. */
function dependencyIn(document: unknown): string | null {
  const lists = isRecord(document) ? [document['dependencies'], document['devDependencies']] : [];
  const found = lists
    .filter(isRecord)
    .flatMap((list) => (own(list, 'sailplan') === undefined ? [] : [list['sailplan']]));
  return typeof found[0] === 'string' ? found[0] : null;
}

/** Where the file is; GitHub and GitLab both read this place. */
const OWNERS = { github: '.github/CODEOWNERS', gitlab: 'CODEOWNERS' } as const;

/**
 * Adds a rule for each path that nobody owns, with `owners`; gives the patterns that are still without one. A rule of another
 * path is never touched, and the last rule that matches counts.
 */
export function ownersPart(
  top: string,
  forge: keyof typeof OWNERS,
  paths: readonly string[],
  owners: readonly string[],
): { readonly written: readonly string[]; readonly lacking: readonly string[] } {
  const places = [OWNERS[forge], 'CODEOWNERS', 'docs/CODEOWNERS'];
  const place = places.find((path) => exists(join(top, path))) ?? OWNERS[forge];
  const before = exists(join(top, place)) ? readText(join(top, place)) : '';
  const rules = parseCodeOwners(before);
  const lacking = paths.filter(
    (path) => ownersOf(rules, path.endsWith('/') ? `${path}x` : path).length === 0,
  );
  const patterns = lacking.map((path) => `/${path}`);
  if (owners.length === 0 || patterns.length === 0) return { written: [], lacking: patterns };
  const lines = patterns.map((pattern) => `${pattern} ${owners.join(' ')}\n`);
  writeText(
    join(top, place),
    `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${lines.join('')}`,
  );
  return { written: [place], lacking: [] };
}
