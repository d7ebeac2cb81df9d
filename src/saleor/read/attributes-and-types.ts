import type { Contract } from '../../contract/contract.ts';
import type { Attribute, InputType, ProductType, Proof, Value } from '../../core/actual-state.ts';
import { chunked } from '../../core/collections.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { isRecord, own, sortedRecord } from '../../core/json/records.ts';
import { ref } from '../../core/resource-ref.ts';
import {
  Attributes,
  type AttributesQuery,
  MoreChoices,
  ProductTypes,
  type ProductTypesQuery,
} from '../generated/operations.ts';
import { call, type Root } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import {
  type Collection,
  createPageCollector,
  incomplete,
  type PageCollector,
  readAll,
  requireList,
  requireText,
  sumProofs,
} from '../graphql/pagination.ts';
import { labelFragments } from '../language-codes.ts';

export interface Structure {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly product_types: Readonly<Record<string, ProductType>>;
  readonly proof: { readonly attributes: Proof; readonly values: Proof; readonly product_types: Proof };
  readonly problems: readonly Diagnostic[];
}

type AttributeNode = NonNullable<Root<AttributesQuery>>['edges'][number]['node'];
type Choice = NonNullable<AttributeNode['choices']>['edges'][number]['node'];

/** Input types whose values are terms; the two values of a boolean are not listed. */
const HAS_TERMS: ReadonlySet<string> = new Set(['DROPDOWN', 'MULTISELECT', 'SWATCH']);
const PAGE = 100;
/** Next pages of attributes in one request; each costs 101 of 50,000 (docs/saleor.md#query-cost). */
const PAGES_A_REQUEST = 20;

/** What of a shop's structure is read. */
export interface StructureQuestion {
  readonly reader: Reader;
  readonly contract: Contract;
  /** Of the attributes. */
  readonly slugs: readonly string[];
  /** Locales of the labels; all must be known to Saleor. */
  readonly locales: readonly string[];
}

/**
 * Reads the attributes of these slugs, each with all its values, and the product types that the contract names by slug or
 * name. `opened`: the answers to openingCalls, where they were asked for already. Throws a Failure (shop_incomplete).
 */
export async function readStructure(question: StructureQuestion, opened?: Opening): Promise<Structure> {
  const { reader, contract, locales } = question;
  const opening = opened ?? (await readOpeningAlone(question));
  const [first, types] = await Promise.all([
    readAttributes(question, opening.attributes),
    readTypes(reader, opening.types),
  ]);
  const found = first.items.filter(({ type }) => type === 'PRODUCT_TYPE');
  const choices = await readChoices(reader, found, locales);
  const attributes = found.map((node): [string, Attribute] => {
    const name = `attribute ${node.slug}`;
    const values = choices.get(node.id)?.items ?? [];
    return [
      requireText(node.slug, name),
      {
        id: node.id,
        name: requireText(node.name, name),
        input_type: requireText(node.inputType, name) as InputType,
        values: sortedRecord(values.map((choice) => valueOfChoice(choice, name, locales))),
      },
    ];
  });
  const named = new Set([
    ...contract.product_types,
    ...contract.attributes.flatMap((rule) => rule.product_types),
  ]);
  const managed = new Set(contract.attributes.map(({ slug }) => slug));
  const isNamed = (type: { slug: string; name: string }) => named.has(type.slug) || named.has(type.name);
  return {
    attributes: sortedRecord(attributes),
    product_types: sortedRecord(types.items.filter(isNamed).map((node) => productTypeOf(node, managed))),
    proof: {
      attributes: first.proof,
      values: sumProofs([...choices.values()].map(({ proof }) => proof)),
      product_types: types.proof,
    },
    problems: first.items.filter(({ type }) => type !== 'PRODUCT_TYPE').map(anotherKindProblem),
  };
}

/** Such an attribute cannot be assigned to a product type, but its slug is taken. */
const anotherKindProblem = ({ slug, type }: AttributeNode): Diagnostic => ({
  severity: 'warning',
  code: 'attribute_of_another_kind',
  ref: ref.attribute(slug),
  data: { type },
});

type AttributePage = Root<AttributesQuery>;
type TypePage = Root<ProductTypesQuery>;

/** The first pages of attributes and of product types, which nearly always are their only ones. */
export interface Opening {
  readonly attributes: AttributePage;
  readonly types: TypePage;
}

export const openingCalls = (slugs: readonly string[]) =>
  [call(Attributes, { slugs: slugs.slice(0, PAGE) }), call(ProductTypes, { after: null })] as const;

async function readOpeningAlone({ reader, slugs, locales }: StructureQuestion): Promise<Opening> {
  const [attributes, types] = await reader.queries(openingCalls(slugs), labelFragments(locales));
  return { attributes, types };
}

async function readAttributes(
  { reader, slugs, locales }: StructureQuestion,
  opening: AttributePage,
): Promise<Collection<AttributeNode>> {
  const [first, ...others] = chunked(slugs, PAGE);
  const parts = [singlePage(first ?? [], opening)];
  for (const asked of others) {
    const { attributes } = await reader.query(Attributes, { slugs: asked }, labelFragments(locales));
    parts.push(singlePage(asked, attributes));
  }
  return { items: parts.flatMap(({ items }) => items), proof: sumProofs(parts.map(({ proof }) => proof)) };
}

/** The attributes of a page for at most a hundred slugs: slugs are unique, so there is no next page and no other attribute. */
function singlePage(slugs: readonly string[], page: AttributePage): Collection<AttributeNode> {
  const asked = new Set(slugs);
  const collector = createPageCollector<AttributeNode>('attributes');
  if (collector.add(page) !== null)
    throw incomplete('attributes', 'the shop says that there are more than were asked for');
  const collection = collector.finish();
  const stray = collection.items.find(({ slug }) => !asked.has(slug));
  if (stray !== undefined) throw incomplete('attributes', `${stray.slug} came without being asked for`);
  return collection;
}

/** All values of each attribute, by the attribute's id: the nodes hold the first pages, many next pages fit in a request. */
async function readChoices(reader: Reader, nodes: readonly AttributeNode[], locales: readonly string[]) {
  const collectors = new Map<string, PageCollector<Choice>>();
  let open: { id: string; after: string }[] = [];
  for (const { id, slug, inputType, choices } of nodes) {
    if (!HAS_TERMS.has(inputType ?? '')) continue;
    const collector = createPageCollector<Choice>(`values of ${slug}`);
    const after = collector.add(choices);
    collectors.set(id, collector);
    if (after !== null) open.push({ id, after });
  }
  while (open.length > 0) {
    const asked = open.slice(0, PAGES_A_REQUEST);
    const pages = await reader.queries(
      asked.map((variables) => call(MoreChoices, variables)),
      labelFragments(locales),
    );
    const next = asked.flatMap(({ id }, index) => {
      const after = collectors.get(id)?.add(pages[index]?.choices) ?? null;
      return after === null ? [] : [{ id, after }];
    });
    open = [...open.slice(PAGES_A_REQUEST), ...next];
  }
  return new Map([...collectors].map(([id, collector]) => [id, collector.finish()]));
}

const readTypes = (reader: Reader, opening: TypePage) =>
  readAll('product types', async (after) =>
    after === null ? opening : (await reader.query(ProductTypes, { after })).productTypes,
  );

function valueOfChoice(choice: Choice, name: string, locales: readonly string[]): [string, Value] {
  const translations = locales.map((locale, index): [string, string | null] => {
    const translation = own<unknown>(choice, `t${index}`);
    if (translation === null) return [locale, null];
    if (!isRecord(translation))
      throw incomplete(name, `a value's label in ${locale} is missing in the answer`);
    return [locale, requireText(translation['name'], name)];
  });
  return [
    requireText(choice.slug, name),
    {
      id: choice.id,
      name: requireText(choice.name, name),
      reference: choice.externalReference === null ? null : requireText(choice.externalReference, name),
      translations: sortedRecord(translations),
    },
  ];
}

function productTypeOf(
  node: {
    readonly id: string;
    readonly slug: string;
    readonly name: string;
    readonly productAttributes: readonly { readonly slug: string }[] | null;
  },
  managed: ReadonlySet<string>,
): [string, ProductType] {
  const name = `product type ${node.slug}`;
  const assigned = requireList(node.productAttributes, name).map((attribute) =>
    requireText(attribute?.slug, name),
  );
  const attributes = assigned.filter((slug) => managed.has(slug)).sort();
  return [node.slug, { id: node.id, name: node.name, attributes }];
}
