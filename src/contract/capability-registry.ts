import { Failure } from '../core/failure.ts';
import { byCodeUnit } from '../core/json/records.ts';
import { parseJsonOr } from '../core/json/untrusted-json.ts';

/**
 * The ids of a Capability Registry, sorted: a JSON array of ids or of `{id}`, or one id a line (blank lines and lines
 * that begin with # are passed over). Throws a Failure (document_malformed) with the place.
 */
export function parseRegistry(text: string, name: string): readonly string[] {
  const ids = /^\s*[[{]/.test(text) ? fromJson(text, name) : fromLines(text, name);
  if (ids.length === 0)
    throw new Failure(
      'document_malformed',
      `${name} holds no id`,
      'An empty registry would refuse every capability.',
    );
  return [...new Set(ids)].sort(byCodeUnit);
}

/** What an id may be: a line of any other file, which could hold a secret, is none and is never quoted. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;

function fromLines(text: string, name: string): readonly string[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const id = line.trim();
    return id === '' || id.startsWith('#') ? [] : [idAt(id, name, `line ${index + 1}`)];
  });
}

function idAt(id: string, name: string, place: string): string {
  if (ID.test(id)) return id;
  throw new Failure(
    'document_malformed',
    `${name}: ${place} is not an id (letters, digits and . _ : - , at most 100)`,
    'Is this the Capability Registry, or another file?',
  );
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
    return idAt(id, name, `[${index}]`);
  });
}
