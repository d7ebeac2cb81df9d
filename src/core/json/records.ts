import type { JsonObject } from './json-value.ts';

/** Whether a value is a JSON object: no list, not null. */
export const isRecord = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The members' names in code-unit order. Checks first, since most records are sorted and sorting is slow. */
export function sortedNames(object: Readonly<Record<string, unknown>>): readonly string[] {
  const names = Object.keys(object);
  return isAscending(names, (name) => name) ? names : names.sort();
}

function isAscending<T>(items: readonly T[], nameOf: (item: T) => string): boolean {
  for (let index = 1; index < items.length; index += 1)
    if (nameOf(items[index - 1] as T) > nameOf(items[index] as T)) return false;
  return true;
}

/** An own member, or undefined; `constructor` and `__proto__` are ordinary keys. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Sorts by UTF-16 code units, as RFC 8785 does, so that order never depends on a locale. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A set as a record from member to true, in code-unit order. */
export function setOf(members: readonly string[]): Record<string, true> {
  const set: Record<string, true> = {};
  let last = '';
  for (const member of members) {
    if (member <= last || member === '__proto__')
      return sortedRecord(members.map((one) => [one, true as const]));
    set[member] = true;
    last = member;
  }
  return set;
}

/** A record of these names and values, in code-unit order, without those whose value is undefined. */
export function recordOf<T>(names: readonly string[], values: readonly (T | undefined)[]): Record<string, T> {
  const record: Record<string, T> = {};
  let last = '';
  for (let at = 0; at < names.length; at += 1) {
    const [name, value] = [names[at] as string, values[at]];
    if (value === undefined) continue;
    if (name <= last || name === '__proto__')
      return sortedRecord(
        names.flatMap((one, index) => (values[index] === undefined ? [] : [[one, values[index]]])),
      );
    record[name] = value;
    last = name;
  }
  return record;
}

/** A record with its members in code-unit order. Assigns nothing, so that `__proto__` stays a member. */
export function sortedRecord<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const all = [...entries];
  return Object.fromEntries(
    isAscending(all, ([name]) => name) ? all : all.sort(([a], [b]) => byCodeUnit(a, b)),
  );
}
