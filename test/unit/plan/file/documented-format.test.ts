import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { applyPatch } from 'rfc6902';
import { HIDDEN } from '../../../../src/core/text/invisible-characters.ts';
import type { Change } from '../../../../src/diff/model.ts';
import { requireVerified } from '../../../../src/plan/file/integrity.ts';
import { parsePlan } from '../../../../src/plan/file/parse.ts';
import { printPlan } from '../../../../src/plan/file/print.ts';
import { HAZARDS } from '../../../../src/plan/hazards.ts';
import { OUTCOMES } from '../../../../src/plan/report.ts';

const page = readFileSync('docs/plan-format.md', 'utf8');
const id = readdirSync('plans').find((name) => /^[0-9a-f]{16}$/.test(name)) ?? '';
const plan = requireVerified(parsePlan(readFileSync(`plans/${id}/plan.json`, 'utf8')));
/** Without the page's line breaks. */
const words = page.replace(/\s+/g, ' ');
const example = /```json\n([\s\S]*?)\n```/.exec(page)?.[1] ?? '';

test('the example’s patch gives its after, and the program prints the change in those bytes', () => {
  const change = JSON.parse(example) as Change;
  const document = structuredClone(change.before);
  expect(applyPatch(document, structuredClone(change.patch) as never)).toEqual(change.patch.map(() => null));
  expect(document).toEqual(change.after);
  expect(printPlan({ ...plan, changes: [change] })).toContain(`"changes": [\n${example}\n  ],`);
});

test('the members stand in the order that the page gives', () => {
  const order = /order of the members is\s+`([a-z_\s]+)`/.exec(words)?.[1]?.split(/\s+/);
  expect([...printPlan(plan).matchAll(/^ {2}"(\w+)":/gm)].map(([, name]) => name)).toEqual(order);
  const inner = /in the order `(ref [a-z ]+)`/.exec(words)?.[1]?.split(' ');
  expect(example.match(/^ {6}"(\w+)"/gm)?.map((row) => row.trim().replaceAll('"', ''))).toEqual(inner);
});

test('every hazard and every outcome is on the page', () => {
  for (const code of Object.keys(HAZARDS)) expect(page).toContain(`\`${code}\``);
  for (const outcome of OUTCOMES) expect(page).toContain(`\`${outcome}\``);
});

test('the characters that are written as \\u are those of the page', () => {
  const [, listed = ''] = /can hide one: (.*?)\. The digest/.exec(words) ?? [];
  const ranges = listed
    .replace('U+', '')
    .split(/,\s*/)
    .map((range) => range.split('–').map((digits) => Number.parseInt(digits, 16)));
  const isListed = (code: number) => ranges.some(([from = 0, to = from]) => code >= from && code <= to);
  for (let code = 0x7f; code < 0x110000; code += 1) {
    if (code === 0xd800) code = 0xe000;
    const isHidden = String.fromCodePoint(code).search(HIDDEN) === 0;
    if (isHidden !== isListed(code)) throw new Error(`U+${code.toString(16)}: ${isHidden}`);
  }
});
