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
  /** How the taxonomies are asked, for the config; only those that are not as their name says. */
  readonly taxonomies: Readonly<Record<string, TaxonomyOptions>>;
}

/** Pages that are looked at. */
const LOOKED_AT = 500;

/**
 * What the pages of a site show through API v2, whatever a contract says: each field with its values, and the terms of the
 * snippet models that they lead to. Throws a Failure when there is no API v2 at this address.
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
  const models = modelsIn(pages);
  const found = await findEndpoints(asker, models, limit);
  const nameOf = new Map([...found].map(([model, { name }]) => [model, name]));
  const terms = Object.fromEntries(
    [...found.values()].map(({ name, terms }) => [name, terms.map(({ key, label }) => ({ key, label }))]),
  );
  return {
    site: inventoryOf(
      pages.map((page) => asExported(page, nameOf, found)),
      terms,
    ),
    pageType,
    pageTypes,
    taxonomies: Object.fromEntries(
      [...found.values()].flatMap(({ name, key, label }) =>
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

/** Snippet model → the fields that lead to it. */
function modelsIn(pages: readonly JsonObject[]): ReadonlyMap<string, readonly string[]> {
  const models = new Map<string, Set<string>>();
  for (const page of pages)
    for (const [name, value] of Object.entries(page)) {
      if (isOwnMember(name)) continue;
      for (const one of [value].flat()) {
        const model = modelOf(one as Json);
        if (model !== null) models.set(model, (models.get(model) ?? new Set()).add(name));
      }
    }
  return new Map([...models].map(([model, fields]) => [model, [...fields]]));
}

interface FoundEndpoint {
  /** Of the endpoint, and of the taxonomy in the contract. */
  readonly name: string;
  /** The API's names of a term's key and label. */
  readonly key: string;
  readonly label: string;
  readonly terms: readonly (SiteTerm & { readonly id: Json | undefined })[];
}

const KEYS = ['key', 'slug', 'code', 'identifier'];
const LABELS = ['label', 'name', 'title'];

/** The endpoint of each model, under the names that sites give them: of the field, or of the model in the plural. */
async function findEndpoints(
  asker: Asker,
  models: ReadonlyMap<string, readonly string[]>,
  size: number,
): Promise<ReadonlyMap<string, FoundEndpoint>> {
  const found = new Map<string, FoundEndpoint>();
  for (const [model, fields] of models)
    for (const name of endpointNames(model, fields)) {
      const answer = await asker.ask(endpointUrl(asker.baseUrl, name), { limit: String(size), fields: '*' });
      if (answer === null || 'refused' in answer || answer.items.length === 0) continue;
      const [item] = answer.items;
      if (modelOf(item) !== null && modelOf(item) !== model) continue;
      const member = (names: readonly string[]) => names.find((one) => typeof item?.[one] === 'string');
      const [key, label] = [member(KEYS), member(LABELS)];
      if (key === undefined || label === undefined) continue;
      const terms = answer.items.map((one) => ({
        id: one['id'],
        key: String(one[key]),
        label: String(one[label]),
      }));
      found.set(model, { name, key, label, terms });
      break;
    }
  return found;
}

function endpointNames(model: string, fields: readonly string[]): readonly string[] {
  const word = (model.split('.').at(-1) ?? '').replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  const plural = word.endsWith('y')
    ? `${word.slice(0, -1)}ies`
    : word.endsWith('s')
      ? `${word}es`
      : `${word}s`;
  const names = [...fields, plural, word].flatMap((name) => [
    name,
    name.replaceAll('_', '-'),
    name.replaceAll('_', ''),
  ]);
  return [...new Set(names)].filter((name) => /^[\w-]+$/.test(name) && name !== 'pages');
}

/** A page as an export has it: keys in place of relations, an address in place of a rendition. */
function asExported(
  page: JsonObject,
  nameOf: ReadonlyMap<string, string>,
  endpoints: ReadonlyMap<string, FoundEndpoint>,
): JsonObject {
  const keyOf = (value: Json): Json => {
    const model = modelOf(value);
    if (model === null || !isRecord(value)) return value;
    const term = endpoints.get(model)?.terms.find(({ id }) => id === value['id']);
    return term?.key ?? `${nameOf.get(model) ?? model}:${String(value['id'])}`;
  };
  const members = Object.entries(page).flatMap(([name, value]): [string, Json][] => {
    if (isRecord(value) && typeof (value['full_url'] ?? value['url']) === 'string')
      return [[name.replace(/_rendition$/, ''), { url: (value['full_url'] ?? value['url']) as string }]];
    // An image without a rendition has no address that a storefront could show.
    if (isRecord(value) && modelOf(value) === null && isRecord(value['meta'])) return [];
    return [[name, Array.isArray(value) ? value.map((one) => keyOf(one as Json)) : keyOf(value as Json)]];
  });
  return Object.fromEntries(members);
}
