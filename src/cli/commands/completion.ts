import { HAZARDS } from '../../plan/hazards.ts';
import { bash } from '../completion/bash.ts';
import { fish } from '../completion/fish.ts';
import { specsOf } from '../completion/spec.ts';
import { zsh } from '../completion/zsh.ts';
import { COMMANDS } from '../definitions/index.ts';
import { type Args, type Io, textArg } from '../io.ts';

const SHELLS = { bash, zsh, fish };

/** Prints the script of a shell, made from the table of commands. */
export async function run(args: Args, io: Io): Promise<number> {
  const shell = textArg(args, 'shell') as keyof typeof SHELLS;
  io.out(SHELLS[shell](specsOf(COMMANDS, { accept: Object.keys(HAZARDS) })));
  return 0;
}
