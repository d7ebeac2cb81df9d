import { Failure, type FailureCode } from '../core/failure.ts';

/** One line of `sailplan verify`. */
export type Check = {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
};

export type Refusal = {
  readonly code: FailureCode;
  readonly message: string;
  readonly hint: string;
};

/** The result of one check. The report repeats a note; a refusal stops the apply. */
export interface Finding {
  readonly name: string;
  readonly detail: string;
  readonly isNote: boolean;
  readonly refusal: Refusal | null;
}

export const passed = (name: string, detail: string): Finding => ({
  name,
  detail,
  isNote: false,
  refusal: null,
});

export const infoFinding = (name: string, detail: string): Finding => ({
  ...passed(name, detail),
  isNote: true,
});

export const refused = (name: string, code: FailureCode, message: string, hint: string): Finding => ({
  ...passed(name, message),
  refusal: { code, message, hint },
});

/** Turns a Failure that a reader threw into a refusal; rethrows anything else, which is a bug. */
export function refusedBy(name: string, error: unknown, place = ''): Finding {
  if (!(error instanceof Failure)) throw error;
  return refused(name, error.code, place === '' ? error.message : `${place}: ${error.message}`, error.hint);
}
