import type { NeededVariable } from '../../app/ci-setup/needed-variables.ts';
import type { Forge } from './ci-files.ts';
import { type CiShop, environmentOf } from './workflow-text.ts';

export interface ChecklistFacts {
  readonly forge: Forge;
  /** Those of this config. */
  readonly shops: readonly CiShop[];
  readonly branch: string;
  /** `saleor=https://shop.example.com,wagtail=…` */
  readonly origins: readonly string[];
  /** Whether the site is asked over HTTP. */
  readonly asksSite: boolean;
  /** Tokens beside those of site and shop that the config asks for. */
  readonly furtherTokens: readonly NeededVariable[];
  /** Lines that CODEOWNERS lacks; empty: it has them. */
  readonly ownerLines: readonly string[];
  /** What package.json needs; empty: sailplan is in it, with its lock file. */
  readonly install: readonly string[];
}

export const CHECKLIST_HEAD =
  '# What CI needs\n\nWritten by `sailplan init --ci`. Tokens never go into a file of the repository.';

/** Markdown: every secret, variable and setting that CI needs, with its exact name. */
export function checklist(facts: ChecklistFacts): string {
  const { forge, ownerLines, install } = facts;
  const repository = [
    ...install.map((line) => `- [ ] ${line}`),
    ...(ownerLines.length === 0
      ? []
      : [
          `- [ ] Add to ${forge === 'github' ? '.github/CODEOWNERS' : 'CODEOWNERS'}, each with the people or the team that reviews: ${ownerLines.map((line) => `\`${line}\``).join(', ')}`,
        ]),
    '- [ ] Commit everything that `sailplan init` wrote, and push it.',
    '- [ ] Run `sailplan doctor --ci`: it checks what can be checked from here.',
  ];
  const settings = forge === 'github' ? githubSettings(facts) : gitlabSettings(facts);
  return [CHECKLIST_HEAD, `## In the repository\n\n${repository.join('\n')}`, ...settings, '']
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

const READ = 'token of a Saleor app with MANAGE_PRODUCTS';
const WRITE =
  'token of a Saleor app with MANAGE_PRODUCTS, MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES and MANAGE_TRANSLATIONS';

/** Name → what it is, for the jobs that read and the job that writes. */
function secretsOf(facts: ChecklistFacts, kind: 'read' | 'write'): readonly (readonly [string, string])[] {
  const site = kind === 'read' && facts.asksSite;
  return [
    ['SALEOR_API_URL', 'GraphQL address of the shop, with its final slash'],
    kind === 'read' ? ['SALEOR_READ_TOKEN', READ] : ['SALEOR_TOKEN', WRITE],
    ...(site ? [['WAGTAIL_TOKEN', 'only for a private site'] as const] : []),
    ...(kind === 'read' ? facts.furtherTokens : []).map(({ name, why }) => [name, why] as const),
  ];
}

const isFolder = ({ shops }: ChecklistFacts): boolean => shops.some(({ directory }) => directory !== '.');

const originsLine = ({ origins }: ChecklistFacts): string | null =>
  origins.length === 0 ? null : `\`SAILPLAN_ALLOWED_ORIGINS\` = \`${origins.join(',')}\``;

function githubSettings(facts: ChecklistFacts): readonly string[] {
  const { branch, shops } = facts;
  const origins = originsLine(facts);
  // Another folder of the repository may need another value.
  const own = origins !== null && isFolder(facts) ? `\n  - variable ${origins}` : '';
  const environments = shops.flatMap((shop) => [
    `- [ ] \`${environmentOf('read', shop)}\`, for every branch\n${named(secretsOf(facts, 'read'))}${own}`,
    `- [ ] \`${environmentOf('write', shop)}\`, deployment branches: only \`${branch}\`\n${named(secretsOf(facts, 'write'))}${own}`,
  ]);
  return [
    `## Environments (Settings, Environments), with their secrets\n\n${environments.join('\n')}`,
    ...(origins === null || isFolder(facts)
      ? []
      : [`## Variable (Settings, Secrets and variables, Actions)\n\n- [ ] ${origins}`]),
    [
      '## Settings\n',
      '- [ ] Actions, General: "Allow GitHub Actions to create and approve pull requests". The job proposes plans.',
      '- [ ] Actions, General, Workflow permissions: "Read repository contents". The workflow names what it writes.',
      `- [ ] Branches: protect \`${branch}\`. Pull requests only, with a review of the code owners; nobody bypasses it.`,
      '- [ ] General, Pull Requests: only "Allow merge commits". A squash or rebase does not name who merged, and the policy refuses it.',
      `- [ ] Where \`${branch}\` takes no push of a job, the reports of an apply come as a pull request; merge it.`,
    ].join('\n'),
  ];
}

function gitlabSettings(facts: ChecklistFacts): readonly string[] {
  const { branch } = facts;
  const origins = originsLine(facts);
  const own = origins !== null && isFolder(facts) ? `\n  - not masked: ${origins}` : '';
  const variables = facts.shops.flatMap((shop) => {
    const scope = (kind: 'read' | 'write') => `environment \`${environmentOf(kind, shop)}\``;
    return [
      `- [ ] masked, ${scope('read')}\n${named(secretsOf(facts, 'read'))}${own}`,
      `- [ ] masked and protected, ${scope('write')}\n${named(secretsOf(facts, 'write'))}${own}`,
    ];
  });
  return [
    `## Variables (Settings, CI/CD, Variables)\n\n${[
      ...variables,
      '- [ ] masked, every environment; jobs of merge requests need it too\n  - `GITLAB_TOKEN`: project access token with the role Developer and the scopes `api` and `write_repository`',
      ...(origins === null || isFolder(facts) ? [] : [`- [ ] ${origins}`]),
    ].join('\n')}`,
    [
      '## Settings\n',
      `- [ ] Repository, Protected branches: \`${branch}\`. Nobody pushes; merge with the approval of the code owners.`,
      '- [ ] Merge requests: merge method "Merge commit", squashing "Do not allow". A squash does not name who merged.',
      '- [ ] Build, Pipeline schedules: one for plans, one with the variable `SAILPLAN_STEP` = `drift`.',
      '- [ ] CI/CD, General pipelines: merge requests of forks run in the fork. Do not run them here, where the variables are.',
    ].join('\n'),
  ];
}

const named = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([name, what]) => `  - \`${name}\`: ${what}`).join('\n');
