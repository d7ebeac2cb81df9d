import type { Contract, FieldShape } from '../contract/contract.ts';
import { isAmount } from '../contract/estimate-label.ts';
import type { Image, Offering, SourceValue } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { temporaryAddressFault } from '../core/image-address.ts';
import type { Interner } from '../core/json/interner.ts';
import type { Json, JsonObject } from '../core/json/json-value.ts';
import { byCodeUnit, isRecord } from '../core/json/records.ts';
import { isUnsafeText } from '../core/json/untrusted-json.ts';
import { normalizeProductId } from '../core/product-id.ts';
import { ref } from '../core/resource-ref.ts';
import { isBlank, trimBlanks, visible } from '../core/text/invisible-characters.ts';

/** How the fields of pages are read, from an export or from API v2. */
export interface PageReading {
  /** Fields of the contract with the shape of each (`sourceFields`). */
  readonly shapes: ReadonlyMap<string, FieldShape>;
  /** Base of relative image URLs. */
  readonly mediaBaseUrl: string | undefined;
  /** Term keys seen so far, and small sets of them: a large catalogue has each once in memory instead of a thousand times. */
  readonly interned?: Interner;
}

/** The least that a page must have: without an id nothing can be said about it. */
export const isPage = (page: unknown): page is JsonObject & { readonly page_id: number } =>
  isRecord(page) && Number.isSafeInteger(page['page_id']) && (page['page_id'] as number) > 0;

/**
 * The offering of a page. A field of the wrong type becomes `{error}`, which skips this page and no other
 * (docs/wagtail.md#one-bad-page-costs-one-page).
 */
export function offeringOf(page: JsonObject, reading: PageReading): Offering {
  const fields = fieldsFor(page, reading.shapes);
  for (const [name, shape] of reading.shapes) {
    if (!Object.hasOwn(page, name)) continue;
    const value = readValue(page[name] as Json, shape, reading);
    fields[name] = 'fault' in value ? malformedField(page[name], value) : value.value;
  }
  for (const [name, fault] of commonFaults(page))
    if (!Object.hasOwn(fields, name)) fields[name] = malformedField(page[name], { fault });
  return {
    fields,
    page_id: page['page_id'] as number,
    saleor_product_id: textOrNull(page['saleor_product_id'], normalizeProductId),
    saleor_product_slug: textOrNull(page['saleor_product_slug'], trimBlanks),
    title: pageTitleOf(page),
  };
}

const blanks = new WeakMap<PageReading['shapes'], Readonly<Record<string, null>>>();

/**
 * A record for the fields of a page that has all of them, as nearly every page does: a copy of one with all members. One that
 * is filled name by name becomes a hash table beyond a dozen members, of four times the size.
 */
function fieldsFor(page: JsonObject, shapes: PageReading['shapes']): Record<string, SourceValue> {
  for (const name of shapes.keys()) if (!Object.hasOwn(page, name)) return {};
  const blank = blanks.get(shapes) ?? Object.fromEntries([...shapes.keys()].map((name) => [name, null]));
  blanks.set(shapes, blank);
  return { ...blank };
}

/** A page's title; '' if it is not text. */
export function pageTitleOf({ title }: JsonObject): string {
  if (typeof title !== 'string') return '';
  return isUnsafeText(title) ? visible(title) : title;
}

const isTextOrNull = (value: Json | undefined): boolean =>
  value === undefined || value === null || typeof value === 'string';

/** The fields that every page has beside those of the contract, where they have the wrong type. */
function commonFaults(page: JsonObject): readonly (readonly [name: string, fault: string])[] {
  const found: [string, string][] = [];
  for (const name of ['title', 'locale'])
    if (typeof page[name] !== 'string') found.push([name, 'must be a string']);
  for (const name of ['saleor_product_id', 'saleor_product_slug']) {
    const value = page[name];
    if (!isTextOrNull(value)) found.push([name, 'must be a string or null']);
    else if (typeof value === 'string' && isUnsafeText(value)) found.push([name, UNSAFE]);
  }
  const alias = page['alias_of'] ?? null;
  if (alias !== null && !Number.isSafeInteger(alias)) found.push(['alias_of', 'must be a page id or null']);
  if (draftKeysOf(page) === null) found.push(['draft_terms', 'must be a list of keys for each field']);
  return found;
}

/** Field → keys of terms that were never published; null: it has another shape. */
export function draftKeysOf(page: JsonObject): Readonly<Record<string, readonly string[]>> | null {
  const drafts = page['draft_terms'] ?? {};
  const isListOfKeys = (keys: unknown) =>
    Array.isArray(keys) && keys.every((key) => typeof key === 'string' && !isUnsafeText(key));
  return isRecord(drafts) && Object.values(drafts).every(isListOfKeys)
    ? (drafts as Readonly<Record<string, readonly string[]>>)
    : null;
}

/** Characters of a wrong value that are shown. */
const MAX_SHOWN = 60;

function malformedField(found: Json | undefined, { fault, member = '' }: FieldFault): { error: string } {
  const text = found === undefined ? 'missing' : JSON.stringify(found);
  const shown = visible(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
  return { error: `is ${shown}; ${member === '' ? 'it' : `member ${member}`} ${fault}` };
}

const textOrNull = (value: Json | undefined, clean: (text: string) => string): string | null =>
  typeof value === 'string' && !isUnsafeText(value) ? clean(value) || null : null;

interface FieldFault {
  readonly fault: string;
  /** Place of the wrong member of a list. */
  readonly member?: string;
}

type FieldResult = { readonly value: SourceValue } | FieldFault;

const UNSAFE = 'must not contain a NUL or a lone surrogate, which Saleor cannot store';

function readValue(value: Json, shape: FieldShape, reading: PageReading): FieldResult {
  if (typeof value === 'string' && isUnsafeText(value)) return { fault: UNSAFE };
  switch (shape) {
    case 'boolean':
      // null: a BooleanField(null=True) that nobody set, which `derive` reports.
      return typeof value === 'boolean' || value === null ? { value } : { fault: 'must be true or false' };
    case 'text':
      return value === null || typeof value === 'string' ? { value } : { fault: 'must be a string or null' };
    case 'term':
      return value === null || typeof value === 'string'
        ? { value: value === null || isBlank(value) ? null : (reading.interned?.text(value) ?? value) }
        : { fault: 'must be the key of a term, or null' };
    case 'number':
      if (typeof value === 'string' && isBlank(value)) return { value: null };
      return value === null || isAmount(value)
        ? { value }
        : { fault: 'must be a whole number, a decimal in a string ("15.50"), or null' };
    case 'terms':
      return termsOf(value, reading);
    case 'image':
      return { value: imageOf(value, reading.mediaBaseUrl) };
  }
}

/** The order in a set has no meaning (docs/wagtail.md#empty-values-and-types), and a duplicate is harmless. */
function termsOf(value: Json, reading: PageReading): FieldResult {
  if (!Array.isArray(value)) return { fault: 'must be a list of keys' };
  const wrong = value.findIndex((key) => typeof key !== 'string' || isUnsafeText(key));
  if (wrong >= 0) return { fault: 'must be the key of a term', member: `[${wrong}]` };
  const keys = isSortedSet(value as string[])
    ? (value as string[])
    : [...new Set(value as string[])].sort(byCodeUnit);
  return { value: reading.interned?.list(keys) ?? keys };
}

/** Whether the keys are sorted already, without duplicates. */
function isSortedSet(keys: readonly string[]): boolean {
  for (let at = 1; at < keys.length; at += 1)
    if ((keys[at - 1] as string) >= (keys[at] as string)) return false;
  return true;
}

/** An image that cannot be used is `{error}`: its metadata key stays as it is, and the page is compared. */
function imageOf(value: Json, mediaBaseUrl: string | undefined): Image | null {
  if (value === null) return value;
  if (!isRecord(value)) return { error: 'it must be null, {url} or {error}' };
  const { url, error } = value;
  if (typeof error === 'string') return { error: visible(error) };
  if (typeof url !== 'string') return { error: 'it must have a url or an error' };
  if (isBlank(url)) return null;
  const image = absoluteImage(trimBlanks(url), mediaBaseUrl);
  if ('error' in image) return image;
  const fault = temporaryAddressFault(image.url);
  return fault === null ? image : { error: fault };
}

/**
 * An absolute URL, which a storefront needs; Wagtail returns a relative one without WAGTAILADMIN_BASE_URL
 * (docs/wagtail.md#renditions).
 */
function absoluteImage(url: string, mediaBaseUrl: string | undefined): Image {
  if (/^https?:\/\//i.test(url))
    return URL.canParse(url) && !isUnsafeText(url) ? { url } : { error: 'not_a_url' };
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) return { error: 'not_http' };
  if (mediaBaseUrl === undefined || !URL.canParse(url, mediaBaseUrl)) return { error: 'relative' };
  return { url: new URL(url, mediaBaseUrl).href };
}

/** Source field → the taxonomy of its keys. */
export function taxonomyOfField(contract: Contract): ReadonlyMap<string, string> {
  const named = [...contract.attributes, ...contract.metadata].flatMap(
    ({ source, taxonomy }): [string, string][] => (taxonomy === undefined ? [] : [[source, taxonomy]]),
  );
  return new Map(named.reverse());
}

/** The problem of a page that uses a term that was never published; its key is in no set. */
export function draftTerm(
  taxonomy: string,
  key: string,
  page: Pick<Offering, 'page_id' | 'title'>,
): Diagnostic {
  return {
    severity: 'warning',
    code: 'term_draft',
    ref: ref.taxonomy(taxonomy),
    data: { key, page_id: page.page_id, title: page.title },
  };
}

/** Sorted by page, taxonomy and key, without duplicates: two fields of a page may name the same term. */
export function sortedProblems(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const rank = ({ ref, data }: Diagnostic) =>
    `${String(data['page_id'] ?? '').padStart(16, '0')} ${ref} ${String(data['key'] ?? '')}`;
  const once = new Map(problems.map((problem) => [rank(problem), problem]));
  return [...once.entries()].sort(([a], [b]) => byCodeUnit(a, b)).map(([, problem]) => problem);
}
