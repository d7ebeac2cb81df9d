import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { isFile, readText, WRITTEN_FILE } from '../../platform/files.ts';
import { namesBelow } from '../../platform/list-names.ts';
import { type CiSetupFinding, problem } from './ci-setup-finding.ts';
import { readWorkflow } from './github-workflow.ts';
import { readPipeline } from './gitlab-pipeline.ts';
import type { Pipeline } from './pipeline-job.ts';

const WORKFLOWS = '.github/workflows';
const PIPELINE = '.gitlab-ci.yml';
const INCLUDED = '.gitlab';

/** The files in which a forge runs sailplan, and those that cannot be read. */
export function findPipelines(top: string): {
  readonly pipelines: readonly Pipeline[];
  readonly findings: readonly CiSetupFinding[];
} {
  const findings: CiSetupFinding[] = [];
  const linked = ['.github', WORKFLOWS].find((path) => isLink(join(top, path)));
  if (linked !== undefined)
    findings.push(
      problem('error', 'ci_link', {
        message: `${linked} is a symbolic link, and GitHub follows none: it finds no workflow there`,
        fix: 'Replace it with the folder itself.',
      }),
    );
  const workflows = linked === undefined ? namesBelow(join(top, WORKFLOWS)) : [];
  const files = [
    ...workflows
      .filter((name) => /\.ya?ml$/.test(name))
      .map((name) => ({ file: `${WORKFLOWS}/${name}`, read: readWorkflow })),
    { file: PIPELINE, read: readPipeline },
    // The file that init writes, and the usual folder for included files.
    ...namesBelow(join(top, INCLUDED))
      .filter((name) => /\.ya?ml$/.test(name))
      .map((name) => ({ file: `${INCLUDED}/${name}`, read: readPipeline })),
  ].filter(({ file }) => isFile(join(top, file)));
  const pipelines = files.flatMap(({ file, read }) => {
    try {
      return [read(readText(join(top, file), WRITTEN_FILE), file)];
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const place = { file, line: 1 };
      findings.push(
        problem('warning', 'ci_file_unreadable', { message: error.message, fix: error.hint, place }),
      );
      return [];
    }
  });
  const started = pipelines.map((one) => startedBy(one, pipelines));
  return { pipelines: started.filter(({ jobs }) => jobs.length > 0), findings };
}

/** Adds the events that start the workflows which call it. */
function startedBy(pipeline: Pipeline, all: readonly Pipeline[]): Pipeline {
  const isOurs = ({ file }: { readonly file: string }) => file === pipeline.file;
  const callers = all.filter(({ calls }) => calls.some(isOurs));
  const unique = (names: readonly string[]) => [...new Set(names)];
  return {
    ...pipeline,
    inputs: callers.flatMap(({ calls }) => calls.filter(isOurs).map(({ inputs }) => inputs)),
    triggers: unique([...pipeline.triggers, ...callers.flatMap(({ triggers }) => triggers)]),
    branches: unique([...pipeline.branches, ...callers.flatMap(({ branches }) => branches)]),
  };
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
