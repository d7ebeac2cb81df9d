import type { MetadataRule } from '../../src/contract/contract.ts';
import type { Actual, Attribute } from '../../src/core/actual-state.ts';
import type { Desired } from '../../src/core/desired-state.ts';
import {
  attribute,
  CATEGORY,
  contract,
  type Given,
  offering,
  product,
  productId,
  productType,
  ROLES,
  SHOP,
  SITE,
  term,
  VERIFIED,
  value,
} from './catalogue.ts';

/** A second page, right in all, whose product must stay compared whatever is wrong elsewhere. */
export const other = offering(2, { category: null, roles: [], primary_role: null, verified: false });
export const otherProduct = product(2, { gsv_category: null, gsv_roles: {} }, { primary_role: undefined });
export const site = (page = offering(1), terms = SITE.taxonomies): Partial<Desired> => ({
  taxonomies: { ...SITE.taxonomies, ...terms },
  offerings: [page, other],
});
export const shop = (given: Partial<Actual> = {}): Partial<Actual> => ({
  products: { 'offering-1': product(1), 'offering-2': otherProduct },
  ...given,
});
export const terms = (...roles: ReturnType<typeof term>[]) => ({
  roles: [term('founder', 'Founder'), ...roles],
});
export const shelf = (values: Attribute['values']): Partial<Actual> =>
  shop({ attributes: { ...SHOP.attributes, gsv_roles: attribute(ROLES, values) } });
export const founder = { founder: value('v-founder', 'Founder') };
export const withType = (attributes: readonly string[]): Partial<Actual> =>
  shop({ product_types: { offering: productType('offering', attributes) } });

/** Two product types of one name. */
const twins: Partial<Actual> = shop({
  product_types: {
    offering: productType('offering', ['gsv_category', 'gsv_roles', 'gsv_verified'], { name: 'Offering' }),
    older: productType('older', [], { name: 'Offering' }),
  },
});
const named: Partial<Actual> = shop({
  product_types: {
    offering: productType('offering', ['gsv_category', 'gsv_roles', 'gsv_verified'], { name: 'Offering' }),
  },
});

const VERSION_ID: MetadataRule = {
  key: 'cp_offering_version_id',
  type: 'text',
  source: 'cp_offering_version_id',
};

/** Page 1 has version v2 of its offering, and page 2 none. */
const versioned = (given: Given): Given => ({
  contract: { metadata: [...contract().metadata, VERSION_ID] },
  desired: {
    ...site(),
    offerings: [
      offering(1, { cp_offering_version_id: 'v2' }),
      { ...other, fields: { ...other.fields, cp_offering_version_id: null } },
    ],
  },
  ...given,
});

export interface Case {
  readonly severity: 'error' | 'warning' | 'note';
  readonly ref: string;
  /** Refs that are skipped; the other page never is among them but where it is concerned itself. */
  readonly out?: readonly string[];
  /** With --strict, where that differs. */
  readonly strict?: { readonly severity: 'error'; readonly out?: readonly string[] };
  readonly given: Given;
}

export const PAGE_1 = ['product.offering-1'];

export const CASES: Readonly<Record<string, Case>> = {
  key_malformed: {
    severity: 'error',
    ref: 'taxonomy.roles',
    given: { desired: site(undefined, terms(term('Data-Analyst', 'Data analyst'))) },
  },
  key_too_long: {
    severity: 'error',
    ref: 'taxonomy.roles',
    given: { desired: site(undefined, terms(term('a'.repeat(241), 'A'))) },
  },
  key_duplicate: {
    severity: 'error',
    ref: 'taxonomy.roles',
    given: { desired: site(undefined, terms(term('ops', 'Ops'), term('ops', 'Operations'))) },
  },
  label_empty: {
    severity: 'error',
    ref: 'taxonomy.roles',
    given: { desired: site(undefined, terms(term('ops', ' '))) },
  },
  term_malformed: {
    severity: 'error',
    ref: 'taxonomy.roles',
    given: {
      desired: {
        ...site(),
        problems: [
          {
            severity: 'error',
            code: 'term_malformed',
            ref: 'taxonomy.roles',
            data: { key: 'ops', member: 'label', found: '7' },
          },
        ],
      },
    },
  },
  label_shared: {
    severity: 'warning',
    ref: 'taxonomy.roles',
    given: {
      desired: site(undefined, terms(term('data_analyst', 'Data analyst'), term('analyst', 'data-Analyst '))),
      options: { create_missing: true },
    },
  },
  registry_retired: {
    severity: 'error',
    ref: 'taxonomy.roles',
    out: PAGE_1,
    given: {
      contract: { attributes: [CATEGORY, { ...ROLES, registry: true }, VERIFIED] },
      registry: [{ id: 'founder', retired: true }, 'ops'],
      desired: site(),
    },
  },
  registry_unknown: {
    severity: 'error',
    ref: 'taxonomy.roles',
    out: PAGE_1,
    given: {
      contract: { attributes: [CATEGORY, { ...ROLES, registry: true }, VERIFIED] },
      registry: ['ops'],
      desired: site(),
    },
  },
  term_draft: {
    severity: 'warning',
    ref: 'taxonomy.roles',
    given: {
      desired: {
        ...site(),
        problems: [
          {
            severity: 'warning',
            code: 'term_draft',
            ref: 'taxonomy.roles',
            data: { key: 'ops', page_id: 1, title: 'Lead scout 1' },
          },
        ],
      },
    },
  },
  digest_unchecked: {
    severity: 'note',
    ref: 'source',
    given: {
      desired: {
        ...site(),
        problems: [{ severity: 'note', code: 'digest_unchecked', ref: 'source', data: {} }],
      },
    },
  },
  value_missing: {
    severity: 'error',
    ref: 'value.gsv_roles.ops',
    given: { desired: site(undefined, terms(term('ops', 'Ops'))) },
  },
  value_adoptable: {
    severity: 'error',
    ref: 'value.gsv_roles.data_analyst',
    given: {
      desired: site(undefined, terms(term('data_analyst', 'Data analyst'))),
      actual: shelf({ ...founder, 'data-analyst': value('v2', 'Data analyst') }),
    },
  },
  value_ambiguous: {
    severity: 'error',
    ref: 'value.gsv_roles.data_analyst',
    given: {
      options: { create_missing: true, adopt: true },
      desired: site(undefined, terms(term('data_analyst', 'Data analyst'))),
      actual: shelf({
        ...founder,
        'data-analyst': value('v2', 'Data analyst'),
        'data-analyst-2': value('v3', 'DATA  ANALYST', { reference: 'ERP-7' }),
      }),
    },
  },
  label_in_use: {
    severity: 'error',
    ref: 'value.gsv_roles.ops',
    given: {
      options: { create_missing: true },
      desired: site(undefined, terms(term('ops', 'Ops'), term('data_analyst', 'Data analyst'))),
      actual: shelf({ ...founder, data_analyst: value('v2', 'Ops') }),
    },
  },
  reference_taken: {
    severity: 'error',
    ref: 'value.gsv_roles.ops',
    given: {
      options: { create_missing: true },
      desired: site(undefined, terms(term('ops', 'Ops'))),
      actual: shelf({ founder: value('v-founder', 'Founder', { reference: 'gsv_roles.ops' }) }),
    },
  },
  label_in_translation: {
    severity: 'note',
    ref: 'value.gsv_roles.data_analyst',
    given: {
      desired: site(undefined, terms(term('data_analyst', 'Data analyst'))),
      actual: shelf({ ...founder, data_analyst: value('v2', 'data_analyst') }),
    },
  },
  label_too_long: {
    severity: 'warning',
    ref: 'translation.gsv_roles.ops.en',
    given: {
      desired: site(undefined, terms(term('ops', 'O'.repeat(251)))),
      actual: shelf({ ...founder, ops: value('v2', 'Ops') }),
    },
  },
  translations_not_permitted: {
    severity: 'warning',
    ref: 'shop',
    given: { desired: site(), actual: shop({ permissions: [], locales: [] }) },
  },
  translations_not_read: {
    severity: 'warning',
    ref: 'shop',
    given: { desired: site(), actual: shop({ locales: ['fr'] }) },
  },
  extra_value: {
    severity: 'warning',
    ref: 'value.gsv_roles.ops',
    given: { desired: site(), actual: shelf({ ...founder, ops: value('v2', 'Ops') }) },
  },
  used_value_deleted: {
    severity: 'warning',
    ref: 'value.gsv_roles.ops',
    given: {
      options: { prune_values: true, prune_used: true },
      desired: site(),
      actual: shelf({ ...founder, ops: value('v2', 'Ops', { users: 3 }) }),
    },
  },
  attribute_missing: {
    severity: 'error',
    ref: 'attribute.gsv_verified',
    out: [...PAGE_1, 'product.offering-2'],
    given: {
      desired: site(),
      actual: shop({
        attributes: {
          gsv_category: SHOP.attributes['gsv_category'] as never,
          gsv_roles: SHOP.attributes['gsv_roles'] as never,
        },
      }),
    },
  },
  input_type_differs: {
    severity: 'error',
    ref: 'attribute.gsv_roles',
    out: [...PAGE_1, 'product.offering-2'],
    given: {
      desired: site(),
      actual: shop({
        attributes: { ...SHOP.attributes, gsv_roles: attribute(ROLES, founder, { input_type: 'DROPDOWN' }) },
      }),
    },
  },
  assignment_missing: {
    severity: 'warning',
    ref: 'assignment.offering.gsv_category',
    out: PAGE_1,
    strict: { severity: 'error' },
    given: { desired: site(), actual: withType(['gsv_roles', 'gsv_verified']) },
  },
  product_type_ambiguous: {
    severity: 'error',
    ref: 'product_type.Offering',
    out: ['product.offering-1', 'product.offering-2'],
    given: { contract: { product_types: ['Offering'] }, desired: site(), actual: twins },
  },
  product_type_unclear: {
    severity: 'error',
    ref: 'product.offering-1',
    out: ['product.offering-1', 'product.offering-2'],
    given: { contract: { product_types: ['Offering'] }, desired: site(), actual: twins },
  },
  product_type_named_twice: {
    severity: 'error',
    ref: 'product_type.offering',
    given: { contract: { product_types: ['offering', 'Offering'] }, desired: site(), actual: named },
  },
  attribute_of_another_kind: {
    severity: 'error',
    ref: 'attribute.gsv_roles',
    out: ['product.offering-1', 'product.offering-2'],
    given: {
      desired: site(),
      actual: shop({
        attributes: {
          ...SHOP.attributes,
          gsv_roles: { id: 'p1', name: 'Roles', input_type: 'MULTISELECT', type: 'PAGE_TYPE', values: {} },
        },
      }),
    },
  },
  attribute_assigned_to_variants: {
    severity: 'error',
    ref: 'assignment.offering.gsv_roles',
    out: PAGE_1,
    given: {
      desired: site(),
      actual: shop({
        product_types: {
          offering: {
            ...productType('offering', ['gsv_category', 'gsv_verified']),
            variant_attributes: ['gsv_roles'],
          },
        },
      }),
    },
  },
  required_attribute_emptied: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: {
      desired: site(offering(1, { category: null })),
      actual: shop({
        attributes: {
          ...SHOP.attributes,
          gsv_category: { ...(SHOP.attributes['gsv_category'] as Attribute), value_required: true },
        },
      }),
    },
  },
  offering_id_unknown: {
    severity: 'error',
    ref: 'product.offering-1',
    out: ['product.offering-1'],
    given: { control_plane: ['off_0002', 'off_0003'] },
  },
  offering_id_retired: {
    severity: 'error',
    ref: 'product.offering-1',
    out: ['product.offering-1'],
    given: { control_plane: [{ id: 'off_0001', retired: true }, 'off_0002'] },
  },
  offering_version_unknown: {
    severity: 'error',
    ref: 'product.offering-1',
    out: ['product.offering-1'],
    given: versioned({ control_plane: [{ id: 'off_0001', versions: ['v1', 'v3'] }, 'off_0002'] }),
  },
  offering_version_retired: {
    severity: 'error',
    ref: 'product.offering-1',
    out: ['product.offering-1'],
    given: versioned({
      control_plane: [{ id: 'off_0001', versions: [{ id: 'v2', retired: true }, 'v3'] }, 'off_0002'],
    }),
  },
  offering_id_used_twice: {
    severity: 'error',
    ref: 'product.offering-1',
    out: ['product.offering-1', 'product.offering-2'],
    given: { desired: site(offering(1, { cp_offering_id: 'off_0002' })) },
  },
  product_type_missing: {
    severity: 'warning',
    ref: 'product_type.GiftCard',
    strict: { severity: 'error' },
    given: {
      contract: { attributes: [{ ...CATEGORY, product_types: ['offering', 'GiftCard'] }, ROLES, VERIFIED] },
      desired: site(),
    },
  },
  product_unnamed: {
    severity: 'error',
    ref: 'page.1',
    out: ['page.1'],
    given: { desired: site(offering(1, {}, { saleor_product_slug: null })) },
  },
  product_id_malformed: {
    severity: 'error',
    ref: 'page.1',
    out: ['page.1'],
    given: { desired: site(offering(1, {}, { saleor_product_id: '1' })) },
  },
  product_missing: {
    severity: 'error',
    ref: 'page.1',
    out: ['page.1'],
    given: { desired: site(offering(1, {}, { saleor_product_id: productId(77) })) },
  },
  product_ids_disagree: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: {
      desired: site(offering(1, {}, { saleor_product_id: productId(1), saleor_product_slug: 'offering-2' })),
    },
  },
  product_slug_stale: {
    severity: 'warning',
    ref: 'product.offering-1',
    given: {
      desired: site(offering(1, {}, { saleor_product_id: productId(1), saleor_product_slug: 'former-name' })),
    },
  },
  product_claimed_twice: {
    severity: 'error',
    ref: 'product.offering-1',
    out: [...PAGE_1, ...PAGE_1],
    given: {
      desired: {
        offerings: [
          offering(1),
          other,
          offering(3, {}, { saleor_product_id: productId(1), saleor_product_slug: null }),
        ],
      },
    },
  },
  product_type_unexpected: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: {
      desired: site(),
      actual: shop({
        product_types: {
          ...SHOP.product_types,
          voucher: productType('voucher', ['gsv_category', 'gsv_roles', 'gsv_verified']),
        },
        products: { 'offering-1': product(1, {}, {}, { type: 'voucher' }), 'offering-2': otherProduct },
      }),
    },
  },
  attribute_not_assigned: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: { desired: site(), actual: withType(['gsv_roles', 'gsv_verified']) },
  },
  attribute_unavailable: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: {
      desired: site(),
      actual: shop({
        attributes: {
          gsv_roles: SHOP.attributes['gsv_roles'] as never,
          gsv_verified: SHOP.attributes['gsv_verified'] as never,
        },
      }),
    },
  },
  value_unavailable: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: { desired: site(offering(1, { roles: ['founder', 'ops'] }), terms(term('ops', 'Ops'))) },
  },
  field_missing: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: {
      desired: site({
        ...offering(1),
        fields: {
          ...other.fields,
          cp_offering_id: 'off_0001',
          roles: undefined as never,
          card_tagline: undefined as never,
        },
      }),
    },
  },
  required_field_empty: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: { desired: site(offering(1, { cp_offering_id: '' })) },
  },
  term_unknown: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: { desired: site(offering(1, { roles: ['foundr'], primary_role: null })) },
  },
  term_not_usable: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: { desired: site(offering(1, { roles: ['ops'], primary_role: null }), terms(term('ops', ''))) },
  },
  estimate_reversed: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: { desired: site(offering(1, { credits_estimate_min: '20.50', credits_estimate_max: 20 })) },
  },
  image_broken: {
    severity: 'error',
    ref: 'product.offering-1',
    given: { desired: site(offering(1, { card_image: { error: 'SourceImageIOError' } })) },
  },
  image_address_signed: {
    severity: 'error',
    ref: 'source',
    given: { desired: site(offering(1, { card_image: { error: 'signed, valid for 3600 s' } })) },
  },
  image_not_made: {
    severity: 'error',
    ref: 'source',
    given: { desired: site(offering(1, { card_image: { error: 'media_unreachable' } })) },
  },
  image_address_relative: {
    severity: 'error',
    ref: 'source',
    given: { desired: site(offering(1, { card_image: { error: 'relative' } })) },
  },
  image_address_local: {
    severity: 'error',
    ref: 'source',
    given: { desired: site(offering(1, { card_image: { url: 'http://localhost:8000/media/a.webp' } })) },
  },
  field_malformed: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: {
      desired: site(offering(1, { verified: { error: 'is "yes"; it must be true or false' } })),
    },
  },
  estimate_negative: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: { desired: site(offering(1, { credits_estimate_min: '-0.50' })) },
  },
  primary_not_among: {
    severity: 'warning',
    ref: 'product.offering-1',
    given: { desired: site(offering(1, { roles: [] })) },
  },
  excluded: {
    severity: 'note',
    ref: 'product.offering-1',
    given: {
      options: { exclude: [{ ref: 'product.offering-1', field: null, reason: 'launch' }] },
      desired: site(offering(1, { card_tagline: 'New' })),
    },
  },
  excluded_with: {
    severity: 'note',
    ref: 'product.offering-1',
    given: {
      options: {
        create_missing: true,
        exclude: [{ ref: 'value.gsv_roles.ops', field: null, reason: 'launch' }],
      },
      desired: site(offering(1, { roles: ['founder', 'ops'] }), terms(term('ops', 'Ops'))),
    },
  },
};

/** Told by those who read the shop, or a report that is to be reverted, and never found by a diff. */
export const TOLD_ELSEWHERE = [
  'attribute_maybe_hidden',
  'changed_since',
  'extra_values_counted',
  'label_without_slug',
  'locale_unknown_to_saleor',
  'not_revertible',
  'nothing_to_exclude',
  'permission_missing_to_apply',
  'report_unproved',
  'products_without_page',
  'rest_not_rebuilt',
  'revert_uncertain',
  'reverted_before',
  'reverts',
  'shop_version_newer',
];

export const cases = Object.entries(CASES).map(([code, one]) => [code, one] as const);
export const whole = ({ given }: Case): Given => ({ ...given, actual: given.actual ?? shop() });
