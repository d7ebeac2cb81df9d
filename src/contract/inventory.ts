import type { FieldShape } from './contract.ts';

/** What both ends have, for a proposal or a check of a contract. */
export interface SiteInventory {
  /** Number of sampled pages. */
  readonly pages: number;
  readonly fields: readonly SiteField[];
  readonly taxonomies: Readonly<Record<string, readonly SiteTerm[]>>;
  /** The products that the pages name. */
  readonly products: { readonly ids: readonly string[]; readonly slugs: readonly string[] };
}

export interface SiteTerm {
  readonly key: string;
  readonly label: string;
}

/** One field of the offering pages. */
export interface SiteField {
  readonly name: string;
  /** unknown: every page leaves it empty, or no rule can read its values. */
  readonly shape: FieldShape | 'unknown';
  /** Pages on which it is not empty. */
  readonly filled: number;
  /** Of a term or terms: the taxonomy of its keys; null: no taxonomy has them. */
  readonly taxonomy: string | null;
  /** Whether all pages have different values. */
  readonly isUnique: boolean;
  /** Why the shape is unknown; else ''. */
  readonly note: string;
}

export interface ShopInventory {
  readonly name: string;
  readonly version: string;
  /** Of the token, as far as sailplan can need them. */
  readonly permissions: readonly string[];
  readonly attributes: readonly ShopAttribute[];
  readonly types: readonly ShopType[];
  /** Metadata key → how many of the sampled products have it. */
  readonly keys: Readonly<Record<string, number>>;
  /** Products that the pages name and the shop has, among at most 100 requested ones. */
  readonly sampled: number;
}

export interface ShopAttribute {
  readonly slug: string;
  readonly name: string;
  readonly inputType: string;
  readonly values: readonly {
    readonly slug: string;
    readonly name: string;
    readonly reference: string | null;
  }[];
  /** Slugs of the product types that it is assigned to. */
  readonly types: readonly string[];
}

export interface ShopType {
  readonly slug: string;
  readonly name: string;
  /** Sampled products of this type. */
  readonly sampled: number;
}
