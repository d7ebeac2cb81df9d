import { Failure } from '../core/failure.ts';
import { keptVariables } from './child-environment.ts';
import { runProgram } from './run-program.ts';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 4_096;

/** git's `user.email` in this folder; null if git is not installed or no address is set. */
export async function gitEmail(command = 'git'): Promise<string | null> {
  try {
    const { status, stdout } = await runProgram({
      command,
      args: ['config', '--get', 'user.email'],
      env: keptVariables(['XDG_CONFIG_HOME', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_NOSYSTEM']),
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      missing: { code: 'git_missing', hint: '' },
    });
    const email = Buffer.from(stdout).toString('utf8').trim();
    return status === 0 && email !== '' ? email : null;
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
