import { type Shell, shellScript } from '../completion/shell-scripts.ts';
import { type Args, type Io, textArg } from '../io.ts';

/** Prints the script that makes a shell ask this program for completions. */
export async function run(args: Args, io: Io): Promise<number> {
  io.out(shellScript(textArg(args, 'shell') as Shell));
  return 0;
}
