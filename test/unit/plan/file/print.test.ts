import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../../../src/core/failure.ts';
import { canonical, digest } from '../../../../src/core/json/canonical-json.ts';
import type { Json } from '../../../../src/core/json/json-value.ts';
import { isRecord } from '../../../../src/core/json/records.ts';
import { parsePlan } from '../../../../src/plan/file/parse.ts';
import { printJson, printPlan } from '../../../../src/plan/file/print.ts';
import { digestOf, type Plan } from '../../../../src/plan/plan.ts';
import { excerptOf } from '../../../../src/plan/snapshots/snapshot-mode.ts';
import { decided, refusal, rich, text } from '../../../support/rich-plan.ts';
import { EVERY_KIND, sceneOf } from '../../../support/simulation/scene.ts';

const { plan: scene } = sceneOf(EVERY_KIND('key'));

/** The same value with all members in the opposite order. */
const reversed = (value: Json): Json =>
  Array.isArray(value)
    ? value.map(reversed)
    : isRecord(value)
      ? Object.fromEntries(
          Object.entries(value)
            .map(([name, member]) => [name, reversed(member)] as const)
            .reverse(),
        )
      : value;

describe('the printed form', () => {
  test('has its members in their order, one patch operation, one resource and one finding a line', () => {
    const lines = text.split('\n');
    expect(lines.filter((line) => /^ {2}"/.test(line)).map((line) => /"(\w+)"/.exec(line)?.[1])).toEqual([
      'format_version',
      'target',
      'source',
      'options',
      'summary',
      'errored',
      'completeness',
      'hazards',
      'skipped',
      'diagnostics',
      'changes',
      'contract',
      'registry',
      'desired',
      'actual',
    ]);
    expect(lines.filter((line) => /^ {8}\{"op":/.test(line)).length).toBe(
      rich.changes.flatMap(({ patch }) => patch).length,
    );
    const starting = (word: string) => lines.filter((line) => line.startsWith(word)).length;
    expect(starting('      "offering-2": {')).toBe(1);
    expect(starting('          "data-analyst": {')).toBe(1);
    expect(starting('      {"fields":')).toBe(3);
    expect(starting('        {"key":"founder",')).toBe(1);
    expect(starting('    {"code":"adopts_value",')).toBe(1);
    expect(Math.max(...lines.map((line) => (line.includes('},{') ? 1 : 0)))).toBe(0);
    expect(text.endsWith('\n}\n')).toBe(true);
  });

  test('writes what cannot be seen as \\u…', () => {
    expect(text).toContain('Zero\\u200bwidth \\u202e\\"quoted\\" \\udb40\\udc41');
    expect(text).not.toMatch(/[\u200b\u202e\u{e0041}]/u);
    expect(decided(text).desired.offerings[0]?.fields['card_tagline']).toBe(
      'Zero\u200bwidth \u202e"quoted" \u{e0041}',
    );
    expect(printJson({ a: ['\u202e'] })).toBe('{\n  "a": [\n    "\\u202e"\n  ]\n}\n');
  });

  test('is what is read, to the byte: any other spelling of the same plan is an altered plan', () => {
    const spellings = [
      text.trimEnd(),
      `${text}\n`,
      text.replaceAll('\n', '\r\n'),
      text.replace('"errored": false', '"errored":false'),
      text.replace('"errored": false', '"errored": false,\n  "errored": false'),
      text
        .replace('  "registry": ["founder"],\n', '')
        .replace('  "desired"', '  "registry": ["founder"],\n  "desired"')
        .replace('"target"', '"t\\u0061rget"'),
      text.replace('\\u200b', '\u200b'),
      text.replace('"limit":null', '"limit":null,"limit":null'),
      JSON.stringify(rich),
    ];
    for (const spelling of spellings) {
      expect(spelling).not.toBe(text);
      expect(refusal(() => decided(spelling))).toMatch(/^plan_altered: /);
      expect(digestOf(parsePlan(spelling).plan)).toBe(digestOf(rich));
    }
  });

  test.each([
    ['with texts of all kinds', rich],
    ['of every kind of change', scene],
    ['with snapshots of what changes', excerptOf(scene)],
    ['without a change', { ...rich, changes: [], skipped: [] }],
    ['with members in another order', reversed(rich) as Plan],
  ])('gives the digest of its RFC 8785 form too: a plan %s', (_, plan) => {
    const copy: Plan = structuredClone(plan);
    printPlan(copy);
    expect(digestOf(copy)).toBe(digest(plan));
    expect(digestOf(copy)).toBe(createHash('sha256').update(canonical(plan)).digest('hex'));
  });

  test('no byte can be changed unseen', () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const other = Buffer.from(bytes);
        other[at] = ((other[at] as number) + by) % 256;
        let digest: string;
        try {
          digest = digestOf(decided(other.toString('utf8')));
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
          return;
        }
        // A byte that is no UTF-8 reads as U+FFFD, which the plan does not hold.
        expect(digest).not.toBe(digestOf(rich));
      }),
      { seed: 9, numRuns: 400 },
    );
  });
});
