import { Failure } from '../../src/core/failure.ts';
import { requireVerified } from '../../src/plan/file/integrity.ts';
import { parsePlan } from '../../src/plan/file/parse.ts';
import { printPlan } from '../../src/plan/file/print.ts';
import type { Plan } from '../../src/plan/plan.ts';
import {
  attribute,
  CATEGORY,
  type Given,
  offering,
  planOf,
  product,
  productType,
  ROLES,
  term,
  value,
} from './catalogue.ts';

/** A plan with a change of each kind, something skipped, something excluded and a hazard. */
export const RICH: Given = {
  options: {
    create_missing: true,
    create_attributes: true,
    sync_attributes: true,
    adopt: true,
    exclude: [{ ref: 'value.gsv_roles.ops', field: null, reason: 'launch' }],
  },
  registry: ['founder'],
  desired: {
    taxonomies: {
      categories: [term('sales', 'Sales')],
      roles: [
        term('data_analyst', 'Data analyst', { fr: 'Analyste' }),
        term('founder', 'FOUNDER'),
        term('ops', 'Ops'),
      ],
      unread: [term('nobody', 'Nobody')],
    },
    offerings: [
      offering(1, {
        roles: ['data_analyst', 'founder'],
        card_tagline: 'Zero\u200bwidth \u202e"quoted" \u{e0041}',
      }),
      offering(2, { cp_offering_id: '' }),
      offering(3, {}, { saleor_product_slug: 'no-such-product' }),
    ],
  },
  actual: {
    locales: ['en', 'fr'],
    attributes: {
      gsv_category: attribute(CATEGORY, { sales: value('v-sales', 'Sales') }),
      gsv_roles: attribute(ROLES, {
        founder: value('v-founder', 'Founder'),
        'data-analyst': value('v2', 'Data analyst'),
      }),
    },
    product_types: { offering: productType('offering', ['gsv_category', 'gsv_roles']) },
    products: {
      'offering-1': product(1, { gsv_verified: null }, { cp_offering_id: 'off_0' }),
      'offering-2': product(2),
      unnamed: product(9, {}, { cp_offering_id: 'off_9' }),
    },
  },
};
export const rich = planOf(RICH);
export const text = printPlan(rich);

export const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'taken';
};

/** The file after an edit of its JSON, printed as sailplan prints it. */
export function edited(edit: (plan: Record<string, never>) => void, plan: Plan = rich): string {
  const copy = JSON.parse(printPlan(plan));
  edit(copy);
  return printPlan(copy);
}

/** A plan file, read for a decision that does not rebuild it. */
export const decided = (source: string): Plan => requireVerified(parsePlan(source), { rebuilds: false });
