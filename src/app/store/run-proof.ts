import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { parseJsonOrNothing } from '../../core/json/untrusted-json.ts';

/**
 * Anyone who opens a pull request can write a run folder. Evidence of a run therefore has message authentication codes, whose
 * key is derived from the app's token: only a holder of the token can create them (SECURITY.md#what-a-run-leaves).
 */
export interface ProofKey {
  readonly bytes: Uint8Array;
}

/** The run that something belongs to, so that nothing is taken for that of another plan or run. */
export interface ProvedRun {
  /** Of the plan. */
  readonly digest: string;
  readonly run: number;
}

const LABEL = 'sailplan: what a run leaves, 1';
const KEY_BYTES = 32;
/** Hexadecimal digits: HMAC-SHA-256 cut to 128 bits (RFC 4868). */
const DIGITS = 32;

/** `apiUrl`: of the plan's target. null: without a token nothing can be proved. */
export const proofKeyOf = (token: string | undefined, apiUrl: string): ProofKey | null =>
  token === undefined || token === ''
    ? null
    : { bytes: new Uint8Array(hkdfSync('sha256', token, apiUrl, LABEL, KEY_BYTES)) };

const codeOf = ({ bytes }: ProofKey, text: string): string =>
  createHmac('sha256', bytes).update(text).digest('hex').slice(0, DIGITS);

const isSameCode = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** What the first line of a run's journal follows. */
const startOfChain = (key: ProofKey, { digest, run }: ProvedRun): string =>
  codeOf(key, `journal of run ${run} of ${digest}`);

export interface LineChain {
  /** The lines for these entries, each with the code of the line before it and its own. */
  seal(entries: readonly object[]): { readonly text: string; commit(): void };
}

/** Lines that are not committed were not written: the next ones follow those before them. */
export function createLineChain(key: ProofKey, run: ProvedRun): LineChain {
  let last = startOfChain(key, run);
  return {
    seal: (entries) => {
      let previous = last;
      const lines = entries.map((entry) => {
        const body = JSON.stringify({ ...entry, previous });
        previous = codeOf(key, body);
        return `${body.slice(0, -1)},"mac":"${previous}"}\n`;
      });
      return {
        text: lines.join(''),
        commit: () => {
          last = previous;
        },
      };
    },
  };
}

const SEALED = /^(\{.*"previous":"([0-9a-f]{32})"),"mac":"([0-9a-f]{32})"\}$/;

/** The lines of a journal that were written with this key, in order, and the number of complete lines that were not. */
export function provedLines(
  text: string,
  key: ProofKey | null,
  run: ProvedRun,
): { readonly lines: readonly string[]; readonly unproved: number } {
  const known = new Set(key === null ? [] : [startOfChain(key, run)]);
  const lines: string[] = [];
  let unproved = 0;
  for (const line of text.split('\n')) {
    const [, body = '', previous = '', code = ''] = SEALED.exec(line) ?? [];
    // A line may follow any earlier line: after a failed write it follows the last complete one.
    const isOurs =
      key !== null && known.has(previous) && !known.has(code) && isSameCode(code, codeOf(key, `${body}}`));
    if (isOurs) {
      known.add(code);
      lines.push(line);
    } else if (isWhole(line)) unproved += 1;
  }
  return { lines, unproved };
}

/** A crash may leave part of a line, which is ignored. */
function isWhole(line: string): boolean {
  return line !== '' && (parseJsonOrNothing(line) ?? null) !== null;
}

/** The code that proves a report to be that of a run. `report`: SHA-256 of its bytes. */
export const reportCode = (key: ProofKey, report: string, { digest, run }: ProvedRun): string =>
  codeOf(key, `report ${report} of run ${run} of ${digest}`);

export const provesReport = (code: string, key: ProofKey, report: string, run: ProvedRun): boolean =>
  isSameCode(code.trim(), reportCode(key, report, run));
