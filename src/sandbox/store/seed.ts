import { seed as recorded } from '../data/index.ts';

/**
 * A shop to start from. Primary keys count up from 1 unless given (ids are base64 of `Type:pk`).
 */
export interface Seed {
  readonly shop?: { readonly name?: string; readonly version?: string; readonly schemaVersion?: string };
  readonly channels?: readonly string[];
  /** Slug of the channel in which every product is published, with a price and in lists; default: none is published. */
  readonly publishedIn?: string;
  readonly attributes: readonly SeedAttribute[];
  readonly productTypes: readonly SeedProductType[];
  readonly products: readonly SeedProduct[];
}

export interface SeedAttribute {
  readonly pk?: number;
  readonly slug: string;
  readonly name: string;
  /** DROPDOWN, MULTISELECT, BOOLEAN… (AttributeInputTypeEnum) */
  readonly inputType: string;
  /** Default: PRODUCT_TYPE. */
  readonly type?: string;
  readonly externalReference?: string;
  readonly valueRequired?: boolean;
  readonly visibleInStorefront?: boolean;
  readonly values?: readonly SeedValue[];
}

export interface SeedValue {
  readonly pk?: number;
  readonly name: string;
  /** Default: derived from the name, as Saleor does. Any slug is accepted, because shops have history. */
  readonly slug?: string;
  readonly externalReference?: string;
  readonly boolean?: boolean;
  readonly translations?: Readonly<Record<string, string>>;
}

export interface SeedProductType {
  readonly pk?: number;
  readonly slug: string;
  readonly name: string;
  /** Attribute slugs, in the order of assignment. */
  readonly attributes: readonly string[];
  /** Slugs of the attributes of its variants. */
  readonly variantAttributes?: readonly string[];
  /** True: named when the type was created, so without a sort order; attributes assigned later come first. */
  readonly hasNoPlaces?: boolean;
}

export interface SeedProduct {
  readonly pk?: number;
  readonly slug: string;
  readonly name: string;
  /** Slug of its product type. */
  readonly type: string;
  readonly updatedAt?: string;
  readonly externalReference?: string;
  /** attribute slug → value slugs, or true / false for a BOOLEAN. */
  readonly attributes?: Readonly<Record<string, readonly string[] | boolean>>;
  readonly variants?: readonly SeedVariant[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly privateMetadata?: Readonly<Record<string, string>>;
}

export interface SeedVariant {
  readonly sku: string;
  /** attribute slug → value slugs, or true / false for a BOOLEAN. */
  readonly attributes: Readonly<Record<string, readonly string[] | boolean>>;
}

/** A shop read from a real Saleor 3.23.28: 302 products, 12 attributes, 4 product types. */
export const recordedSeed: Seed = recorded;
