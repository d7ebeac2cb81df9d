import type { Contract } from '../../contract/contract.ts';
import { sourceFields, taxonomies } from '../../contract/contract.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import type { Sender } from '../http-responses.ts';
import { errorMessageIn, objectOf, parseSiteAddress, refusal } from '../http-responses.ts';
import type { ApiOptions, TaxonomyOptions } from './options.ts';
import { askedFields, endpointUrl, pagesUrl, unknownFieldsIn } from './page-query.ts';
import type { Session } from './pagination.ts';
import { addressWith, pageLimitIn, sendIn } from './pagination.ts';

interface ProbeOptions {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Left out: the type that shows most of the contract's fields. */
  readonly pageType?: string | undefined;
}

/** What a site has of what a contract reads, for a configuration to start from. */
interface Probe {
  /** Page type → live pages, of the first that the site listed. */
  readonly pageTypes: Readonly<Record<string, number>>;
  readonly pageType: string | null;
  readonly locales: readonly string[];
  /** Most items a request; null: the site sets no maximum. */
  readonly limit: number | null;
  /** Contract's field → the site's; null: it shows none of that name. */
  readonly fields: Readonly<Record<string, string | null>>;
  /** Only those that need saying: found under another name, or plain keys. */
  readonly taxonomies: Readonly<Record<string, TaxonomyOptions>>;
  /** What the site's developers have to add, one sentence each. */
  readonly lacking: readonly string[];
}

const LOOKED_AT = 500;
/** Beyond every page: asks for no item, and still hears the maximum. */
const NOWHERE = { limit: '1000000', offset: '1000000000', fields: '_,id' };

/**
 * Asks a site what it has. None of it is listed anywhere (docs/wagtail.md#what-must-be-configured), but a refusal names every
 * unknown field (#fields there), so asking for all tells which there are. Throws a Failure when there is no API v2 at this address.
 */
export async function probeApi(sender: Sender, options: ProbeOptions, contract: Contract): Promise<Probe> {
  parseSiteAddress(options.baseUrl, 'The base URL of API v2');
  const asker = askerOf(sender, options);
  const limit = await asker.limit();
  const pages = await firstPages(asker, limit ?? LOOKED_AT);
  const pageTypes = countOf(pages.map((page) => String(metaOf(page)['type'])));
  const names = namesOf(contract);
  const pageType =
    options.pageType ?? (await bestType(asker, [...names.values()].flat(), Object.keys(pageTypes)));
  const shown =
    pageType === null ? new Set<string>() : await shownFields(asker, pageType, [...names.values()].flat());
  const fields = Object.fromEntries(
    [...names].map(([source, tried]) => [source, tried.find((name) => shown.has(name)) ?? null]),
  );
  const found = await foundTaxonomies(asker, contract);
  const nested: Found =
    pageType === null ? { taxonomies: {}, lacking: [] } : await nestedKeys(asker, pageType, fields, contract);
  return {
    pageTypes,
    pageType,
    locales: [
      ...new Set(pages.map((page) => metaOf(page)['locale']).filter((each) => typeof each === 'string')),
    ].sort(),
    limit,
    fields,
    taxonomies: merged(found.taxonomies, nested.taxonomies),
    lacking: [...lackingFields(fields, pageType), ...found.lacking, ...nested.lacking],
  };
}

interface Asker {
  limit(): Promise<number | null>;
  /** The answer's items, or the words of a 400; null where there is no such endpoint. */
  ask(
    url: string,
    query: Readonly<Record<string, string>>,
  ): Promise<{ items: readonly JsonObject[] } | { refused: string } | null>;
  readonly baseUrl: string;
}

function askerOf(sender: Sender, { baseUrl, headers }: ProbeOptions): Asker {
  const session: Session = {
    sender,
    limit: 1,
    isCapped: false,
    omitted: new Set(),
    requests: 0,
    firstAnswerAt: null,
    lastAnswerAt: null,
  };
  const send = async (address: string, query: Readonly<Record<string, string>>) => {
    const url = addressWith(address, query);
    return { url, reply: await sendIn(session, url, headers) };
  };
  return {
    baseUrl,
    async limit() {
      const { url, reply } = await send(pagesUrl({ baseUrl }), NOWHERE);
      const limit = reply.status === 400 ? pageLimitIn(errorMessageIn(reply) ?? '') : null;
      if (limit === null) objectOf(reply, url);
      return limit;
    },
    async ask(address, query) {
      const { url, reply } = await send(address, query);
      if (reply.status === 404) return null;
      if (reply.status === 400) return { refused: errorMessageIn(reply) ?? '' };
      if (reply.status !== 200) throw refusal(reply, url);
      const items = objectOf(reply, url)['items'];
      return { items: Array.isArray(items) ? (items as JsonObject[]) : [] };
    },
  };
}

const metaOf = (item: JsonObject): JsonObject => (item['meta'] ?? {}) as JsonObject;

async function firstPages(asker: Asker, limit: number): Promise<readonly JsonObject[]> {
  const pages: JsonObject[] = [];
  const size = Math.min(limit, 100);
  while (pages.length < LOOKED_AT) {
    const query = {
      order: '-id',
      limit: String(size),
      offset: String(pages.length),
      fields: '_,id,type,locale',
    };
    const answer = await asker.ask(pagesUrl(asker), query);
    if (answer === null || 'refused' in answer) break;
    pages.push(...answer.items);
    if (answer.items.length < size) break;
  }
  return pages;
}

function countOf(words: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

/** Source field → names to look for. */
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

async function bestType(
  asker: Asker,
  names: readonly string[],
  types: readonly string[],
): Promise<string | null> {
  let best: { type: string; count: number } | null = null;
  for (const type of types.slice(0, 20)) {
    const count = (await shownFields(asker, type, names)).size;
    if (count > (best?.count ?? 0)) best = { type, count };
  }
  return best?.type ?? null;
}

interface Found {
  readonly taxonomies: Readonly<Record<string, TaxonomyOptions>>;
  readonly lacking: readonly string[];
}

async function foundTaxonomies(asker: Asker, contract: Contract): Promise<Found> {
  const found: Record<string, TaxonomyOptions> = {};
  const lacking: string[] = [];
  for (const name of taxonomies(contract)) {
    const tried = [...new Set([name, name.replaceAll('_', '-'), name.replaceAll('_', '')])];
    const endpoint = await firstEndpoint(asker, tried);
    if (endpoint === null)
      lacking.push(
        `No endpoint lists ${name} (tried ${tried.join(', ')}): register one, or give a closed list.`,
      );
    else if (endpoint.lacks.length > 0)
      lacking.push(
        `The endpoint ${endpoint.name} does not show ${endpoint.lacks.join(' and ')}: add to api_fields of its model.`,
      );
    if (endpoint !== null && endpoint.name !== name) found[name] = { endpoint: endpoint.name };
  }
  return { taxonomies: found, lacking };
}

async function firstEndpoint(
  asker: Asker,
  names: readonly string[],
): Promise<{ name: string; lacks: readonly string[] } | null> {
  for (const name of names) {
    const answer = await asker.ask(endpointUrl(asker.baseUrl, name), { limit: '1', fields: '*' });
    if (answer === null || 'refused' in answer) continue;
    const [item] = answer.items;
    return { name, lacks: item === undefined ? [] : ['key', 'label'].filter((member) => !(member in item)) };
  }
  return null;
}

/** Whether a page's terms show their keys, or are plain keys. */
async function nestedKeys(
  asker: Asker,
  pageType: string,
  fields: Probe['fields'],
  contract: Contract,
): Promise<Found> {
  const options: ApiOptions = { baseUrl: asker.baseUrl, pageType, locale: '', headers: {} };
  const found: Record<string, TaxonomyOptions> = {};
  const lacking: string[] = [];
  for (const { source, key, taxonomy } of askedFields(options, contract)) {
    const api = fields[source] ?? null;
    if (taxonomy === null || api === null) continue;
    const query = { type: pageType, limit: '1', fields: `_,${api}(_,${key})` };
    const answer = await asker.ask(pagesUrl(asker), query);
    if (answer === null || !('refused' in answer)) continue;
    if (unknownFieldsIn(answer.refused).length > 0)
      lacking.push(
        `The terms in ${api} do not show ${key}: add APIField("${key}") to api_fields of their model.`,
      );
    else found[taxonomy] = { isPlain: true };
  }
  return { taxonomies: found, lacking };
}

function merged(
  a: Readonly<Record<string, TaxonomyOptions>>,
  b: Readonly<Record<string, TaxonomyOptions>>,
): Readonly<Record<string, TaxonomyOptions>> {
  return Object.fromEntries(
    [...Object.keys(a), ...Object.keys(b)].map((name) => [name, { ...a[name], ...b[name] }]),
  );
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
