import {
  buildClientSchema,
  extendSchema,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  type IntrospectionQuery,
  parse,
} from 'graphql';
import { schema as recorded } from '../data/index.ts';
import { mutations } from '../mutations/index.ts';
import type { Context, Resolvers } from './context.ts';
import { FieldError, notInSandbox } from './errors.ts';
import { queryResolvers } from './query-resolvers.ts';
import { typeResolvers } from './type-resolvers.ts';

/** Parts of the real 3.23 schema that recordings use. The recorded schema contains only what sailplan uses. */
const SCHEMA_ADDITIONS = parse(`
  interface AssignedAttribute { attribute: Attribute! }
  type AssignedChoiceAttributeValue { name: String slug: String translation(languageCode: LanguageCodeEnum!): String }
  type AssignedBooleanAttribute implements AssignedAttribute { attribute: Attribute! value: Boolean }
  type AssignedSingleChoiceAttribute implements AssignedAttribute { attribute: Attribute! value: AssignedChoiceAttributeValue }
  type AssignedMultiChoiceAttribute implements AssignedAttribute {
    attribute: Attribute!
    value(limit: Int = 100): [AssignedChoiceAttributeValue!]!
  }
  type AssignedVariantAttribute { variantSelection: Boolean! attribute: Attribute! }
  type Collection { id: ID! products(first: Int, last: Int, after: String, before: String): ProductCountableConnection }
  type AppToken { name: String authToken: String }
  type ProductTypeUpdate { productErrors: [ProductError!]! errors: [ProductError!]! productType: ProductType }
  input ShopSettingsInput { allowStorefrontTraffic: Boolean }
  type ShopError { field: String message: String code: String! }
  type ShopSettingsUpdate { shop: Shop errors: [ShopError!]! }
  extend type Product {
    assignedAttribute(slug: String!): AssignedAttribute
    assignedAttributes(limit: Int = 100): [AssignedAttribute!]!
    collections: [Collection!]
    variants: [ProductVariant!]
  }
  extend type ProductType {
    assignedVariantAttributes(variantSelection: VariantAttributeScope): [AssignedVariantAttribute!]
  }
  input AssignedAttributeWhereInput { slug: String value: AssignedAttributeValueInput }
  input ProductVariantWhereInput { ids: [ID!] attributes: [AssignedAttributeWhereInput!] }
  type ProductVariant {
    id: ID!
    name: String!
    sku: String
    product: Product!
    attributes(variantSelection: VariantAttributeScope): [SelectedAttribute!]!
  }
  type ProductVariantCountableEdge { node: ProductVariant! cursor: String! }
  type ProductVariantCountableConnection {
    pageInfo: PageInfo!
    edges: [ProductVariantCountableEdge!]!
    totalCount: Int
  }
  input ProductVariantCreateInput {
    attributes: [AttributeValueInput!]
    sku: String
    name: String
    trackInventory: Boolean
    product: ID!
  }
  type ProductVariantCreate {
    productErrors: [ProductError!]!
    errors: [ProductError!]!
    productVariant: ProductVariant
  }
  input PageWhereInput { ids: [ID!] attributes: [AssignedAttributeWhereInput!] }
  type Page { id: ID! slug: String! }
  type PageCountableEdge { node: Page! cursor: String! }
  type PageCountableConnection { pageInfo: PageInfo! edges: [PageCountableEdge!]! totalCount: Int }
  extend type Query {
    productVariants(
      where: ProductVariantWhereInput
      before: String
      after: String
      first: Int
      last: Int
    ): ProductVariantCountableConnection
    pages(where: PageWhereInput, before: String, after: String, first: Int, last: Int): PageCountableConnection
  }
  extend type App { tokens: [AppToken!] }
  extend type Mutation {
    productTypeUpdate(id: ID!, input: ProductTypeInput!): ProductTypeUpdate
    productVariantCreate(input: ProductVariantCreateInput!): ProductVariantCreate
    shopSettingsUpdate(input: ShopSettingsInput!): ShopSettingsUpdate
  }
`);

/** The executable schema. Built at first use and shared, because it has no state. */
let builtSchema: GraphQLSchema | null = null;
export function sandboxSchema(): GraphQLSchema {
  builtSchema ??= extendSchema(
    // Cast: the recording lacks members of IntrospectionQuery that buildClientSchema does not read.
    buildClientSchema(recorded.data as unknown as IntrospectionQuery, { assumeValid: true }),
    SCHEMA_ADDITIONS,
    { assumeValidSDL: true },
  );
  return builtSchema;
}

const resolvers: Readonly<Record<string, Resolvers>> = {
  ...typeResolvers,
  Query: queryResolvers,
  Mutation: mutations,
};

/** Calls the resolver, else reads the row's member. Throws notInSandbox if neither exists. */
export const resolveField: GraphQLFieldResolver<unknown, Context> = (source, args, context, info) => {
  const resolver = resolvers[info.parentType.name]?.[info.fieldName];
  if (resolver) return resolver(source, args, context, info);
  if (typeof source === 'object' && source !== null) {
    const row = source as Readonly<Record<string, unknown>>;
    if (Object.hasOwn(row, info.fieldName)) return row[info.fieldName];
    if (row['isPayload']) return null;
    if (isErrorEntry(row)) return null;
  }
  throw notInSandbox(`${info.parentType.name}.${info.fieldName}`);
};

const isErrorEntry = (row: Readonly<Record<string, unknown>>): boolean => 'code' in row && 'message' in row;

/** The concrete type of an interface's value: the row's `kind`. */
export function graphqlTypeName(source: unknown): string {
  const kind = (source as { readonly kind?: unknown }).kind;
  if (typeof kind !== 'string')
    throw new FieldError('not in the sandbox: a value without a kind', 'NotInTheSandbox');
  return kind;
}
