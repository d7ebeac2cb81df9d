import type { Target } from '../../core/actual-state.ts';
import { Failure } from '../../core/failure.ts';
import { canonical, isSame, sha256 } from '../../core/json/canonical-json.ts';
import type { Json } from '../../core/json/json-value.ts';
import { parseJson } from '../../core/json/untrusted-json.ts';
import { byteFaultOf } from '../../core/text/line-ends.ts';
import { shellWord } from '../../core/text/shell-word.ts';
import validate, { type ArchiveLine } from '../generated/archive.js';
import { pae, type Signature } from '../signing/dsse-envelope.ts';
import { parseTime } from '../timestamps.ts';

export type { ArchiveLine } from '../generated/archive.js';

/** One start or end of an apply, before it has its place in the chain. */
export type ArchiveEntry = Omit<ArchiveLine, 'sequence' | 'previous' | 'signature'>;

type Chain =
  | {
      readonly ok: true;
      readonly lines: readonly ArchiveLine[];
      /** Of each line. */
      readonly hashes: readonly string[];
      /** Hash of the last line; `ZERO_HASH` of an empty archive. */
      readonly head: string;
    }
  | { readonly ok: false; readonly problem: ChainProblem };

/** The first error of a chain. `line` counts from 1. */
interface ChainProblem {
  readonly kind: 'altered' | 'missing' | 'reordered' | 'forked' | 'torn' | 'cut' | 'target';
  readonly line: number;
  readonly message: string;
}

export const ZERO_HASH = '0'.repeat(64);

/**
 * The next line of an archive, with its newline. Ignores a last line that a crash left unfinished: replace the file
 * with `completeLines(text) + appendLine(text, entry)`. Throws a Failure (archive_altered) when the chain is broken:
 * nothing is ever added to a broken chain.
 */
export const appendLine = (text: string, entry: ArchiveEntry, signature: Signature | null = null): string =>
  `${canonical({ ...nextLine(text, entry), signature })}\n`;

/** The bytes to sign for the next line, before `appendLine` adds it with that signature. */
export const nextSignedPart = (text: string, entry: ArchiveEntry): Uint8Array =>
  signedPart(nextLine(text, entry));

/** Content of a line's signature: the line without its signature, in DSSE's encoding with its own payload type. */
export function signedPart(line: ArchiveLine): Uint8Array {
  const unsigned = canonical({ ...line, signature: null });
  return pae('application/vnd.sailplan.archive+json', new TextEncoder().encode(unsigned));
}

/** The text up to its last newline: a crash leaves the last line unfinished. */
export const completeLines = (text: string): string => text.slice(0, text.lastIndexOf('\n') + 1);

/** The lines of an archive, after its chain was checked. Throws a Failure (archive_altered) when it is broken. */
export function verifiedLines(text: string): readonly ArchiveLine[] {
  const chain = verifyChain(completeLines(text));
  if (chain.ok) return chain.lines;
  throw new Failure(
    'archive_altered',
    `the archive was altered: ${chain.problem.message}`,
    (chain.problem.kind === 'forked' ? forkHint('FILE') : byteFaultIn(text)?.hint) ??
      'Restore it from the repository; sailplan audit verify shows what else is wrong.',
  );
}

/**
 * Walks the chain and returns its first error. `known.head`: a hash recorded elsewhere (the shop's mark, a chat, a printout),
 * which must be the hash of some line; without it, removed last lines cannot be detected.
 */
export function verifyChain(
  text: string,
  known: { readonly head?: string; readonly target?: Target } = {},
): Chain {
  const rows = completeLines(text).split('\n').slice(0, -1);
  const lines = rows.map(parseLine);
  const hashes = rows.map((row) => sha256(row));
  for (const index of rows.keys()) {
    const problem = problemAt(index, { rows, lines, hashes, target: known.target ?? lines[0]?.target });
    if (problem !== null) return { ok: false, problem };
  }
  const place = rows.length + 1;
  if (completeLines(text) !== text)
    return broken('torn', place, `line ${place} is unfinished: writing it was interrupted`);
  if (known.head !== undefined && ![ZERO_HASH, ...hashes].includes(known.head)) {
    return broken(
      'cut',
      place,
      `after line ${rows.length} the line with the hash ${known.head} is missing: last entries were removed`,
    );
  }
  return { ok: true, lines: lines as readonly ArchiveLine[], hashes, head: hashes.at(-1) ?? ZERO_HASH };
}

/**
 * Lines that somebody may have seen are never changed, so two published chains are not made one. The apply that finds its changes
 * in the shop archives them again. `file`: the archive's path.
 */
export const forkHint = (file: string): string =>
  `On the protected branch keep its own lines: git checkout --ours -- ${shellWord(file)} while git merges, git restore --source HEAD^ -- ${shellWord(file)} after a merge. Commit, then apply each plan of the other branch again (sailplan apply PLAN, or sailplan ci apply): it finds its changes in the shop and archives them.`;

/** What a checkout or an editor changed about the bytes of lines alone; null: nothing, or more than that. */
const byteFaultIn = (text: string) =>
  byteFaultOf(text, (one) =>
    one
      .split('\n')
      .filter((row) => row !== '')
      .every((row) => parseLine(row) !== null),
  );

interface ParsedArchive {
  readonly rows: readonly string[];
  /** null: not a line that sailplan writes. */
  readonly lines: readonly (ArchiveLine | null)[];
  readonly hashes: readonly string[];
  readonly target: Target | undefined;
}

/** Two lines with the same predecessor; null: this line is not one of two. A line that occurs twice is not a fork. */
function forkAt(index: number, lines: ParsedArchive['lines']): ChainProblem | null {
  const line = lines[index];
  const twin = lines.findIndex((other, at) => at < index && other?.previous === line?.previous);
  if (!line || twin === -1 || isSame(lines[twin], line)) return null;
  const start = twin === 0 ? 'the beginning' : `line ${twin}`;
  return problem(
    'forked',
    index + 1,
    `lines ${twin + 1} and ${index + 1} both follow ${start}: two branches were applied from, and then merged`,
  );
}

function problemAt(index: number, { rows, lines, hashes, target }: ParsedArchive): ChainProblem | null {
  const [line, number] = [lines[index], index + 1];
  if (/^(?:<{7} |={7}$|>{7} )/.test(rows[index] ?? ''))
    return problem(
      'forked',
      number,
      `line ${number} is the mark of a merge conflict: two branches were applied from`,
    );
  if (!line) {
    const because = byteFaultIn(rows[index] ?? '')?.because ?? 'it is not formatted as sailplan writes it';
    return problem('altered', number, `line ${number} was altered: ${because}`);
  }
  const isNext = line.previous === (hashes[index - 1] ?? ZERO_HASH);
  const fork = isNext ? null : forkAt(index, lines);
  if (fork !== null) return fork;
  if (line.sequence !== number) {
    const isElsewhere = lines.some((other) => other?.sequence === number);
    const claim = `line ${number} has the number ${line.sequence}`;
    return isElsewhere
      ? problem('reordered', number, `${claim}: lines were reordered or repeated`)
      : problem('missing', number, `${claim}: number ${number} is missing`);
  }
  if (!isNext) {
    // If the next line does not fit this one either, this line was altered; else the line before it.
    const following = lines[index + 1];
    const isItself = index === 0 || (following && following.previous !== hashes[index]);
    const at = isItself ? number : index;
    return problem('altered', at, `line ${at} was altered: the hashes of the lines around it do not match`);
  }
  return isSame(line.target, target)
    ? null
    : problem('target', number, `line ${number} belongs to another target (${line.target.api_url})`);
}

function nextLine(text: string, entry: ArchiveEntry): ArchiveLine {
  const lines = verifiedLines(text);
  const last = completeLines(text).split('\n').at(-2);
  return {
    ...entry,
    sequence: lines.length + 1,
    previous: last === undefined ? ZERO_HASH : sha256(last),
    signature: null,
  };
}

/** null unless the row is byte for byte what sailplan prints for its content. */
function parseLine(row: string): ArchiveLine | null {
  try {
    const value = parseJson(row);
    return isArchiveLine(value) && canonical(value) === row ? value : null;
  } catch {
    return null;
  }
}

/** The schema, and rules that a schema cannot express: the time exists, and the number is exact. */
const isArchiveLine = (value: Json): value is ArchiveLine =>
  validate(value) &&
  parseTime((value as ArchiveLine).at) !== null &&
  Number.isSafeInteger((value as ArchiveLine).sequence);

const problem = (kind: ChainProblem['kind'], line: number, message: string): ChainProblem => ({
  kind,
  line,
  message,
});

const broken = (kind: ChainProblem['kind'], line: number, message: string): Chain => ({
  ok: false,
  problem: problem(kind, line, message),
});
