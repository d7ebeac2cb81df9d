import type { Contract } from '../../contract/contract.ts';
import { chunked } from '../../core/collections.ts';
import { byCodeUnit, sortedRecord } from '../../core/json/records.ts';
import { productPk } from '../../core/product-id.ts';
import type { PublicAttribute, PublicProduct, PublicShop } from '../../plan/storefront/public-shop.ts';
import {
  FilterableAttributes,
  ListedAttributes,
  type ListedAttributesQuery,
  MoreChoices,
  OpenedProduct,
  PublicChannel,
  PublicProducts,
  SearchedProducts,
  ShownAttribute,
  type ShownAttributeQuery,
} from '../generated/operations.ts';
import { call, type Root } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import { readAll, requireList, requireText } from '../graphql/pagination.ts';
import { labelFragments, languageOf } from '../language-codes.ts';
import { valueOfChoice } from '../read/attributes-and-types.ts';
import { metadataKeys, type ProductNode, productOf } from '../read/product-document.ts';
import { namePages, type ProductNames } from '../read/products-by-id.ts';
import { type PickedFilter, readFilterAnswers } from './filter-answers.ts';

/** What of the storefront is read. */
export interface StorefrontQuestion {
  readonly channel: string;
  readonly contract: Contract;
  /** The products that pages name. */
  readonly names: ProductNames;
  /** Tags of the languages of the labels; a language that Saleor does not have is not requested. */
  readonly languages: readonly string[];
  /** Also looks each product up by its name, as a search box does. */
  readonly isSearched: boolean;
}

/** Attributes with choices in one request; each costs 101 of 50,000 (docs/saleor.md#query-cost). */
const ATTRIBUTES_A_REQUEST = 40;
const LOOKUPS_A_REQUEST = 90;

/**
 * What an anonymous shopper reads in one channel. The reader has no token and can send only queries. Throws a Failure if an
 * answer is incomplete.
 */
export async function readPublicShop(reader: Reader, question: StorefrontQuestion): Promise<PublicShop> {
  const { channel, contract, names } = question;
  const { attributes, isChannelKnown } = await readAttributes(reader, question);
  if (!isChannelKnown) return { ...EMPTY, channel, attributes };
  const products = await readProducts(reader, question);
  const picked = contract.attributes.flatMap(({ slug, input_type }): readonly PickedFilter[] => {
    const attribute = attributes[slug];
    if (attribute === undefined || attribute.inputType !== input_type) return [];
    const values = input_type === 'BOOLEAN' ? [true, false] : Object.keys(attribute.choices);
    return values.map((value) => ({ attribute: slug, value }));
  });
  return {
    channel,
    isChannelKnown,
    attributes,
    products,
    unlisted: await findUnlisted(reader, channel, absentOf(names, products)),
    filters: await readFilterAnswers(reader, channel, picked),
    notSearchable: question.isSearched ? await findUnsearchable(reader, channel, products) : null,
  };
}

const EMPTY = {
  isChannelKnown: false,
  products: {},
  unlisted: new Set<string>(),
  filters: [],
  notSearchable: null,
};

type AttributeNode = NonNullable<Root<ShownAttributeQuery>>;
type SlugPage = Root<ListedAttributesQuery>;

/** The channel's name is requested with the attributes. */
async function readAttributes(reader: Reader, { channel, contract, languages }: StorefrontQuestion) {
  const known = languages.filter((language) => languageOf(language) !== null);
  const attributes: [string, PublicAttribute][] = [];
  let isChannelKnown = true;
  const slugs = contract.attributes.map(({ slug }) => slug);
  for (const asked of slugs.length === 0 ? [[]] : chunked(slugs, ATTRIBUTES_A_REQUEST)) {
    const [found, listed, filterable, ...nodes] = await reader.queries(
      [
        call(PublicChannel, { slug: channel }),
        call(ListedAttributes, { slugs: asked }),
        call(FilterableAttributes, { slugs: asked }),
        ...asked.map((slug) => call(ShownAttribute, { slug })),
      ],
      labelFragments(known),
    );
    isChannelKnown = found !== null;
    const [isListed, isFilterable] = [slugsIn(listed), slugsIn(filterable)];
    for (const node of nodes) {
      if (node === null || node.type !== 'PRODUCT_TYPE') continue;
      const slug = requireText(node.slug, 'attributes');
      attributes.push([
        slug,
        {
          inputType: requireText(node.inputType, `attribute ${slug}`),
          isListed: isListed.has(slug),
          isFilterable: isListed.has(slug) ? isFilterable.has(slug) : null,
          choices: await readChoices(reader, node, known),
        },
      ]);
    }
  }
  return { attributes: sortedRecord(attributes), isChannelKnown };
}

const slugsIn = (page: SlugPage): ReadonlySet<string> =>
  new Set(requireList(page?.edges, 'attributes').map(({ node }) => node.slug ?? ''));

/** All choices of an attribute: the node contains the first hundred. */
async function readChoices(
  reader: Reader,
  node: AttributeNode,
  languages: readonly string[],
): Promise<PublicAttribute['choices']> {
  const name = `values of ${node.slug}`;
  const { items } = await readAll(name, async (after) => {
    if (after === null) return node.choices;
    const more = await reader.query(MoreChoices, { id: node.id, after }, labelFragments(languages));
    return more.attribute?.choices ?? null;
  });
  return sortedRecord(items.map((choice) => valueOfChoice(choice, name, languages)));
}

async function readProducts(
  reader: Reader,
  { channel, contract, names }: StorefrontQuestion,
): Promise<PublicShop['products']> {
  const keys = metadataKeys(contract);
  const parts = await Promise.all(
    namePages(names).map(async (asked) => {
      const { items } = await readAll<ProductNode, readonly [string, PublicProduct]>(
        'products',
        async (after) => (await reader.query(PublicProducts, { ...asked, channel, after, keys })).products,
        (node) => publicProduct(node, contract),
      );
      return items;
    }),
  );
  return sortedRecord(parts.flat());
}

function publicProduct(node: ProductNode, contract: Contract): readonly [string, PublicProduct] {
  const [slug, { id, name = '', type, document }] = productOf(node, contract);
  const shows = new Set(
    node.attributes.map(({ attribute }) => requireText(attribute.slug, `product ${slug}`)),
  );
  return [slug, { id, name, type, shows, ...document }];
}

/** The names under which no product was listed. */
function absentOf(names: ProductNames, products: PublicShop['products']): readonly string[] {
  const seen = new Set(Object.entries(products).flatMap(([slug, { id }]) => [slug, id]));
  return namePages(names).flatMap(({ ids, slugs }) => [...ids, ...slugs].filter((name) => !seen.has(name)));
}

/** Those of the names that open by their address. */
async function findUnlisted(
  reader: Reader,
  channel: string,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const asked of chunked(names, LOOKUPS_A_REQUEST)) {
    const answers = await reader.queries(
      asked.map((name) =>
        call(OpenedProduct, {
          channel,
          ...(productPk(name) === null ? { id: null, slug: name } : { id: name, slug: null }),
        }),
      ),
    );
    for (const [index, answer] of answers.entries()) if (answer !== null) found.add(asked[index] ?? '');
  }
  return found;
}

/** Slugs of the products that are not among the first twenty found by their own name. */
async function findUnsearchable(
  reader: Reader,
  channel: string,
  products: PublicShop['products'],
): Promise<ReadonlySet<string>> {
  const missed = new Set<string>();
  const slugs = Object.keys(products).sort(byCodeUnit);
  for (const asked of chunked(slugs, LOOKUPS_A_REQUEST)) {
    const answers = await reader.queries(
      asked.map((slug) => call(SearchedProducts, { channel, text: products[slug]?.name ?? slug })),
    );
    for (const [index, answer] of answers.entries()) {
      const slug = asked[index] ?? '';
      const hits = requireList(answer?.edges, `search for ${slug}`);
      if (!hits.some(({ node }) => node.slug === slug)) missed.add(slug);
    }
  }
  return missed;
}
