import { systemClock } from '../platform/system-clock.ts';

/** A line that shows the progress of a long step. */
export interface ProgressLine {
  show(text: string): void;
  /** Removes the line; call it before printing anything else. */
  clear(): void;
}

/** The parts of process.stderr that are used. */
interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** A terminal is slow, and 10 lines a second look alive. */
const REDRAW_MS = 100;
/** A CI log keeps every line. */
const INTERVAL_MS = 10_000;

/** On a terminal, overwrites one line; elsewhere, writes a plain line every 10 seconds, the first after 10 seconds. */
export function createProgress(stream: Stream, now: () => number = systemClock.now): ProgressLine {
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
      stream.write(`\r\u001b[2K${cut(text, (stream.columns || 80) - 1)}`);
    },
    clear: () => {
      if (isShown) stream.write('\r\u001b[2K');
      isShown = false;
    },
  };
}

/** A line that wraps cannot be overwritten. */
const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
