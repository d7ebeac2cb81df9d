import { FieldError, invalidInput } from '../graphql/errors.ts';

export const globalId = (type: string, pk: number): string =>
  Buffer.from(`${type}:${pk}`, 'utf8').toString('base64');

interface GlobalId {
  readonly type: string;
  readonly key: string;
}

/** Null if the id is not base64 of `Type:key`. */
export function decodeId(id: string): GlobalId | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(id) || id.length % 4 !== 0) return null;
  const match = /^([A-Za-z]+):(.+)$/.exec(Buffer.from(id, 'base64').toString('utf8'));
  return match ? { type: match[1] ?? '', key: match[2] ?? '' } : null;
}

const isPk = (key: string): boolean => /^\d+$/.test(key);

/**
 * Primary key of a query's id; null for another type's id. Throws a FieldError if it is malformed
 * (recording 07-product-by-id-slug-extref).
 */
export function queryPk(type: string, id: string): number | null {
  const parsed = decodeId(id);
  if (!parsed || (parsed.type === type && !isPk(parsed.key)))
    throw new FieldError(`Invalid ID: ${id}. Expected: ${type}.`);
  return parsed.type === type ? Number(parsed.key) : null;
}

/** Primary key of a mutation's id. Throws an InputError if it is malformed or of another type. */
export function inputPk(type: string, id: string, field: string | null = 'id'): number {
  const parsed = decodeId(id);
  if (!parsed || !isPk(parsed.key))
    throw invalidInput(field, 'GRAPHQL_ERROR', `Invalid ID: ${id}. Expected: ${type}.`);
  if (parsed.type !== type)
    throw invalidInput(
      field,
      'GRAPHQL_ERROR',
      `Invalid ID: ${id}. Expected: ${type}, received: ${parsed.type}.`,
    );
  return Number(parsed.key);
}
