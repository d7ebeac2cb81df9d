import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exists, readText } from '../../platform/files.ts';
import { writeText } from '../../platform/write-files.ts';

export const FORGES = ['github', 'gitlab'] as const;
export type Forge = (typeof FORGES)[number];

/** The files that are shipped with the program, as its own tests run them. */
const SHIPPED = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Where each file is in the package, and in the repository that uses it. */
const FILES: Readonly<Record<Forge, readonly (readonly [string, string])[]>> = {
  github: [
    ['examples/github/.github/workflows/sailplan.yml', '.github/workflows/sailplan.yml'],
    ...['plan', 'check', 'apply', 'drift'].map(
      (name) =>
        [`.github/actions/${name}/action.yml`, `.github/actions/sailplan/${name}/action.yml`] as const,
    ),
  ],
  gitlab: [
    ['examples/gitlab/.gitlab-ci.yml', '.gitlab-ci.yml'],
    ['templates/sailplan.yml', '.gitlab/sailplan.yml'],
  ],
};

/**
 * Writes the workflow that plans on a schedule, checks pull requests and applies what was merged, and what it uses (docs/ci.md).
 * What is there already is left alone: it may hold more than ours. Gives both, by path.
 */
export function writeForge(forge: Forge): {
  readonly written: readonly string[];
  readonly kept: readonly string[];
} {
  const kept = FILES[forge].filter(([, to]) => exists(to)).map(([, to]) => to);
  const written = FILES[forge].filter(([, to]) => !kept.includes(to));
  for (const [from, to] of written) writeText(to, readText(join(SHIPPED, from)));
  return { written: written.map(([, to]) => to), kept };
}
