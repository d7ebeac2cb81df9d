import { parseJson } from '../../plan/file/parse.ts';
import { Failure } from '../failure.ts';
import type { Json } from './canonical-json.ts';

/**
 * JSON that people write by hand and that decides something: UTF-8, and no member twice in one object (`JSON.parse`
 * takes the last one, a reviewer may read the first). Throws a Failure (document_malformed).
 */
function parseStrict(bytes: Uint8Array): Json {
  const text = decode(bytes);
  const value = parseJson(text);
  const repeated = repeatedMember(text);
  if (repeated !== null) {
    throw new Failure('document_malformed', `the member ${repeated} stands twice`, 'Keep one of the two.');
  }
  return value;
}

/** The same, for a reader whose refusals are its own. */
export function parseStrictOr(bytes: Uint8Array, refused: (because: string, hint: string) => Failure): Json {
  try {
    return parseStrict(bytes);
  } catch (error) {
    throw error instanceof Failure ? refused(error.message, error.hint) : error;
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failure('document_malformed', 'not UTF-8', 'Save the file as UTF-8.');
  }
}

/** Of a text that is known to be JSON. */
function repeatedMember(text: string): string | null {
  const open: Set<string>[] = [];
  for (const [token, name, colon] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g)) {
    const members = open.at(-1);
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (name !== undefined && colon !== undefined && members !== undefined) {
      const member = JSON.parse(name) as string;
      if (members.has(member)) return name;
      members.add(member);
    }
  }
  return null;
}
