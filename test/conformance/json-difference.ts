/** Times up to this instant come from the seed and must be equal; later ones depend on when a request ran. */
const SEEDED_UNTIL = '2026-11-23T14:03';

const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text);

/** Whether the recorder replaced a value by `<cut>`, `<JWT>` … */
const isRemoved = (value: unknown): boolean => typeof value === 'string' && /^<[^>]*>$/.test(value);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const show = (value: unknown): string => JSON.stringify(value)?.slice(0, 300) ?? 'undefined';

/** The first difference of two JSON values with its path; null if there is none. Times after the seeding may differ. */
export function difference(recorded: unknown, got: unknown, at = '$'): string | null {
  if (isRemoved(recorded)) return got === undefined ? `${at}: missing` : null;
  if (Array.isArray(recorded) && Array.isArray(got)) {
    if (recorded.length !== got.length)
      return `${at}: ${recorded.length} items recorded, got ${got.length}: ${show(got)}`;
    return recorded.map((item, i) => difference(item, got[i], `${at}[${i}]`)).find((d) => d !== null) ?? null;
  }
  if (isRecord(recorded) && isRecord(got)) {
    const names = new Set([...Object.keys(recorded), ...Object.keys(got)]);
    return (
      [...names]
        .map((name) => difference(recorded[name], got[name], `${at}.${name}`))
        .find((d) => d !== null) ?? null
    );
  }
  if (typeof recorded === 'string' && typeof got === 'string' && isTime(recorded) && isTime(got))
    if (recorded > SEEDED_UNTIL && got > SEEDED_UNTIL) return null;
  return recorded === got ? null : `${at}: recorded ${show(recorded)}, got ${show(got)}`;
}
