import { Failure } from '../core/failure.ts';
import type { Json, JsonObject } from '../core/json/json-value.ts';
import { isRecord, own } from '../core/json/records.ts';
import { parseJsonOr } from '../core/json/untrusted-json.ts';
import { isRetired, type ListFormat, type ListPlace } from './list-format.ts';
import type { ReadEntry, ReadVersion } from './listed-ids.ts';

/** One answer or file of a list. */
export interface ListPage {
  readonly entries: readonly ReadEntry[];
  /** Address of the next page, as it was written; null: this is the last one. */
  readonly next: string | null;
  /** Number of entries that the list claims to have, in total or on this page; null if it has no such number. */
  readonly total: number | null;
}

/**
 * The ids of a list: a JSON array of ids or of objects, an object with one such array, or one id per line (empty lines and
 * lines that begin with # are skipped). Throws a Failure (document_malformed) with the place; it never quotes an invalid id.
 */
export function parseIdList(
  text: string,
  { name, format = {}, nowMs }: Omit<ListPlace, 'format'> & { readonly format?: ListFormat },
): ListPage {
  const place: ListPlace = { name, format, nowMs };
  if (/^\s*</.test(text))
    throw new Failure('document_malformed', `${name} is an HTML page, not a list of ids`, FORMS);
  if (!/^\s*[[{]/.test(text) && format.ids === undefined)
    return { entries: fromLines(text, name), next: null, total: null };
  const value = parseJsonOr(
    text,
    (reason) => new Failure('document_malformed', `${name} is not JSON: ${reason}`),
  );
  const { list, at } = arrayIn(value, place);
  return {
    entries: list.map((item, index) => entryOf(item, `${at}[${index}]`, place)),
    next: nextIn(value, place),
    total: isRecord(value) ? totalIn(value) : null,
  };
}

const FORMS = 'Give a JSON array of ids, an object that contains one, or one id per line.';

/** Allowed form of an id. A line of another file could contain a secret; it is not an id and is never quoted. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;

function fromLines(text: string, name: string): readonly ReadEntry[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const id = line.trim();
    if (id === '' || id.startsWith('#')) return [];
    return [{ id: idAt(id, name, `line ${index + 1}`), isRetired: false, versions: null }];
  });
}

function idAt(id: string, name: string, place: string): string {
  if (ID.test(id)) return id;
  throw new Failure(
    'document_malformed',
    `${name}: ${place} is not an id (letters, digits and . _ : - , at most 100)`,
    'Is this the list of ids, or another file?',
  );
}

/** The array that a pointer names; else the document itself, or its only member that is an array. */
function arrayIn(value: Json, { name, format }: ListPlace): { list: readonly Json[]; at: string } {
  if (format.ids !== undefined) {
    const found = pointed(value, format.ids);
    if (Array.isArray(found)) return { list: found as readonly Json[], at: format.ids };
    throw new Failure(
      'document_malformed',
      `${name}: there is no array at ${format.ids}`,
      'Correct "ids" of the list’s format in the config: a JSON pointer such as /data/items.',
    );
  }
  if (Array.isArray(value)) return { list: value as readonly Json[], at: '' };
  const members = isRecord(value) ? Object.entries(value).filter(([, member]) => Array.isArray(member)) : [];
  const [only] = members;
  if (members.length === 1 && only !== undefined) return { list: only[1] as readonly Json[], at: only[0] };
  throw new Failure(
    'document_malformed',
    members.length === 0
      ? `${name}: must be an array of ids or of {"id": …}, or an object that contains one`
      : `${name}: ${members.length} of its members are arrays, and it is not known which one is the list`,
    members.length === 0
      ? FORMS
      : 'Name the array with "ids" of the list’s format in the config: a JSON pointer such as /capabilities.',
  );
}

function entryOf(item: Json, place: string, list: ListPlace): ReadEntry {
  const { name, format } = list;
  if (!isRecord(item)) {
    if (typeof item === 'string' && item !== '')
      return { id: idAt(item, name, place), isRetired: false, versions: null };
    throw new Failure('document_malformed', `${name}: ${place} is neither an id nor an object with an id`);
  }
  const member = format.id ?? 'id';
  const id = own(item, member);
  if (typeof id !== 'string' || id === '')
    throw new Failure(
      'document_malformed',
      `${name}: ${place} is neither an id nor an object with an id`,
      `Entries have their id in the member "${member}"; name another one with "id" of the list’s format in the config.`,
    );
  return {
    id: idAt(id, name, place),
    isRetired: isRetired(item, place, list),
    versions: versionsOf(item, place, list),
  };
}

/** Members that have versions if the format names none: a list of versions, or one. */
const VERSIONS = ['versions', 'version_ids', 'version_id', 'version'];

function versionsOf(item: JsonObject, place: string, list: ListPlace): readonly ReadVersion[] | null {
  const { name, format } = list;
  const names = format.versions === undefined ? VERSIONS : [format.versions];
  const found = names.find((one) => (own(item, one) ?? null) !== null);
  if (found === undefined) return null;
  const held = item[found] as Json;
  return (Array.isArray(held) ? (held as readonly Json[]) : [held]).map((one, index) => {
    const at = `${place}.${found}${Array.isArray(held) ? `[${index}]` : ''}`;
    const id = isRecord(one)
      ? ['id', 'version_id', 'version'].map((member) => own(one, member)).find((text) => text !== undefined)
      : one;
    const text = typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? String(id) : id;
    if (typeof text !== 'string') throw new Failure('document_malformed', `${name}: ${at} is not a version`);
    return {
      id: idAt(text, name, at),
      isRetired: isRecord(one) && isRetired(one, at, { ...list, format: withoutMember(format) }),
    };
  });
}

/** A version may have its own retired mark; the member that the format names belongs to the entry. */
const withoutMember = ({ retired: _, ...format }: ListFormat): ListFormat => format;

/** JSON pointers to the address of the next page, where the format names none. */
const NEXT = ['/next', '/links/next', '/paging/next', '/meta/next', '/pagination/next', '/_links/next/href'];

function nextIn(value: Json, { name, format }: ListPlace): string | null {
  if (!isRecord(value)) return null;
  const pointers = format.next === undefined ? NEXT : [format.next];
  for (const pointer of pointers) {
    const found = pointed(value, pointer) ?? null;
    if (typeof found === 'string' && found !== '') return found;
    if (found !== null && found !== '' && found !== false)
      throw new Failure(
        'document_malformed',
        `${name}: ${pointer} is not the address of a next page`,
        'Name the member with "next" of the list’s format in the config: a JSON pointer to a text.',
      );
  }
  return null;
}

/** JSON pointers to the number of entries. */
const TOTALS = ['/total', '/count', '/total_count', '/meta/total', '/meta/total_count', '/pagination/total'];

function totalIn(value: JsonObject): number | null {
  const found = TOTALS.map((pointer) => pointed(value, pointer)).find((one) => typeof one === 'number');
  return typeof found === 'number' ? found : null;
}

/** The value at a JSON pointer (RFC 6901); undefined: there is none. */
function pointed(value: Json, pointer: string): Json | undefined {
  let at: Json | undefined = value;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = /^\d+$/.test(name) ? (at as readonly Json[])[Number(name)] : undefined;
    else at = isRecord(at) ? own(at, name) : undefined;
  }
  return at;
}
