import { apply, sync } from './table/applying.ts';
import type { Command } from './table/command.ts';
import { FEEDBACK, REQUESTS } from './table/options.ts';
import { plan, revert } from './table/planning.ts';
import { drift, lint, snapshot } from './table/reading.ts';
import { approve, audit, show, status, verify } from './table/reviewing.ts';
import { completion, doctor, init } from './table/setup.ts';
import { demo, sandbox } from './table/trying.ts';

export type { Command, Option } from './table/command.ts';
export { GROUPS } from './table/options.ts';

/** With what every command takes that works on something. */
const told = (command: Command): Command => ({ ...command, options: { ...command.options, ...FEEDBACK } });

/** The same of one that asks a server. */
const asking = (command: Command): Command =>
  told({ ...command, options: { ...command.options, ...REQUESTS } });

/** Every command under the title that it has in the help; each is loaded only when it is called. */
export const CHAPTERS: readonly (readonly [string, readonly Command[]])[] = [
  ['Set up', [asking(init), asking(doctor), completion]],
  ['Plan and review', [asking(plan), told(show), told(approve), told(verify), asking(status)]],
  ['Apply', [apply, sync, revert].map(asking)],
  ['Look, without changing anything', [asking(lint), asking(drift), asking(snapshot), told(audit)]],
  ['Try it out', [demo, sandbox]],
];

export const COMMANDS: readonly Command[] = CHAPTERS.flatMap(([, commands]) => commands);
