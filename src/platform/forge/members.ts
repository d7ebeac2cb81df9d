import { Failure } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { isRecord } from '../../core/json/records.ts';

/** Members of a forge's answers. Each throws a Failure (answer_invalid) where the answer has another shape. */

export function numberIn(object: JsonObject, name: string): number {
  const value = object[name];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw lacking(name);
}

/** An empty text where the member is null, as of a description that nobody wrote. */
export function textIn(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value === 'string') return value;
  if (value === null) return '';
  throw lacking(name);
}

export function recordIn(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  if (isRecord(value)) return value;
  throw lacking(name);
}

const lacking = (name: string): Failure =>
  new Failure(
    'answer_invalid',
    `the forge's answer has no usable member "${name}"`,
    'Check the address of its API.',
  );

/** Requests once, at the first use; a failure is not stored. */
export function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () => {
    asked ??= ask().catch((error: unknown) => {
      asked = null;
      throw error;
    });
    return asked;
  };
}

/** At most `max` characters; a cut text ends with an ellipsis. */
export const shortened = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max - 1)}…`;
