import catalogue from '../data/demo-catalogue.json' with { type: 'json' };
import type { Seed, SeedProduct } from '../store/seed.ts';

/** An offering of the demo's catalogue; `number` counts from 1, in the catalogue's order. */
interface DemoOffering {
  readonly number: number;
  readonly slug: string;
  readonly title: string;
  readonly category: string;
  readonly role: string;
  readonly outcome: string;
  readonly capabilities: readonly string[];
  readonly integrations: readonly string[];
  readonly maturity: string;
  readonly min: number;
  readonly max: number;
  readonly badges: readonly string[];
  readonly tagline: string;
}

/** Taxonomy → key → label. */
const TERMS: Readonly<Record<string, Readonly<Record<string, string>>>> = catalogue.terms;

/** Terms that Wagtail has and the shop lacks. */
const NEW_TERMS = new Set(catalogue.new_terms);

const OFFERINGS: readonly DemoOffering[] = catalogue.offerings.map((row, index) => ({
  ...row,
  number: index + 1,
}));

// Derived, so that neighbouring offerings differ a little.
const languages = ({ number }: DemoOffering) => (number % 3 === 0 ? ['de', 'en', 'fr'] : ['de', 'en']);
const modalities = ({ capabilities }: DemoOffering) =>
  capabilities.includes('voice') ? ['audio', 'text'] : ['text'];
const deployment = ({ number }: DemoOffering) => (number % 4 === 0 ? ['cloud', 'private_cloud'] : ['cloud']);
const label = ({ min, max }: DemoOffering) => `~${Math.floor((min + max + 1) / 2)}/run`;
const offeringId = ({ number }: DemoOffering) => `off_${String(number).padStart(4, '0')}`;

/** The export document of the demo's site, in the format of wagtail-sailplan. */
export function demoExport(): object {
  return {
    format: 'catalog-export',
    format_version: 1,
    generated_at: '2026-11-23T09:00:00+00:00',
    source: { wagtail: '7.4.4', base_url: 'https://cms.example.com', locale: 'en' },
    taxonomies: Object.fromEntries(
      Object.entries(TERMS).map(([name, terms]) => [
        name,
        Object.entries(terms).map(([key, text]) => ({ key, label: text })),
      ]),
    ),
    offerings: OFFERINGS.map((row) => ({
      page_id: 100 + row.number,
      locale: 'en',
      title: row.title,
      url: `https://cms.example.com/offerings/${row.slug}/`,
      saleor_product_id: '',
      saleor_product_slug: row.slug,
      trial_available: row.number % 2 === 1,
      verified: row.maturity === 'stable',
      // One unfinished page, so that the plan shows an error.
      cp_offering_id: row.slug === 'tender-scout' ? '' : offeringId(row),
      cp_offering_version_id: '',
      credits_estimate_min: row.min,
      credits_estimate_max: row.max,
      credits_estimate_label: '',
      card_tagline: row.tagline,
      category: row.category,
      maturity: row.maturity,
      primary_outcome: row.outcome,
      primary_role: row.role,
      roles: [row.role],
      outcomes: [row.outcome],
      capabilities: row.capabilities,
      integrations: row.integrations,
      languages: languages(row),
      modalities: modalities(row),
      deployment_modes: deployment(row),
      badges: row.badges,
      card_image: {
        url: `https://cms.example.com/media/cards/${row.slug}.webp`,
        width: 600,
        height: 400,
        alt: row.title,
      },
    })),
  };
}

/** The demo's shop: it matches the catalogue but for the new terms and what `withDrift` changes. */
export function demoShop(): Seed {
  const slugs = catalogue.attributes.map(({ slug }) => slug);
  return {
    shop: { name: 'Example AI shop' },
    channels: ['default-channel'],
    attributes: catalogue.attributes.map(({ slug, name, inputType, taxonomy }) => ({
      slug,
      name,
      inputType,
      values: valuesOf(taxonomy),
    })),
    productTypes: [
      { slug: 'offering', name: 'Offering', attributes: slugs },
      { slug: 'credit-pack', name: 'CreditPack', attributes: slugs },
      { slug: 'gift-card', name: 'GiftCard', attributes: slugs },
    ],
    products: [
      ...OFFERINGS.map(productOf),
      { slug: 'credits-100', name: '100 credits', type: 'credit-pack' },
    ],
  };
}

/** Named by the label where its slug is the key, else by the key with the label as translation (docs/saleor.md#the-slug-law). */
const valuesOf = (taxonomy: string | null) =>
  Object.entries(taxonomy === null ? {} : (TERMS[taxonomy] ?? {}))
    .filter(([key]) => !NEW_TERMS.has(key))
    .map(([key, text]) =>
      text.toLowerCase() === key ? { name: text } : { name: key, translations: { EN: text } },
    );

function productOf(row: DemoOffering): SeedProduct {
  const known = (keys: readonly string[]) => keys.filter((key) => !NEW_TERMS.has(key));
  const matching: SeedProduct = {
    slug: row.slug,
    name: row.title,
    type: 'offering',
    attributes: {
      gsv_category: [row.category],
      gsv_roles: [row.role],
      gsv_value_stream: [row.outcome],
      gsv_capabilities: known(row.capabilities),
      gsv_integrations_required: row.integrations,
      gsv_languages_supported: languages(row),
      gsv_modalities: modalities(row),
      gsv_deployment_modes_supported: deployment(row),
      gsv_badges: row.badges,
      gsv_maturity: known([row.maturity]),
      gsv_trial_available: row.number % 2 === 1,
      gsv_verified: row.maturity === 'stable',
    },
    metadata: {
      cp_offering_id: offeringId(row),
      credits_estimate_min: String(row.min),
      credits_estimate_max: String(row.max),
      credits_estimate_label: label(row),
      outcome_tagline: row.tagline,
      primary_outcome: row.outcome,
      primary_role: row.role,
      card_image_url: `https://cms.example.com/media/cards/${row.slug}.webp`,
    },
  };
  return withDrift(matching);
}

/** Edits in the shop: a wrong badge, a stale estimate, a missing offering id, a leftover version, wrong languages. */
function withDrift(product: SeedProduct): SeedProduct {
  const { attributes = {}, metadata = {} } = product;
  switch (product.slug) {
    case 'support-triage':
      return { ...product, attributes: { ...attributes, gsv_badges: ['new'] } };
    case 'churn-watch':
      return {
        ...product,
        metadata: {
          ...metadata,
          credits_estimate_min: '20',
          credits_estimate_max: '30',
          credits_estimate_label: '~25/run',
        },
      };
    case 'deal-desk': {
      const { cp_offering_id: _, ...rest } = metadata;
      return { ...product, metadata: rest };
    }
    case 'press-digest':
      return { ...product, metadata: { ...metadata, cp_offering_version_id: 'ver_0023_1' } };
    case 'campaign-copy':
      return {
        ...product,
        attributes: { ...attributes, gsv_languages_supported: ['en', 'es'], gsv_trial_available: true },
      };
    default:
      return product;
  }
}
