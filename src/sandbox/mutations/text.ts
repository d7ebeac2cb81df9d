import { type InputProblem, notHere } from '../failure.ts';
import type { Store } from '../store.ts';

const MAX_LENGTH = 250;

export const isBlank = (text: string | null | undefined): boolean =>
  text === '' || text === null || text === undefined;

/** A NUL crashes Saleor in metadata; what it does elsewhere was not recorded. */
function noNul(text: string): void {
  if (text.includes('\0')) throw notHere('a NUL in a name');
}

/** The rules of a text column: not empty, at most 250 characters (counted as Python does, by code point). */
export function textProblem(field: string, text: string, isRequired: boolean): InputProblem | null {
  noNul(text);
  if (text === '') {
    return isRequired ? { field, code: 'REQUIRED', message: 'This field cannot be blank.' } : null;
  }
  const length = Array.from(text).length;
  if (length <= MAX_LENGTH) return null;
  return {
    field,
    code: 'INVALID',
    message: `Ensure this value has at most ${MAX_LENGTH} characters (it has ${length}).`,
  };
}

/** External references of values are unique over the whole shop; the empty string counts (facts §1). */
export const referenceTaken = (store: Store, reference: string, except?: number): boolean =>
  Array.from(store.values.values()).some((v) => v.externalReference === reference && v.pk !== except);

export function referenceProblem(
  store: Store,
  reference: string | null | undefined,
  except?: number,
): InputProblem | null {
  if (reference === null || reference === undefined) return null;
  const tooLong = textProblem('externalReference', reference, false);
  if (tooLong) return tooLong;
  if (!referenceTaken(store, reference, except)) return null;
  return {
    field: 'externalReference',
    code: 'UNIQUE',
    message: 'Attribute value with this External reference already exists.',
  };
}
