import type { Json, JsonObject } from '../core/json/json-value.ts';
import { isRecord, own, sortedRecord } from '../core/json/records.ts';

/**
 * A field of a document by its path: `name`, `attributes.gsv_roles`, `metadata.cp_offering_id`; '' is the document itself.
 * Paths have at most two parts, because metadata keys may contain dots. undefined: the document has no such field; the
 * document null (the resource does not exist) has none.
 */
export function fieldAt(document: Json, path: string): Json | undefined {
  if (!isRecord(document)) return undefined;
  if (path === '') return document;
  const [part, name] = stepsOf(path);
  const owner = part === null ? document : own(document, part);
  return isRecord(owner) ? own(owner, name) : undefined;
}

/** The document with one field set, or without it (`value` undefined); a part that is not there is not made. */
export function withField(document: JsonObject, path: string, value: Json | undefined): JsonObject {
  const [part, name] = stepsOf(path);
  if (part === null) return withMember(document, name, value);
  const owner = own(document, part);
  return isRecord(owner) ? { ...document, [part]: withMember(owner, name, value) } : document;
}

function stepsOf(path: string): readonly [part: string | null, name: string] {
  const dot = path.indexOf('.');
  return dot === -1 ? [null, path] : [path.slice(0, dot), path.slice(dot + 1)];
}

function withMember(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  const others = Object.entries(object).filter(([member]) => member !== name);
  return sortedRecord<Json>(value === undefined ? others : [...others, [name, value]]);
}
