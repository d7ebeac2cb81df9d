import type { AttributeRule, Contract } from '../../contract/contract.ts';
import type { Assigned, Product, ProductDocument } from '../../core/actual-state.ts';
import { isRecord, own, sortedRecord } from '../../core/json/records.ts';
import type { AllProductsQuery } from '../generated/operations.ts';
import type { Root } from '../graphql/batch-operations.ts';
import { incomplete, requireList, requireText } from '../graphql/pagination.ts';

/** A page of any query for products. */
export type ProductPage = Root<AllProductsQuery>;
export type ProductNode = NonNullable<ProductPage>['edges'][number]['node'];

/** A product by its slug. */
export type ProductEntry = readonly [string, Product];

/** The keys of the metadata that the queries ask for. */
export const metadataKeys = (contract: Contract): readonly string[] =>
  contract.metadata.map(({ key }) => key);

/** A product's name and its attributes that are none of the contract's, each as text. */
export function unmanagedIn(node: ProductNode, managed: ReadonlySet<string>): ReadonlyMap<string, string> {
  const others = node.attributes.filter(({ attribute }) => !managed.has(attribute.slug));
  return new Map([
    ['name', node.name],
    ...others.map(({ attribute, values }) => [attribute.slug, textOf(values)] as const),
  ]);
}

const textOf = (values: ProductNode['attributes'][number]['values']): string =>
  values
    .map(({ slug, boolean }) => (typeof boolean === 'boolean' ? String(boolean) : (slug ?? '')))
    .join(', ');

/** The product of a node, with what the contract manages of it. Throws a Failure (shop_incomplete) where a part is missing. */
export function productOf(node: ProductNode, contract: Contract): ProductEntry {
  const name = `product ${requireText(node.slug, 'products')}`;
  return [
    node.slug,
    {
      id: node.id,
      name: requireText(node.name, name),
      type: requireText(node.productType?.slug, name),
      document: documentOf(node, contract, name),
    },
  ];
}

function documentOf(node: ProductNode, contract: Contract, name: string): ProductDocument {
  const assigned = assignedIn(node, name);
  const attributes = contract.attributes.map((rule): [string, Assigned] => [
    rule.slug,
    assignmentOf(rule, assigned.get(rule.slug) ?? [], name),
  ]);
  const { metafields } = node;
  if (!isRecord(metafields)) throw incomplete(name, 'metadata is missing');
  const metadata = contract.metadata.flatMap(({ key }): [string, string][] => {
    const value = own(metafields, key);
    return value === undefined ? [] : [[key, requireText(value, `${name}, metadata ${key}`)]];
  });
  return { attributes: sortedRecord(attributes), metadata: sortedRecord(metadata) };
}

interface AssignedValue {
  readonly slug: string | null;
  readonly boolean: boolean | null;
}

/** Slug of an attribute → the values of it that the product has. */
function assignedIn(node: ProductNode, name: string): ReadonlyMap<string, readonly AssignedValue[]> {
  const assigned = new Map<string, readonly AssignedValue[]>();
  for (const one of requireList(node.attributes, name)) {
    const slug = requireText(one?.attribute?.slug, name);
    // The second one would hide the values of the first.
    if (assigned.has(slug)) throw incomplete(name, `${slug} came twice`);
    const values = requireList(one.values, `${name}, ${slug}`);
    if (values.some((value) => typeof value !== 'object' || value === null))
      throw incomplete(`${name}, ${slug}`, 'a value came empty');
    assigned.set(slug, values);
  }
  return assigned;
}

function booleanOf(value: unknown, place: string): boolean | null {
  if (typeof value !== 'boolean' && value !== null) throw incomplete(place, 'it is neither true nor false');
  return value;
}

/** A boolean that was never set has no value at all (docs/saleor.md#boolean-values). */
function assignmentOf(rule: AttributeRule, values: readonly AssignedValue[], name: string): Assigned {
  const place = `${name}, ${rule.slug}`;
  const slugs = () => values.map(({ slug }) => requireText(slug, place));
  switch (rule.input_type) {
    case 'BOOLEAN':
      return booleanOf(values[0]?.boolean ?? null, place);
    case 'DROPDOWN': {
      const [first, ...others] = slugs();
      // Saleor keeps only one; with two, a plan could not tell which one it replaces.
      if (others.length > 0)
        throw incomplete(place, `${others.length + 1} values came, but it can have only one`);
      return first ?? null;
    }
    case 'MULTISELECT':
      return sortedRecord(slugs().map((slug) => [slug, true as const]));
  }
}
