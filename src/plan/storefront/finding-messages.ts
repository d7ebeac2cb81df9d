import type { Json, JsonObject } from '../../core/json/json-value.ts';
import { isRecord } from '../../core/json/records.ts';
import type { FindingCause, StorefrontFinding } from './finding.ts';

interface FindingText {
  readonly message: (data: JsonObject) => string;
  readonly hint: string;
}

const q = (value: Json | undefined): string => `"${String(value)}"`;
const shown = (value: Json | undefined): string => (value === null ? 'nothing' : q(value));
const products = (count: Json | undefined): string => (count === 1 ? '1 product' : `${count} products`);
/** `gsv_roles by data_analyst ("Data analyst")` */
const filter = ({ attribute, value, label }: JsonObject): string =>
  `the filter ${attribute} by ${value}${typeof label === 'string' ? ` (${q(label)})` : ''}`;
const labelText = (label: Json): string => {
  if (!isRecord(label)) return '';
  const where = label['language'] === null ? 'the name' : label['language'];
  return `${where}: ${q(label['shown'])} instead of ${q(label['planned'])}`;
};

const PLAN = 'Run sailplan plan: it says what to write.';

/** Message and next step of each code; a code's meaning never changes, its texts may. */
const FINDING_TEXTS: Readonly<Record<string, FindingText>> = {
  storefront_closed: {
    message: (d) => `the shop answers no anonymous shopper: ${d['error']}`,
    hint: 'Allow storefront traffic in Saleor (shop settings), or send the header of the proxy in front with --header-env.',
  },
  channel_unknown: {
    message: (d) => `the shop has no active channel ${q(d['channel'])}`,
    hint: 'Give the slug of a channel (--channel SLUG), or activate the channel in Saleor.',
  },
  channel_shows_nothing: {
    message: (d) => `the channel ${q(d['channel'])} lists none of the ${d['pages']} products`,
    hint: 'In Saleor: publish the products in this channel and give their variants a price there.',
  },
  product_not_published: {
    message: (d) => `${q(d['title'])} (${d['name']}) is not in the channel ${q(d['channel'])}`,
    hint: 'In Saleor: publish it in this channel, from a date that has passed, with a variant that has a price there.',
  },
  product_unlisted: {
    message: (d) =>
      `${q(d['title'])} (${d['name']}) opens by its address, but the channel ${q(d['channel'])} does not list it`,
    hint: 'In Saleor: switch "show in product listings" on, or leave it as it is on purpose.',
  },
  attribute_missing: {
    message: () => 'the shop has no such attribute',
    hint: 'Run sailplan plan --create-attributes --sync-attributes.',
  },
  attribute_type_differs: {
    message: (d) => `the attribute is a ${d['shown']}, and the contract says ${d['planned']}`,
    hint: 'Correct the contract, or name another attribute in it.',
  },
  attribute_hidden: {
    message: () =>
      'the attribute is hidden from the storefront: lists of filters and products do not show it',
    hint: 'In Saleor: switch "public" (visible in storefront) of the attribute on.',
  },
  attribute_not_filterable: {
    message: () => 'the attribute is not marked as filterable in storefront',
    hint: 'Filters work all the same; only a storefront that lists attributes by this deprecated flag leaves it out.',
  },
  choice_missing: {
    message: (d) =>
      `the filter ${d['attribute']} has no choice ${q(d['label'])} (${d['key']}); ${products(d['products'])} cannot be found by it`,
    hint: 'Run sailplan plan --create-missing.',
  },
  choice_extra: {
    message: (d) =>
      `the filter ${d['attribute']} shows ${q(d['name'])} (${d['choice']}), which is not a term; it finds ${products(d['products'])}`,
    hint: 'Add the term in Wagtail, or plan with --prune-values.',
  },
  choice_without_product: {
    message: (d) => `the choice ${q(d['name'])} (${d['choice']}) of ${d['attribute']} finds no product`,
    hint: 'No published page uses the term; a storefront may hide such a choice.',
  },
  label_differs: {
    message: (d) =>
      `the choice ${d['choice']} of ${d['attribute']} reads otherwise than the term; ${
        Array.isArray(d['labels']) ? d['labels'].map(labelText).join(', ') : ''
      }`,
    hint: PLAN,
  },
  filter_misses_product: {
    message: (d) => `${filter(d)} does not find it, and its page has that value`,
    hint: PLAN,
  },
  filter_finds_product: {
    message: (d) => `${filter(d)} finds it, and its page does not have that value`,
    hint: PLAN,
  },
  card_metadata_differs: {
    message: (d) => `the card reads ${d['key']} as ${shown(d['shown'])} instead of ${shown(d['planned'])}`,
    hint: PLAN,
  },
  search_misses_product: {
    message: (d) => `a search for ${q(d['name'])} does not find it`,
    hint: 'Saleor’s search index is filled by a background job (Celery): check its worker.',
  },
};

/** The cause, in words. */
export const CAUSE_TEXTS: Readonly<Record<FindingCause, string>> = {
  permission: 'no permission for anonymous shoppers',
  channel: 'channel missing, inactive or without products',
  not_published: 'not published, published later, without a price, or not in the shop',
  not_listed: 'not listed in the channel',
  attribute_missing: 'attribute missing or of another type',
  attribute_not_visible: 'attribute not visible in storefront',
  attribute_not_filterable: 'attribute not marked as filterable',
  attribute_not_assigned: 'attribute not assigned to the product type',
  value_missing: 'value missing',
  value_not_assigned: 'the product lacks the value',
  value_assigned: 'the product has the value',
  value_of_variant: 'a variant of the product has the value',
  value_without_product: 'value without product',
  value_without_term: 'value without term',
  label: 'name or translation differs',
  metadata: 'metadata differs',
  search_index: 'search index behind',
  answers_differ: 'the product has it, and the filter does not see it yet: a cache or read replica',
};

/** Another next step where the cause is not a difference that a plan finds. */
const CAUSE_HINTS: Readonly<Partial<Record<FindingCause, string>>> = {
  attribute_not_assigned: 'Run sailplan plan --sync-attributes --sync-products.',
  value_of_variant: 'In Saleor: take the value from the product’s variants.',
  answers_differ: 'Run it again in a minute; if it stays, look at caches in front of the API.',
};

const UNKNOWN: FindingText = { message: () => 'something differs', hint: '' };

const textOf = ({ code }: StorefrontFinding): FindingText => FINDING_TEXTS[code] ?? UNKNOWN;

/** What a shopper sees; text from outside is not escaped. */
export const findingMessage = (finding: StorefrontFinding): string => textOf(finding).message(finding.data);

/** The next step. */
export const findingHint = (finding: StorefrontFinding): string =>
  CAUSE_HINTS[finding.cause] ?? textOf(finding).hint;
