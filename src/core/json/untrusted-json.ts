import { Failure } from '../failure.ts';
import { withoutByteOrderMark } from '../text/utf8.ts';
import { isPlain } from './canonical-json.ts';
import { excessIn, MAX_DEPTH, placeOfFault } from './json-bounds.ts';
import type { Json, JsonObject } from './json-value.ts';
import { isRecord } from './records.ts';

/** The place of a value, from the inside out; made into text only for an error. */
type Place = { readonly above: Place; readonly step: string | number } | null;

/**
 * Parses JSON from outside. Refuses more than 64 levels, or far more values than its size can explain, before parsing; then
 * members named `__proto__`, and NUL or lone surrogates in texts (Saleor crashes on them, docs/saleor.md#metadata). `name`:
 * the file or address, for errors. `judged`: members whose texts the caller checks one by one, so that one bad text does not
 * refuse the document. `mostParts`: lists, objects and members. Throws a Failure (document_malformed).
 */
export function parseUntrusted(
  text: string,
  name: string,
  judged: readonly string[] = [],
  mostParts?: number,
): Json {
  const body = withoutByteOrderMark(text);
  if (body.trim() === '')
    throw new Failure('document_malformed', `${name} is empty`, 'Write the export again.');
  if (looksLikeHtml(body)) {
    throw new Failure(
      'document_malformed',
      `${name} is an HTML page, not JSON`,
      'Check the address: it may be a page instead of an export, or the file may contain an error page.',
    );
  }
  const excess = excessIn(body, 0, mostParts);
  if (excess !== null) throw new Failure('document_malformed', `${name} is not read: ${excess}`);
  const value = parse(body, name);
  const members = isRecord(value) ? judged.filter((member) => Object.hasOwn(value, member)) : [];
  if (!isRecord(value) || members.length === 0) {
    inspect(value, null, 0, { name, isSafe: false });
    return value;
  }
  const rest = Object.fromEntries(members.map((member) => [member, null]));
  inspect({ ...value, ...rest }, null, 0, { name, isSafe: false });
  for (const step of members) inspect(value[step] ?? null, { above: null, step }, 1, { name, isSafe: true });
  return value;
}

/**
 * JSON.parse for a reader with its own errors, with or without a byte order mark. Limits depth and number of values before
 * parsing; refuses members named `__proto__`. Does not check texts: a schema or a printed form does that. `reason` is the
 * position of the error and quotes nothing, because the text may contain a secret. `mostParts`: lists, objects and members.
 */
export function parseJsonOr(text: string, refused: (reason: string) => Failure, mostParts?: number): Json {
  const body = withoutByteOrderMark(text);
  const value = parseBody(body, refused, mostParts);
  if (hasProto(body, value)) throw refused(PROTO);
  return value;
}

/** The same without a byte order mark: where a caller took one away, a second one is not JSON. */
function parseBody(body: string, refused: (reason: string) => Failure, mostParts?: number): Json {
  const excess = excessIn(body, 0, mostParts);
  if (excess !== null) throw refused(excess);
  const value = parsed(body, refused);
  if (mayOverflow(body) && hasInfinity(value)) throw refused(TOO_LARGE);
  return value;
}

function parsed(body: string, refused: (reason: string) => Failure): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    throw refused(placeOfFault(body));
  }
}

/**
 * JSON.parse for a part of a document whose limits were checked. Throws a SyntaxError, also for a number that is too large;
 * the reader of the whole document then reports it.
 */
export function parsePiece(text: string): Json {
  const value = JSON.parse(text) as Json;
  if (mayOverflow(text) && hasInfinity(value)) throw new SyntaxError(TOO_LARGE);
  if (hasProto(text, value)) throw new SyntaxError(PROTO);
  return value;
}

const TOO_LARGE = 'a number in it is too large';

/**
 * JSON.parse turns `1e400` into Infinity, which JSON cannot represent. A number above 1e308 has an exponent of three digits,
 * or more than 200 digits before a shorter one.
 */
const mayOverflow = (text: string): boolean => /\d[eE]\+?\d{3}|\d{200}/.test(text);

function hasInfinity(value: Json): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInfinity);
}

/** The same for a text that is ignored if it is not JSON; undefined: it is not JSON. */
export function parseJsonOrNothing(text: string): Json | undefined {
  try {
    return parseJsonOr(text, (reason) => new Failure('document_malformed', reason));
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** JSON of a file that sailplan wrote itself. Throws a Failure (document_malformed). */
export const parseJson = (text: string): Json =>
  parseJsonOr(
    text,
    (reason) =>
      new Failure(
        'document_malformed',
        `not JSON: ${reason}`,
        'The file is truncated or has another format.',
      ),
  );

const PROTO = 'it has a member with the name __proto__';

/** Whether a member could be taken for a prototype. Hardly any text needs the walk: the name, plain or with an escape. */
const hasProto = (text: string, value: Json): boolean =>
  /__proto__|\\u00(?:5f|70|72|6f|74)/i.test(text) && isProtoInside(value);

function isProtoInside(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(isProtoInside);
  return Object.entries(value).some(([name, member]) => name === '__proto__' || isProtoInside(member));
}

export const looksLikeHtml = (text: string): boolean => text.trimStart().startsWith('<');

const parse = (body: string, name: string): Json =>
  parseBody(body, (reason) =>
    reason === TOO_LARGE
      ? new Failure('document_malformed', `${name}: ${reason}`, 'Correct that number.')
      : new Failure(
          'document_malformed',
          `${name} is not complete JSON (${body.length} characters): ${reason}`,
          'It may be truncated: write or download it again.',
        ),
  );

/** What `inspect` finds in a document. */
interface Inspected {
  /** What was read, for errors. */
  readonly name: string;
  /** `isSafe` of its text: no text in it needs a look. */
  readonly isSafe: boolean;
}

/**
 * Refuses a value that is nested too deep or has unsafe texts; `depth`: how deep the value itself is in its document. Throws a
 * Failure (document_malformed).
 */
function inspect(value: Json, place: Place, depth: number, inspected: Inspected): void {
  const { name, isSafe: safe } = inspected;
  if (typeof value === 'string') {
    if (!safe && isUnsafeText(value))
      refuse(name, place, 'contains a NUL or a lone surrogate, which Saleor cannot store');
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth >= MAX_DEPTH) refuse(name, place, `is more than ${MAX_DEPTH} levels deep`);
  if (Array.isArray(value)) {
    value.forEach((item: Json, step) => {
      if (!safe || typeof item === 'object') inspect(item, { above: place, step }, depth + 1, inspected);
    });
    return;
  }
  const object = value as JsonObject;
  for (const step in object) {
    const member = object[step] as Json;
    if (safe && typeof member !== 'object' && step !== '__proto__') continue;
    const inside = { above: place, step };
    if (step === '__proto__') refuse(name, inside, 'members with this name are refused');
    if (!safe && isUnsafeText(step)) refuse(name, inside, 'contains a NUL or a lone surrogate in its name');
    inspect(member, inside, depth + 1, inspected);
  }
}

/** Whether a text has a NUL or a lone surrogate. Nearly every text is printable ASCII, which the first test finds many times faster. */
export const isUnsafeText = (text: string): boolean => !isPlain(text) && /[\0\p{Surrogate}]/u.test(text);

function refuse(name: string, place: Place, what: string): never {
  throw new Failure('document_malformed', `${name}: ${placeText(place) || 'document'}: ${what}`);
}

function placeText(place: Place): string {
  if (place === null) return '';
  const above = placeText(place.above);
  if (typeof place.step === 'number') return `${above}[${place.step}]`;
  return above === '' ? place.step : `${above}.${place.step}`;
}

const FAULTS_SHOWN = 5;

/** One Failure for all faults of a document: the first five and the count of the others. */
export function malformed(name: string, faults: readonly string[], hint = ''): Failure {
  const shown = faults.slice(0, FAULTS_SHOWN).join('; ');
  const rest = faults.length > FAULTS_SHOWN ? `; and ${faults.length - FAULTS_SHOWN} more` : '';
  return new Failure(
    'document_malformed',
    `${name} has ${faults.length === 1 ? '1 fault' : `${faults.length} faults`}: ${shown}${rest}`,
    hint,
  );
}
