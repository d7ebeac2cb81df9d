import { join } from 'node:path';
import type { Rules } from '../../approval/policy/rules.ts';
import { isRecord } from '../../core/json/records.ts';
import { parseJsonOrNothing } from '../../core/json/untrusted-json.ts';
import { exists, isFile, readText } from '../../platform/files.ts';
import { namesBelow } from '../../platform/list-names.ts';
import { type CiSetupFinding, checked, problem } from './ci-setup-finding.ts';
import { ownersOf, parseCodeOwners } from './code-owners.ts';
import type { Pipeline } from './pipeline-job.ts';

/** Paths from the top of the repository. */
export interface RulePaths {
  readonly out: string;
  readonly policy: string;
  readonly config: string | null;
  readonly contract: string | null;
  readonly pipelines: readonly string[];
}

/** The paths at which each forge looks for the file, in order. The name is in capitals. */
const PLACES = {
  github: ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'],
  gitlab: ['CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'],
} as const;

/** Whether plans, policy, config, contract and workflow have owners who must review changes. */
export function ownerFindings(
  top: string,
  forge: Pipeline['forge'],
  paths: RulePaths,
): readonly CiSetupFinding[] {
  const place = PLACES[forge].find((path) => isFile(join(top, path)) && hasExactName(top, path));
  const wanted = [
    `${paths.out}/0123456789abcdef/plan.json`,
    ...[paths.policy, paths.config, paths.contract].flatMap((path) => path ?? []),
    ...paths.pipelines,
  ];
  if (place === undefined) {
    const other = PLACES[forge].map((path) => otherSpelling(top, path)).find((path) => path !== null);
    const fix = `Create ${PLACES[forge][0]} with the line: /${paths.out}/ @your-team`;
    return other === undefined
      ? [
          problem('warning', 'ci_no_code_owners', {
            message: 'no CODEOWNERS file names who reviews plans',
            fix,
          }),
        ]
      : [
          problem('error', 'ci_code_owners_name', {
            message: `${other} is not read: the name must be CODEOWNERS, in capitals`,
            fix: `Rename it: git mv ${other} ${other.replace(/[^/]+$/, 'CODEOWNERS')}`,
            place: { file: other, line: 1 },
          }),
        ];
  }
  const rules = parseCodeOwners(readText(join(top, place)));
  const lacking = wanted.filter((path) => ownersOf(rules, path).length === 0);
  if (lacking.length === 0)
    return [checked('ci_code_owners', `${place} covers plans, policy, config and workflow`)];
  return lacking.map((path) => {
    const line = path.startsWith(`${paths.out}/`) ? `/${paths.out}/` : `/${path}`;
    return problem('warning', 'ci_not_owned', {
      message: `${place} names nobody for ${line}`,
      fix: `Add to its end: ${line} @your-team`,
      place: { file: place, line: 1 },
    });
  });
}

/** Some file systems find CODEOWNERS if the file is named codeowners; a forge does not. */
const hasExactName = (top: string, path: string): boolean => {
  const [name = '', ...above] = path.split('/').reverse();
  return namesBelow(join(top, ...above.reverse())).includes(name);
};

function otherSpelling(top: string, path: string): string | null {
  const [, ...above] = path.split('/').reverse();
  const folder = above.reverse().join('/');
  const found = namesBelow(join(top, folder)).find((name) => name.toLowerCase() === 'codeowners');
  return found === undefined ? null : folder === '' ? found : `${folder}/${found}`;
}

/** Compares the policy with the pipeline. `rules`: null if there are none. */
export function policyFindings(
  rules: Rules | null,
  policy: string,
  pipelines: readonly Pipeline[],
): readonly CiSetupFinding[] {
  const applies = pipelines.some(({ jobs }) =>
    jobs.some(({ steps }) => steps.some(({ kind }) => kind === 'apply')),
  );
  if (!applies) return [];
  const place = { file: policy, line: 1 };
  if (rules === null)
    return [
      problem('error', 'ci_no_policy', {
        message: `the pipeline applies, and there is no ${policy}: without a terminal apply refuses to work without a policy`,
        fix: 'Create it with "mode": "merge"; sailplan init --ci writes one.',
      }),
    ];
  if (rules.mode === 'approvals')
    return [
      problem('warning', 'ci_policy_mode', {
        message: `${policy} has mode approvals, so a merged plan is applied only if ${rules.approvals} approval files were merged with it`,
        fix: 'Set "mode": "merge" with "merge": {"ref": "refs/remotes/origin/main", "squash": "refuse"}, or have reviewers commit the file that sailplan approve writes.',
        place,
      }),
    ];
  const branch = rules.merge?.ref.replace(/^refs\/(?:heads|remotes\/[^/]+)\//, '') ?? '';
  const others = pipelines.filter(({ branches }) => branches.length > 0 && !branches.includes(branch));
  if (others.length === 0)
    return [checked('ci_policy', `${policy} takes the merge into ${branch} as the approval`)];
  return others.map(({ file, branches }) =>
    problem('error', 'ci_branch_differs', {
      message: `${file} runs for pushes to ${branches.join(', ')}, and ${policy} counts merges into ${branch}`,
      fix: `Name the same branch in both: "ref": "refs/remotes/origin/${branches[0]}".`,
      place: { file, line: 1 },
    }),
  );
}

/** The files that `npm ci` needs. `folder`: folder of the config, from the top. */
export function packageFindings(
  top: string,
  folder: string,
  pipelines: readonly Pipeline[],
): readonly CiSetupFinding[] {
  const usesNpmCi = pipelines.some(({ jobs }) => jobs.some((job) => job.usesNpmCi));
  if (!usesNpmCi) return [];
  const at = [folder, ''].find((place) => exists(join(top, place, 'package.json')));
  if (at === undefined)
    return [
      problem('error', 'ci_no_package', {
        message: 'the pipeline runs npm ci, and there is no package.json',
        fix: 'npm init -y && npm install --save-exact sailplan, once it is on the registry; until then with the path of its .tgz.',
      }),
    ];
  const tarball = tarballIn(join(top, at));
  if (tarball !== null && !exists(join(top, at, tarball)))
    return [
      problem('error', 'ci_package_file_missing', {
        message: `package.json takes sailplan from ${tarball}, which is missing`,
        fix: `In a checkout of sailplan run make build && npm pack, copy the file to ${tarball}, and run npm install.`,
      }),
    ];
  if (!exists(join(top, at, 'package-lock.json')))
    return [
      problem('error', 'ci_no_lock_file', {
        message: 'the pipeline runs npm ci, which needs package-lock.json',
        fix: 'Run npm install and commit package-lock.json.',
      }),
    ];
  const lock = parseJsonOrNothing(readText(join(top, at, 'package-lock.json')));
  const packages = isRecord(lock) && isRecord(lock['packages']) ? lock['packages'] : {};
  return Object.hasOwn(packages, 'node_modules/sailplan')
    ? [checked('ci_package', 'package-lock.json pins sailplan')]
    : [
        problem('warning', 'ci_package_missing', {
          message: 'package-lock.json has no sailplan, so the jobs do not find it',
          fix: 'npm install --save-exact sailplan, once it is on the registry; until then with the path of its .tgz.',
        }),
      ];
}

/** The file from which package.json installs sailplan, relative to package.json; null: from a registry, or not at all. */
function tarballIn(folder: string): string | null {
  const file = parseJsonOrNothing(readText(join(folder, 'package.json')));
  const parts = isRecord(file) ? [file['dependencies'], file['devDependencies']] : [];
  for (const part of parts) {
    const given = isRecord(part) && Object.hasOwn(part, 'sailplan') ? part['sailplan'] : null;
    const [, path] = typeof given === 'string' ? (/^file:(.+\.tgz)$/.exec(given) ?? []) : [];
    if (path !== undefined) return path;
  }
  return null;
}
