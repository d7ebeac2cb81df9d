import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../../../src/core/failure.ts';
import { parsePlan } from '../../../../src/plan/file/parse.ts';
import { printJson } from '../../../../src/plan/file/print.ts';
import { digestOf } from '../../../../src/plan/plan.ts';
import { decided, refusal, rich, text } from '../../../support/rich-plan.ts';

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
