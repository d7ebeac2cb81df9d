import type { Contract } from '../../contract/contract.ts';
import type { Attribute, InputType, ProductType, Proof, Value } from '../../core/actual-state.ts';
import { chunked } from '../../core/collections.ts';
import { isRecord, own, sortedRecord } from '../../core/json/records.ts';
import {
  Attributes,
  type AttributesQuery,
  MoreChoices,
  RequiredAttributes,
  type RequiredAttributesQuery,
} from '../generated/operations.ts';
import { call, type Root } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import {
  type Collection,
  createAllowance,
  createPageCollector,
  incomplete,
  type Page,
  type PageCollector,
  requireText,
  sumProofs,
} from '../graphql/pagination.ts';
import { labelFragments } from '../language-codes.ts';
import { readTypes, type TypePage, typeCalls } from './product-types.ts';

export interface Structure {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly product_types: Readonly<Record<string, ProductType>>;
  readonly proof: { readonly attributes: Proof; readonly values: Proof; readonly product_types: Proof };
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
  /** Where the contract names a type that the shop lacks, all types are listed for near names. */
  readonly listsNearTypes: boolean;
}

/**
 * Reads the attributes with these slugs, each with all its values, and the product types that the contract names by slug or
 * name. `opened`: the answers to openingCalls, if they were requested already. Throws a Failure (shop_incomplete).
 */
export async function readStructure(question: StructureQuestion, opened?: Opening): Promise<Structure> {
  const { reader, locales } = question;
  const opening = opened ?? (await readOpeningAlone(question));
  const [first, types] = await Promise.all([
    readAttributes(question, opening),
    readTypes(question, opening.types),
  ]);
  // Values of another kind of attribute are nobody's business here.
  const found = first.items.filter(({ type }) => type === 'PRODUCT_TYPE');
  const choices = await readChoices(reader, found, locales);
  const attributes = first.items.map((node): [string, Attribute] => {
    const name = `attribute ${node.slug}`;
    const values = choices.get(node.id)?.items ?? [];
    return [
      requireText(node.slug, name),
      {
        id: node.id,
        name: requireText(node.name, name),
        input_type: requireText(node.inputType, name) as InputType,
        ...(requireText(node.type, name) === 'PRODUCT_TYPE' ? {} : { type: node.type as string }),
        ...(first.required.has(node.slug ?? '') ? { value_required: true } : {}),
        values: sortedRecord(values.map((choice) => valueOfChoice(choice, name, locales))),
      },
    ];
  });
  return {
    attributes: sortedRecord(attributes),
    product_types: types.types,
    proof: {
      attributes: first.proof,
      values: sumProofs([...choices.values()].map(({ proof }) => proof)),
      product_types: types.proof,
    },
  };
}

type AttributePage = Root<AttributesQuery>;
type RequiredPage = Root<RequiredAttributesQuery>;
/** The first pages of attributes and of product types, which nearly always are their only ones. */
export interface Opening {
  readonly attributes: AttributePage;
  /** Those of them that require a value. */
  readonly required: RequiredPage;
  /** The answers to typeCalls. */
  readonly types: readonly TypePage[];
}

export const openingCalls = (contract: Contract, slugs: readonly string[]) => ({
  attributes: attributeCalls(slugs.slice(0, PAGE)),
  types: typeCalls(contract),
});

const attributeCalls = (slugs: readonly string[]) =>
  [call(Attributes, { slugs }), call(RequiredAttributes, { slugs })] as const;

async function readOpeningAlone({ reader, contract, slugs, locales }: StructureQuestion): Promise<Opening> {
  const calls = openingCalls(contract, slugs);
  const [attributes, required, ...types] = await reader.queries(
    [...calls.attributes, ...calls.types],
    labelFragments(locales),
  );
  return { attributes, required, types };
}

interface AttributesRead extends Collection<AttributeNode> {
  /** Slugs of those that require a value. */
  readonly required: ReadonlySet<string>;
}

async function readAttributes(
  { reader, slugs, locales }: StructureQuestion,
  opening: Opening,
): Promise<AttributesRead> {
  const [first, ...others] = chunked(slugs, PAGE);
  const parts = [singlePage(first ?? [], opening.attributes)];
  const required = [singlePage(first ?? [], opening.required)];
  for (const asked of others) {
    const [attributes, more] = await reader.queries(attributeCalls(asked), labelFragments(locales));
    parts.push(singlePage(asked, attributes));
    required.push(singlePage(asked, more));
  }
  return {
    items: parts.flatMap(({ items }) => items),
    proof: sumProofs(parts.map(({ proof }) => proof)),
    required: new Set(required.flatMap(({ items }) => items.map(({ slug }) => slug ?? ''))),
  };
}

/** The attributes of a page for at most a hundred slugs: slugs are unique, so there is no next page and no other attribute. */
function singlePage<T extends { readonly id: string; readonly slug: string | null }>(
  slugs: readonly string[],
  page: Page<T> | null,
): Collection<T> {
  const asked = new Set(slugs);
  const collector = createPageCollector<T>('attributes');
  if (collector.add(page) !== null) throw incomplete('attributes', 'the shop has more than were requested');
  const collection = collector.finish();
  const stray = collection.items.find(({ slug }) => !asked.has(slug ?? ''));
  if (stray !== undefined) throw incomplete('attributes', `${stray.slug} came without being requested`);
  return collection;
}

/** All values of each attribute, by the attribute's id: the nodes hold the first pages, many next pages fit in a request. */
async function readChoices(reader: Reader, nodes: readonly AttributeNode[], locales: readonly string[]) {
  const collectors = new Map<string, PageCollector<Choice>>();
  const allowance = createAllowance();
  let open: { id: string; after: string }[] = [];
  for (const { id, slug, inputType, choices } of nodes) {
    if (!HAS_TERMS.has(inputType ?? '')) continue;
    const collector = createPageCollector<Choice>(`values of ${slug}`, undefined, { allowance });
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

/** A value and its labels by locale. Throws a Failure (shop_incomplete) where a part is missing. */
export function valueOfChoice(choice: Choice, name: string, locales: readonly string[]): [string, Value] {
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
