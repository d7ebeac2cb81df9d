import { chmodSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exists, readText } from '../../platform/files.ts';
import { writeText } from '../../platform/write-files.ts';

export const FORGES = ['github', 'gitlab'] as const;
export type Forge = (typeof FORGES)[number];

/** The files that are shipped with the program, as its own tests run them. */
const EXAMPLES = join(dirname(fileURLToPath(import.meta.url)), '..', 'examples');

const WORKFLOWS: Readonly<Record<Forge, string>> = {
  github: '.github/workflows/sailplan.yml',
  gitlab: '.gitlab-ci.yml',
};

/**
 * Writes the scripts and the workflow that plan on a schedule, check pull requests and apply what was merged
 * (examples/ci/README.md). What is there already is left alone: it may hold more than ours. Gives both, by path.
 */
export function writeForge(forge: Forge): {
  readonly written: readonly string[];
  readonly kept: readonly string[];
} {
  const scripts = readdirSync(join(EXAMPLES, 'ci'))
    .filter((name) => name.endsWith('.sh') && (!name.startsWith('forge-') || name === `forge-${forge}.sh`))
    .sort()
    .map((name) => ({ from: join(EXAMPLES, 'ci', name), to: join('ci', name) }));
  const readme = { from: join(EXAMPLES, 'ci', 'README.md'), to: join('ci', 'README.md') };
  const workflow = { from: join(EXAMPLES, forge, WORKFLOWS[forge]), to: WORKFLOWS[forge] };
  const files = [...scripts, readme, workflow];
  const kept = files.filter(({ to }) => exists(to));
  for (const { from, to } of files) {
    if (kept.some((one) => one.to === to)) continue;
    writeText(to, readText(from));
    if (to.endsWith('.sh')) chmodSync(to, 0o755);
  }
  const isKept = new Set(kept.map(({ to }) => to));
  return { written: files.flatMap(({ to }) => (isKept.has(to) ? [] : [to])), kept: [...isKept] };
}
