import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  appendLine,
  completeLines,
  verifiedLines,
  verifyChain,
  ZERO_HASH,
} from '../../../../src/approval/archive/hash-chain.ts';
import { Failure } from '../../../../src/core/failure.ts';
import { canonical, sha256 } from '../../../../src/core/json/canonical-json.ts';
import type { Json } from '../../../../src/core/json/json-value.ts';
import { archiveEntry, TARGET } from '../../../support/approvals.ts';

const archive = (length: number): string => {
  let text = '';
  for (let index = 0; index < length; index += 1) text += appendLine(text, archiveEntry(index));
  return text;
};

const SIX = archive(6);

const rows = (): string[] => SIX.split('\n').slice(0, -1);

const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

const problemOf = (text: string, known = {}) => {
  const chain = verifyChain(text, known);
  return chain.ok ? null : [chain.problem.kind, chain.problem.line];
};

describe('the archive', () => {
  test('holds as it was written, and gives the hash of its end', () => {
    const chain = verifyChain(SIX, { target: TARGET });
    expect(chain).toMatchObject({ ok: true, head: sha256(rows()[5] ?? '') });
    expect(verifiedLines(SIX).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(verifiedLines(SIX)[3]).toMatchObject(archiveEntry(3));
  });

  test('that is empty holds', () => {
    expect(verifyChain('')).toEqual({ ok: true, lines: [], hashes: [], head: ZERO_HASH });
    expect(verifiedLines('')).toEqual([]);
  });

  test('the first line is chained to nothing, each other to the bytes before it', () => {
    const lines = verifiedLines(SIX);
    expect(lines[0]?.previous).toBe(ZERO_HASH);
    expect(lines.slice(1).map(({ previous }) => previous)).toEqual(
      rows()
        .slice(0, -1)
        .map((row) => sha256(row)),
    );
  });

  test('every single-bit flip shows, given the hash of the end', () => {
    const bytes = Buffer.from(archive(3));
    const head = sha256(bytes.toString().split('\n')[2] ?? '');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const text = flipped.toString('utf8');
      expect([bit, verifyChain(text, { head }).ok]).toEqual([bit, false]);
    }
  });

  const altered = (index: number, change: object): string => {
    const lines = rows();
    lines[index] = canonical({ ...(JSON.parse(lines[index] ?? '') as object), ...change } as unknown as Json);
    return joined(lines);
  };

  test('names the line that was altered', () => {
    expect(problemOf(altered(2, { policy: null }))).toEqual(['altered', 3]);
    expect(problemOf(altered(0, { at: '2020-01-01T00:00:00.000Z' }))).toEqual(['altered', 1]);
    expect(problemOf(altered(0, { previous: sha256('') }))).toEqual(['altered', 1]);
    expect(problemOf(altered(2, { previous: sha256('') }))).toEqual(['altered', 3]);
    expect(problemOf(altered(2, { note: '' }))).toEqual(['altered', 3]);
    expect(problemOf(SIX.replace('{"approvals"', '{ "approvals"'))).toEqual(['altered', 1]);
  });

  const DIGEST = 'ab'.repeat(32);
  test.each<[string, object]>([
    ['no number', { sequence: '3' }],
    ['a number that is not exact', { sequence: 2 ** 53 }],
    ['a time that does not exist', { at: '2026-02-30T09:00:00.000Z' }],
    ['a time of another zone', { at: '2026-11-23T09:00:00+01:00' }],
    ['an event that is not known', { event: 'paused' }],
    ['a result that is not known', { result: 'half' }],
    ['a digest in capitals', { policy: DIGEST.toUpperCase() }],
    ['a digest that is too short', { report: DIGEST.slice(2) }],
    ['approvals that are no digests', { approvals: ['kim.json'] }],
    ['a plan without its digest', { plan: { id: DIGEST.slice(0, 16) } }],
    ['a target with a channel', { target: { ...TARGET, channel: 'default' } }],
    ['a target without a name', { target: { api_url: TARGET.api_url } }],
    ['a signature with something beside it', { signature: { keyid: 'a', sig: 'b', note: '' } }],
    ['a signature that is a text', { signature: 'signed' }],
  ])('a line with %s is not one that sailplan writes', (_, change) => {
    const chain = verifyChain(altered(2, change));
    expect(chain).toMatchObject({
      ok: false,
      problem: { line: 3, message: 'line 3 was altered: it is not formatted as sailplan writes it' },
    });
  });

  test('with a line that is no record does not hold', () => {
    for (const row of ['5', 'null', '[]', '"started"'])
      expect(verifyChain(`${row}\n`)).toMatchObject({ ok: false, problem: { kind: 'altered', line: 1 } });
  });

  test('a line without one of its members is not one that sailplan writes', () => {
    const [first = ''] = rows();
    const members = JSON.parse(first) as Record<string, Json>;
    for (const name of Object.keys(members)) {
      const { [name]: _, ...rest } = members;
      expect([name, problemOf(`${canonical(rest)}\n`)]).toEqual([name, ['altered', 1]]);
    }
  });

  test('names the line that is missing', () => {
    for (const index of [0, 1, 4]) {
      const lines = rows();
      lines.splice(index, 1);
      expect(problemOf(joined(lines))).toEqual(['missing', index + 1]);
    }
  });

  test('names two branches whose lines were merged into one file, and a conflict that nobody resolved', () => {
    const [a = '', b = '', c = ''] = rows();
    const common = joined([a, b]);
    const theirs = appendLine(common, archiveEntry(7)).trimEnd();
    expect(problemOf(joined([a, b, c, theirs]))).toEqual(['forked', 4]);
    const other = appendLine('', archiveEntry(7)).trimEnd();
    expect(verifyChain(joined([a, other]))).toMatchObject({
      problem: {
        kind: 'forked',
        message: expect.stringContaining('lines 1 and 2 both follow the beginning'),
      },
    });
    expect(problemOf(joined([a, b, '<<<<<<< HEAD', c, '=======', theirs, '>>>>>>> other']))).toEqual([
      'forked',
      3,
    ]);
    try {
      verifiedLines(joined([a, b, c, theirs]));
      throw new Error('not refused');
    } catch (error) {
      expect(error).toMatchObject({
        code: 'archive_altered',
        message: expect.stringContaining('lines 3 and 4 both follow line 2: two branches were applied from'),
        hint: expect.stringContaining('sailplan ci apply'),
      });
    }
  });

  test('names lines that were reordered or repeated', () => {
    const [a = '', b = '', c = '', ...others] = rows();
    expect(problemOf(joined([a, c, b, ...others]))).toEqual(['reordered', 2]);
    expect(problemOf(joined([a, b, b, c, ...others]))).toEqual(['reordered', 3]);
  });

  test('a cut tail shows only against a hash that was noted elsewhere', () => {
    const cut = joined(rows().slice(0, 4));
    const head = sha256(rows()[5] ?? '');
    expect(problemOf(cut)).toBeNull();
    expect(problemOf(cut, { head })).toEqual(['cut', 5]);
    expect(problemOf('', { head })).toEqual(['cut', 1]);
    expect(problemOf(SIX, { head })).toBeNull();
    expect(problemOf(SIX, { head: sha256(rows()[2] ?? '') })).toBeNull();
  });

  test('of another target is not taken for this one', () => {
    const staging = { name: 'staging', api_url: 'https://staging.example.com/graphql/' };
    expect(problemOf(SIX, { target: staging })).toEqual(['target', 1]);
    const mixed = `${SIX}${appendLine(SIX, { ...archiveEntry(6), target: staging })}`;
    expect(problemOf(mixed)).toEqual(['target', 7]);
  });

  test('is never added to when it does not hold', () => {
    expect(() => appendLine(altered(2, { policy: null }), archiveEntry(6))).toThrow(Failure);
    expect(() => verifiedLines(altered(2, { policy: null }))).toThrow('line 3 was altered');
  });

  test('a crash while a line was written leaves an archive that goes on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: (rows()[5] ?? '').length }), (length) => {
        const torn = SIX.slice(0, SIX.length - length - 1);
        expect(problemOf(torn)).toEqual(length === (rows()[5] ?? '').length ? null : ['torn', 6]);
        const mended = completeLines(torn) + appendLine(torn, archiveEntry(5));
        expect(mended).toBe(SIX);
      }),
      { seed: 7 },
    );
  });
});
