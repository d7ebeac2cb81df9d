import type { Contract } from '../../contract/contract.ts';
import { sourceFields } from '../../contract/contract.ts';
import type { Offering } from '../../core/desired-state.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';
import { isRecord } from '../../core/json/records.ts';
import { isUnsafeText, malformed } from '../../core/json/untrusted-json.ts';
import { languageTag } from '../../core/language-tag.ts';
import { draftTerm, sortedProblems } from '../draft-terms.ts';
import { isPage, offeringOf, pageTitleOf } from '../offering-fields.ts';
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

/** Taxonomy → keys of its live terms; null: no list shows which terms are live. */
type LiveKeys = ReadonlyMap<string, ReadonlySet<string> | null>;

/** What is read of each page, and how. */
export interface PageRequest {
  readonly options: ApiOptions;
  readonly contract: Contract;
  readonly fields: readonly RequestedField[];
}

/**
 * The items of the listing as offerings, without aliases and other locales (docs/wagtail.md#locales-and-aliases). A used key
 * that is not live is a draft term (docs/wagtail.md#draft-terms): it is dropped, with a problem. Throws a Failure
 * (source_incomplete) if no page has a requested field.
 */
export function pagesOf(items: readonly JsonObject[], liveKeys: LiveKeys, request: PageRequest): Pages {
  const { options, contract, fields } = request;
  const reading = { shapes: sourceFields(contract), mediaBaseUrl: options.mediaBaseUrl };
  const problems: Diagnostic[] = [];
  const used = new Map<string, Set<string>>();
  const own = items.filter((item) => isOwn(item, options.locale));
  assertFieldsShown(own, fields);
  const offerings = own.map((item) => {
    const page = plainPage(item, request);
    for (const [taxonomy, keys] of termKeysIn(page, fields)) {
      const known = used.get(taxonomy) ?? new Set();
      for (const key of keys) known.add(key);
      used.set(taxonomy, known);
    }
    problems.push(...dropDrafts(page, fields, liveKeys));
    return offeringOf(page, reading);
  });
  return { offerings, problems: sortedProblems(problems), stamps: stampsOf(own), used };
}

type PlainPage = Record<string, Json>;

/** The keys of terms that a page uses, by taxonomy; a taxonomy of several fields comes several times. */
const termKeysIn = (page: PlainPage, fields: readonly RequestedField[]) =>
  fields.flatMap(({ source, taxonomy }): [string, readonly string[]][] =>
    taxonomy === null ? [] : [[taxonomy, keysIn(page[source])]],
  );

const keysIn = (value: Json | undefined): readonly string[] =>
  [value ?? []].flat().filter((key): key is string => typeof key === 'string');

/** Removes the keys of draft terms from a page; returns a problem for each. */
function dropDrafts(
  page: PlainPage,
  fields: readonly RequestedField[],
  liveKeys: LiveKeys,
): readonly Diagnostic[] {
  return fields.flatMap(({ source, taxonomy }) => {
    const live = taxonomy === null ? null : (liveKeys.get(taxonomy) ?? null);
    const value = page[source];
    const drafts = live === null ? [] : keysIn(value).filter((key) => !live.has(key));
    if (taxonomy === null || value === undefined || drafts.length === 0) return [];
    page[source] = Array.isArray(value) ? value.filter((key) => !drafts.includes(key as string)) : null;
    const named = { page_id: page['page_id'] as number, title: pageTitleOf(page) };
    return drafts.map((key) => draftTerm(taxonomy, key, named));
  });
}

function isOwn(item: JsonObject, locale: string): boolean {
  const isAlias = (metaOf(item, 'alias_of') ?? null) !== null;
  const itemLocale = metaOf(item, 'locale');
  return !isAlias && (typeof itemLocale !== 'string' || languageTag(itemLocale) === languageTag(locale));
}

const metaOf = (item: JsonObject, name: string): Json | undefined =>
  (item['meta'] as JsonObject | undefined)?.[name] ?? item[name];

const stampsOf = (items: readonly JsonObject[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    items.flatMap((item) => {
      const at = metaOf(item, 'last_published_at');
      return typeof at === 'string' && !isUnsafeText(at) ? [[String(item['id']), at]] : [];
    }),
  );

/** If one page lacks a field, that page is skipped; if all lack it, its name in the config is wrong. Every page needs an id. */
function assertFieldsShown(items: readonly JsonObject[], fields: readonly RequestedField[]): void {
  const withoutId = items.filter(({ id }) => !isPage({ page_id: id ?? null }));
  const idFaults = withoutId.map(({ id }) => `page ${String(id)}.id: must be a whole number`);
  const lacking = fields.flatMap(({ api, source }) =>
    api !== null && items.length > 0 && items.every((item) => item[api] === undefined)
      ? [`${source}: the answer lacks ${api}`]
      : [],
  );
  if (idFaults.length + lacking.length > 0) {
    throw malformed(
      'The answer of API v2',
      [...idFaults, ...lacking],
      'Correct the field names in wagtail of the config (fields, rendition_field, taxonomies).',
    );
  }
}

/** A page in the shape of an export, by the contract's names; `offeringOf` judges what is in it. */
function plainPage(item: JsonObject, { options, fields }: PageRequest): PlainPage {
  const page: PlainPage = {
    page_id: item['id'] as number,
    locale: options.locale,
    title: item['title'] ?? null,
  };
  for (const name of ['saleor_product_id', 'saleor_product_slug'])
    page[name] = item[apiName(options, name) ?? ''] ?? null;
  for (const { source, api, key, empty } of fields) {
    const value = api === null ? empty : item[api];
    if (value !== undefined) page[source] = key === null ? imageOr(value) : keysOf(value, key);
  }
  return page;
}

/** {key} → key; any other value stays, and offeringOf reports it. */
function keysOf(value: Json, key: string): Json {
  if (Array.isArray(value)) return value.map((each: Json) => keysOf(each, key));
  return typeof value === 'object' && value !== null ? ((value as JsonObject)[key] ?? null) : value;
}

/** The absolute URL of a rendition, where it has one (docs/wagtail.md#renditions). */
function imageOr(value: Json): Json {
  if (!isRecord(value)) return value;
  const { full_url: full } = value as JsonObject;
  return typeof full === 'string' ? { url: full } : value;
}
