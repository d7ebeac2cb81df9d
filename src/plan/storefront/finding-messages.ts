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

const PLAN = 'Run sailplan plan: it plans the change.';

/** Message and next step of each code; a code's meaning never changes, its texts may. */
const FINDING_TEXTS: Readonly<Record<string, FindingText>> = {
  storefront_closed: {
    message: (d) => `the shop does not answer anonymous requests: ${d['error']}`,
    hint: 'Allow storefront traffic in Saleor (shop settings), or send the header that a proxy in front of it needs with --header-env.',
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
    hint: 'In Saleor: switch on "show in product listings", unless this is intended.',
  },
  attribute_missing: {
    message: () => 'the shop has no such attribute',
    hint: 'Run sailplan plan --create-attributes --sync-attributes.',
  },
  attribute_type_differs: {
    message: (d) => `the attribute is a ${d['shown']}, but the contract requires ${d['planned']}`,
    hint: 'Correct the contract, or name another attribute in it.',
  },
  attribute_hidden: {
    message: () =>
      'the attribute is hidden from the storefront: lists of filters and products do not show it',
    hint: 'In Saleor: switch on "public" (visible in storefront) for the attribute.',
  },
  attribute_not_filterable: {
    message: () => 'the attribute is not marked as filterable in storefront',
    hint: 'Filters work without this deprecated flag. Only storefronts that list attributes by it omit the attribute.',
  },
  choice_missing: {
    message: (d) =>
      `the filter ${d['attribute']} has no choice ${q(d['label'])} (${d['key']})${d['products'] === 0 ? '' : `; ${products(d['products'])} cannot be found by it`}`,
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
      `the choice ${d['choice']} of ${d['attribute']} differs from the term: ${
        Array.isArray(d['labels']) ? d['labels'].map(labelText).join(', ') : ''
      }`,
    hint: PLAN,
  },
  filter_misses_product: {
    message: (d) => `${filter(d)} does not find it, but its page has that value`,
    hint: PLAN,
  },
  filter_finds_product: {
    message: (d) => `${filter(d)} finds it, but its page does not have that value`,
    hint: PLAN,
  },
  card_metadata_differs: {
    message: (d) => `metadata ${d['key']} is ${shown(d['shown'])} instead of ${shown(d['planned'])}`,
    hint: PLAN,
  },
  search_misses_product: {
    message: (d) => `a search for ${q(d['name'])} does not find it`,
    hint: 'A background job (Celery) fills Saleor’s search index: check its worker.',
  },
};

/** The cause, as text. */
export const CAUSE_TEXTS: Readonly<Record<FindingCause, string>> = {
  permission: 'no permission for anonymous shoppers',
  proxy: 'a proxy or firewall in front of the shop',
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
  answers_differ: 'the product has the value, but the filter does not find it yet: a cache or read replica',
};

/** Another next step where the cause is not a difference that a plan finds. */
const CAUSE_HINTS: Readonly<Partial<Record<FindingCause, string>>> = {
  proxy:
    'Saleor itself does not answer 403. Let this machine through, or send the header that the proxy needs: --header-env saleor:NAME=VAR.',
  attribute_not_assigned: 'Run sailplan plan --sync-attributes --sync-products.',
  value_of_variant: 'In Saleor: remove the value from the product’s variants.',
  answers_differ: 'Run it again in a minute. If it remains, check caches in front of the API.',
};

const UNKNOWN: FindingText = { message: () => 'something differs', hint: '' };

const textOf = ({ code }: StorefrontFinding): FindingText => FINDING_TEXTS[code] ?? UNKNOWN;

/** What a shopper sees; text from outside is not escaped. */
export const findingMessage = (finding: StorefrontFinding): string => textOf(finding).message(finding.data);

/** The next step. */
export const findingHint = (finding: StorefrontFinding): string =>
  CAUSE_HINTS[finding.cause] ?? textOf(finding).hint;
