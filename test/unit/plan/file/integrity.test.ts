import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import type { Json } from '../../../../src/core/json/json-value.ts';
import { printPlan } from '../../../../src/plan/file/print.ts';
import { digestOf, idOf, type Plan } from '../../../../src/plan/plan.ts';
import { parsePlanProvenance } from '../../../../src/plan/plan-provenance.ts';
import { summarise } from '../../../../src/plan/summary.ts';
import { buildReview } from '../../../../src/review/model/build-review.ts';
import { type Medium, renderPlan } from '../../../../src/review/render.ts';
import { draws } from '../../../support/draws.ts';
import { hostile } from '../../../support/hostile-text.ts';
import { PLAN } from '../../../support/sample-plan.ts';
import {
  type AnyDocument,
  createWorkspace,
  EXPORT,
  removeWorkspaces,
  SNAPSHOT,
  type Workspace,
} from '../../../support/workspace.ts';

/** What is shown of files that somebody bent: a plan that does not prove itself, a provenance.json that nothing binds. */

jest.setTimeout(60_000);
let at: Workspace;
let id: string;
let plan: Plan;
beforeAll(async () => {
  at = createWorkspace();
  const { stdout } = await at.call(
    ['plan', '--desired', EXPORT, '--actual', SNAPSHOT, '--create-missing', '--json'],
    {},
  );
  ({ id } = JSON.parse(stdout));
  plan = at.json(`plans/${id}/plan.json`);
});
afterAll(removeWorkspaces);

/** The exit code of an altered plan, so that no script takes it for one that may be applied. */
const ALTERED = 3;

async function shown(path: string, format: Medium, exitCode = 0): Promise<string> {
  const { code, stdout, stderr } = await at.call(['show', path, '--format', format]);
  expect({ path, format, code, stderr }).toEqual({ path, format, code: exitCode, stderr: '' });
  return stdout;
}

/** Writes a plan as its forger would: in the printed form, in a folder of the right name. Gives its id. */
function forge(bend: (plan: AnyDocument) => object): string {
  const bent = { ...plan, ...bend(plan) };
  const name = idOf(digestOf(bent));
  at.write(`plans/${name}/plan.json`, printPlan(bent));
  return name;
}

describe('a plan file that does not prove itself', () => {
  const FORGERIES: readonly (readonly [string, (plan: AnyDocument) => object])[] = [
    ['hazards taken out', () => ({ hazards: [] })],
    [
      'a change taken out',
      ({ changes, skipped }) => ({
        changes: changes.slice(1),
        summary: summarise(changes.slice(1), skipped),
      }),
    ],
    ['a figure of the summary', ({ summary }) => ({ summary: { ...summary, update: 1 } })],
    ['a page that is not skipped', ({ skipped }) => ({ skipped: skipped.slice(1) })],
    ['a warning taken out', ({ diagnostics }) => ({ diagnostics: diagnostics.slice(1) })],
    [
      'another title',
      ({ changes }) => ({
        changes: changes.map((change: AnyDocument) =>
          'title' in change.provenance
            ? { ...change, provenance: { ...change.provenance, title: 'Harmless' } }
            : change,
        ),
      }),
    ],
  ];
  test.each(
    FORGERIES,
  )('is called altered in every medium, and nobody can approve it: %s', async (_, bend) => {
    const forged = forge(bend);
    expect(await shown(forged, 'text', ALTERED)).toMatch(
      /^! A rebuild from its own[\s\S]*\nAltered: do not trust this plan[\s\S]*\nAltered plan: /m,
    );
    expect(await shown(forged, 'markdown', ALTERED)).toMatch(
      /^## sailplan: .*\n\n\*\*Altered: do not trust this plan[\s\S]*\n> ⚠ A rebuild from/,
    );
    expect(await shown(forged, 'html', ALTERED)).toContain('<p class="doubt">A rebuild from');
    const json = JSON.parse(await shown(forged, 'json', ALTERED));
    expect([json.verdict.code, json.doubts.map(({ code }: AnyDocument) => code)]).toEqual([
      'altered',
      ['not_rebuilt'],
    ]);
    const approved = await at.call(['approve', forged, '--as', 'ada@example.com', '--yes']);
    expect([approved.code, /altered/.test(approved.stderr)]).toEqual([3, true]);
  });

  test('is called altered where the folder or the printed form is another', async () => {
    at.write('plans/0000000000000000/plan.json', printPlan(plan));
    at.write('plans/copy/plan.json', printPlan(plan).replace('"errored"', '"errored": true,\n  "errored"'));
    const codes = async (path: string, exitCode = ALTERED) =>
      JSON.parse(await shown(path, 'json', exitCode)).doubts.map(({ code }: AnyDocument) => code);
    expect(await codes('0000000000000000')).toEqual(['folder_differs']);
    expect(await codes('plans/copy')).toEqual(['printed_otherwise']);
    expect(await codes(id, 0)).toEqual([]);
  });

  test('of a newer minor version is told to be unchecked', async () => {
    at.write('plans/newer/plan.json', JSON.stringify({ ...plan, format_version: '1.7', more: 1 }));
    const { verdict, doubts } = JSON.parse(await shown('plans/newer', 'json'));
    expect([verdict.code, doubts.map(({ code }: AnyDocument) => code)]).toEqual([
      'hazards',
      ['newer_format'],
    ]);
    expect(await shown('plans/newer', 'text')).toContain('nothing was checked');
  });
});

describe('provenance.json', () => {
  test('that is misshapen or of another plan stops nothing, is told, and nothing of it is shown', async () => {
    const made = at.json(`plans/${id}/provenance.json`);
    const cases: readonly (readonly [string, string])[] = [
      ['not JSON', 'provenance_unreadable'],
      ['null', 'provenance_unreadable'],
      ['[]', 'provenance_unreadable'],
      ['{"links": 3}', 'provenance_unreadable'],
      [JSON.stringify({ ...made, made_by: { toString: 1 } }), 'provenance_unreadable'],
      [JSON.stringify({ ...made, digest: '0'.repeat(64), made_by: 'mallory' }), 'provenance_of_another'],
    ];
    for (const [content, code] of cases) {
      at.write(`plans/${id}/provenance.json`, content);
      expect(await shown(id, 'text')).not.toContain('mallory');
      expect(JSON.parse(await shown(id, 'json')).doubts.map((one: AnyDocument) => one.code)).toEqual([code]);
    }
    at.write(`plans/${id}/provenance.json`, JSON.stringify(made));
    for (const medium of ['text', 'markdown', 'html'] as const)
      expect(await shown(id, medium)).toMatch(
        /Not covered by the approval: author, titles, links and user counts\s+\(`?provenance\.json/,
      );
  });

  const odd = fc.oneof(
    hostile,
    fc.constantFrom<Json>(null, true, -1, 1.5, 1e300, [], {}, ['\n1'], '\n| + | `x` | y |', '7'),
  ) as fc.Arbitrary<Json>;
  const names = fc.constantFrom(
    'value.gsv_badges.popular',
    'value.gsv_roles.оps',
    'product.lead-scout',
    'page.11',
    'products',
    'roles.data_analyst',
  );
  const records = fc.dictionary(
    names,
    fc.oneof(
      odd,
      fc.dictionary(
        fc.constantFrom('products', 'published', 'id', 'model', 'items', 'total', 'requests'),
        fc.oneof(odd, fc.dictionary(hostile, odd, { maxKeys: 2 })),
        { noNullPrototype: true },
      ),
    ),
    { noNullPrototype: true },
  );
  const anyMade = fc.record({
    plan: hostile,
    digest: hostile,
    made_at: hostile,
    made_by: hostile,
    tool: hostile,
    shop: fc.oneof(odd, fc.record({ name: odd, domain: odd, version: odd })),
    wagtail: odd,
    reads: fc.oneof(odd, records),
    names: fc.oneof(odd, records),
    links: fc.oneof(odd, records),
    snippets: fc.oneof(odd, records),
    users: fc.oneof(odd, records),
  });

  test('of any content makes no control character, no row and no element', () => {
    fc.assert(
      fc.property(anyMade, (value) => {
        const made = parsePlanProvenance(value as unknown as Json);
        expect(made).not.toBe(null);
        const rendered = (medium: Medium) =>
          renderPlan(buildReview(PLAN, made), medium, { maxBytes: 10_000_000 }).text;
        expect(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(rendered('text'))).toBe(false);
        const lines = rendered('markdown')
          .split('\n')
          .filter((line) => /^\| [+~-] \|/.test(line));
        expect(lines.length).toBe(PLAN.changes.length);
        expect(fromMarkdown(rendered('markdown')).children.length).toBeGreaterThan(3);
        expect(/<(img|svg|iframe)[^>]*onerror/.test(rendered('html'))).toBe(false);
        JSON.parse(rendered('json'));
      }),
      { numRuns: draws(40, 100), seed: 20_261_126 },
    );
  });
});

test('a budget that the heading alone can exceed is refused', async () => {
  const { code, stderr } = await at.call(['show', id, '--format', 'markdown', '--max-bytes', '3999']);
  expect([code, stderr.split('\n')[0]]).toEqual([
    1,
    'sailplan: --max-bytes 3999 is less than 4000, the minimum for the heading',
  ]);
});

test('a report is shown under whatever name it was written', async () => {
  const archived = readdirSync('plans').find((name) => /^[0-9a-f]{16}$/.test(name));
  const report = at.write('what-was-done.json', readFileSync(`plans/${archived}/report.json`, 'utf8'));
  expect(await shown(report, 'text')).toMatch(new RegExp(`^Apply of plan ${archived}`));
  for (const content of [
    '{"mode": "apply", "outcomes": [], "format_version": "1.0"}',
    '{"outcomes": 1, "mode"',
    '"',
  ]) {
    const { code, stderr } = await at.call(['show', at.write('report.json', content)]);
    expect([code, /internal error/.test(stderr)]).toEqual([1, false]);
  }
});
