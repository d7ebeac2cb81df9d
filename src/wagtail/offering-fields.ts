import type { Contract, FieldShape } from '../contract/contract.ts';
import { isAmount } from '../contract/estimate-label.ts';
import type { Image, Offering, SourceValue } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Json, JsonObject } from '../core/json/json-value.ts';
import { byCodeUnit } from '../core/json/records.ts';
import { ref } from '../core/resource-ref.ts';

/** How pages are read, whatever they came from. */
export interface PageReading {
  /** Fields of the contract with what each must hold (`sourceFields`). */
  readonly shapes: ReadonlyMap<string, FieldShape>;
  /** What a relative image URL is resolved against. */
  readonly mediaBaseUrl: string | undefined;
  /** Keys of terms that were met, and small sets of them: a great catalogue has each once in memory, not a thousand times. */
  readonly met?: Map<string, string | readonly string[]>;
}

/** An offering, of a page whose envelope is right; what its fields have wrong is added to `faults`, each with its place. */
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

type Read = { readonly value: SourceValue } | { readonly fault: string };

function readValue(value: Json, shape: FieldShape, reading: PageReading): Read {
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

/** Order means nothing in a set (docs/wagtail.md#empty-values-and-types), and a double member is harmless. */
function termsOf(value: Json, reading: PageReading): Read {
  if (!Array.isArray(value)) return { fault: ': must be a list of keys' };
  const wrong = value.findIndex((key) => typeof key !== 'string');
  if (wrong >= 0) return { fault: `[${wrong}]: must be a string` };
  const keys = isSet(value as string[])
    ? (value as string[])
    : [...new Set(value as string[])].sort(byCodeUnit);
  return { value: reading.met === undefined ? keys : metSet(keys, reading.met, reading) };
}

/** Whether these are in order already, and each once. */
function isSet(keys: readonly string[]): boolean {
  for (let at = 1; at < keys.length; at += 1)
    if ((keys[at - 1] as string) >= (keys[at] as string)) return false;
  return true;
}

function internKey(key: string, { met }: PageReading): string {
  const known = met?.get(key);
  if (typeof known === 'string') return known;
  met?.set(key, key);
  return key;
}

/** Larger sets are nearly all different. */
const SMALL = 2;

function metSet(keys: readonly string[], met: NonNullable<PageReading['met']>, reading: PageReading) {
  const own = keys.map((key) => internKey(key, reading));
  if (own.length > SMALL) return own;
  // No key of a term has a NUL in it: the reader refuses that.
  const name = `\0${own.join('\0')}`;
  const known = met.get(name);
  if (typeof known === 'object') return known;
  met.set(name, own);
  return own;
}

function imageOf(value: Json, mediaBaseUrl: string | undefined): Read {
  if (value === null) return { value };
  if (typeof value !== 'object' || Array.isArray(value)) return { fault: ': must be null, {url} or {error}' };
  const { url, error } = value as JsonObject;
  if (typeof error === 'string') return { value: { error } };
  if (typeof url !== 'string') return { fault: ': must have a url or an error' };
  return { value: located(url, mediaBaseUrl) };
}

/** A storefront needs an absolute URL; Wagtail gives a relative one without WAGTAILADMIN_BASE_URL (docs/wagtail.md#renditions). */
function located(url: string, mediaBaseUrl: string | undefined): Image {
  if (/^https?:\/\//i.test(url)) return URL.canParse(url) ? { url } : { error: 'not_a_url' };
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) return { error: 'not_http' };
  if (mediaBaseUrl === undefined || !URL.canParse(url, mediaBaseUrl)) return { error: 'relative' };
  return { url: new URL(url, mediaBaseUrl).href };
}

/** Source field → the taxonomy that its keys are from. */
export function taxonomyOfField(contract: Contract): ReadonlyMap<string, string> {
  const named = [...contract.attributes, ...contract.metadata].flatMap(
    ({ source, taxonomy }): [string, string][] => (taxonomy === undefined ? [] : [[source, taxonomy]]),
  );
  return new Map(named.reverse());
}

/** A page uses a term that was never published: the key stands in no set, and this tells so. */
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

/** In the order of page, taxonomy and key, each once: two fields of a page may name the same term. */
export function sortedProblems(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const rank = ({ ref, data }: Diagnostic) =>
    `${String(data['page_id'] ?? '').padStart(16, '0')} ${ref} ${String(data['key'] ?? '')}`;
  const once = new Map(problems.map((problem) => [rank(problem), problem]));
  return [...once.entries()].sort(([a], [b]) => byCodeUnit(a, b)).map(([, problem]) => problem);
}
