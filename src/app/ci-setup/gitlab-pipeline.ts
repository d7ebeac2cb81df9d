import { isRecord } from '../../core/json/records.ts';
import { parseYaml } from '../../platform/yaml.ts';
import { kindsIn, lineOfMember, type Pipeline, type PipelineJob, textsOf } from './pipeline-job.ts';

/** A pipeline of GitLab; jobs without sailplan are left out. Throws a Failure (document_malformed). */
export function readPipeline(text: string, file: string): Pipeline {
  const document = parseYaml(text, file);
  const pipeline = isRecord(document) ? document : {};
  const shared = isRecord(pipeline['default']) ? pipeline['default'] : {};
  const above = textsOf(pipeline['variables']);
  const jobs = Object.entries(pipeline).flatMap(([name, job]): PipelineJob[] => {
    const script = isRecord(job) ? [job['before_script'], job['script']].flat(3).map(String).join('\n') : '';
    const kinds = kindsIn(script);
    if (!isRecord(job) || kinds.length === 0) return [];
    const variables = { ...above, ...textsOf(job['variables']), ...assignedIn(script) };
    return [
      {
        name,
        line: lineOfMember(text, name, /^/),
        steps: kinds.map((kind) => ({ kind, variables })),
        permissions: null,
        hasTimeout: job['timeout'] !== undefined || shared['timeout'] !== undefined,
        environment: typeof job['environment'] === 'string' ? job['environment'] : null,
        isCancelled: job['interruptible'] === true,
        checkouts: [{ isWhole: variables['GIT_DEPTH'] === '0', keepsToken: false }],
        actions: [],
        usesNpmCi: /\bnpm ci\b/.test(
          `${script}\n${[pipeline['before_script'], shared['before_script']].flat(3).join('\n')}`,
        ),
      },
    ];
  });
  return { forge: 'gitlab', file, jobs, triggers: [], branches: [] };
}

/** `SALEOR_TOKEN=$SALEOR_READ_TOKEN sailplan …` */
const assignedIn = (script: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...script.matchAll(/\b([A-Z][A-Z0-9_]+)=(\S*)/g)].map(([, name = '', value = '']) => [name, value]),
  );
