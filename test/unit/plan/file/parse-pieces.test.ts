import { describe, expect, test } from '@jest/globals';
import { integrityWarnings } from '../../../../src/plan/file/integrity.ts';
import { parsePlan } from '../../../../src/plan/file/parse.ts';
import { parsePlanPieces, provePlanPieces } from '../../../../src/plan/file/parse-pieces.ts';
import { printPlan } from '../../../../src/plan/file/print.ts';
import { digestOf } from '../../../../src/plan/plan.ts';
import { excerptOf } from '../../../../src/plan/snapshots/snapshot-mode.ts';
import { EVERY_KIND, sceneOf } from '../../../support/simulation/scene.ts';

function* cut(text: string, size: number): Generator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = (text: string, isCompact: boolean, size = 1000) =>
  parsePlanPieces({ chunks: () => cut(text, size), isCompact, text: () => text });

const { plan } = sceneOf(EVERY_KIND('key'));

describe('a plan that is read in pieces', () => {
  test.each([
    ['of every kind of change', plan],
    ['with snapshots of what changes', excerptOf(plan)],
  ])('%s is the one that is read at once, in any cut', (_, written) => {
    const text = printPlan(written);
    const whole = parsePlan(text);
    for (const isCompact of [false, true])
      for (const size of [61, 4096, 1 << 20]) {
        const found = read(text, isCompact, size);
        expect(found?.plan).toEqual(whole.plan);
        expect(found?.format).toBe('current');
        expect(digestOf(found?.plan ?? written)).toBe(digestOf(whole.plan));
        expect(printPlan(found?.plan ?? written)).toBe(text);
        expect(found && integrityWarnings(found, null)).toEqual([]);
      }
  });

  test('shares what a change leaves as it is, and keeps no patch', () => {
    const found = read(printPlan(plan), true)?.plan ?? plan;
    const [change] = found.changes.filter(({ ref }) => ref.startsWith('product.'));
    const slug = change?.ref.slice('product.'.length) ?? '';
    expect(found.actual.products[slug]?.document).toBe(change?.before);
    expect(change?.patch).toEqual(change?.patch);
    expect(change?.patch).not.toBe(change?.patch);
  });

  test.each([
    [
      'a changed value',
      (text: string) => text.replace('"after": {', '"after": {"x":"1",'),
      ['printed_otherwise', 'not_rebuilt'],
    ],
    ['a changed patch', (text: string) => text.replace('"op":"replace"', '"op":"remove"'), ['not_rebuilt']],
    ['other line ends', (text: string) => text.replaceAll('\n', '\r\n'), ['printed_otherwise']],
  ])('%s is found', (_, alter, expected) => {
    for (const isCompact of [false, true]) {
      const text = alter(printPlan(plan));
      const [found, whole] = [read(text, isCompact), parsePlan(text)];
      expect(found && integrityWarnings(found, null)).toEqual(integrityWarnings(whole, null));
      expect(integrityWarnings(whole, null).map(({ code }) => code)).toEqual(expected);
    }
  });

  test.each([
    ['another format', (text: string) => text.replace('"format_version": "1.0"', '"format_version": "1.9"')],
    ['a part of another shape', (text: string) => text.replace('"action": "update"', '"action": 1')],
    [
      'a member that is taken for a prototype',
      (text: string) => text.replace('"after": {', '"after": {"__proto__":{},'),
    ],
    ['no JSON', (text: string) => text.replace('"after": {', '"after": ')],
    ['an end too early', (text: string) => text.slice(0, -5)],
    ['no changes at all', (text: string) => text.replace('"changes": [', '"change": [')],
    ['a contract that is none', (text: string) => text.replace('"naming": "key"', '"naming": "no"')],
  ])('%s is left to the reader of the whole text', (_, alter) => {
    expect(read(alter(printPlan(plan)), true)).toBeNull();
  });
});

describe('a plan that is proved in pieces', () => {
  const prove = (text: string, size = 1000) => provePlanPieces(() => cut(text, size));

  test.each([
    ['of every kind of change', plan],
    ['with snapshots of what changes', excerptOf(plan)],
  ])('%s is the one that is read at once, in any cut', (_, written) => {
    const text = printPlan(written);
    const whole = parsePlan(text);
    for (const size of [61, 4096, 1 << 20]) {
      const found = prove(text, size);
      expect(found?.plan).toEqual(whole.plan);
      expect(found?.format).toBe('current');
      expect(digestOf(found?.plan ?? written)).toBe(digestOf(whole.plan));
      expect(found && integrityWarnings(found, null)).toEqual([]);
    }
  });

  test.each([
    ['a changed value', (text: string) => text.replace('"after": {', '"after": {"x":"1",')],
    ['a changed patch', (text: string) => text.replace('"op":"replace"', '"op":"remove"')],
    ['a change that is no JSON', (text: string) => text.replace('"after": {', '"after": ')],
    ['another snapshot', (text: string) => text.replace('"card_tagline":"Two"', '"card_tagline":"2"')],
    ['a hazard less', (text: string) => text.replace(/"hazards": \[[^\]]*\]/, '"hazards": []')],
    ['other line ends', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a newer format', (text: string) => text.replace('"format_version": "1.0"', '"format_version": "1.9"')],
    ['more behind its end', (text: string) => `${text}\n`],
    ['an end too early', (text: string) => text.slice(0, -5)],
    ['a contract that is none', (text: string) => text.replace('"naming": "key"', '"naming": "no"')],
  ])('%s is left to the reader that says what is wrong', (_, alter) => {
    expect(alter(printPlan(plan))).not.toBe(printPlan(plan));
    expect(prove(alter(printPlan(plan)))).toBeNull();
  });

  test('with any bit flipped it is not proved, or is another plan', () => {
    const bytes = Buffer.from(printPlan(plan));
    for (let at = 0; at < bytes.length; at += 97) {
      const altered = Uint8Array.from(bytes);
      altered[at] = (altered[at] ?? 0) ^ (1 << (at % 8));
      const found = provePlanPieces(() => [altered]);
      if (found !== null) expect(digestOf(found.plan)).not.toBe(digestOf(plan));
    }
  });
});
