import type { Seed, SeedProduct } from '../store/seed.ts';

/** The sample of `sailplan demo`: a catalogue of AI offerings, and a shop that has drifted from it. */

const TERMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  categories: {
    finance: 'Finance',
    legal: 'Legal',
    marketing: 'Marketing',
    operations: 'Operations',
    people: 'People',
    sales: 'Sales',
    support: 'Support',
  },
  roles: {
    account_executive: 'Account executive',
    controller: 'Controller',
    counsel: 'Counsel',
    data_analyst: 'Data analyst',
    marketer: 'Marketer',
    recruiter: 'Recruiter',
    support_agent: 'Support agent',
  },
  outcomes: {
    close_faster: 'Close faster',
    cut_costs: 'Cut costs',
    happier_customers: 'Happier customers',
    lower_risk: 'Lower risk',
    save_time: 'Save time',
  },
  capabilities: {
    classification: 'Classification',
    document_parsing: 'Document parsing',
    forecasting: 'Forecasting',
    summarization: 'Summarization',
    translation: 'Translation',
    voice: 'Voice',
  },
  integrations: {
    hubspot: 'HubSpot',
    jira: 'Jira',
    salesforce: 'Salesforce',
    slack: 'Slack',
    zendesk: 'Zendesk',
  },
  languages: { de: 'German', en: 'English', es: 'Spanish', fr: 'French' },
  modalities: { audio: 'Audio', image: 'Image', text: 'Text' },
  deployment_modes: { cloud: 'Cloud', on_premise: 'On-premise', private_cloud: 'Private cloud' },
  badges: { new: 'New', staff_pick: 'Staff pick' },
  maturity_levels: { beta: 'Beta', preview: 'Preview', stable: 'Stable' },
};

/** slug | title | category | role | outcome | capabilities | integrations | maturity | min–max | badges | tagline */
const OFFERINGS = `
invoice-matcher | Invoice Matcher | finance | controller | cut_costs | document_parsing classification | slack | stable | 8–12 | staff_pick | Every invoice finds its purchase order
contract-radar | Contract Radar | legal | counsel | lower_risk | document_parsing summarization | slack | stable | 20–40 | | The clause you would have missed
support-triage | Support Triage | support | support_agent | happier_customers | classification | zendesk slack | stable | 2–4 | staff_pick | Each ticket on the right desk in a second
call-notes | Call Notes | sales | account_executive | save_time | voice summarization | salesforce hubspot | stable | 5–5 | | You talk, the CRM is filled in
churn-watch | Churn Watch | sales | data_analyst | happier_customers | forecasting | salesforce | beta | 30–50 | | Know who leaves before they do
campaign-copy | Campaign Copy | marketing | marketer | save_time | translation summarization | hubspot | stable | 3–6 | | One brief, four languages
candidate-brief | Candidate Brief | people | recruiter | save_time | document_parsing summarization | slack | stable | 6–10 | | Read the person, not the PDF
spend-forecast | Spend Forecast | finance | controller | cut_costs | forecasting | | stable | 40–60 | | Next quarter, before it happens
refund-guard | Refund Guard | support | support_agent | lower_risk | classification | zendesk | beta | 2–3 | | Says yes fast, and no for a reason
lease-reader | Lease Reader | legal | counsel | save_time | document_parsing | | stable | 15–25 | | Dates, duties and break clauses in one table
quote-builder | Quote Builder | sales | account_executive | close_faster | summarization | salesforce hubspot | stable | 8–8 | new | From call to quote while they still listen
voice-concierge | Voice Concierge | support | support_agent | happier_customers | voice translation | zendesk | preview | 12–30 | new | Picks up on the first ring, in four languages
brand-check | Brand Check | marketing | marketer | lower_risk | classification | slack | stable | 2–2 | | Nothing off-brand leaves the house
audit-trail-writer | Audit Trail Writer | finance | controller | lower_risk | summarization | jira | beta | 10–14 | | What happened, in words an auditor likes
sprint-summary | Sprint Summary | operations | data_analyst | save_time | summarization | jira slack | stable | 4–6 | | The retro writes itself, you only disagree
vendor-screening | Vendor Screening | operations | counsel | lower_risk | classification document_parsing | | stable | 18–22 | | Sanctions, owners and news in one page
price-watch | Price Watch | marketing | data_analyst | close_faster | forecasting | slack | stable | 9–15 | | Moves when the market moves
onboarding-guide | Onboarding Guide | people | recruiter | happier_customers | summarization translation | slack | stable | 5–9 | | Day one without the binder
claims-intake | Claims Intake | operations | support_agent | cut_costs | document_parsing voice | zendesk | stable | 7–11 | staff_pick | A claim opened while the caller still talks
deal-desk | Deal Desk | sales | account_executive | close_faster | summarization forecasting | salesforce | stable | 25–35 | | Knows every discount you ever gave
policy-answers | Policy Answers | people | recruiter | save_time | summarization | slack | stable | 2–4 | | The handbook, but it answers
stock-outlook | Stock Outlook | operations | data_analyst | cut_costs | forecasting | | beta | 35–55 | | Orders what will be missing
press-digest | Press Digest | marketing | marketer | save_time | summarization translation | slack | stable | 3–5 | | The morning papers, two minutes
tender-scout | Tender Scout | sales | account_executive | close_faster | classification document_parsing | hubspot | preview | 14–20 | new | Finds the tender you can win
`;

interface Row {
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

const words = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(' ')
    .filter((word) => word !== '')
    .sort();

const ROWS: readonly Row[] = OFFERINGS.trim()
  .split('\n')
  .map((line, index) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const [
      slug = '',
      title = '',
      category = '',
      role = '',
      outcome = '',
      capabilities,
      integrations,
      maturity = '',
      range = '',
      badges,
      tagline = '',
    ] = cells;
    const [min = 0, max = 0] = range.split('–').map(Number);
    return {
      number: index + 1,
      slug,
      title,
      category,
      role,
      outcome,
      capabilities: words(capabilities),
      integrations: words(integrations),
      maturity,
      min,
      max,
      badges: words(badges),
      tagline,
    };
  });

/** Languages, modalities and places differ a little from offering to offering, as in life. */
const languages = ({ number }: Row) => (number % 3 === 0 ? ['de', 'en', 'fr'] : ['de', 'en']);
const modalities = ({ capabilities }: Row) => (capabilities.includes('voice') ? ['audio', 'text'] : ['text']);
const deployment = ({ number }: Row) => (number % 4 === 0 ? ['cloud', 'private_cloud'] : ['cloud']);
const label = ({ min, max }: Row) => `~${Math.floor((min + max + 1) / 2)}/run`;
const offeringId = ({ number }: Row) => `off_${String(number).padStart(4, '0')}`;

/** The export of the sample's Wagtail site, in the form of `examples/wagtail`. */
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
    offerings: ROWS.map((row) => ({
      page_id: 100 + row.number,
      locale: 'en',
      title: row.title,
      url: `https://cms.example.com/offerings/${row.slug}/`,
      saleor_product_id: '',
      saleor_product_slug: row.slug,
      trial_available: row.number % 2 === 1,
      verified: row.maturity === 'stable',
      // One page is not finished: what a missing id looks like in a plan.
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

const ATTRIBUTES: readonly (readonly [string, string, string, string | null])[] = [
  ['gsv_category', 'Category', 'DROPDOWN', 'categories'],
  ['gsv_roles', 'Roles', 'MULTISELECT', 'roles'],
  ['gsv_value_stream', 'Value stream', 'MULTISELECT', 'outcomes'],
  ['gsv_capabilities', 'Capabilities', 'MULTISELECT', 'capabilities'],
  ['gsv_integrations_required', 'Integrations required', 'MULTISELECT', 'integrations'],
  ['gsv_languages_supported', 'Languages supported', 'MULTISELECT', 'languages'],
  ['gsv_modalities', 'Modalities', 'MULTISELECT', 'modalities'],
  ['gsv_deployment_modes_supported', 'Deployment modes supported', 'MULTISELECT', 'deployment_modes'],
  ['gsv_badges', 'Badges', 'MULTISELECT', 'badges'],
  ['gsv_maturity', 'Maturity', 'DROPDOWN', 'maturity_levels'],
  ['gsv_trial_available', 'Trial available', 'BOOLEAN', null],
  ['gsv_verified', 'Verified', 'BOOLEAN', null],
];

/** Terms that are new in Wagtail and not yet in the shop. */
const NEW = new Set(['voice', 'preview']);

/** The sample's shop: most of it right, and drifted in several ways. */
export function demoShop(): Seed {
  const slugs = ATTRIBUTES.map(([slug]) => slug);
  return {
    shop: { name: 'Example AI shop' },
    channels: ['default-channel'],
    attributes: ATTRIBUTES.map(([slug, name, inputType, taxonomy]) => ({
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
    products: [...ROWS.map(productOf), { slug: 'credits-100', name: '100 credits', type: 'credit-pack' }],
  };
}

/** Keys as names where the label would give another slug, with the label as a translation (the slug law). */
const valuesOf = (taxonomy: string | null) =>
  Object.entries(taxonomy === null ? {} : (TERMS[taxonomy] ?? {}))
    .filter(([key]) => !NEW.has(key))
    .map(([key, text]) =>
      text.toLowerCase() === key ? { name: text } : { name: key, translations: { EN: text } },
    );

function productOf(row: Row): SeedProduct {
  const known = (keys: readonly string[]) => keys.filter((key) => !NEW.has(key));
  const right: SeedProduct = {
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
  return drifted(right);
}

/** What happened in the shop since: a wrong badge, a stale estimate, a missing offering id, a leftover version. */
function drifted(product: SeedProduct): SeedProduct {
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
