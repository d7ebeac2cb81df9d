/** What the suite's own Wagtail says: few terms, each with a reason to be there. */
export interface Page {
  title: string;
  category: string | null;
  roles: string[];
  verified: boolean;
  offering_id: string;
  tagline: string;
  credits: number | null;
}

export interface Term {
  key: string;
  label: string;
  translations?: Record<string, string>;
}

export interface Catalogue {
  categories: Term[];
  roles: Term[];
  /** By product slug without the prefix. */
  pages: Record<string, Page>;
}

export type Naming = 'key' | 'external_reference';

/** A fresh copy each time, so that a story can change it. */
export const catalogue = (): Catalogue => ({
  categories: [
    { key: 'sales', label: 'Sales' },
    // A label that no slug of this key can carry.
    { key: 'human_resources', label: 'People & culture', translations: { de: 'Personal', fr: 'Personnel' } },
  ],
  roles: [
    { key: 'founder', label: 'Founder' },
    { key: 'data_analyst', label: 'Data analyst' },
    { key: 'recruiter', label: 'Recruiter' },
  ],
  pages: {
    screening: page('Candidate screening', {
      category: 'human_resources',
      roles: ['recruiter', 'data_analyst'],
    }),
    outreach: page('Cold outreach', { category: 'sales', roles: ['founder'], verified: false }),
    credits: page('Credit pack', { category: 'sales', credits: null }),
  },
});

const page = (title: string, rest: Partial<Page>): Page => ({
  title,
  category: null,
  roles: [],
  verified: true,
  offering_id: `off-${title.toLowerCase().replace(/\W+/g, '-')}`,
  tagline: `${title}, done for you`,
  credits: 15,
  ...rest,
});

/** Names that belong to this run only: attributes, product types, products and metadata keys of nobody else. */
export const names = (prefix: string) => ({
  category: `${prefix}_category`,
  roles: `${prefix}_roles`,
  verified: `${prefix}_verified`,
  /** Managed by a human: never in the contract. */
  colour: `${prefix}_colour`,
  types: [`${prefix}-offering`, `${prefix}-pack`] as const,
  product: (slug: string) => `${prefix}-${slug}`,
  offeringId: `${prefix}_offering_id`,
  tagline: `${prefix}_tagline`,
  credits: `${prefix}_credits`,
});

export type Names = ReturnType<typeof names>;

export function contract(prefix: string, naming: Naming): object {
  const { category, roles, verified, types, offeringId, tagline, credits } = names(prefix);
  const rule = (slug: string, name: string, input_type: string, rest: object) => ({
    slug,
    name: `${name} (${prefix})`,
    input_type,
    product_types: types,
    ...rest,
  });
  return {
    format: 'sailplan-contract',
    format_version: '1.0',
    name: 'acceptance',
    naming,
    product_types: types,
    attributes: [
      rule(category, 'Category', 'DROPDOWN', { source: 'category', taxonomy: 'categories' }),
      rule(roles, 'Roles', 'MULTISELECT', { source: 'roles', taxonomy: 'roles' }),
      rule(verified, 'Verified', 'BOOLEAN', { source: 'verified' }),
    ],
    metadata: [
      { key: offeringId, type: 'text', source: 'offering_id', required: true },
      { key: tagline, type: 'text', source: 'tagline' },
      { key: credits, type: 'number', source: 'credits' },
    ],
  };
}

export function exportOf(prefix: string, { categories, roles, pages }: Catalogue): object {
  const offerings = Object.entries(pages).map(([slug, fields], index) => ({
    page_id: index + 1,
    locale: 'en',
    saleor_product_id: null,
    saleor_product_slug: names(prefix).product(slug),
    ...fields,
  }));
  return {
    format: 'catalog-export',
    format_version: 1,
    source: { locale: 'en', page_type: 'catalog.OfferingPage', access: 'authenticated' },
    taxonomies: { categories, roles },
    offerings,
  };
}
