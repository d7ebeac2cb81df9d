import { HAZARDS } from '../plan/hazards.ts';
import { type Args, type Io, text } from './io.ts';
import { bash } from './shells/bash.ts';
import { fish } from './shells/fish.ts';
import { specsOf } from './shells/spec.ts';
import { zsh } from './shells/zsh.ts';
import { COMMANDS } from './table.ts';

const SHELLS = { bash, zsh, fish };

/** Prints the script of a shell, made from the table of commands. */
export async function run(args: Args, io: Io): Promise<number> {
  const shell = text(args, 'shell') as keyof typeof SHELLS;
  io.out(SHELLS[shell](specsOf(COMMANDS, { accept: Object.keys(HAZARDS) })));
  return 0;
}
