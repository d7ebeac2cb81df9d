/** Exit code → what it means for one command. */
export type Exits = Readonly<Record<number, string>>;

/** Meaning in general; the help of each command is more precise. */
export const EXIT_CODES: Exits = {
  0: 'done, or nothing to change',
  1: 'an error; drift, lint and storefront: errors or skipped pages',
  2: 'differences found (drift, plan --detailed-exitcode, sync --strict, storefront, apply --verify-storefront)',
  3: 'refused: not approved, altered, for another shop, or locked',
  4: 'stale: the shop changed since the plan; nothing was written',
  5: 'incomplete: the report says whether to apply again or to plan again',
  6: 'plan --fail-on, --fail-on-skipped: plan written, and it meets a condition',
};

export interface CiResult {
  /** attention: the command did its work and found something; a pipeline may let the job pass with a warning. */
  readonly result: 'passed' | 'attention' | 'failed';
  readonly next: string;
}

/** Exit code → what a CI job does with it, here and nowhere else (docs/ci.md#exit-codes). */
export const CI_RESULTS: Readonly<Record<number, CiResult>> = {
  0: { result: 'passed', next: 'none' },
  1: { result: 'failed', next: 'read the message; fix the set-up or the pages' },
  2: { result: 'attention', next: 'look at the differences; plan' },
  3: { result: 'failed', next: 'approve, or plan again; `sailplan verify` lists the reasons' },
  4: { result: 'failed', next: 'plan again; the old plan stays as it is' },
  5: { result: 'failed', next: 'run the job again, or do what the report says' },
  6: { result: 'attention', next: 'a person looks at the plan before the next step' },
};

const ERROR = 'usage error, or another error';
const DAMAGED = 'refused: the archive in the plans folder was altered';

/** By command, for help, README and manual. */
export const EXITS = {
  plain: { 0: 'done', 1: ERROR },
  status: { 0: 'done', 1: ERROR, 3: 'the policy cannot be used, or the archive was altered' },
  plan: {
    0: 'plan written, or nothing to change',
    1: `${ERROR}; with --strict: errors were found`,
    2: 'with --detailed-exitcode: there are changes; plan diff: the plans differ',
    3: DAMAGED,
    6: 'with --fail-on or --fail-on-skipped: plan written, and it meets a condition',
  },
  contract: { 0: 'done; check: the contract fits', 1: 'check: the contract does not fit; or an error' },
  doctor: { 0: 'all checks passed', 1: 'a check failed; or an error' },
  lint: { 0: 'no errors found', 1: 'errors to fix in Wagtail; or another error' },
  show: {
    0: 'done',
    1: `${ERROR}; or hazards and deletes do not fit into --max-bytes`,
    3: 'the plan, or the archive in the plans folder, was altered',
  },
  approve: {
    0: 'recorded',
    1: ERROR,
    3: 'refused: the plan was altered, has errors under --strict, or was not confirmed; nothing was recorded',
  },
  verify: { 0: 'the plan may be applied', 1: ERROR, 3: 'the plan may not be applied; one line per reason' },
  apply: {
    0: 'done, or nothing to do',
    1: `${ERROR}; nothing was written`,
    2: '--verify-storefront: applied, and shoppers see something else',
    3: 'refused: not approved, altered, applied before, for another shop, or locked; nothing was written',
    4: 'stale: the shop changed since the plan; nothing was written',
    5: 'incomplete: a change failed, was skipped or is unknown; the report names the next step',
  },
  drift: {
    0: 'no differences',
    1: 'errors or skipped pages, and no differences; or another error',
    2: 'differences found',
    3: DAMAGED,
  },
  storefront: {
    0: 'shoppers see what is planned',
    1: 'pages were skipped because of errors in Wagtail; or an error',
    2: 'shoppers see something else',
  },
  revert: {
    0: 'plan written, or nothing to revert',
    1: ERROR,
    3: 'refused: the plan was altered',
  },
  ci: {
    0: 'done, or nothing to do',
    1: `${ERROR}; drift: errors or skipped pages`,
    2: 'drift: differences found',
    3: 'check, replan: a plan is not whole; apply: a merged plan is refused',
    4: 'replan: both sides say something else now; apply: a merged plan is stale',
    5: 'apply: incomplete, or the report was not published',
  },
  audit: {
    0: 'done; audit verify: no errors found',
    1: ERROR,
    3: 'audit verify: the archive or a file it covers was altered',
  },
  history: { 0: 'done', 1: ERROR, 3: 'the archive or a file it covers was altered' },
  sync: {
    0: 'done, or no differences; always for a dry run without --strict',
    1: `${ERROR}; --strict: errors or skipped pages, and no differences`,
    2: '--strict: differences found',
    3: 'refused: the plan to apply is not approved, for another shop, or locked; or the archive was altered',
    4: 'stale: the shop changed since the plan; nothing was written',
    5: 'incomplete: a change failed, was skipped or is unknown; the report names the next step',
  },
} as const satisfies Readonly<Record<string, Exits>>;
