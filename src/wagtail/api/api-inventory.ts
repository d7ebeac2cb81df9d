import type { SiteInventory, SiteTerm } from '../../contract/inventory.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';
import { isRecord } from '../../core/json/records.ts';
import { inventoryOf } from '../export/export-inventory.ts';
import type { Sender } from '../http-responses.ts';
import { parseSiteAddress } from '../http-responses.ts';
import { isOwnMember } from '../infer-field.ts';
import type { TaxonomyOptions } from './options.ts';
import { endpointUrl } from './page-query.ts';
import { type Asker, createAsker } from './probe-requests.ts';
import { findOfferingType, newestPages } from './probe-site.ts';

interface ApiInventoryOptions {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: the type whose pages name a Saleor product. */
  readonly pageType?: string | undefined;
}

export interface ApiInventory {
  readonly site: SiteInventory;
  /** null: no page type names a Saleor product. */
  readonly pageType: string | null;
  readonly pageTypes: readonly string[];
  /** How to read the taxonomies, for the config; only those that differ from the default. */
  readonly taxonomies: Readonly<Record<string, TaxonomyOptions>>;
}

/** Number of sampled pages. */
const LOOKED_AT = 500;

/**
 * What the pages of a site show through API v2, independent of any contract: each field with its values, and the terms of the
 * snippet models behind them. Throws a Failure if there is no API v2 at this address.
 */
export async function apiInventory(sender: Sender, options: ApiInventoryOptions): Promise<ApiInventory> {
  parseSiteAddress(options.baseUrl, 'The base URL of API v2');
  const asker = createAsker(sender, options.baseUrl, options.headers);
  const limit = Math.min((await asker.limit()) ?? 100, 100);
  const { pageType, pageTypes } = await findOfferingType(asker, limit, options.pageType);
  const empty = { pages: 0, fields: [], taxonomies: {}, products: { ids: [], slugs: [] } };
  if (pageType === null) return { site: empty, pageType, pageTypes, taxonomies: {} };
  const pages = await newestPages(asker, {
    size: limit,
    most: LOOKED_AT,
    query: { type: pageType, fields: '*' },
  });
  const found = await findEndpoints(asker, [...modelsIn(pages), ...plainFieldsIn(pages)], limit);
  const nameOf = new Map(
    found.flatMap(({ model, name }) => (model === null ? [] : [[model, name] as const])),
  );
  const terms = Object.fromEntries(
    found.map(({ name, terms }) => [name, terms.map(({ key, label }) => ({ key, label }))]),
  );
  return {
    site: inventoryOf(
      pages.map((page) => asExported(page, nameOf, found)),
      terms,
    ),
    pageType,
    pageTypes,
    taxonomies: Object.fromEntries(
      found.flatMap(({ name, key, label }) =>
        key === 'key' && label === 'label'
          ? []
          : [[name, { ...(key === 'key' ? {} : { key }), ...(label === 'label' ? {} : { label }) }]],
      ),
    ),
  };
}

const modelOf = (value: Json | undefined): string | null => {
  const meta = isRecord(value) ? value['meta'] : undefined;
  const type = isRecord(meta) ? meta['type'] : undefined;
  return typeof type === 'string' && !/^wagtail(images|docs|core)\./.test(type) ? type : null;
};

/** A list of terms that pages use, and the names under which a site may serve it. */
interface Wanted {
  /** Snippet model of the terms; null: pages contain plain keys. */
  readonly model: string | null;
  readonly names: readonly string[];
}

/** The snippet models to which relations of the pages lead. */
function modelsIn(pages: readonly JsonObject[]): readonly Wanted[] {
  const models = new Map<string, Set<string>>();
  for (const page of pages)
    for (const [name, value] of Object.entries(page)) {
      if (isOwnMember(name)) continue;
      for (const one of [value].flat()) {
        const model = modelOf(one as Json);
        if (model !== null) models.set(model, (models.get(model) ?? new Set()).add(name));
      }
    }
  return [...models].map(([model, fields]) => ({ model, names: endpointNames([...fields, classOf(model)]) }));
}

/** `catalog.SupportLevel` → support_level */
const classOf = (model: string): string =>
  (model.split('.').at(-1) ?? '').replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

const isKey = (value: unknown): value is string => typeof value === 'string' && /^[\w-]{1,60}$/.test(value);

/** Fields whose values may be keys of terms: lists of texts, and texts of one word that several pages share. */
function plainFieldsIn(pages: readonly JsonObject[]): readonly Wanted[] {
  const names = new Set(pages.flatMap((page) => Object.keys(page)).filter((name) => !isOwnMember(name)));
  return [...names].flatMap((name): Wanted[] => {
    const values = pages.flatMap((page) => page[name] ?? []).filter((value) => value !== '');
    const isSet =
      pages.some((page) => Array.isArray(page[name])) && values.every((value) => typeof value === 'string');
    const isShared = values.every(isKey) && new Set(values).size < values.length;
    return isSet || isShared ? [{ model: null, names: endpointNames([name]) }] : [];
  });
}

interface FoundEndpoint {
  readonly model: string | null;
  /** Of the endpoint, and of the taxonomy in the contract. */
  readonly name: string;
  /** The API's names of a term's key and label. */
  readonly key: string;
  readonly label: string;
  readonly terms: readonly (SiteTerm & { readonly id: Json | undefined })[];
}

const KEYS = ['key', 'slug', 'code', 'identifier'];
const LABELS = ['label', 'name', 'title'];

/** The endpoint of each list of terms, under the names that sites give them. */
async function findEndpoints(
  asker: Asker,
  wanted: readonly Wanted[],
  size: number,
): Promise<readonly FoundEndpoint[]> {
  const found: FoundEndpoint[] = [];
  for (const { model, names } of wanted)
    for (const name of names) {
      if (found.some((one) => one.name === name)) break;
      const answer = await asker.ask(endpointUrl(asker.baseUrl, name), { limit: String(size), fields: '*' });
      if (answer === null || 'refused' in answer || answer.items.length === 0) continue;
      const [item] = answer.items;
      if (model !== null && modelOf(item) !== null && modelOf(item) !== model) continue;
      const member = (tried: readonly string[]) => tried.find((one) => typeof item?.[one] === 'string');
      const [key, label] = [member(KEYS), member(LABELS)];
      if (key === undefined || label === undefined) continue;
      const rest = answer.items.length < size ? [] : await furtherItems(asker, name, size);
      const terms = [...answer.items, ...rest].map((one) => ({
        id: one['id'],
        key: String(one[key]),
        label: String(one[label]),
      }));
      found.push({ model, name, key, label, terms });
      break;
    }
  return found;
}

/** Number of sampled terms of one list. */
const MOST_TERMS = 2_000;

async function furtherItems(asker: Asker, name: string, size: number): Promise<readonly JsonObject[]> {
  const items: JsonObject[] = [];
  for (let offset = size; offset < MOST_TERMS; offset += size) {
    const query = { limit: String(size), offset: String(offset), fields: '*' };
    const answer = await asker.ask(endpointUrl(asker.baseUrl, name), query);
    if (answer === null || 'refused' in answer) break;
    items.push(...answer.items);
    if (answer.items.length < size) break;
  }
  return items;
}

/** Each word as it is, and in the plural, with hyphens and without. */
function endpointNames(words: readonly string[]): readonly string[] {
  const plural = (word: string) =>
    word.endsWith('y') ? `${word.slice(0, -1)}ies` : word.endsWith('s') ? word : `${word}s`;
  const names = words
    .flatMap((word) => [word, plural(word)])
    .flatMap((name) => [name, name.replaceAll('_', '-'), name.replaceAll('_', '')]);
  return [...new Set(names)].filter(
    (name) => /^[\w-]+$/.test(name) && !['pages', 'images', 'documents'].includes(name),
  );
}

/** A page as in an export: keys instead of relations, an address instead of a rendition. */
function asExported(
  page: JsonObject,
  nameOf: ReadonlyMap<string, string>,
  endpoints: readonly FoundEndpoint[],
): JsonObject {
  const keyOf = (value: Json): Json => {
    const model = modelOf(value);
    if (model === null || !isRecord(value)) return value;
    const terms = endpoints.find((one) => one.model === model)?.terms;
    const term = terms?.find(({ id }) => id === value['id']);
    return term?.key ?? `${nameOf.get(model) ?? model}:${String(value['id'])}`;
  };
  const members = Object.entries(page).flatMap(([name, value]): [string, Json][] => {
    const url = isRecord(value) ? (value['full_url'] ?? value['url']) : undefined;
    const field = name.replace(/_rendition$/, '');
    if (typeof url === 'string') return [[field, { url }]];
    if (field !== name) return [[field, value as Json]];
    // An image without a rendition has no address that a storefront could show.
    if (isRecord(value) && modelOf(value) === null && isRecord(value['meta'])) return [];
    return [[name, Array.isArray(value) ? value.map((one) => keyOf(one as Json)) : keyOf(value as Json)]];
  });
  return Object.fromEntries(members);
}
