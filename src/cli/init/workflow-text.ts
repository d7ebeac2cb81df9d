/** One shop that a repository plans and applies. */
export interface CiShop {
  /** In the names of its environments; null: the only one. */
  readonly name: string | null;
  /** A target of its config; null: the config has one shop. */
  readonly target: string | null;
  /** Folder of its config, from the top of the repository; '.': the top. */
  readonly directory: string;
}

/** What makes one repository's workflow differ from the shipped one. */
export interface WorkflowSettings {
  readonly shops: readonly CiShop[];
  /** The protected branch. */
  readonly branch: string;
  /** Secrets beside those of site and shop that the steps need which read the site, of FURTHER_TOKENS. */
  readonly furtherTokens: readonly string[];
}

export const environmentOf = (kind: 'read' | 'write', { name }: CiShop): string =>
  `sailplan-${kind}${name === null ? '' : `-${name}`}`;

/** The shops as a matrix has them: each with a name. */
const namedShops = (shops: readonly CiShop[]) =>
  shops.map(({ name, target, directory }) => ({ name: name ?? 'shop', target: target ?? '', directory }));

const isPlain = ([first, ...more]: readonly CiShop[]): boolean =>
  more.length === 0 && (first === undefined || first.name === null);

/**
 * The shipped workflow of GitHub for these settings, by path. With several shops the jobs move into a workflow of their own,
 * which is called once for each: jobs of a matrix would share their outputs.
 */
export function githubWorkflows(
  shipped: string,
  { shops, branch, furtherTokens }: WorkflowSettings,
): Readonly<Record<string, string>> {
  const read = shipped.replace(
    /^( +)wagtail-token: .*\n/gm,
    (line, indent: string) => line + furtherTokens.map((name) => `${indent}${tokenInput(name)}\n`).join(''),
  );
  const named = withInputs(read, branch === 'main' ? [] : [`base: origin/${branch}`])
    .replaceAll('branches: [main]', `branches: [${branch}]`)
    .replaceAll('ref: main', `ref: ${branch}`);
  if (isPlain(shops)) return { [WORKFLOW]: named };
  const at = named.indexOf('\njobs:\n');
  const head = named.slice(0, at);
  const jobs = withInputs(named.slice(at), [
    `target: \${{ inputs.target }}`,
    `working-directory: \${{ inputs.directory }}`,
  ]).replace(/^( {4}(?:environment|concurrency): sailplan-\w+)$/gm, `$1-\${{ inputs.name }}`);
  return { [WORKFLOW]: `${head}\n${matrix(shops)}`, [SHOP_WORKFLOW]: `${SHOP_HEAD}${jobs}` };
}

/** What a workflow passes on only where a config needs it. */
export const FURTHER_TOKENS = ['WAGTAIL_V3_TOKEN', 'CAPABILITY_REGISTRY_TOKEN', 'CONTROL_PLANE_TOKEN'];

/** The input of our actions that takes a secret: `wagtail-v3-token: ${{ secrets.WAGTAIL_V3_TOKEN }}` */
export const tokenInput = (name: string): string =>
  `${name.toLowerCase().replaceAll('_', '-')}: \${{ secrets.${name} }}`;

export const WORKFLOW = '.github/workflows/sailplan.yml';
export const SHOP_WORKFLOW = '.github/workflows/sailplan-shop.yml';

/** Adds inputs to each call of an action of ours. */
const withInputs = (workflow: string, lines: readonly string[]): string =>
  workflow.replace(
    /^( +(?:- )?)uses: \.\/\.github\/actions\/sailplan\/\w+\n +with:\n/gm,
    (call, before: string) =>
      call + lines.map((line) => `${' '.repeat(before.length + 2)}${line}\n`).join(''),
  );

const matrix = (shops: readonly CiShop[]): string => `jobs:
  # Once for each shop, with environments of its own. A shop that fails does not stop the others.
  shop:
    strategy:
      fail-fast: false
      matrix:
        include:
${namedShops(shops)
  .map(
    ({ name, target, directory }) =>
      `          - { name: ${name}, target: '${target}', directory: ${directory} }\n`,
  )
  .join('')}    permissions: { contents: write, pull-requests: write, issues: write, statuses: write }
    uses: ./${SHOP_WORKFLOW}
    with:
      name: \${{ matrix.name }}
      target: \${{ matrix.target }}
      directory: \${{ matrix.directory }}
      step: \${{ inputs.step }}
    secrets: inherit
`;

const SHOP_HEAD = `# The jobs of one shop; sailplan.yml calls them.
name: sailplan for one shop
on:
  workflow_call:
    inputs:
      name: { description: name of the shop, type: string, required: true }
      target: { description: name of a target in the config, type: string, default: '' }
      directory: { description: folder with package.json and sailplan.config.json, type: string, default: . }
      step: { description: what to run, type: string, default: '' }
permissions: { contents: read }
`;

/** The shipped pipeline of GitLab and what it includes, by path. */
export function gitlabPipelines(
  shipped: { readonly pipeline: string; readonly component: string },
  { shops }: WorkflowSettings,
): Readonly<Record<string, string>> {
  if (isPlain(shops)) return { [PIPELINE]: shipped.pipeline, [COMPONENT]: shipped.component };
  const includes = namedShops(shops).map(
    (shop) => `  - local: ${COMPONENT}
    inputs:
      name: ${shop.name}
      target: '${shop.target}'
      directory: ${shop.directory}
      read-environment: ${environmentOf('read', shop)}
      write-environment: ${environmentOf('write', shop)}
`,
  );
  const head = shipped.pipeline.slice(0, shipped.pipeline.indexOf('include:\n'));
  return {
    [PIPELINE]: `${head}include:\n${includes.join('')}`,
    // Jobs of the same name would replace each other.
    [COMPONENT]: shipped.component
      .replace(
        /^spec:\n {2}inputs:\n/m,
        '$&    name:\n      description: name of the shop, in the names of its jobs\n',
      )
      .replace(/^(\.?sailplan(?:-\w+)?):$/gm, `"$1-${GITLAB_INPUT}":`)
      .replace(/^( +extends: )(\.sailplan)$/gm, `$1"$2-${GITLAB_INPUT}"`)
      .replace(/^( +needs: )\[(sailplan-\w+)\]$/gm, `$1["$2-${GITLAB_INPUT}"]`)
      .replace(/^( +resource_group: )(sailplan-\w+)$/gm, `$1"$2-${GITLAB_INPUT}"`),
  };
}

export const PIPELINE = '.gitlab-ci.yml';
const COMPONENT = '.gitlab/sailplan.yml';
const GITLAB_INPUT = '$$[[ inputs.name ]]';
