import type { JsonObject } from '../../core/json/json-value.ts';
import { isRecord, own } from '../../core/json/records.ts';
import { parseYaml } from '../../platform/yaml.ts';
import {
  environmentNameIn,
  kindsIn,
  lineOfMember,
  type Pipeline,
  type PipelineJob,
  textsOf,
} from './pipeline-job.ts';

/** A pipeline of GitLab; jobs without sailplan are left out. Throws a Failure (document_malformed). */
export function readPipeline(text: string, file: string): Pipeline {
  const document = parseYaml(withoutInputs(text), file);
  const pipeline = isRecord(document) ? document : {};
  const shared = isRecord(pipeline['default']) ? pipeline['default'] : {};
  const above = textsOf(pipeline['variables']);
  const jobs = Object.entries(pipeline).flatMap(([name, said]): PipelineJob[] => {
    if (name.startsWith('.')) return [];
    const job = isRecord(said) ? extended(said, pipeline) : said;
    const script = isRecord(job) ? [job['before_script'], job['script']].flat(3).map(String).join('\n') : '';
    const kinds = kindsIn(script);
    if (!isRecord(job) || kinds.length === 0) return [];
    const variables = { ...above, ...textsOf(job['variables']), ...assignedIn(script) };
    return [
      {
        name,
        line: lineOfMember(text, name, /^/),
        steps: kinds.map((kind) => ({ kind, variables, isAction: false })),
        permissions: null,
        hasTimeout: job['timeout'] !== undefined || shared['timeout'] !== undefined,
        environment: environmentNameIn(job['environment']),
        isCancelled: job['interruptible'] === true,
        checkouts: [{ isWhole: variables['GIT_DEPTH'] === '0', keepsToken: false }],
        actions: [],
        usesNpmCi: /\bnpm ci\b/.test(
          `${script}\n${[pipeline['before_script'], shared['before_script']].flat(3).join('\n')}`,
        ),
      },
    ];
  });
  return { forge: 'gitlab', file, jobs, triggers: [], branches: [], calls: [], inputs: [] };
}

/** Removes the first YAML document of a component, its inputs. Line numbers stay the same. */
function withoutInputs(text: string): string {
  const lines = text.split('\n');
  const first = lines.find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  const end = first.startsWith('spec:') ? lines.findIndex((line) => line.trimEnd() === '---') : -1;
  return lines.map((line, index) => (index <= end ? '' : line)).join('\n');
}

/** The job with the members of the jobs that it extends; its own override theirs. Jobs of other files are not read. */
function extended(job: JsonObject, pipeline: JsonObject): JsonObject {
  const parents = [job['extends'] ?? []].flat().flatMap((name) => {
    const parent = typeof name === 'string' ? own(pipeline, name) : undefined;
    return isRecord(parent) ? [parent] : [];
  });
  const all = [...parents, job];
  const variables = Object.assign({}, ...all.map((one) => one['variables']).filter(isRecord));
  return Object.assign({}, ...all, { variables });
}

/** `SALEOR_TOKEN=$SALEOR_READ_TOKEN sailplan …` */
const assignedIn = (script: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...script.matchAll(/\b([A-Z][A-Z0-9_]+)=(\S*)/g)].map(([, name = '', value = '']) => [name, value]),
  );
