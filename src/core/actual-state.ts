import { own } from './json/canonical-json.ts';

/** Saleor's side: what the contract manages, and nothing else, of one complete read. */
export interface Actual {
  readonly target: Target;
  /** Of the token's permissions those that this tool can need, sorted. */
  readonly permissions: readonly string[];
  /** Locales whose labels were read with the values, sorted; no translation in another one is planned. */
  readonly locales: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly product_types: Readonly<Record<string, ProductType>>;
  /** By slug. */
  readonly products: Readonly<Record<string, Product>>;
}

/** Which shop is meant; `api_url` is normalised and without user info, query and fragment. */
export type Target = {
  readonly name: string | null;
  readonly api_url: string;
  /** Slug of the channel that SALEOR_CHANNEL_SLUG named; nothing is written there. */
  readonly channel?: string;
};

export type InputType =
  | 'DROPDOWN'
  | 'MULTISELECT'
  | 'BOOLEAN'
  | 'FILE'
  | 'REFERENCE'
  | 'SINGLE_REFERENCE'
  | 'NUMERIC'
  | 'RICH_TEXT'
  | 'PLAIN_TEXT'
  | 'SWATCH'
  | 'DATE'
  | 'DATE_TIME';

export interface Attribute {
  readonly id: string;
  readonly name: string;
  readonly input_type: InputType;
  /** By slug; a boolean's own two values are not terms and are not here. */
  readonly values: Readonly<Record<string, Value>>;
}

export interface Value {
  readonly id: string;
  readonly name: string;
  /** The value's externalReference. */
  readonly reference: string | null;
  /** locale → label, null where there is none; only the languages that were asked for. */
  readonly translations: Readonly<Record<string, string | null>>;
  /** How many products of the whole shop have it, counted by the shop; only where a plan may delete the value. */
  readonly users?: number;
}

/** An attribute's values; none where the shop has no such attribute. */
export const valuesOf = (
  { attributes }: Pick<Actual, 'attributes'>,
  attribute: string,
): Attribute['values'] => own(attributes, attribute)?.values ?? {};

export interface ProductType {
  readonly id: string;
  readonly name: string;
  /** Slugs of the contract's attributes that are assigned, sorted. */
  readonly attributes: readonly string[];
}

export interface Product {
  readonly id: string;
  /** Nobody's managed field: in a fresh read and in snapshot files, for people; never in a plan, whose digest it would move. */
  readonly name?: string;
  /** Slug of the product type. */
  readonly type: string;
  readonly document: ProductDocument;
}

/** Sets are objects keyed by member, so that a patch names the member and not its position. */
export type MemberSet = Readonly<Record<string, true>>;

/** DROPDOWN: slug or null · BOOLEAN: true, false or null · MULTISELECT: a set */
export type Assigned = null | boolean | string | MemberSet;

/** The terms that an attribute is set to; a boolean's are none. */
export const membersIn = (assigned: Assigned | undefined): readonly string[] =>
  typeof assigned === 'string'
    ? [assigned]
    : typeof assigned === 'object' && assigned !== null
      ? Object.keys(assigned)
      : [];

/** Only managed fields. Every attribute of the contract is always there; a metadata key that is not set is absent. */
export interface ProductDocument {
  readonly attributes: Readonly<Record<string, Assigned>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** How a collection was read whole: the server's own total, and what came. */
export interface Proof {
  readonly requests: number;
  readonly items: number;
  readonly total: number;
}
