import { GTM_V1 } from '../../src/contract/contract.ts';
import type { ResourceDocument } from '../../src/core/desired-state.ts';
import { patchOf } from '../../src/diff/json-patch.ts';
import { type Change, DEFAULT_OPTIONS } from '../../src/diff/model.ts';
import type { Causes } from '../../src/plan/drift-causes.ts';
import { FORMAT_VERSION } from '../../src/plan/format-version.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { PlanProvenance } from '../../src/plan/plan-provenance.ts';
import type { Report } from '../../src/plan/report.ts';
import { summarise } from '../../src/plan/summary.ts';

/** A plan with one of everything that a reader can meet, and what stands beside it; for golden files. */

const before = {
  attributes: {
    gsv_badges: { new: true, popular: true },
    gsv_category: 'sales',
    gsv_integrations_required: { slack: true },
    gsv_roles: { data_analyst: true, founder: true },
    gsv_verified: false,
  },
  metadata: {
    cp_offering_id: 'off_0001',
    cp_offering_version_id: 'ver_1',
    credits_estimate_label: '~12/run',
    outcome_tagline: 'Finds your next customers',
  },
};
const after = {
  attributes: {
    ...before.attributes,
    gsv_badges: { popular: true, staff_pick: true },
    gsv_category: 'marketing',
    gsv_integrations_required: {},
    gsv_verified: true,
  },
  metadata: {
    cp_offering_id: 'off_0001',
    credits_estimate_label: '~15/run',
    outcome_tagline: 'Finds your next ten customers',
    card_image_url: '/media/lead-scout.webp',
  },
};

const change = (
  ref: string,
  from: ResourceDocument,
  to: ResourceDocument,
  rest: Partial<Change>,
): Change => ({
  ref,
  action: from === null ? 'create' : to === null ? 'delete' : 'update',
  reason: from === null ? 'missing' : 'differs',
  before: from,
  after: to,
  patch: patchOf(from, to),
  needs: [],
  ids: {},
  provenance: { contract: 'gtm-v1' },
  ...rest,
});
const term = (taxonomy: string, key: string, label: string) => ({ provenance: { taxonomy, key, label } });

const changes: readonly Change[] = [
  change('attribute.gsv_maturity', null, { name: 'Maturity', input_type: 'DROPDOWN' }, {}),
  change(
    'assignment.offering.gsv_maturity',
    null,
    { assigned: true },
    { needs: ['attribute.gsv_maturity'], ids: { product_type: 'UHJvZHVjdFR5cGU6MQ==' } },
  ),
  change(
    'value.gsv_badges.staff_pick',
    null,
    { name: 'staff_pick', slug: 'staff_pick' },
    term('badges', 'staff_pick', 'Staff pick'),
  ),
  change(
    'value.gsv_category.marketing',
    null,
    { name: 'Marketing', slug: 'marketing' },
    term('categories', 'marketing', 'Marketing'),
  ),
  change(
    'value.gsv_badges.popular',
    { name: 'popular', slug: 'popular' },
    { name: 'Popular', slug: 'popular' },
    { ids: { value: 'QXR0cmlidXRlVmFsdWU6NTg=' }, ...term('badges', 'popular', 'Popular') },
  ),
  change(
    'value.gsv_roles.data_analyst',
    { name: 'Data analyst', slug: 'data-analyst' },
    { name: 'data_analyst', slug: 'data_analyst' },
    {
      reason: 'adopted',
      ids: { value: 'QXR0cmlidXRlVmFsdWU6MTI=' },
      ...term('roles', 'data_analyst', 'Data analyst'),
    },
  ),
  change(
    'translation.gsv_badges.staff_pick.en',
    null,
    { name: 'Staff pick' },
    { needs: ['value.gsv_badges.staff_pick'], ...term('badges', 'staff_pick', 'Staff pick') },
  ),
  change('product.lead-scout', before, after, {
    needs: ['value.gsv_badges.staff_pick', 'value.gsv_category.marketing'],
    ids: { product: 'UHJvZHVjdDox' },
    provenance: { page_id: 14, title: 'Lead Scout' },
  }),
  change('value.gsv_roles.оps', { name: 'Ops', slug: 'оps' }, null, {
    ids: { value: 'QXR0cmlidXRlVmFsdWU6OTk=' },
    ...term('roles', 'оps', 'Ops'),
  }),
];
const skipped = [
  {
    ref: 'page.15',
    page_id: 15,
    title: 'Invoice Reader',
    codes: ['product_missing', 'required_field_empty'],
  },
];
const page = { page_id: 15, title: 'Invoice Reader' };

export const PLAN: Plan = {
  format_version: FORMAT_VERSION,
  target: { name: 'production', api_url: 'https://shop.example.com/graphql/' },
  source: { kind: 'export', locale: 'en', page_type: 'catalog.OfferingPage', access: 'authenticated' },
  options: { ...DEFAULT_OPTIONS, create_missing: true, adopt: true, sync_attributes: true, limit: 24 },
  contract: GTM_V1,
  registry: null,
  changes,
  skipped,
  completeness: { attributes: 'complete', products: 'complete' },
  hazards: [
    { code: 'adopts_value', ref: 'value.gsv_roles.data_analyst' },
    { code: 'cannot_be_undone', ref: 'value.gsv_roles.оps' },
    { code: 'clears_attribute', ref: 'product.lead-scout' },
    { code: 'deletes_metadata', ref: 'product.lead-scout' },
    { code: 'deletes_used_value', ref: 'value.gsv_roles.оps' },
    { code: 'renames_value', ref: 'value.gsv_badges.popular' },
    { code: 'slug_changes', ref: 'value.gsv_roles.data_analyst' },
  ],
  diagnostics: [
    {
      severity: 'error',
      code: 'product_missing',
      ref: 'page.15',
      data: { ...page, saleor_product_id: null, saleor_product_slug: 'invoice-reader' },
    },
    {
      severity: 'error',
      code: 'required_field_empty',
      ref: 'page.15',
      data: { ...page, field: 'cp_offering_id', key: 'cp_offering_id' },
    },
    ...['enterprise_ready', 'open_source', 'staff_pick', 'trusted_partner', 'up_and_coming'].map((key) => ({
      severity: 'warning' as const,
      code: 'label_in_translation',
      ref: `value.gsv_badges.${key}`,
      data: { key, label: key.replaceAll('_', ' '), slug: key.replaceAll('_', '-') },
    })),
    {
      severity: 'note',
      code: 'excluded',
      ref: 'product.call-coach',
      data: { field: 'attributes.gsv_badges', reason: 'campaign until Friday' },
    },
  ],
  summary: summarise(changes, skipped),
  errored: false,
  desired: {
    taxonomies: {
      badges: [
        { key: 'popular', label: 'Popular' },
        { key: 'staff_pick', label: 'Staff pick' },
      ],
      categories: [
        { key: 'marketing', label: 'Marketing' },
        { key: 'sales', label: 'Sales' },
      ],
      roles: [
        { key: 'data_analyst', label: 'Data analyst' },
        { key: 'founder', label: 'Founder' },
      ],
    },
    offerings: [],
    problems: [],
  },
  actual: {
    permissions: [],
    locales: ['en'],
    attributes: {
      gsv_badges: {
        id: 'QTox',
        name: 'Badges',
        input_type: 'MULTISELECT',
        values: {
          popular: { id: 'QXR0cmlidXRlVmFsdWU6NTg=', name: 'popular', reference: null, translations: {} },
        },
      },
      gsv_roles: {
        id: 'QToy',
        name: 'Roles',
        input_type: 'MULTISELECT',
        values: {
          оps: { id: 'QXR0cmlidXRlVmFsdWU6OTk=', name: 'Ops', reference: null, translations: {}, users: 14 },
        },
      },
    },
    product_types: { offering: { id: 'UHJvZHVjdFR5cGU6MQ==', name: 'Offering', attributes: [] } },
    products: {
      'lead-scout': { id: 'UHJvZHVjdDox', name: 'Lead Scout', type: 'offering', document: before as never },
    },
  },
};

export const MADE: PlanProvenance = {
  format_version: '1.0',
  plan: '',
  digest: '',
  made_at: '2026-11-23T14:38:47Z',
  made_by: 'ada@example.com',
  tool: 'sailplan 0.1.0',
  shop: { name: 'Skylark', domain: 'shop.example.com', version: '3.23.28' },
  wagtail: '7.4.4',
  reads: {
    attributes: { requests: 2, items: 12, total: 12 },
    products: { requests: 4, items: 302, total: 302 },
  },
  inputs: {},
  links: {
    'page.14': 'https://www.example.com/admin/pages/14/edit/',
    'page.15': 'https://www.example.com/admin/pages/15/edit/',
    'product.lead-scout': 'https://dashboard.example.com/products/UHJvZHVjdDox',
    'term.roles.data_analyst': 'https://www.example.com/admin/snippets/catalog/role/edit/3/',
  },
  snippets: { 'roles.data_analyst': { id: 3, model: 'catalog.Role' } },
  users: {
    'value.gsv_badges.popular': { products: 21, published: { 'default-channel': 18, gsv: 2 } },
    'value.gsv_roles.data_analyst': { products: 2, published: { 'default-channel': 0, gsv: 0 } },
  },
};

export const CAUSES: Causes = {
  'product.lead-scout': {
    'attributes.gsv_badges': 'saleor_edited',
    'attributes.gsv_category': 'wagtail_changed',
    'attributes.gsv_integrations_required': 'both',
    'metadata.credits_estimate_label': 'wagtail_changed',
  },
  'value.gsv_category.marketing': { '': 'wagtail_changed' },
};

const notice = {
  code: 'product_missing',
  ref: 'page.15',
  message: 'page 15 (Invoice Reader): Saleor has no product with slug "invoice-reader"',
  hint: 'Correct the page’s product id or slug, or create the product in Saleor.',
};

export const REPORT: Report = {
  format: 'sailplan-report',
  format_version: '1.0',
  tool: 'sailplan 0.1.0',
  written_at: '2026-11-23T15:10:00Z',
  command: 'apply',
  flags: {},
  exit_code: 5,
  errored: false,
  skipped_by_flags: null,
  skipped_pages: [],
  mode: 'apply',
  plan: { id: '0c2f4b7a91d3e855', digest: '0c2f4b7a91d3e855'.repeat(4) },
  target: PLAN.target,
  runs: [
    { number: 1, started_at: '2026-11-23T15:00:02Z', finished_at: null, requests: 7 },
    { number: 2, started_at: '2026-11-23T15:04:31Z', finished_at: '2026-11-23T15:04:33Z', requests: 11 },
  ],
  approvals: [
    { approver: 'grace@example.com', at: '2026-11-23T14:58:11Z', signed: false, comment: 'read it' },
  ],
  policy: null,
  converged: false,
  totals: { planned: 0, applied: 5, already: 1, skipped: 1, failed: 1, unknown: 1, not_attempted: 0 },
  outcomes: changes.map(({ ref, action }, index) => ({
    ref,
    action,
    outcome:
      index === 0
        ? 'already'
        : index === 5
          ? 'failed'
          : index === 6
            ? 'unknown'
            : index === 7
              ? 'skipped'
              : 'applied',
    because:
      index === 5
        ? 'Saleor: UNIQUE: Attribute value with this slug already exists.'
        : index === 6
          ? 'the reply was lost and the read-back shows neither side'
          : index === 7
            ? 'needs value.gsv_roles.data_analyst, which failed'
            : null,
  })),
  created_attribute_values: [
    {
      attribute: 'gsv_badges',
      key: 'staff_pick',
      name: 'staff_pick',
      slug: 'staff_pick',
      id: 'QXR0cmlidXRlVmFsdWU6MTAx',
      outcome: 'applied',
    },
  ],
  updated_products: [
    {
      ref: 'product.lead-scout',
      id: 'UHJvZHVjdDox',
      slug: 'lead-scout',
      before,
      after,
      patch: patchOf(before, after),
      outcome: 'skipped',
    },
  ],
  missing_products: [
    { page_id: 15, title: 'Invoice Reader', saleor_product_id: null, saleor_product_slug: 'invoice-reader' },
  ],
  missing_taxonomies: [
    {
      kind: 'value_missing',
      attribute: 'gsv_badges',
      key: 'staff_pick',
      label: 'Staff pick',
      needed_by: ['product.lead-scout'],
      will_create: true,
    },
    {
      kind: 'term_unknown',
      attribute: 'gsv_roles',
      key: 'wizard',
      label: null,
      needed_by: ['page.15'],
      will_create: false,
    },
  ],
  errors: [notice],
  warnings: [],
};

const planned = REPORT.outcomes.map(({ ref, action }) => ({
  ref,
  action,
  outcome: 'planned' as const,
  because: null,
}));

export const DRY_RUN: Report = {
  ...REPORT,
  mode: 'dry_run',
  plan: null,
  runs: [],
  approvals: [],
  outcomes: planned,
  totals: {
    planned: planned.length,
    applied: 0,
    already: 0,
    skipped: 0,
    failed: 0,
    unknown: 0,
    not_attempted: 0,
  },
};

export const CONVERGED: Report = {
  ...REPORT,
  runs: REPORT.runs.slice(1),
  approvals: [{ approver: 'grace@example.com', at: '2026-11-23T14:58:11Z', signed: true, comment: null }],
  policy: 'b'.repeat(64),
  converged: true,
  outcomes: REPORT.outcomes.map(({ ref, action }) => ({ ref, action, outcome: 'applied', because: null })),
  totals: {
    planned: 0,
    applied: planned.length,
    already: 0,
    skipped: 0,
    failed: 0,
    unknown: 0,
    not_attempted: 0,
  },
  missing_products: [],
  missing_taxonomies: [],
  errors: [],
};
