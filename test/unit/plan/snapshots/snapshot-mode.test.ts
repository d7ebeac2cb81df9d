import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { planFactsOf } from '../../../../src/approval/verification.ts';
import { digest } from '../../../../src/core/json/canonical-json.ts';
import type { Json } from '../../../../src/core/json/json-value.ts';
import { causesOf } from '../../../../src/plan/drift-causes.ts';
import { differingMembers, requireVerified } from '../../../../src/plan/file/integrity.ts';
import { parsePlan } from '../../../../src/plan/file/parse.ts';
import { printPlan } from '../../../../src/plan/file/print.ts';
import stripUnknown from '../../../../src/plan/generated/strip-unknown.js';
import { build, digestOf, idOf, type Plan } from '../../../../src/plan/plan.ts';
import { reportLists } from '../../../../src/plan/report-lists.ts';
import { excerptOf } from '../../../../src/plan/snapshots/snapshot-mode.ts';
import { buildReview } from '../../../../src/review/model/build-review.ts';
import { demoExport, demoShop } from '../../../../src/sandbox/demo/demo-shop.ts';
import { startSandbox } from '../../../../src/sandbox/server/server.ts';
import { planInputs } from '../../../support/arbitrary.ts';
import { inputs, offering, planOf, product, SHOP } from '../../../support/catalogue.ts';
import { draws } from '../../../support/draws.ts';
import { createWorkspace, removeWorkspaces, shopEnv } from '../../../support/workspace.ts';

jest.setTimeout(60_000);
afterAll(removeWorkspaces);

const ours = ({ code }: { readonly code: string }): boolean => code !== 'rest_not_rebuilt';

test('snapshots of what changes give the same changes, hazards, lists and figures as full ones, and prove themselves', () => {
  fc.assert(
    fc.property(planInputs, (given) => {
      const full = build({ ...given, options: { ...given.options, limit: null } });
      const small = excerptOf(full);
      const read = requireVerified(parsePlan(printPlan(small)));
      expect(differingMembers(read)).toEqual([]);
      expect(digestOf(read)).toBe(digestOf(small));
      for (const name of [
        'changes',
        'skipped',
        'hazards',
        'summary',
        'errored',
        'contract',
        'options',
      ] as const)
        expect(small[name]).toEqual(full[name]);
      expect(small.diagnostics.filter(ours)).toEqual(full.diagnostics);
      const [shown, whole] = [buildReview(small), buildReview(full)];
      expect(shown.groups).toEqual(whole.groups);
      expect(shown.compared).toBe(whole.compared);
      const listed = (plan: Plan) =>
        reportLists(plan, () => ({ outcome: 'planned', id: null })).missing_taxonomies;
      expect(listed(small)).toEqual(listed(full));
      expect(planFactsOf(small)).toMatchObject({
        hazards: planFactsOf(full).hazards,
        products: planFactsOf(full).products,
      });
      const { products, offerings } = small.rest ?? { products: -1, offerings: -1 };
      expect(products + Object.keys(small.actual.products).length).toBe(
        Object.keys(full.actual.products).length,
      );
      expect(offerings + small.desired.offerings.length).toBe(full.desired.offerings.length);
    }),
    { seed: 31, numRuns: draws(60, 200) },
  );
});

/** Forty offerings, of which one changes its tagline and one gives up the last but one use of a role. */
function forty(): Plan {
  const numbers = Array.from({ length: 40 }, (_, index) => index + 1);
  return planOf({
    desired: {
      offerings: numbers.map((n) => offering(n, n === 7 ? { card_tagline: 'Another one' } : {})),
    },
    actual: { products: Object.fromEntries(numbers.map((n) => [`offering-${n}`, product(n)])) },
  });
}

describe('a plan of --snapshots changed', () => {
  const full = forty();
  const small = excerptOf(full);

  test('holds what changes, and one digest that anyone can make of what full snapshots hold beside it', () => {
    expect(Object.keys(small.actual.products)).toEqual(['offering-7']);
    expect(small.desired.offerings.map(({ page_id }) => page_id)).toEqual([7]);
    const products = Object.fromEntries(
      Object.entries(full.actual.products).filter(([slug]) => slug !== 'offering-7'),
    );
    const offerings = full.desired.offerings.filter(({ page_id }) => page_id !== 7);
    expect(small.rest).toEqual({
      offerings: 39,
      products: 39,
      digest: digest({ offerings, products } as unknown as Json),
      values: { gsv_category: { sales: 39 }, gsv_roles: { founder: 39 } },
    });
    expect(small.diagnostics).toContainEqual({
      severity: 'warning',
      code: 'rest_not_rebuilt',
      ref: 'shop',
      data: { offerings: 39, products: 39 },
    });
  });

  test.each<[string, (plan: Plan) => unknown, readonly string[]]>([
    [
      'without the product that changes',
      (p) => ({ ...p, actual: { ...p.actual, products: {} } }),
      ['changes', 'skipped', 'diagnostics', 'summary'],
    ],
    [
      'without the offering that changes',
      (p) => ({ ...p, desired: { ...p.desired, offerings: [] } }),
      ['changes', 'summary', 'actual'],
    ],
    ['without its warning', (p) => ({ ...p, diagnostics: p.diagnostics.filter(ours) }), ['diagnostics']],
    ['without its rest', ({ rest, ...p }) => p, ['diagnostics']],
    ['of another count of offerings', (p) => ({ ...p, rest: { ...p.rest, offerings: 3 } }), ['diagnostics']],
    [
      'with another product',
      (p) => ({
        ...p,
        actual: { ...p.actual, products: { ...p.actual.products, 'offering-8': product(8) } },
      }),
      ['actual'],
    ],
  ])('%s does not prove itself', (_, alter, unlike) => {
    expect(differingMembers(alter(small) as Plan)).toEqual(expect.arrayContaining([...unlike]));
  });

  test('of another digest or other counts is another plan, so no approval of the first one names it', () => {
    const rest = small.rest as NonNullable<Plan['rest']>;
    const swapped = { ...small, rest: { ...rest, digest: 'f'.repeat(64) } };
    const counted = { ...small, rest: { ...rest, values: {} } };
    expect(new Set([small, swapped, counted].map(digestOf)).size).toBe(3);
  });

  test('as a base says unknown of a product that it does not hold, and not that it was never synced', () => {
    const edited = planOf({
      desired: { offerings: [offering(3)] },
      actual: { products: { 'offering-3': product(3, {}, { outcome_tagline: 'Edited' }) } },
    });
    expect(causesOf(edited, [small])).toEqual({
      'product.offering-3': { 'metadata.outcome_tagline': 'unknown' },
    });
    expect(causesOf(edited, [full])).toEqual({
      'product.offering-3': { 'metadata.outcome_tagline': 'saleor_edited' },
    });
  });

  test('is shown by a version that knows more members, with those that this one knows', () => {
    const newer = structuredClone({ ...small, rest: { ...small.rest, more: 1 } });
    stripUnknown(newer);
    expect(newer).toEqual(small);
    expect([full.format_version, small.format_version]).toEqual(['1.0', '1.1']);
    for (const version of ['1.0', '1.2'])
      expect(differingMembers({ ...small, format_version: version })).toEqual(['format_version']);
    expect(differingMembers({ ...full, format_version: '1.1' })).toEqual(['format_version']);
  });
});

test('the last use of a value is a hazard with snapshots of what changes too, and one that others still have is none', () => {
  const plan = (others: 'founder' | 'advisor') =>
    excerptOf(
      planOf({
        desired: {
          taxonomies: {
            categories: [{ key: 'sales', label: 'Sales' }],
            roles: [
              { key: 'advisor', label: 'Advisor' },
              { key: 'founder', label: 'Founder' },
            ],
          },
          offerings: [
            offering(1, { roles: ['advisor'], primary_role: null }),
            offering(2, { roles: [others], primary_role: null }),
          ],
        },
        actual: {
          attributes: {
            ...SHOP.attributes,
            gsv_roles: {
              ...(SHOP.attributes['gsv_roles'] as (typeof SHOP.attributes)[string]),
              values: {
                advisor: { id: 'v-a', name: 'Advisor', reference: null, translations: {} },
                founder: { id: 'v-f', name: 'Founder', reference: null, translations: {} },
              },
            },
          },
          products: {
            'offering-1': product(1, {}, { primary_role: undefined }),
            'offering-2': product(2, { gsv_roles: { [others]: true } }, { primary_role: undefined }),
          },
        },
      }),
    );
  const codes = (made: Plan) => made.hazards.map(({ code, ref }) => `${code} ${ref}`);
  expect(codes(plan('advisor'))).toContain('removes_last_member value.gsv_roles.founder');
  expect(codes(plan('founder'))).not.toContain('removes_last_member value.gsv_roles.founder');
  expect(plan('founder').rest?.values).toEqual({ gsv_category: { sales: 1 }, gsv_roles: { founder: 1 } });
});

test('by command: small, verified, and refused by a policy that does not allow it; the config can ask for it', async () => {
  const at = createWorkspace();
  const sources = ['--desired', 'site.json', '--actual', 'shop.json'];
  writeFileSync(join(at.path, 'site.json'), readFileSync('test/recordings/wagtail-export.json'));
  writeFileSync(join(at.path, 'shop.json'), readFileSync('test/recordings/shop-snapshot.json'));
  const planned = await at.call(['plan', ...sources, '--create-missing', '--snapshots', 'changed', '--json']);
  const { id, summary } = JSON.parse(planned.stdout);
  const full = await at.call(['plan', ...sources, '--create-missing', '--json', '--out', 'others']);
  expect(JSON.parse(full.stdout)).toMatchObject({ summary });
  expect(JSON.parse(full.stdout).id).not.toBe(id);
  expect((await at.call(['verify', id, '--no-policy'])).stdout).toMatch(/^ok +rebuild: .*were not rebuilt$/m);
  const policy = { format: 'sailplan-policy', format_version: '1.0', default: { approvals: 1 } };
  writeFileSync(join(at.path, 'sailplan.policy.json'), JSON.stringify(policy));
  await at.call(['approve', id, '--as', 'ada', '--yes']);
  const refused = await at.call(['verify', id]);
  expect(refused).toMatchObject({ code: 3 });
  expect(refused.stdout).toMatch(/^REFUSED snapshots: /m);
  const allowed = { ...policy, default: { approvals: 1, allow_partial_snapshots: true } };
  writeFileSync(join(at.path, 'sailplan.policy.json'), JSON.stringify(allowed));
  expect(await at.call(['verify', id])).toMatchObject({ code: 0 });
  rmSync(join(at.path, 'plans'), { recursive: true });
  const config = { format: 'sailplan-config', format_version: '1.0', snapshots: 'changed' };
  writeFileSync(join(at.path, 'sailplan.config.json'), JSON.stringify(config));
  const again = await at.call(['plan', ...sources, '--create-missing', '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({ id });
  const few = await at.call(['plan', ...sources, '--limit', '3', '--snapshots', 'changed']);
  expect(few).toMatchObject({ code: 1 });
  expect(few.stderr).toMatch(/--snapshots changed and --limit cannot be combined/);
});

test('a tampered file is refused by its digest, and in a folder named after the new digest by its rebuild', async () => {
  const at = createWorkspace();
  const full = build(inputs({ desired: { offerings: [offering(1, { card_tagline: 'Another' })] } }));
  const small = excerptOf(full);
  const put = (plan: Plan, id: string) => {
    const folder = join(at.path, 'plans', id);
    rmSync(folder, { recursive: true, force: true });
    return at.write(join('plans', id, 'plan.json'), printPlan(plan));
  };
  const id = idOf(digestOf(small));
  const tampered: Plan = {
    ...small,
    rest: { ...(small.rest as NonNullable<Plan['rest']>), digest: '0'.repeat(64) },
  };
  put(tampered, id);
  expect((await at.call(['verify', id, '--no-policy'])).stdout).toMatch(/^REFUSED digest: /m);
  const emptied: Plan = { ...small, actual: { ...small.actual, products: {} } };
  const other = idOf(digestOf(emptied));
  put(emptied, other);
  expect((await at.call(['verify', other, '--no-policy'])).stdout).toMatch(/^REFUSED rebuild: .*changes/m);
  expect((await at.call(['show', other])).stdout).toMatch(/Altered/);
});

test('it is applied, told in the report, told by causes later, and taken back, as any other plan', async () => {
  const sandbox = await startSandbox({ seed: demoShop() });
  try {
    const at = createWorkspace();
    const env = shopEnv(sandbox);
    at.write('catalog.json', JSON.stringify(demoExport()));
    const words = ['--desired', 'catalog.json', '--create-missing', '--snapshots', 'changed', '--json'];
    const { id } = JSON.parse((await at.call(['plan', ...words], { env })).stdout);
    await at.call(['approve', id, '--as', 'ada', '--yes'], { env });
    expect(await at.call(['apply', id, '--no-policy'], { env })).toMatchObject({ code: 0 });
    const report = at.json(join('plans', id, 'report.json'));
    expect(report).toMatchObject({ converged: true });
    expect(report.warnings.map(({ code }: { code: string }) => code)).toContain('rest_not_rebuilt');
    const again = JSON.parse((await at.call(['plan', ...words], { env })).stdout);
    expect(again).toMatchObject({ plan: null, summary: { create: 0, update: 0, delete: 0 } });
    const back = await at.call(['revert', id, '--json'], { env });
    expect(back).toMatchObject({ code: 0 });
    expect(JSON.parse(back.stdout).summary.update).toBeGreaterThan(0);
  } finally {
    await sandbox.close();
  }
});
