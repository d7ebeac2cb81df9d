// Catalogues of any size, the same ones for the same seed: a Wagtail export and a snapshot of the shop it is sold in.
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';

/** Mulberry32: small, seeded, and the same on every machine. */
function dice(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit) => Math.floor(next() * limit);
  const some = (words, least, most) => {
    const count = least + below(most - least + 1);
    const picked = new Set();
    while (picked.size < count) picked.add(words[below(words.length)]);
    return [...picked].sort();
  };
  return { below, some, one: (words) => words[below(words.length)] };
}

const words = (text) => text.split(' ');

export const TAXONOMIES = {
  categories: words('content_creation customer_support engineering finance legal marketing operations sales'),
  roles: words(
    'accountant analyst data_analyst designer founder legal_counsel marketer product_manager recruiter researcher sales_rep software_engineer',
  ),
  outcomes: words(
    'better_insight faster_response happier_customers improve_quality lower_risk more_leads save_cost save_time',
  ),
  capabilities: words(
    'anomaly_detection classification code_generation code_review data_extraction data_cleaning entity_recognition forecasting image_captioning image_generation intent_detection ocr planning question_answering ranking recommendation routing scheduling semantic_search sentiment_analysis speech_to_text summarization text_generation text_to_speech topic_modelling translation video_generation vision web_research workflow',
  ),
  integrations: words(
    'asana confluence dropbox github gitlab gmail hubspot jira linear notion outlook salesforce sharepoint slack stripe teams zendesk',
  ),
  languages: words('cs da de en es fi fr it ja ko nl pl pt sv zh'),
  modalities: words('audio image tabular text video'),
  deployment_modes: words('cloud edge hybrid on_premise private_cloud'),
  badges: words('eco enterprise_ready new popular staff_pick verified_partner'),
  maturity_levels: words('alpha beta deprecated experimental stable'),
};

const ATTRIBUTES = {
  gsv_badges: ['Badges', 'badges'],
  gsv_capabilities: ['Capabilities', 'capabilities'],
  gsv_category: ['Category', 'categories'],
  gsv_deployment_modes_supported: ['Deployment modes supported', 'deployment_modes'],
  gsv_integrations_required: ['Integrations required', 'integrations'],
  gsv_languages_supported: ['Languages supported', 'languages'],
  gsv_maturity: ['Maturity', 'maturity_levels'],
  gsv_modalities: ['Modalities', 'modalities'],
  gsv_roles: ['Roles', 'roles'],
  gsv_trial_available: ['Trial available', null],
  gsv_value_stream: ['Value stream', 'outcomes'],
  gsv_verified: ['Verified', null],
};
const SINGLE = ['categories', 'maturity_levels'];

const label = (key) => `${key.charAt(0).toUpperCase()}${key.slice(1).replaceAll('_', ' ')}`;
const id = (type, pk) => btoa(`${type}:${pk}`);
const slugOf = (number) => `offering-${String(number).padStart(7, '0')}`;

function pageOf(number, draw) {
  const roles = draw.some(TAXONOMIES.roles, 1, 3);
  const outcomes = draw.some(TAXONOMIES.outcomes, 1, 3);
  const least = 5 + draw.below(20);
  const most = least + draw.below(3) * 5;
  const name = String(number).padStart(7, '0');
  return {
    page_id: number + 9,
    translation_key: `236ec003-42d8-482c-b0ee-${String(number).padStart(12, '0')}`,
    locale: 'en',
    title: `Offering ${name}`,
    url: `https://cms.example.com/offerings/offering-${name}/`,
    live_revision_id: number + 6,
    first_published_at: '2026-11-23T13:54:38.574943+00:00',
    last_published_at: '2026-11-23T13:54:38.574943+00:00',
    has_unpublished_changes: false,
    // Half of the pages name their product by id, half by slug.
    saleor_product_id: number % 2 === 0 ? id('Product', number) : '',
    saleor_product_slug: number % 2 === 0 ? '' : slugOf(number),
    trial_available: draw.below(2) === 0,
    verified: draw.below(3) === 0,
    cp_offering_id: `off_${name}`,
    cp_offering_version_id: `ver_${name}_${1 + draw.below(9)}`,
    credits_estimate_min: least,
    credits_estimate_max: most,
    card_tagline: `What offering ${name} does for a team in a minute of their day`,
    credits_estimate_label: `~${Math.round((least + most) / 2)}/run`,
    category: draw.one(TAXONOMIES.categories),
    maturity: draw.one(TAXONOMIES.maturity_levels),
    primary_outcome: draw.one(outcomes),
    primary_role: draw.one(roles),
    roles,
    outcomes,
    capabilities: draw.some(TAXONOMIES.capabilities, 2, 6),
    integrations: draw.some(TAXONOMIES.integrations, 0, 4),
    languages: draw.some(TAXONOMIES.languages, 1, 6),
    modalities: draw.some(TAXONOMIES.modalities, 1, 3),
    deployment_modes: draw.some(TAXONOMIES.deployment_modes, 1, 3),
    badges: draw.some(TAXONOMIES.badges, 0, 2),
    card_image: {
      url: `https://media.example.com/images/card-${name}.fill-600x400.webp`,
      width: 600,
      height: 400,
      alt: `Card ${name}`,
    },
  };
}

const SOURCES = {
  gsv_badges: 'badges',
  gsv_capabilities: 'capabilities',
  gsv_category: 'category',
  gsv_deployment_modes_supported: 'deployment_modes',
  gsv_integrations_required: 'integrations',
  gsv_languages_supported: 'languages',
  gsv_maturity: 'maturity',
  gsv_modalities: 'modalities',
  gsv_roles: 'roles',
  gsv_trial_available: 'trial_available',
  gsv_value_stream: 'outcomes',
  gsv_verified: 'verified',
};

/** The product of a page; one that is to change has another set of roles and an older version. */
function productOf(page, isChanged) {
  const assigned = Object.entries(SOURCES).map(([slug, source]) => {
    const value = page[source];
    return [slug, Array.isArray(value) ? Object.fromEntries(value.map((key) => [key, true])) : value];
  });
  const attributes = Object.fromEntries(assigned);
  const version = page.cp_offering_version_id;
  if (isChanged)
    attributes.gsv_roles = Object.fromEntries(TAXONOMIES.roles.slice(4, 8).map((key) => [key, true]));
  return {
    document: {
      attributes,
      metadata: {
        card_image_url: page.card_image.url,
        cp_offering_id: page.cp_offering_id,
        cp_offering_version_id: isChanged ? `${version}_old` : version,
        credits_estimate_label: page.credits_estimate_label,
        credits_estimate_max: String(page.credits_estimate_max),
        credits_estimate_min: String(page.credits_estimate_min),
        outcome_tagline: page.card_tagline,
        primary_outcome: page.primary_outcome,
        primary_role: page.primary_role,
      },
    },
    id: id('Product', page.page_id - 9),
    name: page.title,
    type: 'offering',
  };
}

function attributesOf() {
  let pk = 0;
  return Object.fromEntries(
    Object.entries(ATTRIBUTES).map(([slug, [name, taxonomy]], index) => {
      const keys = taxonomy === null ? [] : TAXONOMIES[taxonomy];
      const values = keys.map((key) => {
        pk += 1;
        const translations = { en: label(key) === label(key).split(' ')[0] ? null : label(key) };
        return [
          key,
          {
            id: id('AttributeValue', pk),
            name: translations.en === null ? label(key) : key,
            reference: null,
            translations,
          },
        ];
      });
      const input_type =
        taxonomy === null ? 'BOOLEAN' : SINGLE.includes(taxonomy) ? 'DROPDOWN' : 'MULTISELECT';
      return [slug, { id: id('Attribute', index + 1), input_type, name, values: Object.fromEntries(values) }];
    }),
  );
}

const TYPES = { offering: 'Offering', creditpack: 'CreditPack', giftcard: 'GiftCard' };

/**
 * Writes `size` offerings and their products, of which `changed` differ, evenly spread.
 * files: {desired, actual}. Written piece by piece: a hundred thousand are 200 MB.
 */
export function writeCatalogue(size, changed, files, seed = 1) {
  const draw = dice(seed);
  const every = changed === 0 ? Infinity : size / changed;
  const desired = openSync(files.desired, 'w');
  const actual = openSync(files.actual, 'w');
  const collections = {
    attributes: Object.keys(ATTRIBUTES).length,
    product_types: Object.keys(TYPES).length,
    products: size,
    values: Object.values(ATTRIBUTES).reduce(
      (sum, [, taxonomy]) => sum + (taxonomy === null ? 0 : TAXONOMIES[taxonomy].length),
      0,
    ),
  };
  const proof = Object.fromEntries(
    Object.entries(collections).map(([name, items]) => [name, { items, requests: 1, total: items }]),
  );
  const types = Object.entries(TYPES).map(([slug, name], index) => [
    slug,
    { attributes: Object.keys(ATTRIBUTES), id: id('ProductType', index + 1), name },
  ]);
  const taxonomies = Object.entries(TAXONOMIES).map(([name, keys]) => [
    name,
    keys.map((key, index) => ({ key, label: label(key), description: '', sort_order: index })),
  ]);
  const head = {
    format: 'catalog-export',
    format_version: 1,
    generated_at: '2026-11-23T14:38:47.522576+00:00',
    source: { page_type: 'catalog.OfferingPage', locale: 'en', access: 'anonymous' },
    taxonomies: Object.fromEntries(taxonomies),
  };
  writeSync(desired, `${JSON.stringify(head, null, 1).slice(0, -2)},\n "offerings": [`);
  const shop = { domain: 'shop.example.com', name: 'Bench', version: '3.23.28' };
  const state = {
    target: { api_url: 'https://shop.example.com/graphql/', name: null },
    permissions: ['MANAGE_PRODUCTS', 'MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES', 'MANAGE_TRANSLATIONS'],
    locales: ['en'],
    attributes: attributesOf(),
    product_types: Object.fromEntries(types),
  };
  writeSync(
    actual,
    `{"format":"sailplan-actual","format_version":"1.0","shop":${JSON.stringify(shop)},"proof":${JSON.stringify(proof)},"actual":${JSON.stringify(state).slice(0, -1)},"products":{`,
  );
  let [pages, products, next] = ['', '', 0];
  for (let number = 1; number <= size; number += 1) {
    const page = pageOf(number, draw);
    const isChanged = number - 1 >= next;
    if (isChanged) next += every;
    pages += `${number === 1 ? '' : ','}\n  ${JSON.stringify(page)}`;
    products += `${number === 1 ? '' : ','}\n${JSON.stringify(slugOf(number))}:${JSON.stringify(productOf(page, changed > 0 && isChanged))}`;
    if (number % 1000 === 0 || number === size) {
      writeSync(desired, pages);
      writeSync(actual, products);
      [pages, products] = ['', ''];
    }
  }
  writeSync(desired, '\n ]\n}\n');
  writeSync(actual, '\n}}}\n');
  closeSync(desired);
  closeSync(actual);
}

/** The same with one page for each product of a shop, named by its slug. */
export function writeCatalogueOf(products, files) {
  writeCatalogue(products.length, 0, files);
  const desired = JSON.parse(readFileSync(files.desired, 'utf8'));
  for (const [index, page] of desired.offerings.entries()) {
    page.saleor_product_id = '';
    page.saleor_product_slug = products[index].slug;
  }
  writeFileSync(files.desired, JSON.stringify(desired));
}
