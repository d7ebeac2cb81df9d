import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLI, type CommandResult } from '../shop-workspace.ts';

/** Runs a shell line as a runner does, with nothing else in its environment. `started` gets the number of its process group. */
export function runShell(
  line: string,
  {
    cwd,
    env,
    started,
  }: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly started?: (group: number) => void;
  },
): Promise<CommandResult> {
  return new Promise((done, failed) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', line], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    if (child.pid !== undefined) started?.(child.pid);
    let [out, err] = ['', ''];
    child.stdout.on('data', (part: Buffer) => (out += part.toString('utf8')));
    child.stderr.on('data', (part: Buffer) => (err += part.toString('utf8')));
    child.on('error', failed);
    child.on('close', (code) => done({ code, out, err }));
  });
}

/** The built program as a runner's `npx` starts it. */
export const BUILT = `#!/bin/bash\nexec '${process.execPath}' '${CLI}' "$@"\n`;

/**
 * `npx --no-install sailplan` starts the program by a script of bash; `npm ci` installs nothing. `bin` is for PATH.
 */
export function writeTools(bin: string, program: string): void {
  mkdirSync(bin, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(bin, name), text, { mode: 0o755 });
  write('npx', program.replace('\n', '\n[ "$1 $2" = "--no-install sailplan" ] || exit 64\nshift 2\n'));
  // GitHub passes secrets to the step that needs them; GitLab's variables reach every line.
  const isAlone = '[ -n "$GITLAB_CI" ] || [ -z "$SALEOR_TOKEN$GITHUB_TOKEN" ] || exit 65';
  write('npm', `#!/bin/bash\n[ "$1 $2" = "ci --ignore-scripts" ] || exit 64\n${isAlone}\n`);
}
