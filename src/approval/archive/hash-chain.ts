import type { Target } from '../../core/actual-state.ts';
import { Failure } from '../../core/failure.ts';
import { canonical, isSame, type Json, sha256 } from '../../core/json/canonical-json.ts';
import { pae, type Signature } from '../signing/dsse-envelope.ts';
import { isLine } from './line-shape.ts';

/** What one start or end of an apply leaves in the archive. Digests are SHA-256, 64 hex digits. */
export interface ArchiveEntry {
  readonly event: 'started' | 'finished';
  /** `2026-11-23T09:00:00.000Z`. */
  readonly at: string;
  readonly target: Target;
  readonly plan: { readonly id: string; readonly digest: string };
  /** Of the files in approvals/, sorted. */
  readonly approvals: readonly string[];
  readonly policy: string | null;
  /** Of report.json; null where there is none (started; or it could not be written). */
  readonly report: string | null;
  /** null: started. */
  readonly result: 'converged' | 'incomplete' | null;
}

/** A line of plans/archive/<target>.jsonl: the entry, its place, and the hash of the line before it. */
export interface ArchiveLine extends ArchiveEntry {
  /** 1, 2, 3 … */
  readonly sequence: number;
  /** SHA-256 of the line before, without its newline; 64 zeros in the first. */
  readonly previous: string;
  /** Over `signedPart`; null: not signed. */
  readonly signature: Signature | null;
}

type Chain =
  /** `head`: hash of the last line, 64 zeros of an empty archive. */
  | { readonly ok: true; readonly lines: readonly ArchiveLine[]; readonly head: string }
  | { readonly ok: false; readonly problem: ChainProblem };

/** The first thing that does not hold. `line` counts from 1. */
interface ChainProblem {
  readonly kind: 'altered' | 'missing' | 'reordered' | 'torn' | 'cut' | 'target';
  readonly line: number;
  readonly message: string;
}

export const ZERO_HASH = '0'.repeat(64);

/**
 * The next line of an archive, with its newline. A last line that a crash left unfinished does not count: write
 * `wholeLines(text) + appendLine(text, entry)` in place of the file. Throws a Failure (archive_altered) when the
 * chain so far does not hold: nothing is ever added to a broken one.
 */
export const appendLine = (text: string, entry: ArchiveEntry, signature: Signature | null = null): string =>
  `${canonical({ ...next(text, entry), signature } as unknown as Json)}\n`;

/** The bytes to sign for the next line, before it is appended with that signature. */
export const nextSignedPart = (text: string, entry: ArchiveEntry): Uint8Array =>
  signedPart(next(text, entry));

/** What a line's signature covers: everything but itself, in DSSE's encoding with a type of its own. */
export function signedPart(line: ArchiveLine): Uint8Array {
  const bare = canonical({ ...line, signature: null } as unknown as Json);
  return pae('application/vnd.sailplan.archive+json', new TextEncoder().encode(bare));
}

/** Up to the last newline: what stands behind it was never wholly written. */
export const completeLines = (text: string): string => text.slice(0, text.lastIndexOf('\n') + 1);

/** The lines of an archive whose chain holds, for deciding by. Throws a Failure (archive_altered). */
export function verifiedLines(text: string): readonly ArchiveLine[] {
  const chain = verifyChain(completeLines(text));
  if (chain.ok) return chain.lines;
  throw new Failure(
    'archive_altered',
    `the archive does not hold: ${chain.problem.message}`,
    'Restore it from the repository; sailplan audit verify shows what else is wrong.',
  );
}

/**
 * Walks the chain and names the first thing that does not hold. A cut tail shows only against `head`, a hash that was
 * noted elsewhere (the shop's mark, a chat, a printout): it must be the hash of some line.
 */
export function verifyChain(
  text: string,
  known: { readonly head?: string; readonly target?: Target } = {},
): Chain {
  const rows = completeLines(text).split('\n').slice(0, -1);
  const lines = rows.map(parse);
  const hashes = rows.map((row) => sha256(row));
  for (const index of rows.keys()) {
    const problem = problemAt(index, lines, hashes, known.target);
    if (problem !== null) return { ok: false, problem };
  }
  const place = rows.length + 1;
  if (completeLines(text) !== text) {
    return broken('torn', place, `line ${place} is unfinished: writing it was interrupted`);
  }
  if (known.head !== undefined && ![ZERO_HASH, ...hashes].includes(known.head)) {
    return broken(
      'cut',
      place,
      `after line ${rows.length} the line with the hash ${known.head} is missing: the end was cut off`,
    );
  }
  return { ok: true, lines: lines as readonly ArchiveLine[], head: hashes.at(-1) ?? ZERO_HASH };
}

function problemAt(
  index: number,
  lines: readonly (ArchiveLine | null)[],
  hashes: readonly string[],
  target: Target | undefined,
): ChainProblem | null {
  const [number, line] = [index + 1, lines[index]];
  const found = (kind: ChainProblem['kind'], at: number, message: string) => ({ kind, line: at, message });
  if (!line)
    return found('altered', number, `line ${number} was altered: it is not in the form that sailplan writes`);
  if (line.sequence !== number) {
    const isElsewhere = lines.some((other) => other?.sequence === number);
    return isElsewhere
      ? found(
          'reordered',
          number,
          `line ${number} says that it is number ${line.sequence}: lines were reordered or repeated`,
        )
      : found(
          'missing',
          number,
          `line ${number} says that it is number ${line.sequence}: number ${number} is missing`,
        );
  }
  if (line.previous !== (hashes[index - 1] ?? ZERO_HASH)) {
    // Where the line after it does not fit either, it is this line that is not the one that was written.
    const following = lines[index + 1];
    const isItself = index === 0 || (following && following.previous !== hashes[index]);
    const at = isItself ? number : index;
    return found('altered', at, `line ${at} was altered: the hashes of the lines around it do not fit`);
  }
  const other = target ?? lines[0]?.target;
  if (!isSame(line.target as unknown as Json, other as unknown as Json)) {
    return found('target', number, `line ${number} is of another target (${line.target.api_url})`);
  }
  return null;
}

function next(text: string, entry: ArchiveEntry): ArchiveLine {
  const lines = verifiedLines(text);
  const last = completeLines(text).split('\n').at(-2);
  return {
    ...entry,
    sequence: lines.length + 1,
    previous: last === undefined ? ZERO_HASH : sha256(last),
    signature: null,
  };
}

/** null unless it is exactly what sailplan would write for what it says. */
function parse(row: string): ArchiveLine | null {
  try {
    const value = JSON.parse(row) as Json;
    return isLine(value) && canonical(value) === row ? (value as unknown as ArchiveLine) : null;
  } catch {
    return null;
  }
}

const broken = (kind: ChainProblem['kind'], line: number, message: string): Chain => ({
  ok: false,
  problem: { kind, line, message },
});
