import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { parse } from 'parse5';
import { HIDDEN, quoted, visible } from '../../src/core/text/invisible-characters.ts';
import { buildReview } from '../../src/review/model/build-review.ts';
import { renderPlan, renderReport } from '../../src/review/render.ts';
import { columns } from '../../src/review/text/column-width.ts';
import { draws } from '../support/draws.ts';
import { hostile, hostilePlan, hostileProvenance, hostileReport } from '../support/hostile-text.ts';

const numRuns = Number(process.env['RUNS'] ?? draws(100, 5_000));
const settings = { numRuns, seed: 20_261_123 };
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const hidden = new RegExp(HIDDEN.source, 'u');

test('no control, bidi or zero-width character from outside reaches a terminal, and no line is too long', () => {
  fc.assert(
    fc.property(hostilePlan, hostileProvenance, fc.constantFrom(20, 80, 120), (plan, provenance, width) => {
      const shown = renderPlan(buildReview(plan, provenance, { digest: 'd'.repeat(64) }), 'text', {
        width,
      }).text;
      expect(CONTROL.test(shown)).toBe(false);
      expect(hidden.test(shown)).toBe(false);
      expect(/\p{Cs}/u.test(shown)).toBe(false);
      expect(shown.split('\n').filter((line) => columns(line) > width)).toEqual([]);
      const brief = renderPlan(buildReview(plan, provenance, { digest: 'd'.repeat(64) }), 'text', {
        width,
        summary: true,
      }).text;
      expect(brief.split('\n').length - 1).toBeLessThanOrEqual(24);
      expect(CONTROL.test(brief) || hidden.test(brief)).toBe(false);
      const twoScreens = renderPlan(buildReview(plan, provenance, { digest: 'd'.repeat(64) }), 'text', {
        width,
        brief: true,
      }).text;
      expect(CONTROL.test(twoScreens) || hidden.test(twoScreens) || /\p{Cs}/u.test(twoScreens)).toBe(false);
      expect(twoScreens.split('\n').filter((line) => columns(line) > width)).toEqual([]);
    }),
    settings,
  );
});

test('visible text holds nothing invisible, and ASCII is left as it is', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const shown = visible(text);
      expect(CONTROL.test(shown) || shown.includes('\n') || hidden.test(shown)).toBe(false);
      expect(visible(shown)).toBe(shown);
    }),
    { ...settings, numRuns: draws(1_000, 2_000) },
  );
  expect(visible('a|b <c> `d` \\')).toBe('a|b <c> `d` \\');
  expect(visible('one\ntwo\u001b[31m', { newlines: true })).toBe('one\ntwo\\u{1b}[31m');
  // A hidden character, and a text that only looks as if one were shown.
  expect(quoted('\u202e')).toBe('"\\u{202e}"');
  expect(quoted('\\u{202e}')).toBe('"\\\\u{202e}"');
});

interface Node {
  readonly type: string;
  readonly value?: string;
  readonly url?: string;
  readonly children?: readonly Node[];
}

function* nodes(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children ?? []) yield* nodes(child);
}

const textOf = (node: Node): string => [...nodes(node)].map(({ value }) => value ?? '').join('');
const OURS =
  /^(<br>|<\/?details( open)?>|<details( open)?><summary>.*<\/summary>|<\/?summary>|<\/?b>|<\/?code>)$/;

const FOREIGN =
  'image imageReference definition code footnoteReference footnoteDefinition thematicBreak delete'.split(' ');

function isOurs({ type, value = '', url = '' }: Node): boolean {
  if (type === 'html') return OURS.test(value);
  if (type === 'text') return !/@[A-Za-z0-9]|#\d|\bGH-\d/.test(value);
  if (type === 'link') return /^https?:\/\//.test(url);
  return !FOREIGN.includes(type);
}

test('Markdown parses back to as many rows as changes, and nothing from outside is markup', () => {
  fc.assert(
    fc.property(hostilePlan, hostileProvenance, (plan, provenance) => {
      const { text } = renderPlan(buildReview(plan, provenance, { digest: 'd'.repeat(64) }), 'markdown', {
        maxBytes: 10_000_000,
      });
      const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as Node;
      const all = [...nodes(tree)];
      const rows = all.filter(({ type }) => type === 'tableRow').map(({ children = [] }) => children);
      expect(rows.filter(([first]) => first !== undefined && /^[+~-]$/.test(textOf(first))).length).toBe(
        plan.changes.length,
      );
      expect(all.filter((node) => !isOurs(node))).toEqual([]);
    }),
    settings,
  );
});

test('Markdown keeps its budget', () => {
  fc.assert(
    fc.property(
      hostilePlan,
      hostileProvenance,
      fc.integer({ min: 4000, max: 20_000 }),
      (plan, provenance, maxBytes) => {
        for (const allowCut of [true, false]) {
          const { text, isTooLarge } = renderPlan(
            buildReview(plan, provenance, { digest: 'd'.repeat(64) }),
            'markdown',
            {
              maxBytes,
              allowCut,
            },
          );
          if (!isTooLarge) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
        }
      },
    ),
    settings,
  );
});

interface Element {
  readonly nodeName: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly Element[];
}

function* elements(node: Element): Generator<Element> {
  if (node.attrs !== undefined) yield node;
  for (const child of node.childNodes ?? []) yield* elements(child);
}

const TAGS = new Set(
  'html head meta title style body a div span svg path button main header p h1 h2 h3 h4 dl dt dd b section ul li code details summary table colgroup col thead tbody tr th td small mark del ins i input select option footer kbd noscript script'.split(
    ' ',
  ),
);
const ATTRIBUTES =
  /^(lang|charset|http-equiv|content|name|class|id|href|target|rel|type|title|viewbox|d|aria-hidden|aria-label|aria-live|role|hidden|open|placeholder|autocomplete|spellcheck|value|data-(by|kind|action|outcome|field|taxonomy|cause|hazard))$/i;

test('HTML parses with no element and no attribute that came from data', () => {
  fc.assert(
    fc.property(hostilePlan, hostileProvenance, (plan, provenance) => {
      const { text } = renderPlan(buildReview(plan, provenance, { digest: 'd'.repeat(64) }), 'html');
      const all = [...elements(parse(text, { scriptingEnabled: false }) as unknown as Element)];
      const attrs = all.flatMap((element) => element.attrs ?? []);
      expect(
        all.filter(({ attrs: own = [] }) =>
          own.some(({ name, value }) => name === 'class' && /^c /.test(value)),
        ).length,
      ).toBe(plan.changes.length);
      expect(all.filter(({ nodeName }) => nodeName === 'script' || nodeName === 'style').length).toBe(2);
      expect(all.filter(({ nodeName }) => !TAGS.has(nodeName))).toEqual([]);
      const foreign = attrs.filter(
        ({ name, value }) => !ATTRIBUTES.test(name) || (name === 'href' && !/^(https?:\/\/|#)/.test(value)),
      );
      expect(foreign).toEqual([]);
    }),
    settings,
  );
});

test('a report is as safe as a plan, in every medium', () => {
  fc.assert(
    fc.property(hostileReport, (report) => {
      const text = renderReport(report, 'text', { width: 80 }).text;
      expect(CONTROL.test(text) || hidden.test(text)).toBe(false);
      const markdown = renderReport(report, 'markdown', { maxBytes: 10_000_000 }).text;
      const tree = fromMarkdown(markdown, {
        extensions: [gfm()],
        mdastExtensions: [gfmFromMarkdown()],
      }) as Node;
      const all = [...nodes(tree)];
      const rows = all.filter(({ type }) => type === 'tableRow').map(({ children = [] }) => children);
      expect(rows.filter(([first]) => first !== undefined && /^[+~-]$/.test(textOf(first))).length).toBe(
        report.outcomes.length,
      );
      expect(all.filter((node) => !isOurs(node))).toEqual([]);
      expect(
        Buffer.byteLength(renderReport(report, 'markdown', { maxBytes: 8_000 }).text),
      ).toBeLessThanOrEqual(8_000);
      const page = [
        ...elements(
          parse(renderReport(report, 'html').text, { scriptingEnabled: false }) as unknown as Element,
        ),
      ];
      expect(page.filter(({ nodeName }) => !TAGS.has(nodeName))).toEqual([]);
      expect(page.flatMap(({ attrs = [] }) => attrs).filter(({ name }) => !ATTRIBUTES.test(name))).toEqual(
        [],
      );
      expect(
        page.filter(({ attrs = [] }) =>
          attrs.some(({ name, value }) => name === 'class' && /^c /.test(value)),
        ).length,
      ).toBe(report.outcomes.length);
    }),
    settings,
  );
});
