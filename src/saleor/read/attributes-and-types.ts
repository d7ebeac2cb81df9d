import type { Contract } from '../../contract/contract.ts';
import type { Attribute, InputType, ProductType, Proof, Value } from '../../core/actual-state.ts';
import { chunked } from '../../core/collections.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { sortedRecord } from '../../core/json/canonical-json.ts';
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
  createTally,
  incomplete,
  type PageCollector,
  readAll,
  requireList,
  requireText,
  sum,
} from '../graphql/pagination.ts';
import { labels } from '../language-codes.ts';

export interface Structure {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly product_types: Readonly<Record<string, ProductType>>;
  readonly proof: { readonly attributes: Proof; readonly values: Proof; readonly product_types: Proof };
  readonly problems: readonly Diagnostic[];
}

type AttributeNode = NonNullable<Root<AttributesQuery>>['edges'][number]['node'];
type Choice = NonNullable<AttributeNode['choices']>['edges'][number]['node'];

/** Only these have values of their own that stand for terms; a boolean's two are not listed. */
const HAS_TERMS: ReadonlySet<string> = new Set(['DROPDOWN', 'MULTISELECT', 'SWATCH']);
const PAGE = 100;
/** Attributes whose next page is asked for in one request: cost 101 each of 50,000. */
const ABREAST = 20;

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
        values: sortedRecord(values.map((choice) => readValue(choice, name, locales))),
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
    product_types: sortedRecord(types.items.filter(isNamed).map((node) => typeOf(node, managed))),
    proof: {
      attributes: first.proof,
      values: sum([...choices.values()].map(({ proof }) => proof)),
      product_types: types.proof,
    },
    problems: first.items.filter(({ type }) => type !== 'PRODUCT_TYPE').map(ofAnotherKind),
  };
}

/** Such an attribute cannot be assigned to a product type, and its slug is taken all the same. */
const ofAnotherKind = ({ slug, type }: AttributeNode): Diagnostic => ({
  severity: 'warning',
  code: 'attribute_of_another_kind',
  ref: ref.attribute(slug),
  data: { type },
});

type AttributePage = Root<AttributesQuery>;
type TypePage = Root<ProductTypesQuery>;

/** Attributes and product types come in one request: both fit in a page nearly always. */
export interface Opening {
  readonly attributes: AttributePage;
  readonly types: TypePage;
}

export const openingCalls = (slugs: readonly string[]) =>
  [call(Attributes, { slugs: slugs.slice(0, PAGE) }), call(ProductTypes, { after: null })] as const;

async function readOpeningAlone({ reader, slugs, locales }: StructureQuestion): Promise<Opening> {
  const [attributes, types] = await reader.queries(openingCalls(slugs), labels(locales));
  return { attributes, types };
}

async function readAttributes(
  { reader, slugs, locales }: StructureQuestion,
  opening: AttributePage,
): Promise<Collection<AttributeNode>> {
  const [first, ...others] = chunked(slugs, PAGE);
  const parts = [wholePage(first ?? [], opening)];
  for (const asked of others) {
    const { attributes } = await reader.query(Attributes, { slugs: asked }, labels(locales));
    parts.push(wholePage(asked, attributes));
  }
  return { items: parts.flatMap(({ items }) => items), proof: sum(parts.map(({ proof }) => proof)) };
}

/** Slugs are unique, so a page holds all the attributes of a hundred slugs, and no others. */
function wholePage(slugs: readonly string[], page: AttributePage): Collection<AttributeNode> {
  const asked = new Set(slugs);
  const tally = createTally<AttributeNode>('attributes');
  if (tally.add(page) !== null)
    throw incomplete('attributes', 'the shop says that there are more than were asked for');
  const whole = tally.finish();
  const stray = whole.items.find(({ slug }) => !asked.has(slug));
  if (stray !== undefined) throw incomplete('attributes', `${stray.slug} came without being asked for`);
  return whole;
}

/** All values of each attribute, by the attribute's id: first pages are there, the next ones come many a request. */
async function readChoices(reader: Reader, nodes: readonly AttributeNode[], locales: readonly string[]) {
  const tallies = new Map<string, PageCollector<Choice>>();
  let open: { id: string; after: string }[] = [];
  for (const { id, slug, inputType, choices } of nodes) {
    if (!HAS_TERMS.has(inputType ?? '')) continue;
    const tally = createTally<Choice>(`values of ${slug}`);
    const after = tally.add(choices);
    tallies.set(id, tally);
    if (after !== null) open.push({ id, after });
  }
  while (open.length > 0) {
    const asked = open.slice(0, ABREAST);
    const pages = await reader.queries(
      asked.map((variables) => call(MoreChoices, variables)),
      labels(locales),
    );
    const next = asked.flatMap(({ id }, index) => {
      const after = tallies.get(id)?.add(pages[index]?.choices) ?? null;
      return after === null ? [] : [{ id, after }];
    });
    open = [...open.slice(ABREAST), ...next];
  }
  return new Map([...tallies].map(([id, tally]) => [id, tally.finish()]));
}

const readTypes = (reader: Reader, opening: TypePage) =>
  readAll('product types', async (after) =>
    after === null ? opening : (await reader.query(ProductTypes, { after })).productTypes,
  );

function readValue(choice: Choice, name: string, locales: readonly string[]): [string, Value] {
  const translations = locales.map((locale, index): [string, string | null] => {
    const translation = (choice as unknown as Record<string, { name?: unknown } | null | undefined>)[
      `t${index}`
    ];
    if (translation === undefined)
      throw incomplete(name, `a value's label in ${locale} is missing in the answer`);
    return [locale, translation === null ? null : requireText(translation.name, name)];
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

function typeOf(
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
