import type { FieldShape } from '../contract/contract.ts';
import { isAmount } from '../contract/estimate-label.ts';
import type { Image, Offering, SourceValue } from '../core/desired-state.ts';
import { temporaryAddressFault } from '../core/image-address.ts';
import type { Interner } from '../core/json/interner.ts';
import type { Json, JsonObject } from '../core/json/json-value.ts';
import { byCodeUnit, isRecord, own } from '../core/json/records.ts';
import { isUnsafeText } from '../core/json/untrusted-json.ts';
import { normalizeProductId } from '../core/product-id.ts';
import { isBlank, trimBlanks, visible } from '../core/text/invisible-characters.ts';
import { draftKeysOf } from './draft-terms.ts';

/** How the fields of pages are read, from an export or from API v2. */
export interface PageReading {
  /** Fields of the contract with the shape of each (`sourceFields`). */
  readonly shapes: ReadonlyMap<string, FieldShape>;
  /** Base of relative image URLs. */
  readonly mediaBaseUrl: string | undefined;
  /** Term keys seen so far, and small sets of them: a large catalogue has each once in memory instead of a thousand times. */
  readonly interned?: Interner;
  /** No text of these pages has a NUL or a lone surrogate, so none is searched for them. */
  readonly isSafe?: boolean;
}

/** The least that a page must have: without an id nothing can be said about it. */
export const isPage = (page: unknown): page is JsonObject & { readonly page_id: number } =>
  isRecord(page) && Number.isSafeInteger(page['page_id']) && (page['page_id'] as number) > 0;

/**
 * The offering of a page. A field of the wrong type becomes `{error}`, which skips this page and no other
 * (docs/wagtail.md#one-bad-page-costs-one-page).
 */
export function offeringOf(page: JsonObject, reading: PageReading): Offering {
  const { columns, blank } = layoutOf(reading.shapes);
  // A copy of a record with all members: one that is filled name by name becomes a hash table beyond a dozen members, of four
  // times the size. Nearly every page has all fields.
  const hasAll = columns.every((column) => fieldIn(page, column) !== undefined);
  const fields: Record<string, SourceValue> = hasAll ? { ...blank } : {};
  for (const column of columns) {
    const found = fieldIn(page, column);
    if (found === undefined) continue;
    const value = readValue(found, column.shape, reading);
    fields[column.name] = value instanceof FieldFault ? malformedField(found, value) : value;
  }
  for (const [name, fault] of commonFaults(page, reading))
    if (!Object.hasOwn(fields, name)) fields[name] = malformedField(page[name], new FieldFault(fault));
  return {
    fields,
    page_id: page['page_id'] as number,
    saleor_product_id: textOrNull(page['saleor_product_id'], normalizeProductId, reading),
    saleor_product_slug: textOrNull(page['saleor_product_slug'], trimBlanks, reading),
    title: pageTitleOf(page, reading),
  };
}

/** A field that the contract reads. */
interface Column {
  readonly name: string;
  readonly shape: FieldShape;
  /** Every object has a member with this name. */
  readonly isInherited: boolean;
}

interface Layout {
  readonly columns: readonly Column[];
  /** A record with all fields. */
  readonly blank: Readonly<Record<string, null>>;
}

const layouts = new WeakMap<PageReading['shapes'], Layout>();

function layoutOf(shapes: PageReading['shapes']): Layout {
  const known = layouts.get(shapes);
  if (known !== undefined) return known;
  const columns = [...shapes].map(([name, shape]) => ({ name, shape, isInherited: name in {} }));
  const layout = { columns, blank: Object.fromEntries(columns.map(({ name }) => [name, null])) };
  layouts.set(shapes, layout);
  return layout;
}

/** A field of a page; undefined: the page does not have it. Tests own members only where it must: that takes time. */
const fieldIn = (page: JsonObject, { name, isInherited }: Column): Json | undefined =>
  isInherited ? own(page, name) : page[name];

/** A page's title; '' if it is not text. */
export function pageTitleOf({ title }: JsonObject, reading?: Pick<PageReading, 'isSafe'>): string {
  if (typeof title !== 'string') return '';
  return isUnsafeIn(title, reading) ? visible(title) : title;
}

const isUnsafeIn = (text: string, reading: Pick<PageReading, 'isSafe'> | undefined): boolean =>
  reading?.isSafe !== true && isUnsafeText(text);

const isTextOrNull = (value: Json | undefined): boolean =>
  value === undefined || value === null || typeof value === 'string';

/** The fields that every page has beside those of the contract, where they have the wrong type. */
function commonFaults(
  page: JsonObject,
  reading: PageReading,
): readonly (readonly [name: string, fault: string])[] {
  const found: [string, string][] = [];
  for (const name of ['title', 'locale'])
    if (typeof page[name] !== 'string') found.push([name, 'must be a string']);
  for (const name of ['saleor_product_id', 'saleor_product_slug']) {
    const value = page[name];
    if (!isTextOrNull(value)) found.push([name, 'must be a string or null']);
    else if (typeof value === 'string' && isUnsafeIn(value, reading)) found.push([name, UNSAFE]);
  }
  const alias = page['alias_of'] ?? null;
  if (alias !== null && !Number.isSafeInteger(alias)) found.push(['alias_of', 'must be a page id or null']);
  if (draftKeysOf(page) === null) found.push(['draft_terms', 'must be a list of keys for each field']);
  return found;
}

/** Characters of a wrong value that are shown. */
const MAX_SHOWN = 60;

function malformedField(found: Json | undefined, { fault, member }: FieldFault): { error: string } {
  const text = found === undefined ? 'missing' : JSON.stringify(found);
  const shown = visible(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
  return { error: `is ${shown}; ${member === '' ? 'it' : `member ${member}`} ${fault}` };
}

const textOrNull = (
  value: Json | undefined,
  clean: (text: string) => string,
  reading: PageReading,
): string | null => (typeof value === 'string' && !isUnsafeIn(value, reading) ? clean(value) || null : null);

class FieldFault {
  readonly fault: string;
  /** Place of the wrong member of a list. */
  readonly member: string;

  constructor(fault: string, member = '') {
    this.fault = fault;
    this.member = member;
  }
}

const UNSAFE = 'must not contain a NUL or a lone surrogate, which Saleor cannot store';

function readValue(value: Json, shape: FieldShape, reading: PageReading): SourceValue | FieldFault {
  if (typeof value === 'string' && isUnsafeIn(value, reading)) return new FieldFault(UNSAFE);
  switch (shape) {
    case 'boolean':
      // null: a BooleanField(null=True) that nobody set, which `derive` reports.
      return typeof value === 'boolean' || value === null ? value : new FieldFault('must be true or false');
    case 'text':
      return value === null || typeof value === 'string' ? value : new FieldFault('must be a string or null');
    case 'term':
      if (value !== null && typeof value !== 'string')
        return new FieldFault('must be the key of a term, or null');
      return value === null || isBlank(value) ? null : (reading.interned?.text(value) ?? value);
    case 'number':
      if (typeof value === 'string' && isBlank(value)) return null;
      return value === null || isAmount(value)
        ? value
        : new FieldFault('must be a whole number, a decimal in a string ("15.50"), or null');
    case 'terms':
      return termsOf(value, reading);
    case 'image':
      return imageOf(value, reading);
  }
}

/** The order in a set has no meaning (docs/wagtail.md#empty-values-and-types), and a duplicate is harmless. */
function termsOf(value: Json, reading: PageReading): SourceValue | FieldFault {
  if (!Array.isArray(value)) return new FieldFault('must be a list of keys');
  const wrong = value.findIndex((key) => typeof key !== 'string' || isUnsafeIn(key, reading));
  if (wrong >= 0) return new FieldFault('must be the key of a term', `[${wrong}]`);
  const keys = isSortedSet(value as string[])
    ? (value as string[])
    : [...new Set(value as string[])].sort(byCodeUnit);
  return reading.interned?.list(keys) ?? keys;
}

/** Whether the keys are sorted already, without duplicates. */
function isSortedSet(keys: readonly string[]): boolean {
  for (let at = 1; at < keys.length; at += 1)
    if ((keys[at - 1] as string) >= (keys[at] as string)) return false;
  return true;
}

/** An image that cannot be used is `{error}`: its metadata key stays as it is, and the page is compared. */
function imageOf(value: Json, reading: PageReading): Image | null {
  if (value === null) return value;
  if (!isRecord(value)) return { error: 'it must be null, {url} or {error}' };
  const { url, error } = value;
  if (typeof error === 'string') return { error: visible(error) };
  if (typeof url !== 'string') return { error: 'it must have a url or an error' };
  if (isBlank(url)) return null;
  const image = absoluteImage(trimBlanks(url), reading);
  if ('error' in image) return image;
  const fault = temporaryAddressFault(image.url);
  return fault === null ? image : { error: fault };
}

/**
 * An absolute URL, which a storefront needs; Wagtail returns a relative one without WAGTAILADMIN_BASE_URL
 * (docs/wagtail.md#renditions).
 */
function absoluteImage(url: string, reading: PageReading): Image {
  const { mediaBaseUrl } = reading;
  if (/^https?:\/\//i.test(url))
    return URL.canParse(url) && !isUnsafeIn(url, reading) ? { url } : { error: 'not_a_url' };
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) return { error: 'not_http' };
  if (mediaBaseUrl === undefined || !URL.canParse(url, mediaBaseUrl)) return { error: 'relative' };
  return { url: new URL(url, mediaBaseUrl).href };
}
