/**
 * Codes of expected failures with the exit code of the command (README.md#from-the-first-plan-to-the-first-apply).
 * 1 error · 3 refused · 4 stale · 5 incomplete
 */
const EXIT = {
  usage: 1,
  config_invalid: 1,
  contract_invalid: 1,
  file_unreadable: 1,
  file_unwritable: 1,
  document_malformed: 1,
  format_unknown: 1,
  source_incomplete: 1,
  source_changing: 1,
  source_shrunk: 1,
  shop_incomplete: 1,
  unreachable: 1,
  timed_out: 1,
  connection_lost: 1,
  answer_invalid: 1,
  answer_too_large: 1,
  token_invalid: 1,
  permission_missing: 1,
  access_refused: 1,
  redirect_refused: 1,
  origin_not_allowed: 1,
  secret_too_short: 1,
  secret_found: 1,
  shop_error: 1,
  limit_exceeded: 1,
  signing_failed: 1,
  version_unsupported: 1,
  not_in_sandbox: 1,
  stopped: 1,
  plan_altered: 3,
  plan_errored: 3,
  plan_not_approved: 3,
  plan_rejected: 3,
  plan_already_applied: 3,
  approval_invalid: 3,
  approval_expired: 3,
  ssh_keygen_missing: 3,
  git_missing: 3,
  history_incomplete: 3,
  policy_refused: 3,
  policy_missing: 3,
  contract_differs: 3,
  target_differs: 3,
  hazard_not_accepted: 3,
  permission_missing_to_apply: 3,
  archive_altered: 3,
  evidence_unproved: 3,
  confirmation_missing: 3,
  locked: 3,
  plan_stale: 4,
  apply_incomplete: 5,
  report_unwritten: 5,
} as const;

export type FailureCode = keyof typeof EXIT;

/**
 * An expected failure: one line with the figures for the person who has to act, and the next step. `message` and `hint` may
 * have text from outside, so the printer passes them through `visible`.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly hint: string;
  /** Lines of the hint: only their ends are our own, so a line break inside one is made visible. */
  readonly hintLines: readonly string[];

  constructor(code: FailureCode, message: string, hint: string | readonly string[] = '') {
    super(message);
    this.code = code;
    this.hintLines = typeof hint === 'string' ? [hint] : hint;
    this.hint = this.hintLines.join('\n');
  }

  get exitCode(): number {
    return EXIT[this.code];
  }
}
