import type { Contract } from '../../contract/contract.ts';
import { sourceFields } from '../../contract/contract.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import type { Sender } from '../http-responses.ts';
import { parseSiteAddress } from '../http-responses.ts';
import type { TaxonomyOptions } from './options.ts';
import { pagesUrl, unknownFieldsIn } from './page-query.ts';
import { type Asker, createAsker } from './probe-requests.ts';
import { type FoundTaxonomies, findNestedKeys, findTaxonomies, mergeOptions } from './probe-taxonomies.ts';

interface ProbeOptions {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: the type that shows most of the contract's fields. */
  readonly pageType?: string | undefined;
  /** How a survey of the site found its terms' keys and labels named. */
  readonly taxonomies?: Readonly<Record<string, TaxonomyOptions>>;
}

/** What a site has of what a contract reads; a configuration starts from it. */
interface Probe {
  /** Page type → live pages among the newest 500. */
  readonly pageTypes: Readonly<Record<string, number>>;
  readonly pageType: string | null;
  readonly locales: readonly string[];
  /** Most items of a request; null: the site sets no maximum. */
  readonly limit: number | null;
  /** Contract's field → the site's; null: the site shows none of that name. */
  readonly fields: Readonly<Record<string, string | null>>;
  /** Only taxonomies that need options: found under another name, or plain keys. */
  readonly taxonomies: Readonly<Record<string, TaxonomyOptions>>;
  /** What the site's developers have to add, one sentence each. */
  readonly lacking: readonly string[];
}

const PRODUCT = ['saleor_product_id', 'saleor_product_slug'];
/** Number of sampled pages. */
const LOOKED_AT = 500;
/** Page types that are tried. */
const MOST_TYPES = 20;

/**
 * Detects the fields of a site. Nothing lists them (docs/wagtail.md#what-must-be-configured), but a refusal names every
 * unknown field (#fields there), so requesting all fields shows which exist. Throws a Failure if there is no API v2 at this
 * address.
 */
export async function probeApi(sender: Sender, options: ProbeOptions, contract: Contract): Promise<Probe> {
  parseSiteAddress(options.baseUrl, 'The base URL of API v2');
  const asker = createAsker(sender, options.baseUrl, options.headers);
  const limit = await asker.limit();
  const pages = await firstPages(asker, limit ?? LOOKED_AT);
  const pageTypes = countOf(pages.map((page) => String(metaOf(page)['type'])));
  const names = namesOf(contract);
  const offering = options.pageType === undefined ? await offeringTypes(asker, Object.keys(pageTypes)) : [];
  const pageType =
    options.pageType ??
    (await oneListing(asker, offering)) ??
    (await bestType(asker, [...names.values()].flat(), Object.keys(pageTypes)));
  const shown =
    pageType === null ? new Set<string>() : await shownFields(asker, pageType, [...names.values()].flat());
  const fields = Object.fromEntries(
    [...names].map(([source, tried]) => [source, tried.find((name) => shown.has(name)) ?? null]),
  );
  const { taxonomies: known = {} } = options;
  const found = await findTaxonomies(asker, fields, contract, known);
  const nested: FoundTaxonomies =
    pageType === null
      ? { taxonomies: {}, lacking: [] }
      : await findNestedKeys(asker, { pageType, fields, known }, contract);
  return {
    pageTypes,
    pageType,
    locales: [
      ...new Set(pages.map((page) => metaOf(page)['locale']).filter((each) => typeof each === 'string')),
    ].sort(),
    limit,
    fields,
    taxonomies: mergeOptions(mergeOptions(known, found.taxonomies), nested.taxonomies),
    lacking: [
      ...lackingFields(fields, pageType),
      ...unreadTypes(offering, pageType),
      ...found.lacking,
      ...nested.lacking,
    ],
  };
}

const metaOf = (item: JsonObject): JsonObject => (item['meta'] ?? {}) as JsonObject;

const firstPages = (asker: Asker, limit: number): Promise<readonly JsonObject[]> =>
  newestPages(asker, {
    size: Math.min(limit, 100),
    most: LOOKED_AT,
    query: { fields: '_,id,type,locale' },
  });

interface PagesWanted {
  /** Items of one request. */
  readonly size: number;
  readonly most: number;
  readonly query: Readonly<Record<string, string>>;
}

/** The newest pages of a query. */
export async function newestPages(
  asker: Asker,
  { size, most, query }: PagesWanted,
): Promise<readonly JsonObject[]> {
  const pages: JsonObject[] = [];
  while (pages.length < most) {
    const place = { order: '-id', limit: String(size), offset: String(pages.length) };
    const answer = await asker.ask(pagesUrl(asker), { ...place, ...query });
    if (answer === null || 'refused' in answer) break;
    pages.push(...answer.items);
    if (answer.items.length < size) break;
  }
  return pages;
}

/** The page type whose pages name a Saleor product, unless one is given; null: there is none. */
export async function findOfferingType(
  asker: Asker,
  limit: number,
  given: string | undefined,
): Promise<{ readonly pageType: string | null; readonly pageTypes: readonly string[] }> {
  const pages = await firstPages(asker, limit);
  const pageTypes = Object.keys(countOf(pages.map((page) => String(metaOf(page)['type']))));
  const found = async () =>
    (await oneListing(asker, await offeringTypes(asker, pageTypes))) ??
    (await bestType(asker, PRODUCT, pageTypes));
  return { pageType: given ?? (await found()), pageTypes };
}

function countOf(words: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

/** Source field → the names to look for. */
function namesOf(contract: Contract): ReadonlyMap<string, readonly string[]> {
  const fields = [...sourceFields(contract)].map(([source, shape]): [string, readonly string[]] => [
    source,
    shape === 'image' ? [`${source}_rendition`, source] : [source],
  ]);
  return new Map([
    ...fields,
    ['saleor_product_id', ['saleor_product_id']],
    ['saleor_product_slug', ['saleor_product_slug']],
  ]);
}

async function shownFields(
  asker: Asker,
  pageType: string,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const query = { type: pageType, limit: '1', fields: ['_', ...names].join(',') };
  const answer = await asker.ask(pagesUrl(asker), query);
  if (answer === null) return new Set();
  const unknown = 'refused' in answer ? unknownFieldsIn(answer.refused) : [];
  if ('refused' in answer && unknown.length === 0) return new Set();
  return new Set(names.filter((name) => !unknown.includes(name)));
}

/** The page types that name a Saleor product, sorted. */
async function offeringTypes(asker: Asker, types: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const type of types.slice(0, MOST_TYPES))
    if ((await shownFields(asker, type, PRODUCT)).size > 0) found.push(type);
  return found.sort();
}

/** Several types as one, where the site lists them together, as the router of wagtail-sailplan does; else null. */
async function oneListing(asker: Asker, types: readonly string[]): Promise<string | null> {
  const all = types.join(',');
  return types.length > 1 && (await shownFields(asker, all, PRODUCT)).size > 0 ? all : null;
}

async function bestType(
  asker: Asker,
  names: readonly string[],
  types: readonly string[],
): Promise<string | null> {
  let best: { type: string; count: number } | null = null;
  for (const type of types.slice(0, MOST_TYPES)) {
    const count = (await shownFields(asker, type, names)).size;
    if (count > (best?.count ?? 0)) best = { type, count };
  }
  return best?.type ?? null;
}

function unreadTypes(offering: readonly string[], pageType: string | null): readonly string[] {
  const unread = offering.filter((type) => pageType !== null && !pageType.split(',').includes(type));
  return unread.length === 0
    ? []
    : [
        `${unread.join(', ')} ${unread.length === 1 ? 'names' : 'name'} Saleor products too and will not be read: several page types need the router of the Python package wagtail-sailplan, or an export.`,
      ];
}

function lackingFields(fields: Probe['fields'], pageType: string | null): readonly string[] {
  if (pageType === null)
    return ['No page type shows any field of the contract: add api_fields to the offering page.'];
  const missing = Object.keys(fields).filter((source) => fields[source] === null);
  const isProduct = (name: string) => name.startsWith('saleor_product_');
  const product = missing.filter(isProduct).length === 2 ? ['saleor_product_id'] : [];
  return [...missing.filter((name) => !isProduct(name)), ...product].map(
    (name) =>
      `${pageType} does not show ${name}: add APIField("${name}") to its api_fields, or name the site's own field.`,
  );
}
