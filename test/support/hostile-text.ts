import fc from 'fast-check';
import { GTM_V1 } from '../../src/contract/contract.ts';
import type { Product } from '../../src/core/actual-state.ts';
import type { Json } from '../../src/core/json/json-value.ts';
import { type Change, DEFAULT_OPTIONS } from '../../src/diff/model.ts';
import { FORMAT_VERSION } from '../../src/plan/format-version.ts';
import type { HazardCode } from '../../src/plan/hazards.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { PlanProvenance } from '../../src/plan/plan-provenance.ts';
import { OUTCOMES, type Report } from '../../src/plan/report.ts';
import { summarise } from '../../src/plan/summary.ts';

/** What somebody could type into a page, a term or a product to forge, hide or break something in a review. */
const PIECES = [
  '\u0000', '\u0007', '\b\b\b', '\t', '\r', '\n', '\r\n', '\u001b[31m', '\u001b]0;title\u0007', '\u007f', '\u009b2J', '\u0085',
  '\u202e', '\u2066', '\u2069', '\u200b', '\u200d', '\ufeff', '\u00ad', '\u2028', '\u2029', '\u{e0041}', '\ud800', '\udc00',
  '|', '\\|', '\\\\|', ' | ', '`', '``', '```', '\\`', '~~~', '\n```\n', '<!--', '-->', '<br>', '</details>', '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>', '"><svg onload=alert(1)>', "' onmouseover='x", '</style>', '</script>', '</noscript>', '<![CDATA[', '&lt;b&gt;', '&#124;', '&quot;',
  '@octocat', '@org/team', '#123', 'GH-1', 'owner/repo#1', 'https://evil.example.com', 'www.evil.example.com', 'a@b.example.com', 'javascript:alert(1)',
  '](https://evil.example.com)', '![x](y)', '[x]: y', '[^1]', '**', '__', '*', '_', '~~', '# ', '\n# ', '> ', '- ', '\n- ', '1. ', '---', '===', '$$', '{', '}', '\\', '  ', ' ',
  'Data analyst', 'déjà', '数据', 'ﷺ', 'שלום', '👩‍👩‍👧', 'a\u0301', 'x'.repeat(60), '0c2f4b7a91d3e855', '| + | `x` | y |', '\n| + | x | y |\n',
] as const; // biome-ignore format: one line a theme

const piece = fc.constantFrom(...PIECES);

/** A few pieces in a row; now and then ten kilobytes of them. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 300,
    arbitrary: fc.array(piece, { minLength: 0, maxLength: 5 }).map((pieces) => pieces.join('')),
  },
  { weight: 60, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 1, arbitrary: piece.map((one) => one.repeat(Math.ceil(10_240 / one.length))) },
);

const slug = fc.oneof(hostile, fc.constantFrom('offering-001', 'lead-scout')).map((text) => text || 'x');
const attribute = fc.constantFrom(...GTM_V1.attributes.map(({ slug }) => slug), 'gsv_other');
const set = fc
  .uniqueArray(slug, { maxLength: 3 })
  .map((keys) => Object.fromEntries(keys.map((key) => [key, true])));

const document = fc
  .record({
    roles: set,
    badges: set,
    category: fc.option(slug),
    verified: fc.option(fc.boolean()),
    text: fc.dictionary(fc.constantFrom(...GTM_V1.metadata.map(({ key }) => key)), hostile, { maxKeys: 3 }),
  })
  .map(({ roles, badges, category, verified, text }) => ({
    attributes: { gsv_roles: roles, gsv_badges: badges, gsv_category: category, gsv_verified: verified },
    metadata: text,
  }));

const common = { reason: 'differs', patch: [], needs: [] } as const;

const product = fc.record({ slug, before: document, after: document, title: hostile, id: hostile }).map(
  ({ slug: name, before, after, title, id }): Change => ({
    ...common,
    ref: `product.${name}`,
    action: 'update',
    before,
    after,
    ids: { product: id },
    provenance: { page_id: 7, title },
  }),
);

const value = fc
  .record({
    attribute,
    key: slug,
    name: hostile,
    other: hostile,
    action: fc.constantFrom('create', 'update', 'delete'),
    label: hostile,
    id: hostile,
  })
  .map(
    ({ attribute: owner, key, name, other, action, label, id }): Change => ({
      ...common,
      ref: `value.${owner}.${key}`,
      action: action as Change['action'],
      before: action === 'create' ? null : { name: other, slug: key },
      after: action === 'delete' ? null : { name, slug: key },
      ids: { value: id },
      provenance: { taxonomy: 'roles', key, label },
    }),
  );

const translation = fc.record({ attribute, key: slug, name: hostile, label: hostile }).map(
  ({ attribute: owner, key, name, label }): Change => ({
    ...common,
    ref: `translation.${owner}.${key}.en`,
    action: 'create',
    before: null,
    after: { name },
    ids: {},
    provenance: { taxonomy: 'roles', key, label },
  }),
);

const assignment = fc.record({ attribute, type: slug }).map(
  ({ attribute: owner, type }): Change => ({
    ...common,
    ref: `assignment.${type}.${owner}`,
    action: 'create',
    before: null,
    after: { assigned: true },
    ids: {},
    provenance: { contract: 'gtm-v1' },
  }),
);

const changes = fc.uniqueArray(fc.oneof(product, value, translation, assignment), {
  maxLength: 6,
  selector: ({ ref }) => ref,
});
const HAZARDS: readonly HazardCode[] = [
  'clears_attribute',
  'deletes_metadata',
  'renames_value',
  'cannot_be_undone',
];

/** Plans that no diff would make, each with text from outside wherever a plan can hold any. */
export const hostilePlan: fc.Arbitrary<Plan> = fc
  .record({
    changes,
    name: hostile,
    url: hostile,
    hint: hostile,
    title: hostile,
    terms: fc.array(fc.record({ key: slug, label: hostile }), { maxLength: 3 }),
    hazard: fc.constantFrom(...HAZARDS),
    errored: fc.boolean(),
  })
  .map(({ changes: made, name, url, hint, title, terms, hazard, errored }): Plan => {
    const skipped = [{ ref: `product.${name}`, page_id: 9, title, codes: ['product_missing'] }];
    const data = { page_id: 9, title, saleor_product_id: null, saleor_product_slug: hint };
    const products = Object.fromEntries(
      made
        .filter(({ ref }) => ref.startsWith('product.'))
        .map(({ ref, before }): [string, Product] => [
          ref.slice(8),
          { id: hint, name: title, type: name, document: before as never },
        ]),
    );
    return {
      format_version: FORMAT_VERSION,
      target: { name, api_url: `https://shop.example.com/${url}` },
      source: { kind: 'export', locale: 'en', page_type: name, access: 'anonymous' },
      options: {
        ...DEFAULT_OPTIONS,
        only_slugs: [title],
        exclude: [{ ref: name, field: null, reason: hint }],
      },
      contract: GTM_V1,
      registry: null,
      changes: made,
      skipped,
      completeness: { [name]: 'complete' },
      hazards: made.slice(0, 2).map(({ ref }) => ({ code: hazard, ref })),
      diagnostics: [
        { severity: 'error', code: 'product_missing', ref: `product.${name}`, data },
        {
          severity: 'error',
          code: 'key_malformed',
          ref: `taxonomy.${name}`,
          data: { key: title, labels: [hint, url] },
        },
        {
          severity: 'warning',
          code: 'label_in_translation',
          ref: `value.gsv_roles.${name}`,
          data: { key: name, label: title, slug: hint },
        },
        {
          severity: 'note',
          code: 'excluded',
          ref: name,
          data: { field: url, reason: hint } as Json as never,
        },
      ],
      summary: summarise(made, skipped),
      errored,
      desired: { taxonomies: { roles: terms, badges: terms }, offerings: [], problems: [] },
      actual: {
        permissions: [],
        locales: [],
        attributes: {},
        product_types: { [name]: { id: hint, name: title, attributes: [] } },
        products,
      },
    };
  });

/** What stands beside such a plan. */
export const hostileProvenance: fc.Arbitrary<PlanProvenance> = fc
  .tuple(hostile, hostile, hostile)
  .map(([one, two, url]) => ({
    format_version: '1.0',
    plan: '',
    digest: '',
    made_at: one,
    made_by: two,
    tool: one,
    shop: { name: one, domain: two, version: one },
    wagtail: two,
    reads: { [one]: { requests: 1, items: 2, total: 2 } },
    inputs: {},
    links: {
      'page.7': url,
      'page.9': `https://wagtail.example.com/${url}`,
      'product.offering-001': `javascript:${url}`,
      [`term.roles.${one}`]: url,
    },
    snippets: { [`roles.${one}`]: { id: two, model: url } },
    users: { [`value.gsv_roles.${one}`]: { products: 3, published: { [two]: 2, [url]: 1 } } },
  }));

/** Reports with such text in every member. */
export const hostileReport: fc.Arbitrary<Report> = fc
  .record({
    plan: hostilePlan,
    words: fc.array(hostile, { minLength: 4, maxLength: 4 }),
    outcomes: fc.array(fc.constantFrom(...OUTCOMES), { minLength: 6, maxLength: 6 }),
  })
  .map(({ plan, words: [one = '', two = '', three = '', four = ''], outcomes }): Report => {
    const notice = { code: one, ref: two, message: three, hint: four };
    return {
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
      plan: { id: 'd'.repeat(16), digest: 'd'.repeat(64) },
      target: plan.target,
      runs: [{ number: 1, started_at: one, finished_at: two, requests: 3 }],
      approvals: [{ approver: one, at: two, signed: false, comment: three }],
      policy: null,
      converged: false,
      totals: { planned: 0, applied: 1, already: 2, skipped: 0, failed: 1, unknown: 0, not_attempted: 0 },
      outcomes: plan.changes.map(({ ref, action }, index) => ({
        ref,
        action,
        outcome: outcomes[index] ?? 'failed',
        because: index % 2 === 0 ? two : null,
      })),
      created_attribute_values: [],
      updated_products: [],
      missing_products: [{ page_id: 9, title: one, saleor_product_id: null, saleor_product_slug: two }],
      missing_taxonomies: [
        {
          kind: 'term_unknown',
          attribute: three,
          key: four,
          label: one,
          needed_by: [two],
          will_create: false,
        },
      ],
      errors: [notice],
      warnings: [notice, { ...notice, code: two }],
    };
  });
