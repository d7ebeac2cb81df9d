import { apply, sync } from './table/applying.ts';
import type { Command } from './table/command.ts';
import { plan, revert } from './table/planning.ts';
import { drift, lint, snapshot } from './table/reading.ts';
import { approve, audit, show, status, verify } from './table/reviewing.ts';
import { doctor, init } from './table/setup.ts';
import { demo, sandbox } from './table/trying.ts';

export type { Command, Option } from './table/command.ts';
export { GROUPS } from './table/options.ts';

/** Every command, in the order of the help; each is loaded only when it is called. */
export const COMMANDS: readonly Command[] = [
  init,
  plan,
  doctor,
  lint,
  show,
  approve,
  verify,
  apply,
  status,
  drift,
  revert,
  audit,
  snapshot,
  sync,
  demo,
  sandbox,
];
