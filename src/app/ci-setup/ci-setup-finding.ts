import type { SetupFinding } from '../setup-finding.ts';

/** One check of the CI set-up, with its place in the repository if it concerns a file. */
export interface CiSetupFinding extends SetupFinding {
  /** `file` is relative to the top of the repository. */
  readonly place: { readonly file: string; readonly line: number } | null;
}

interface Problem {
  readonly message: string;
  /** The next step, as a command or setting that works here. */
  readonly fix: string;
  readonly place?: CiSetupFinding['place'];
}

/** With an error CI cannot work; a warning needs a person's decision. */
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
