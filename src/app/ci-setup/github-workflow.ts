import { isRecord, own } from '../../core/json/records.ts';
import { parseYaml } from '../../platform/yaml.ts';
import {
  environmentNameIn,
  kindOfAction,
  kindsIn,
  lineOfMember,
  type Pipeline,
  type PipelineJob,
  type PipelineStep,
  textsOf,
  type WorkflowCall,
} from './pipeline-job.ts';

/** A workflow of GitHub; jobs without sailplan are left out. Throws a Failure (document_malformed). */
export function readWorkflow(text: string, file: string): Pipeline {
  const document = parseYaml(text, file);
  const workflow = isRecord(document) ? document : {};
  const jobs = isRecord(workflow['jobs']) ? Object.entries(workflow['jobs']) : [];
  const on = workflow['on'];
  return {
    forge: 'github',
    file,
    triggers:
      typeof on === 'string'
        ? [on]
        : Array.isArray(on)
          ? on.map(String)
          : isRecord(on)
            ? Object.keys(on)
            : [],
    branches: isRecord(on) && isRecord(on['push']) ? [on['push']['branches'] ?? []].flat().map(String) : [],
    calls: jobs.flatMap(([, job]) => (isRecord(job) ? callsOf(job) : [])),
    inputs: [],
    jobs: jobs.flatMap(([name, job]) => {
      const read = isRecord(job) ? jobOf(name, job, workflow) : null;
      return read === null ? [] : [{ ...read, line: lineOfMember(text, name, / +/) }];
    }),
  };
}

/** One call for each entry of `matrix.include`, with the values of the entry. */
function callsOf(job: Node): readonly WorkflowCall[] {
  const called = job['uses'];
  if (typeof called !== 'string' || !called.startsWith('./')) return [];
  const strategy = isRecord(job['strategy']) ? job['strategy'] : {};
  const include = isRecord(strategy['matrix']) ? strategy['matrix']['include'] : undefined;
  const entries = Array.isArray(include) ? include.map((entry) => textsOf(entry)) : [{}];
  return entries.map((entry: Readonly<Record<string, string>>) => ({
    file: called.slice('./'.length),
    inputs: Object.fromEntries(
      Object.entries(textsOf(job['with'])).map(([name, value]) => [
        name,
        value.replace(/\$\{\{\s*matrix\.([\w-]+)\s*\}\}/g, (all, key: string) => own(entry, key) ?? all),
      ]),
    ),
  }));
}

type Node = Readonly<Record<string, unknown>>;

function jobOf(name: string, job: Node, workflow: Node): Omit<PipelineJob, 'line'> | null {
  const steps = Array.isArray(job['steps']) ? job['steps'].filter(isRecord) : [];
  const above = { ...textsOf(workflow['env']), ...textsOf(job['env']) };
  const ours = steps.flatMap((step) => stepsOf(step, above));
  if (ours.length === 0) return null;
  const uses = steps.flatMap((step) => (typeof step['uses'] === 'string' ? [step['uses']] : []));
  const permissions = job['permissions'] ?? workflow['permissions'];
  return {
    name,
    steps: ours,
    permissions:
      typeof permissions === 'string' ? permissions : isRecord(permissions) ? textsOf(permissions) : null,
    hasTimeout: job['timeout-minutes'] !== undefined,
    environment: environmentNameIn(job['environment']),
    isCancelled: isCancelling(job['concurrency']) || isCancelling(workflow['concurrency']),
    checkouts: steps.filter((step) => /^actions\/checkout@/.test(String(step['uses']))).map(checkoutOf),
    actions: uses.filter((one) => !one.startsWith('./') && !one.startsWith('docker://')),
    usesNpmCi:
      uses.some((one) => kindOfAction(one) !== null) ||
      steps.some((step) => /\bnpm ci\b/.test(String(step['run'] ?? ''))),
  };
}

function stepsOf(step: Node, above: Readonly<Record<string, string>>): readonly PipelineStep[] {
  // The action sets a variable from each input: saleor-token sets SALEOR_TOKEN, allowed-origins sets SAILPLAN_ALLOWED_ORIGINS.
  const variable = (name: string) => name.toUpperCase().replaceAll('-', '_');
  const inputs = {
    ...textsOf(step['with'], (name) => `SAILPLAN_${variable(name)}`),
    ...textsOf(step['with'], variable),
  };
  const variables = { ...above, ...inputs, ...textsOf(step['env']) };
  const action = typeof step['uses'] === 'string' ? kindOfAction(step['uses']) : null;
  const kinds = action === null ? kindsIn(String(step['run'] ?? '')) : [action];
  // With a token of the shop, the action `check` runs `ci replan`.
  if (action === 'check' && Object.hasOwn(inputs, 'SALEOR_TOKEN'))
    return [{ kind: 'replan', variables, isAction: true }];
  return kinds.map((kind) => ({ kind, variables, isAction: action !== null }));
}

/** Only a literal `true` counts: an expression has no value before the run. */
const isCancelling = (value: unknown): boolean => isRecord(value) && value['cancel-in-progress'] === true;

function checkoutOf(step: Node): PipelineJob['checkouts'][number] {
  const inputs = textsOf(step['with']);
  return {
    isWhole: inputs['fetch-depth'] === '0',
    keepsToken: inputs['persist-credentials'] !== 'false',
  };
}
