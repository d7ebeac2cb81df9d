import type { SetupFinding } from '../setup-finding.ts';

/** One check of the CI set-up, with its place in the repository where it is about a file. */
export interface CiSetupFinding extends SetupFinding {
  /** `file` starts at the top of the repository. */
  readonly place: { readonly file: string; readonly line: number } | null;
}

interface Problem {
  readonly message: string;
  /** What to do, as it works here. */
  readonly fix: string;
  readonly place?: CiSetupFinding['place'];
}

/** Nothing works with an error; a warning is worth a look. */
export const problem = (
  severity: 'warning' | 'error',
  code: string,
  { message, fix, place = null }: Problem,
): CiSetupFinding => ({ severity, code, message, fix, place });

export const checked = (code: string, message: string): CiSetupFinding => ({
  severity: 'ok',
  code,
  message,
  fix: '',
  place: null,
});
