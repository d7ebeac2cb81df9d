import { apply, sync } from './table/applying.ts';
import type { Command } from './table/command.ts';
import { plan, revert } from './table/planning.ts';
import { drift, lint, snapshot } from './table/reading.ts';
import { approve, audit, show, status, verify } from './table/reviewing.ts';
import { completion, doctor, init } from './table/setup.ts';
import { demo, sandbox } from './table/trying.ts';

export type { Command, Option } from './table/command.ts';
export { GROUPS } from './table/options.ts';

/** Every command under the title that it has in the help; each is loaded only when it is called. */
export const CHAPTERS: readonly (readonly [string, readonly Command[]])[] = [
  ['Set up', [init, doctor, completion]],
  ['Plan and review', [plan, show, approve, verify, status]],
  ['Apply', [apply, sync, revert]],
  ['Look, without changing anything', [lint, drift, snapshot, audit]],
  ['Try it out', [demo, sandbox]],
];

export const COMMANDS: readonly Command[] = CHAPTERS.flatMap(([, commands]) => commands);
