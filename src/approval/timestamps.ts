/** `2026-11-23T09:00:00.000Z`, the only form in statements and archive lines. */
export const printTime = (atMs: number): string => new Date(atMs).toISOString();

/** Milliseconds since the epoch; null unless the text is the printed form of a time that exists. */
export function parseTime(text: string): number | null {
  const atMs = Date.parse(text);
  return !Number.isNaN(atMs) && printTime(atMs) === text ? atMs : null;
}

export const HOUR_MS = 3_600_000;

/** A duration in milliseconds as text: `20 min`, `3 h`, `4 days`. */
export function printSpan(ms: number): string {
  const hours = ms / HOUR_MS;
  if (hours < 1) return `${Math.max(1, Math.round(ms / 60_000))} min`;
  return hours < 72 ? `${Math.round(hours * 10) / 10} h` : `${Math.round(hours / 24)} days`;
}
