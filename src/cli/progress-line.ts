/** One line that tells a person how far something is. */
export interface ProgressLine {
  show(text: string): void;
  /** Before anything else is printed. */
  clear(): void;
}

/** What of a stream is needed: process.stderr, structurally. */
interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Often enough to look alive; terminals are slow. */
const REDRAW_MS = 100;
/** In CI a line is kept for ever. */
const INTERVAL_MS = 10_000;

/** On a terminal one line that is written over; elsewhere plain lines, the first after ten seconds and one each ten more. */
export function createProgress(stream: Stream, now: () => number = Date.now): ProgressLine {
  let shownAt = stream.isTTY === true ? Number.NEGATIVE_INFINITY : now();
  let isShown = false;
  return {
    show: (text) => {
      if (now() - shownAt < (stream.isTTY === true ? REDRAW_MS : INTERVAL_MS)) return;
      shownAt = now();
      if (stream.isTTY !== true) {
        stream.write(`${text}\n`);
        return;
      }
      isShown = true;
      stream.write(`\r\u001b[2K${cut(text, (stream.columns ?? 80) - 1)}`);
    },
    clear: () => {
      if (isShown) stream.write('\r\u001b[2K');
      isShown = false;
    },
  };
}

/** A line that wraps cannot be written over. */
const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
