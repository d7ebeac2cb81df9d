import { Failure } from '../core/failure.ts';

/** One check; `fix` is the next step, or empty. With an error `plan` or `apply` cannot work. */
export interface SetupFinding {
  readonly severity: 'ok' | 'warning' | 'error';
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

export const okFinding = (code: string, message: string): SetupFinding => ({
  severity: 'ok',
  code,
  message,
  fix: '',
});

/** The finding for an expected failure; throws any other error. */
export function failedFinding(error: unknown): SetupFinding {
  if (!(error instanceof Failure)) throw error;
  return { severity: 'error', code: error.code, message: error.message, fix: error.hint };
}
