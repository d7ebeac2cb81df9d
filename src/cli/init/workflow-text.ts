/** What makes one repository's workflow differ from the shipped one. */
export interface WorkflowSettings {
  /** Names of the config's targets, where there are several; empty: one shop. */
  readonly targets: readonly string[];
  /** Folder of the config, from the top of the repository; '.': the top. */
  readonly directory: string;
  /** The protected branch. */
  readonly branch: string;
}

/** The name that a target's environments end in. */
export const environmentOf = (kind: 'read' | 'write', target: string | null): string =>
  `sailplan-${kind}${target === null ? '' : `-${target}`}`;

/**
 * The shipped workflow of GitHub for these settings, by path. With several targets the jobs move into a workflow of their own,
 * which is called once for each target: jobs of a matrix would share their outputs.
 */
export function githubWorkflows(
  shipped: string,
  { targets, directory, branch }: WorkflowSettings,
): Readonly<Record<string, string>> {
  const named = withInputs(shipped, [
    ...(directory === '.' ? [] : [`working-directory: ${directory}`]),
    ...(branch === 'main' ? [] : [`base: origin/${branch}`]),
  ])
    .replaceAll('branches: [main]', `branches: [${branch}]`)
    .replaceAll('ref: main', `ref: ${branch}`);
  if (targets.length === 0) return { [WORKFLOW]: named };
  const at = named.indexOf('\njobs:\n');
  const head = named.slice(0, at);
  const jobs = withInputs(named.slice(at), [`target: ${INPUT}`])
    .replace(/^( {4}environment: sailplan-(?:read|write))$/gm, `$1-${INPUT}`)
    .replace(/^( {4}concurrency: sailplan-\w+)$/gm, `$1-${INPUT}`);
  return { [WORKFLOW]: `${head}\n${matrix(targets)}`, [SHOP_WORKFLOW]: `${SHOP_HEAD}${jobs}` };
}

const WORKFLOW = '.github/workflows/sailplan.yml';
const SHOP_WORKFLOW = '.github/workflows/sailplan-shop.yml';
const INPUT = `\${{ inputs.target }}`;

/** Adds inputs to each call of an action of ours. */
const withInputs = (workflow: string, lines: readonly string[]): string =>
  workflow.replace(
    /^( +(?:- )?)uses: \.\/\.github\/actions\/sailplan\/\w+\n +with:\n/gm,
    (call, before: string) =>
      call + lines.map((line) => `${' '.repeat(before.length + 2)}${line}\n`).join(''),
  );

const matrix = (targets: readonly string[]): string => `jobs:
  # Once for each target of the config, with environments of its own. A shop that fails does not stop the others.
  shop:
    strategy:
      fail-fast: false
      matrix:
        target: [${targets.join(', ')}]
    permissions: { contents: write, pull-requests: write, issues: write, statuses: write }
    uses: ./${SHOP_WORKFLOW}
    with:
      target: \${{ matrix.target }}
      step: \${{ inputs.step }}
    secrets: inherit
`;

const SHOP_HEAD = `# The jobs of one target; sailplan.yml calls them.
name: sailplan for one shop
on:
  workflow_call:
    inputs:
      target: { description: name of a target in the config, type: string, required: true }
      step: { description: what to run, type: string, default: '' }
permissions: { contents: read }
`;

/** The shipped pipeline of GitLab and what it includes, by path. */
export function gitlabPipelines(
  shipped: { readonly pipeline: string; readonly component: string },
  { targets, directory }: WorkflowSettings,
): Readonly<Record<string, string>> {
  const place = directory === '.' ? '' : `      directory: ${directory}\n`;
  if (targets.length === 0)
    return { [PIPELINE]: `${shipped.pipeline}${place}`, [COMPONENT]: shipped.component };
  const includes = targets.map(
    (target) => `  - local: ${COMPONENT}
    inputs:
      image: node:22
      target: ${target}
      read-environment: ${environmentOf('read', target)}
      write-environment: ${environmentOf('write', target)}
${place}`,
  );
  const head = shipped.pipeline.slice(0, shipped.pipeline.indexOf('include:\n'));
  return {
    [PIPELINE]: `${head}include:\n${includes.join('')}`,
    // Jobs of the same name would replace each other.
    [COMPONENT]: shipped.component
      .replace(/^(\.?sailplan(?:-\w+)?):$/gm, `"$1-${GITLAB_INPUT}":`)
      .replace(/^( +extends: \.sailplan)$/gm, `$1-${GITLAB_INPUT}`)
      .replace(/^( +needs: )\[(sailplan-\w+)\]$/gm, `$1["$2-${GITLAB_INPUT}"]`)
      .replace(/^( +resource_group: sailplan-\w+)$/gm, `$1-${GITLAB_INPUT}`),
  };
}

const PIPELINE = '.gitlab-ci.yml';
const COMPONENT = '.gitlab/sailplan.yml';
const GITLAB_INPUT = '$$[[ inputs.target ]]';
