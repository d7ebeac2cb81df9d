import { expect, test } from '@jest/globals';
import type { PlanProvenance } from '../../../../src/plan/plan-provenance.ts';
import { buildReview } from '../../../../src/review/model/build-review.ts';
import { renderPlan } from '../../../../src/review/render.ts';
import { TOLD } from '../../../../src/review/wording.ts';
import { MADE, PLAN } from '../../../support/sample-plan.ts';

/** Whoever can write a plan's folder can write provenance.json, and review.md to go with it. */
const changed = <T>(values: Readonly<Record<string, T>>, to: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, to(value)]));

const LIES: Readonly<Record<string, Partial<PlanProvenance>>> = {
  'who made it, when and with what': { made_by: 'the boss', made_at: '2020-01-01T00:00:00Z', tool: 'x' },
  'the name and version of the shop': { shop: { name: 'Test shop', domain: 'x.example.com', version: '9' } },
  'how much was read': { reads: changed(MADE.reads, (proof) => ({ ...proof, items: 9_999, total: 9_999 })) },
  'names of products': {
    names: { ...changed(MADE.names ?? {}, () => 'Nothing'), 'product.lead-scout': 'Other' },
  },
  links: { links: changed(MADE.links, () => 'javascript:alert(1)') },
  'links to elsewhere': { links: changed(MADE.links, () => 'https://evil.example.com/') },
  'users of values': { users: changed(MADE.users ?? {}, () => ({ products: 0, published: null })) },
  snippets: { snippets: changed(MADE.snippets ?? {}, () => ({ id: 99, model: 'x.Y' })) },
};

const lines = (provenance: PlanProvenance): readonly string[] =>
  renderPlan(buildReview(PLAN, provenance), 'markdown').text.split('\n');

test.each(
  Object.entries(LIES),
)('%s: each line that it changes is marked, and the mark explained above', (_, lie) => {
  const [before, after] = [lines(MADE), lines({ ...MADE, ...lie })];
  const differing = after.filter((line) => !before.includes(line));
  expect(differing.length).toBeGreaterThan(0);
  for (const line of differing) expect(line).toContain(TOLD);
  const legend = after.findIndex((line) => line.startsWith(`${TOLD} Not covered by the approval`));
  expect(legend).toBeGreaterThan(0);
  expect(legend).toBeLessThan(12);
});
