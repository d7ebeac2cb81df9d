/** The shop's rows, as in Saleor's tables. */

export type Metadata = Map<string, string>;

interface WithMetadata {
  readonly metadata: Metadata;
  readonly privateMetadata: Metadata;
}

export interface AttributeRecord extends WithMetadata {
  readonly kind: 'Attribute';
  readonly pk: number;
  slug: string;
  name: string;
  readonly inputType: string;
  readonly type: string;
  readonly entityType: string | null;
  unit: string | null;
  valueRequired: boolean;
  visibleInStorefront: boolean;
  externalReference: string | null;
}

export interface ValueRecord {
  readonly kind: 'AttributeValue';
  readonly pk: number;
  readonly attribute: number;
  slug: string;
  name: string;
  value: string;
  externalReference: string | null;
  /** NULL after attributeBulkUpdate; then it sorts after all others, by pk (recording 08-choices-order-after-bulk). */
  sortOrder: number | null;
  readonly boolean: boolean | null;
  plainText: string | null;
  date: string | null;
  readonly translations: Map<string, { readonly pk: number; name: string }>;
}

export interface ProductTypeRecord extends WithMetadata {
  readonly kind: 'ProductType';
  readonly pk: number;
  slug: string;
  name: string;
  readonly hasVariants: boolean;
  attributes: readonly AssignedAttribute[];
  /** Primary keys of the attributes of its variants, in the order of assignment. */
  variantAttributes: readonly number[];
}

export interface VariantRecord {
  readonly kind: 'ProductVariant';
  readonly pk: number;
  readonly product: number;
  readonly name: string;
  readonly sku: string | null;
  /** attribute pk → value pks; lost for good when the attribute leaves the variants of the type (recording 20-shapes). */
  readonly assigned: Map<number, readonly number[]>;
}

export interface AssignedAttribute {
  readonly pk: number;
  /** NULL if named when the type was created; then it sorts after those assigned later (recording 04-auto-create-danger). */
  readonly sortOrder: number | null;
}

/** Primary keys of a type's attributes, in Saleor's order. */
export function attributePks(type: ProductTypeRecord | undefined): readonly number[] {
  const place = ({ sortOrder }: AssignedAttribute): number => sortOrder ?? Number.MAX_SAFE_INTEGER;
  return (type?.attributes ?? []).toSorted((a, b) => place(a) - place(b)).map(({ pk }) => pk);
}

/** The type's assignments with these added at the end. */
export const withAttributes = (
  type: ProductTypeRecord,
  pks: readonly number[],
): readonly AssignedAttribute[] => {
  const first = Math.max(-1, ...type.attributes.map(({ sortOrder }) => sortOrder ?? -1)) + 1;
  return [...type.attributes, ...pks.map((pk, i) => ({ pk, sortOrder: first + i }))];
};

export interface ProductRecord extends WithMetadata {
  readonly kind: 'Product';
  readonly pk: number;
  readonly type: number;
  slug: string;
  name: string;
  description: string | null;
  externalReference: string | null;
  created: string;
  updatedAt: string;
  /** attribute pk → value pks in the order sent; kept when the attribute leaves the product type. */
  readonly assigned: Map<number, readonly number[]>;
}

export interface AppRecord extends WithMetadata {
  readonly kind: 'App';
  readonly pk: number;
  readonly name: string;
  readonly token: string;
  readonly isActive: boolean;
  readonly permissions: readonly string[];
}

export type MetadataOwner = AttributeRecord | ProductTypeRecord | ProductRecord | AppRecord;
