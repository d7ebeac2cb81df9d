/** Exit code → what it means for one command. */
export type Exits = Readonly<Record<number, string>>;

/** In general; the help of a command says what they mean there. */
export const EXIT_CODES: Exits = {
  0: 'done, or nothing to change',
  1: 'an error; drift, lint: something is wrong or was skipped',
  2: 'something differs (drift, plan --detailed-exitcode, sync --strict)',
  3: 'refused: not approved, altered, for another shop, or locked',
  4: 'stale: the shop changed since the plan was made; nothing was written',
  5: 'incomplete: the report says whether the same plan finishes it or a new one does',
};

const ERROR = 'an error, or a word or option that is wrong';
const DAMAGED = 'refused: the archive in the folder of the plans was altered';

/** By command. README and manual have the same. */
export const EXITS = {
  plain: { 0: 'done', 1: ERROR },
  status: { 0: 'done', 1: ERROR, 3: 'the policy cannot be used, or the archive was altered' },
  plan: {
    0: 'the plan is written, or there is nothing to change',
    1: `${ERROR}; or made with --strict while something is wrong`,
    2: 'with --detailed-exitcode: there are changes; plan diff: the two plans differ',
    3: DAMAGED,
  },
  contract: { 0: 'done; check: the contract fits', 1: 'check: the contract does not fit; or an error' },
  doctor: { 0: 'nothing stands in the way', 1: 'something does; or an error' },
  lint: { 0: 'nothing that must be mended', 1: 'something must be mended; or an error' },
  show: {
    0: 'done',
    1: `${ERROR}; or what must be read does not fit into --max-bytes`,
    3: 'the plan, or the archive in the folder of the plans, was altered',
  },
  approve: {
    0: 'recorded',
    1: ERROR,
    3: 'refused: the plan was altered or may only be read, or nobody confirmed; nothing was recorded',
  },
  verify: { 0: 'the plan may be applied', 1: ERROR, 3: 'it may not: each reason stands on a line' },
  apply: {
    0: 'done, or there was nothing to do',
    1: `${ERROR}; nothing was written`,
    3: 'refused: not approved, altered, applied before, for another shop, or locked; nothing was written',
    4: 'stale: the shop changed since the plan was made; nothing was written',
    5: 'incomplete: something failed, was skipped or is unknown; the report says what comes next',
  },
  drift: {
    0: 'equal',
    1: 'something was skipped or is wrong; or an error',
    2: 'something differs',
    3: DAMAGED,
  },
  revert: {
    0: 'the plan is written, or there is nothing to take back',
    1: ERROR,
    3: 'refused: the plan was altered',
  },
  audit: { 0: 'told; audit verify: everything holds', 1: ERROR, 3: 'audit verify: something does not hold' },
  sync: {
    0: 'done, or nothing differs; a dry run without --strict always',
    1: `${ERROR}; --strict: something was skipped or is wrong`,
    2: '--strict: something differs',
    3: 'refused: a write run that is not approved, for another shop, or locked; or the archive was altered',
    4: 'a write run that is stale: the shop changed meanwhile; nothing was written',
    5: 'a write run that is incomplete: the report says what comes next',
  },
} as const satisfies Readonly<Record<string, Exits>>;
