import type { World } from './world.ts';

export interface Value {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly externalReference: string | null;
  readonly en: string | null;
  readonly de: string | null;
  readonly fr: string | null;
}

const VALUES = `id slug name externalReference
  en:translation(languageCode:EN){name} de:translation(languageCode:DE){name} fr:translation(languageCode:FR){name}`;

/** Values of an attribute, by slug, as the shop says by itself. */
export async function valuesOf({ gql }: World, attribute: string): Promise<Readonly<Record<string, Value>>> {
  const answer = await gql(
    `query($slug:String!){attribute(slug:$slug){choices(first:100){edges{node{${VALUES}}}}}}`,
    { slug: attribute },
  );
  return Object.fromEntries(
    // biome-ignore lint/suspicious/noExplicitAny: the shop's answer
    answer.attribute.choices.edges.map(({ node }: any) => [
      node.slug,
      { ...node, en: node.en?.name ?? null, de: node.de?.name ?? null, fr: node.fr?.name ?? null },
    ]),
  );
}

export interface Product {
  readonly name: string;
  /** attribute → slugs of its values, sorted; a boolean as true or false; only what is set. */
  readonly attributes: Readonly<Record<string, readonly string[] | boolean>>;
  readonly metadata: Readonly<Record<string, string>>;
}

export async function productOf({ gql, products, prefix }: World, slug: string): Promise<Product> {
  const { product } = await gql(
    'query($id:ID!){product(id:$id){name metadata{key value} attributes{attribute{slug inputType} values{slug boolean}}}}',
    { id: products[slug] },
  );
  // biome-ignore lint/suspicious/noExplicitAny: the shop's answer
  const attributes = product.attributes.flatMap(({ attribute, values }: any) => {
    if (values.length === 0) return [];
    const name = attribute.slug.slice(prefix.length + 1);
    const isBoolean = attribute.inputType === 'BOOLEAN';
    return [
      [name, isBoolean ? values[0].boolean : values.map((value: { slug: string }) => value.slug).sort()],
    ];
  });
  // biome-ignore lint/suspicious/noExplicitAny: the shop's answer
  const metadata = product.metadata.map(({ key, value }: any) => [key.replace(`${prefix}_`, ''), value]);
  return {
    name: product.name,
    attributes: Object.fromEntries(attributes),
    metadata: Object.fromEntries(metadata),
  };
}

/** What a human put there, and the tool must never touch. */
export const HUMAN = (slug: string) => ({
  name: `Human's ${slug}`,
  attributes: { colour: ['teal'] },
  metadata: { human_note: `keep ${slug}` },
});
