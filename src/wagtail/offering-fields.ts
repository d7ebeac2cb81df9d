import type { Contract, FieldShape } from '../contract/contract.ts';
import { isAmount } from '../contract/estimate-label.ts';
import type { Image, Offering, SourceValue } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Json, JsonObject } from '../core/json/json-value.ts';
import { byCodeUnit } from '../core/json/records.ts';
import { ref } from '../core/resource-ref.ts';

/** How the fields of pages are read, from an export or from API v2. */
export interface PageReading {
  /** Fields of the contract with the shape of each (`sourceFields`). */
  readonly shapes: ReadonlyMap<string, FieldShape>;
  /** Base of relative image URLs. */
  readonly mediaBaseUrl: string | undefined;
  /** Term keys seen so far, and small sets of them: a large catalogue has each once in memory instead of a thousand times. */
  readonly interned?: Map<string, string | readonly string[]>;
}

/** The offering of a page that the schema accepted. Adds what is wrong with its fields to `faults`, each with its place. */
export function offeringOf(
  page: JsonObject,
  place: string,
  reading: PageReading,
  faults: string[],
): Offering {
  const fields: Record<string, SourceValue> = {};
  for (const [name, shape] of reading.shapes) {
    if (!Object.hasOwn(page, name)) continue;
    const value = readValue(page[name] as Json, shape, reading);
    if ('fault' in value) faults.push(`${place}.${name}${value.fault}`);
    else fields[name] = value.value;
  }
  return {
    fields,
    page_id: page['page_id'] as number,
    saleor_product_id: textOrNull(page['saleor_product_id']),
    saleor_product_slug: textOrNull(page['saleor_product_slug']),
    title: page['title'] as string,
  };
}

const textOrNull = (value: Json | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

type FieldResult = { readonly value: SourceValue } | { readonly fault: string };

function readValue(value: Json, shape: FieldShape, reading: PageReading): FieldResult {
  switch (shape) {
    case 'boolean':
      return typeof value === 'boolean' ? { value } : { fault: ': must be true or false' };
    case 'text':
      return value === null || typeof value === 'string'
        ? { value }
        : { fault: ': must be a string or null' };
    case 'term':
      return value === null || typeof value === 'string'
        ? { value: value === null ? null : internKey(value, reading) }
        : { fault: ': must be the key of a term, or null' };
    case 'number':
      return value === null || isAmount(value)
        ? { value }
        : { fault: ': must be a whole number, a decimal in a string ("15.50"), or null' };
    case 'terms':
      return termsOf(value, reading);
    case 'image':
      return imageOf(value, reading.mediaBaseUrl);
  }
}

/** The order in a set has no meaning (docs/wagtail.md#empty-values-and-types), and a duplicate is harmless. */
function termsOf(value: Json, reading: PageReading): FieldResult {
  if (!Array.isArray(value)) return { fault: ': must be a list of keys' };
  const wrong = value.findIndex((key) => typeof key !== 'string');
  if (wrong >= 0) return { fault: `[${wrong}]: must be a string` };
  const keys = isSortedSet(value as string[])
    ? (value as string[])
    : [...new Set(value as string[])].sort(byCodeUnit);
  return { value: reading.interned === undefined ? keys : internSet(keys, reading.interned, reading) };
}

/** Whether the keys are sorted already, without duplicates. */
function isSortedSet(keys: readonly string[]): boolean {
  for (let at = 1; at < keys.length; at += 1)
    if ((keys[at - 1] as string) >= (keys[at] as string)) return false;
  return true;
}

function internKey(key: string, { interned }: PageReading): string {
  const known = interned?.get(key);
  if (typeof known === 'string') return known;
  interned?.set(key, key);
  return key;
}

/** Members. Larger sets are nearly all different, so interning them saves nothing. */
const MAX_INTERNED = 2;

function internSet(
  keys: readonly string[],
  interned: NonNullable<PageReading['interned']>,
  reading: PageReading,
) {
  const own = keys.map((key) => internKey(key, reading));
  if (own.length > MAX_INTERNED) return own;
  // Keys of terms contain no NUL, which the reader refuses.
  const name = `\0${own.join('\0')}`;
  const known = interned.get(name);
  if (typeof known === 'object') return known;
  interned.set(name, own);
  return own;
}

function imageOf(value: Json, mediaBaseUrl: string | undefined): FieldResult {
  if (value === null) return { value };
  if (typeof value !== 'object' || Array.isArray(value)) return { fault: ': must be null, {url} or {error}' };
  const { url, error } = value as JsonObject;
  if (typeof error === 'string') return { value: { error } };
  if (typeof url !== 'string') return { fault: ': must have a url or an error' };
  return { value: absoluteImage(url, mediaBaseUrl) };
}

/** An absolute URL, which a storefront needs; Wagtail gives a relative one without WAGTAILADMIN_BASE_URL (docs/wagtail.md#renditions). */
function absoluteImage(url: string, mediaBaseUrl: string | undefined): Image {
  if (/^https?:\/\//i.test(url)) return URL.canParse(url) ? { url } : { error: 'not_a_url' };
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
