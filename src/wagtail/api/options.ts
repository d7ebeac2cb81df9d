import type { Term } from '../../core/desired-state.ts';

/** How to query a site's API v2. None of it can be discovered (docs/wagtail.md#what-must-be-configured). */
export interface ApiOptions {
  /** e.g. https://cms.example.com/api/v2/ */
  readonly baseUrl: string;
  /** e.g. catalog.OfferingPage; several with commas, where the site's API has the router of wagtail-sailplan. */
  readonly pageType: string;
  /** The locale that is read; translated terms of others become translations. */
  readonly locale: string;
  /** host[:port] of the Wagtail site, where one installation has several. */
  readonly site?: string | undefined;
  /** `Authorization: Token …`, and what a proxy in front of the site needs; empty: anonymous. */
  readonly headers: Readonly<Record<string, string>>;
  /** By the contract's name; a missing taxonomy has an endpoint with its own name. */
  readonly taxonomies?: Readonly<Record<string, TaxonomyOptions>> | undefined;
  /** Contract's source field → the API's field; null: not mapped. The field counts as empty (an empty set, false, or no value); to leave the values of the shop alone, remove its rule from the contract. */
  readonly fields?: Readonly<Record<string, string | null>> | undefined;
  /** The API's field with the image's rendition (`ImageRenditionField`), for image sources that `fields` does not name. */
  readonly renditionField?: string | undefined;
  readonly mediaBaseUrl?: string | undefined;
  /** Items of the first request (100); lowered to the site's maximum, raised (to 500) where the site has none. */
  readonly limit?: number | undefined;
  /** Most reads until two in a row are equal (6). */
  readonly maxReads?: number | undefined;
  /** Wagtail 8's API v3, for taxonomies with a `snippet`; it needs its own token. */
  readonly v3?: { readonly baseUrl: string; readonly headers: Readonly<Record<string, string>> } | undefined;
}

export interface TaxonomyOptions {
  /** Name of the v2 endpoint. */
  readonly endpoint?: string | undefined;
  /** Snippet model for API v3, e.g. catalog.Badge, where v2 has no endpoint. */
  readonly snippet?: string | undefined;
  /** A closed list: nothing is requested. */
  readonly terms?: readonly Term[] | undefined;
  /** Whether pages contain its keys as plain text and not as terms (closed lists: true). */
  readonly isPlain?: boolean | undefined;
  /** The API's names of a term's key and label. */
  readonly key?: string | undefined;
  readonly label?: string | undefined;
}

export const DEFAULT_LIMIT = 100;
export const DEFAULT_MAX_READS = 6;
