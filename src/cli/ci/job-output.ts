import { visible } from '../../core/text/invisible-characters.ts';
import { appendText } from '../../platform/write-files.ts';
import type { Io } from '../io.ts';

/** Outputs of the step, for later steps and jobs (GitHub). Values are one line each. */
export async function writeOutputs(io: Io, outputs: Readonly<Record<string, string>>): Promise<void> {
  const path = io.env['GITHUB_OUTPUT'];
  if (!path) return;
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${visible(value)}\n`);
  await appendText(path, io.redact(lines.join('')));
}

/** The page of the job; null: not known. */
export function jobUrl({ env }: Io): string | null {
  const {
    GITHUB_SERVER_URL: server,
    GITHUB_REPOSITORY: repository,
    GITHUB_RUN_ID: run,
    CI_JOB_URL: job,
  } = env;
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : (job ?? null);
}

/** The page of a file of a commit; null: not known. */
export function fileUrl({ env }: Io, commit: string, path: string): string | null {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, CI_PROJECT_URL: project } = env;
  const end = path.split('/').map(encodeURIComponent).join('/');
  if (server && repository) return `${server}/${repository}/blob/${commit}/${end}`;
  return project ? `${project}/-/blob/${commit}/${end}` : null;
}
