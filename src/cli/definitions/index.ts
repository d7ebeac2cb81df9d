import { applyCommand, syncCommand } from './apply.ts';
import { driftCommand, lintCommand, snapshotCommand } from './inspect.ts';
import { planCommand, revertCommand } from './plan.ts';
import { approveCommand, auditCommand, showCommand, statusCommand, verifyCommand } from './review.ts';
import { demoCommand, sandboxCommand } from './sandbox.ts';
import { completionCommand, doctorCommand, initCommand } from './setup.ts';
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
  ['Set up', [asking(initCommand), asking(doctorCommand), completionCommand]],
  [
    'Plan and review',
    [
      asking(planCommand),
      told(showCommand),
      told(approveCommand),
      told(verifyCommand),
      asking(statusCommand),
    ],
  ],
  ['Apply', [applyCommand, syncCommand, revertCommand].map(asking)],
  [
    'Look, without changing anything',
    [asking(lintCommand), asking(driftCommand), asking(snapshotCommand), told(auditCommand)],
  ],
  ['Try it out', [demoCommand, sandboxCommand]],
];

export const COMMANDS: readonly Command[] = CHAPTERS.flatMap(([, commands]) => commands);
