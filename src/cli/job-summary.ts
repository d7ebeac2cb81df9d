import { appendFileSync, statSync } from 'node:fs';
import { reasonOf } from '../platform/files.ts';
import { byteLength } from '../review/markdown/size-budget.ts';
import type { Io } from './io.ts';

/** GitHub refuses the whole summary of a step that exceeds this number of bytes. */
const STEP_BYTES = 1024 * 1024;
/** Less than this shows nothing of use. */
const LEAST_BYTES = 4_000;
const CUT = '\n\n> The rest does not fit into the summary of one step (1 MiB).\n';

/**
 * Appends Markdown to the summary page of this step, where the CI system has one (GITHUB_STEP_SUMMARY). `render` gets the bytes
 * that are free. Never fails the command: what cannot be written is a note.
 */
export function writeJobSummary(
  io: Pick<Io, 'env' | 'err' | 'redact'>,
  render: (maxBytes: number) => string,
): void {
  const path = io.env['GITHUB_STEP_SUMMARY'];
  if (path === undefined || path === '') return;
  const room = STEP_BYTES - sizeOf(path) - byteLength('\n\n');
  if (room < LEAST_BYTES) {
    io.err('note: the summary of this step is full (1 MiB), so nothing was added to it');
    return;
  }
  const text = fitting(io.redact(render(room)), room);
  try {
    appendFileSync(path, `${text.trimEnd()}\n\n`);
  } catch (error) {
    io.err(`warning: the job summary ${path} cannot be written (${reasonOf(error)})`);
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** As many complete lines as fit. Replacing secrets by their names can make a text longer than its renderer computed. */
function fitting(text: string, room: number): string {
  if (byteLength(text) <= room) return text;
  const cut = Buffer.from(text)
    .subarray(0, room - byteLength(CUT))
    .toString('utf8');
  return `${cut.slice(0, Math.max(0, cut.lastIndexOf('\n')))}${CUT}`;
}
