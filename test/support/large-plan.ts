import { GTM_V1 } from '../../src/contract/contract.ts';
import type { Product } from '../../src/core/actual-state.ts';
import { patchOf } from '../../src/diff/json-patch.ts';
import { type Change, DEFAULT_OPTIONS } from '../../src/diff/model.ts';
import { FORMAT_VERSION } from '../../src/plan/format-version.ts';
import { hazardsOf } from '../../src/plan/hazards.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { summarise } from '../../src/plan/summary.ts';

const ROLES = [
  'founder',
  'developer',
  'designer',
  'recruiter',
  'lawyer',
  'marketer',
  'accountant',
  'analyst',
];
const set = (from: number, count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [ROLES[(from + at) % ROLES.length] ?? '', true]).sort(),
  );

const document = (index: number, isAfter: boolean) => ({
  attributes: {
    gsv_category: index % 3 === 0 && isAfter ? 'finance' : 'sales',
    gsv_roles: set(isAfter ? index + 1 : index, 3),
    gsv_badges: isAfter && index % 50 === 0 ? {} : { popular: true },
    gsv_verified: true,
  },
  metadata: {
    cp_offering_id: `off_${index}`,
    credits_estimate_label: isAfter ? '~15/run' : '~12/run',
    outcome_tagline: `Answers the leads of ${index} teams before they ask again`,
  },
});

/** A plan of many product updates, each of three to five fields: for figures of speed and size. */
export function largePlan(count: number): Plan {
  const changes = Array.from({ length: count }, (_, index): Change => {
    const [before, after] = [document(index, false), document(index, true)];
    return {
      ref: `product.offering-${String(index).padStart(5, '0')}`,
      action: 'update',
      reason: 'differs',
      before,
      after,
      patch: patchOf(before, after),
      needs: [],
      ids: { product: `UHJvZHVjdDo${index}` },
      provenance: { page_id: index, title: `Lead scout ${index}` },
    };
  });
  const products = Object.fromEntries(
    changes.map(({ ref, ids, before }): [string, Product] => [
      ref.slice('product.'.length),
      {
        id: ids['product'] ?? '',
        name: `Lead scout ${ref.slice(-5)}`,
        type: 'offering',
        document: before as never,
      },
    ]),
  );
  const desired = {
    source: { kind: 'export', locale: 'en', page_type: null, access: 'anonymous' },
    taxonomies: { roles: ROLES.map((key) => ({ key, label: key })) },
    offerings: [],
    problems: [],
  } as const;
  const actual = {
    target: { name: 'bench', api_url: 'https://shop.example.com/graphql/' },
    permissions: [],
    locales: [],
    attributes: {},
    product_types: {},
    products,
  };
  const inputs = { contract: GTM_V1, options: DEFAULT_OPTIONS, registry: null, desired, actual };
  const { source, ...snapshot } = desired;
  const { target, ...shop } = actual;
  return {
    format_version: FORMAT_VERSION,
    target,
    source,
    options: DEFAULT_OPTIONS,
    contract: GTM_V1,
    registry: null,
    changes,
    skipped: [],
    completeness: { products: 'complete' },
    hazards: hazardsOf(changes, inputs),
    diagnostics: [],
    summary: summarise(changes, []),
    errored: false,
    desired: snapshot as Plan['desired'],
    actual: shop as Plan['actual'],
  };
}
