import type { Contract } from '../../contract/contract.ts';
import type { ProductType, Proof } from '../../core/actual-state.ts';
import { sortedRecord } from '../../core/json/records.ts';
import { matchProductType, typeNames, typesFor } from '../../diff/product-types.ts';
import {
  AllProductTypes,
  type AllProductTypesQuery,
  ProductTypes,
  ProductTypesLike,
  type ProductTypesQuery,
} from '../generated/operations.ts';
import { call, type Root } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import { type Collection, createPageCollector, requireList, requireText } from '../graphql/pagination.ts';

export type TypePage = Root<ProductTypesQuery>;
type TypeNode = NonNullable<TypePage>['edges'][number]['node'];

export interface TypesRead {
  readonly types: Readonly<Record<string, ProductType>>;
  readonly proof: Proof;
}

/** Requests the contract's types by slug, and each of its names by text search, because slugs and names are both allowed. */
export const typeCalls = (contract: Contract) => {
  const names = typeNames(contract);
  return names.length === 0
    ? []
    : [
        call(ProductTypes, { slugs: names }),
        ...names.filter(isSearchable).map((text) => call(ProductTypesLike, { text })),
      ];
};

/** A text of spaces would find every type, and Saleor crashes on NUL. */
const isSearchable = (name: string): boolean => name.trim() !== '' && !name.includes('\0');

interface TypesQuestion {
  readonly reader: Reader;
  readonly contract: Contract;
  readonly listsNearTypes: boolean;
}

/**
 * The product types that the contract names, from the answers to typeCalls. Only where one of its names has no type (`listsNearTypes`), or an
 * answer has a next page, all types of the shop are read: those that the name could mean are in the result too. Throws a
 * Failure (shop_incomplete).
 */
export async function readTypes(
  { reader, contract, listsNearTypes }: TypesQuestion,
  answers: readonly TypePage[],
): Promise<TypesRead> {
  const pages = answers.map((page) => wholePage(page));
  const whole = pages.flatMap((page) => page ?? []);
  const read = mergeTypes(whole);
  const managed = new Set(contract.attributes.map(({ slug }) => slug));
  const found = typesOf(read.items, managed);
  const isMissing = (name: string) => matchProductType(found, name).kind === 'missing';
  const isEnough = !listsNearTypes || !typeNames(contract).some(isMissing);
  if (whole.length === pages.length && isEnough) return narrowed(contract, found, read);
  const all = createTypeCollector();
  let after: string | null = null;
  do {
    const { productTypes }: AllProductTypesQuery = await reader.query(AllProductTypes, { after });
    after = all.add(productTypes);
  } while (after !== null);
  const listed = all.finish();
  return narrowed(contract, typesOf(listed.items, managed), listed);
}

/** Each name is looked up in what came, so a type that is missing shows. */
const createTypeCollector = () =>
  createPageCollector<TypeNode, TypeNode>('product types', (node) => node, { countsRepeats: true });

/** null: it has a next page. */
function wholePage(page: TypePage): Collection<TypeNode> | null {
  const collector = createTypeCollector();
  return collector.add(page) === null ? collector.finish() : null;
}

/** A type may answer several questions. */
function mergeTypes(parts: readonly Collection<TypeNode>[]): Collection<TypeNode> {
  const byId = new Map(parts.flatMap(({ items }) => items).map((node) => [node.id, node]));
  const items = [...byId.values()];
  return { items, proof: { requests: 1, items: items.length, total: items.length } };
}

function narrowed(
  contract: Contract,
  types: Readonly<Record<string, ProductType>>,
  { proof }: Collection<TypeNode>,
): TypesRead {
  const wanted = typesFor(contract, types);
  return { types: sortedRecord(Object.entries(types).filter(([slug]) => wanted.has(slug))), proof };
}

const typesOf = (
  nodes: readonly TypeNode[],
  managed: ReadonlySet<string>,
): Readonly<Record<string, ProductType>> => sortedRecord(nodes.map((node) => productTypeOf(node, managed)));

function productTypeOf(node: TypeNode, managed: ReadonlySet<string>): [string, ProductType] {
  const name = `product type ${node.slug}`;
  const assigned = requireList(node.productAttributes, name).map((attribute) =>
    requireText(attribute?.slug, name),
  );
  const ofVariants = requireList(node.assignedVariantAttributes, name).map((one) =>
    requireText(one?.attribute?.slug, name),
  );
  const managedIn = (slugs: readonly string[]) =>
    [...new Set(slugs)].filter((slug) => managed.has(slug)).sort();
  const variants = managedIn(ofVariants);
  return [
    requireText(node.slug, name),
    {
      id: node.id,
      name: requireText(node.name, name),
      attributes: managedIn(assigned),
      ...(variants.length === 0 ? {} : { variant_attributes: variants }),
    },
  ];
}
