import { crash, InputError, type InputProblem, invalidInput } from '../graphql/errors.ts';
import type { Store } from '../store/store.ts';

const MAX_LENGTH = 250;

/** PostgreSQL accepts no NUL, and Saleor does not check before it writes. */
function refuseNul(text: string): void {
  if (text.includes('\0')) throw crash('DataError');
}

/** Checks a text column: not empty, not too long (counted in code points, as Python does). */
export function textProblem(
  field: string,
  text: string | null,
  isRequired: boolean,
  maxLength = MAX_LENGTH,
): InputProblem | null {
  refuseNul(text ?? '');
  if (!text) return isRequired ? { field, code: 'REQUIRED', message: 'This field cannot be blank.' } : null;
  const length = Array.from(text).length;
  if (length <= maxLength) return null;
  return {
    field,
    code: 'INVALID',
    message: `Ensure this value has at most ${maxLength} characters (it has ${length}).`,
  };
}

/** Checks a given slug of an attribute, product type or product. */
export function slugProblem(slug: string | null | undefined): InputProblem | null {
  if (slug === undefined || slug === null || /^[-\p{L}\p{N}_]+$/u.test(slug)) return null;
  return {
    field: 'slug',
    code: 'INVALID',
    message: 'Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens.',
  };
}

/** Checks that no other row of the table has this slug or external reference. */
export function uniqueProblem<T extends { readonly pk: number }>(
  table: { readonly rows: Map<number, T>; readonly name: string },
  column: keyof T & ('slug' | 'externalReference'),
  wanted: string | null | undefined,
  except?: number,
): InputProblem | null {
  if (wanted === null || wanted === undefined) return null;
  const isTaken = Array.from(table.rows.values()).some((row) => row[column] === wanted && row.pk !== except);
  const columnName = column === 'slug' ? 'Slug' : 'External reference';
  return isTaken
    ? { field: column, code: 'UNIQUE', message: `${table.name} with this ${columnName} already exists.` }
    : null;
}

/** Throws an InputError if there is any problem. */
export function throwIfInvalid(problems: readonly (InputProblem | null)[]): void {
  const found = problems.filter((p) => p !== null);
  if (found.length > 0) throw new InputError(found);
}

/** Throws unless exactly one of id and external reference is given. */
export function requireOneSelector(
  id: string | null | undefined,
  externalReference: string | null | undefined,
): void {
  if (id && externalReference)
    throw invalidInput(null, 'GRAPHQL_ERROR', "Argument 'id' cannot be combined with 'external_reference'");
  if (!id && !externalReference)
    throw invalidInput(
      null,
      'GRAPHQL_ERROR',
      "At least one of arguments is required: 'id', 'external_reference'.",
    );
}

/** A value's external reference is unique in the whole shop; the empty string counts (docs/saleor.md#external-references). */
export const isReferenceTaken = (store: Store, reference: string, except?: number): boolean =>
  Array.from(store.values.values()).some((v) => v.externalReference === reference && v.pk !== except);

/** Checks a value's external reference: not too long, unique over the shop. */
export function referenceProblem(
  store: Store,
  reference: string | null | undefined,
  except?: number,
): InputProblem | null {
  if (reference === null || reference === undefined) return null;
  const tooLong = textProblem('externalReference', reference, false);
  if (tooLong) return tooLong;
  if (!isReferenceTaken(store, reference, except)) return null;
  return {
    field: 'externalReference',
    code: 'UNIQUE',
    message: 'Attribute value with this External reference already exists.',
  };
}
