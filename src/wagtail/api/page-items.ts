import type { Contract } from '../../contract/contract.ts';
import { sourceFields } from '../../contract/contract.ts';
import type { Offering } from '../../core/desired-state.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';
import { isRecord } from '../../core/json/records.ts';
import { malformed } from '../../core/json/untrusted-json.ts';
import { draftTerm, offeringOf, sortedProblems } from '../offering-fields.ts';
import type { ApiOptions } from './options.ts';
import type { RequestedField } from './page-query.ts';
import { apiName } from './page-query.ts';

export interface Pages {
  readonly offerings: readonly Offering[];
  readonly problems: readonly Diagnostic[];
  /** page id → last_published_at, where the site shows it. */
  readonly stamps: Readonly<Record<string, string>>;
  /** Taxonomy → keys that pages use. */
  readonly used: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The listing's items as offerings: without aliases and other locales (docs/wagtail.md#locales-and-aliases), draft terms dropped and told.
 * `liveKeys`: taxonomy → keys of its live terms; a used key that is not among them is a draft (#draft-terms).
 * Throws document_malformed with the first few places (`page 12.roles[1]: …`).
 */
export function pagesOf(
  items: readonly JsonObject[],
  asked: readonly RequestedField[],
  liveKeys: ReadonlyMap<string, ReadonlySet<string> | null>,
  options: ApiOptions,
  contract: Contract,
): Pages {
  const reading = { shapes: sourceFields(contract), mediaBaseUrl: options.mediaBaseUrl };
  const faults: string[] = [];
  const problems: Diagnostic[] = [];
  const used = new Map<string, Set<string>>();
  const kept = items.filter((item) => isOwn(item, options.locale));
  const offerings = kept.map((item) => {
    const page = plainPage(item, asked, options, faults);
    for (const { source, taxonomy } of asked) {
      if (taxonomy === null) continue;
      const live = liveKeys.get(taxonomy) ?? null;
      const keys = [page[source] ?? []].flat().filter((key) => typeof key === 'string');
      const known = used.get(taxonomy) ?? new Set();
      for (const key of keys) known.add(key);
      used.set(taxonomy, known);
      const drafts = live === null ? [] : keys.filter((key) => !live.has(key));
      if (drafts.length === 0) continue;
      page[source] = without(page[source] as Json, drafts);
      for (const key of drafts) {
        problems.push(
          draftTerm(taxonomy, key, { page_id: item['id'] as number, title: String(page['title']) }),
        );
      }
    }
    return offeringOf(page, `page ${item['id']}`, reading, faults);
  });
  if (faults.length > 0) {
    throw malformed(
      'The answer of API v2',
      faults,
      'Check which field of the site is which in the config (fields, renditionField, taxonomies).',
    );
  }
  return { offerings, problems: sortedProblems(problems), stamps: stampsOf(kept), used };
}

function isOwn(item: JsonObject, locale: string): boolean {
  const isAlias = (metaOf(item, 'alias_of') ?? null) !== null;
  const said = metaOf(item, 'locale');
  return !isAlias && (typeof said !== 'string' || said === locale);
}

const metaOf = (item: JsonObject, name: string): Json | undefined =>
  (item['meta'] as JsonObject | undefined)?.[name] ?? item[name];

const stampsOf = (items: readonly JsonObject[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    items.flatMap((item) => {
      const at = metaOf(item, 'last_published_at');
      return typeof at === 'string' ? [[String(item['id']), at]] : [];
    }),
  );

const without = (value: Json, keys: readonly string[]): Json =>
  Array.isArray(value) ? value.filter((key) => !keys.includes(key as string)) : null;

/** In the export's shape, by the contract's names. */
function plainPage(
  item: JsonObject,
  asked: readonly RequestedField[],
  options: ApiOptions,
  faults: string[],
): Record<string, Json> {
  const page: Record<string, Json> = { page_id: item['id'] as number };
  if (typeof item['title'] === 'string') page['title'] = item['title'];
  else faults.push(`page ${item['id']}.title: must be a string`);
  for (const name of ['saleor_product_id', 'saleor_product_slug']) {
    const value = item[apiName(options, name) ?? ''];
    if (value !== undefined && value !== null && typeof value !== 'string')
      faults.push(`page ${item['id']}.${name}: must be a string or null`);
    page[name] = value ?? null;
  }
  for (const { source, api, key } of asked) {
    const value = api === null ? null : item[api];
    if (value === undefined) faults.push(`page ${item['id']}.${source}: the answer lacks ${api}`);
    else page[source] = key === null ? imageOr(value) : keysOf(value, key);
  }
  return page;
}

/** {key} → key; anything else stays and is found wrong later. */
function keysOf(value: Json, key: string): Json {
  if (Array.isArray(value)) return value.map((each: Json) => keysOf(each, key));
  return typeof value === 'object' && value !== null ? ((value as JsonObject)[key] ?? null) : value;
}

/** Of a rendition the absolute URL, if it has one (docs/wagtail.md#renditions). */
function imageOr(value: Json): Json {
  if (!isRecord(value)) return value;
  const { full_url: full } = value as JsonObject;
  return typeof full === 'string' ? { url: full } : value;
}
