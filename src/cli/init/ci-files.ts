import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../core/failure.ts';
import { isLinked } from '../../platform/config-search.ts';
import { exists, readText } from '../../platform/files.ts';
import { namesBelow } from '../../platform/list-names.ts';
import { writeText } from '../../platform/write-files.ts';
import { githubWorkflows, gitlabPipelines, type WorkflowSettings } from './workflow-text.ts';

export const FORGES = ['github', 'gitlab'] as const;
export type Forge = (typeof FORGES)[number];

/** The top of the package. */
const PACKAGE = packageAbove(dirname(fileURLToPath(import.meta.url)));
const shipped = (path: string): string => readText(join(PACKAGE, path));
const ACTIONS = '.github/actions';

function packageAbove(folder: string): string {
  return folder === dirname(folder) || exists(join(folder, 'package.json'))
    ? folder
    : packageAbove(dirname(folder));
}

/** What a forge runs, by path from the top of the repository. */
export function pipelineFiles(forge: Forge, settings: WorkflowSettings): Readonly<Record<string, string>> {
  if (forge === 'gitlab') {
    const pipeline = shipped('examples/gitlab/.gitlab-ci.yml');
    return gitlabPipelines({ pipeline, component: shipped('templates/sailplan.yml') }, settings);
  }
  const actions = namesBelow(join(PACKAGE, ACTIONS)).map((name) => [
    `${ACTIONS}/sailplan/${name}/action.yml`,
    shipped(`${ACTIONS}/${name}/action.yml`),
  ]);
  const workflow = shipped('examples/github/.github/workflows/sailplan.yml');
  return { ...githubWorkflows(workflow, settings), ...Object.fromEntries(actions) };
}

export interface WrittenFiles {
  readonly written: readonly string[];
  /** There already, with other content, which may hold more than ours. */
  readonly kept: readonly string[];
}

/**
 * Writes files below `top`; one that is there stays, unless it is exactly what an earlier call wrote (`former`). Throws a Failure
 * (usage) where a folder of them is a link: a forge follows none.
 */
export function writeMissing(
  top: string,
  files: Readonly<Record<string, string>>,
  former: Readonly<Record<string, string>> = {},
): WrittenFiles {
  const paths = Object.keys(files);
  const linked = paths.find((path) => isLinked(top, path));
  if (linked !== undefined)
    throw new Failure(
      'usage',
      `${linked} is behind a symbolic link, which no forge follows`,
      'Replace the link with the folder itself, then run the same command again.',
    );
  const written: string[] = [];
  const kept: string[] = [];
  for (const path of paths) {
    const [place, text] = [join(top, path), files[path] ?? ''];
    const there = exists(place) ? readText(place) : null;
    if (there === text) continue;
    if (there !== null && there !== former[path]) {
      kept.push(path);
      continue;
    }
    writeText(place, text);
    written.push(path);
  }
  return { written, kept };
}
