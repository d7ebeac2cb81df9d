import { Failure } from '../core/failure.ts';
import { byCodeUnit } from '../core/json/records.ts';
import { parseJsonOr } from '../core/json/untrusted-json.ts';

/**
 * The ids of a Capability Registry, sorted: a JSON array of ids or of `{id}`, or one id a line (blank lines and lines
 * that begin with # are passed over). Throws a Failure (document_malformed) with the place.
 */
export function parseRegistry(text: string, name: string): readonly string[] {
  const ids = /^\s*[[{]/.test(text)
    ? fromJson(text, name)
    : text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '' && !line.startsWith('#'));
  if (ids.length === 0)
    throw new Failure(
      'document_malformed',
      `${name} holds no id`,
      'An empty registry would refuse every capability.',
    );
  return [...new Set(ids)].sort(byCodeUnit);
}

function fromJson(text: string, name: string): readonly string[] {
  const value = parseJsonOr(
    text,
    (reason) => new Failure('document_malformed', `${name} is not JSON: ${reason}`),
  );
  if (!Array.isArray(value))
    throw new Failure('document_malformed', `${name}: must be an array of ids or of {"id": …}`);
  return value.map((item, index) => {
    const id = typeof item === 'object' && item !== null ? (item as { id?: unknown }).id : item;
    if (typeof id !== 'string' || id === '')
      throw new Failure(
        'document_malformed',
        `${name}: [${index}] is neither an id nor an object with an id`,
      );
    return id;
  });
}
