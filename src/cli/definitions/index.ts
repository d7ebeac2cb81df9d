import { apply, sync } from './apply.ts';
import { drift, lint, snapshot } from './inspect.ts';
import { plan, revert } from './plan.ts';
import { approve, audit, show, status, verify } from './review.ts';
import { demo, sandbox } from './sandbox.ts';
import { completion, doctor, init } from './setup.ts';
import { FEEDBACK, REQUESTS } from './shared-options.ts';
import type { Command } from './types.ts';

export { GROUPS } from './shared-options.ts';
export type { Command, Option } from './types.ts';

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
