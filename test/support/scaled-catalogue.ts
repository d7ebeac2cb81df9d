import { GTM_V1 } from '../../src/contract/contract.ts';
import type { Seed } from '../../src/sandbox/store/seed.ts';

/** The size of a shop with the contract gtm-v1, and of a site that differs in some products. */
export interface Scale {
  readonly products: number;
  /** How many products differ, in one attribute and one metadata key. */
  readonly changed: number;
  /** Terms of each taxonomy; the shop has a value for each, whose slug follows from its name. */
  readonly terms: number;
  /** Terms of the capabilities; default: `terms`. */
  readonly capabilities?: number;
  /** Further terms of each taxonomy that the shop lacks. */
  readonly newTerms: number;
  /** Attributes that two of the three product types lack. */
  readonly unassigned: number;
}

const term = (number: number): string => `term${number}`;
const label = (number: number): string => `Term${number}`;
const slugOf = (number: number): string => `offering-${String(number).padStart(5, '0')}`;

const TAXONOMIES = [...new Set(GTM_V1.attributes.flatMap(({ taxonomy }) => taxonomy ?? []))];
const SETS = GTM_V1.attributes.filter(({ input_type }) => input_type === 'MULTISELECT');
const CHOICES = GTM_V1.attributes.filter(({ input_type }) => input_type === 'DROPDOWN');
const FLAGS = GTM_V1.attributes.filter(({ input_type }) => input_type === 'BOOLEAN');

const countIn = ({ terms, capabilities = terms }: Scale, taxonomy: string): number =>
  taxonomy === 'capabilities' ? capabilities : terms;

export function shopOf(scale: Scale): Seed {
  const { products, terms, unassigned } = scale;
  const slugs = GTM_V1.attributes.map(({ slug }) => slug);
  const few = slugs.slice(unassigned);
  return {
    attributes: GTM_V1.attributes.map(({ slug, name, input_type, taxonomy }) => ({
      slug,
      name,
      inputType: input_type,
      values:
        taxonomy === undefined
          ? []
          : Array.from({ length: countIn(scale, taxonomy) }, (_, at) => ({ name: label(at) })),
    })),
    productTypes: [
      { slug: 'offering', name: 'Offering', attributes: slugs },
      { slug: 'credit-pack', name: 'CreditPack', attributes: few },
      { slug: 'gift-card', name: 'GiftCard', attributes: few },
    ],
    products: Array.from({ length: products }, (_, number) => ({
      slug: slugOf(number),
      name: `Offering ${number}`,
      type: 'offering',
      attributes: {
        ...Object.fromEntries(SETS.map(({ slug }) => [slug, [term(number % terms)]])),
        ...Object.fromEntries(CHOICES.map(({ slug }) => [slug, [term(number % terms)]])),
        ...Object.fromEntries(FLAGS.map(({ slug }) => [slug, true])),
      },
      metadata: { cp_offering_id: `off_${number}`, outcome_tagline: 'Done for you', human_note: 'keep me' },
    })),
  };
}

export function siteOf(scale: Scale): object {
  const { products, changed, terms, newTerms } = scale;
  const termsOf = (taxonomy: string) =>
    Array.from({ length: countIn(scale, taxonomy) + newTerms }, (_, at) => ({
      key: term(at),
      label: label(at),
    }));
  const offerings = Array.from({ length: products }, (_, number) => {
    const isChanged = number < changed;
    const fresh = newTerms === 0 ? term((number + 1) % terms) : term(terms + (number % newTerms));
    return {
      page_id: number + 1,
      title: `Offering ${number}`,
      locale: 'en',
      saleor_product_id: null,
      saleor_product_slug: slugOf(number),
      ...Object.fromEntries(SETS.map(({ source }) => [source, [term(number % terms)]])),
      ...Object.fromEntries(CHOICES.map(({ source }) => [source, term(number % terms)])),
      ...Object.fromEntries(FLAGS.map(({ source }) => [source, true])),
      ...(isChanged ? { roles: [term(number % terms), fresh] } : {}),
      cp_offering_id: `off_${number}`,
      card_tagline: isChanged ? 'Done for you, and for your team' : 'Done for you',
      cp_offering_version_id: '',
      credits_estimate_min: null,
      credits_estimate_max: null,
      credits_estimate_label: '',
      primary_outcome: null,
      primary_role: null,
      card_image: null,
    };
  });
  return {
    format: 'catalog-export',
    format_version: 1,
    source: { locale: 'en', page_type: 'catalog.OfferingPage', access: 'authenticated' },
    taxonomies: Object.fromEntries(TAXONOMIES.map((name) => [name, termsOf(name)])),
    offerings,
  };
}
