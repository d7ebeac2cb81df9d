import { applyCommand, syncCommand } from './apply.ts';
import { ciCommand } from './ci.ts';
import { driftCommand, lintCommand, snapshotCommand, storefrontCommand } from './inspect.ts';
import { planCommand, revertCommand } from './plan.ts';
import {
  approveCommand,
  auditCommand,
  historyCommand,
  showCommand,
  statusCommand,
  verifyCommand,
} from './review.ts';
import { demoCommand, sandboxCommand } from './sandbox.ts';
import { completionCommand, contractCommand, doctorCommand, initCommand } from './setup.ts';
import { FEEDBACK, REQUESTS } from './shared-options.ts';
import type { Command } from './types.ts';

export { GROUPS } from './shared-options.ts';
export type { Command, Option } from './types.ts';

/** Adds the options shared by all working commands. */
const withFeedback = (command: Command): Command => ({
  ...command,
  options: { ...command.options, ...FEEDBACK },
});

/** Adds the options of every command that sends requests. */
const withRequests = (command: Command): Command =>
  withFeedback({ ...command, options: { ...command.options, ...REQUESTS } });

/**
 * The table of commands: the parser (cli/argv) and the manuals and reference pages (scripts/reference.ts) use it.
 * Chapter titles are those of the manual. A command's module is loaded only when the command runs.
 */
export const CHAPTERS: readonly (readonly [string, readonly Command[]])[] = [
  [
    'Set up',
    [
      withRequests(initCommand),
      withRequests(contractCommand),
      withRequests(doctorCommand),
      completionCommand,
    ],
  ],
  [
    'Plan and review',
    [
      withRequests(planCommand),
      withFeedback(showCommand),
      withFeedback(approveCommand),
      withFeedback(verifyCommand),
      withRequests(statusCommand),
      withRequests(ciCommand),
    ],
  ],
  ['Apply', [applyCommand, syncCommand, revertCommand].map(withRequests)],
  [
    'Inspect (read-only)',
    [
      withRequests(lintCommand),
      withRequests(driftCommand),
      withRequests(snapshotCommand),
      withRequests(storefrontCommand),
      withFeedback(auditCommand),
      withFeedback(historyCommand),
    ],
  ],
  ['Try it', [demoCommand, sandboxCommand]],
];

export const COMMANDS: readonly Command[] = CHAPTERS.flatMap(([, commands]) => commands);
