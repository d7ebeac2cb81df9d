// biome-ignore-all lint/suspicious/noExplicitAny: a recording is taken as it is
import { readFileSync } from 'node:fs';
import { GTM_V1 } from '../../src/contract/contract.ts';
import type { Actual, Assigned } from '../../src/core/actual-state.ts';

/** The recorded shop as an Actual, decoded apart from src/actual, so that the two can be compared. */
export function recordedActual(): Actual {
  const state: any = JSON.parse(readFileSync('test/recordings/saleor-state.json', 'utf8'));
  const data = state.attributes.response.data;
  const slugs = new Set(GTM_V1.attributes.map(({ slug }) => slug));
  const keys = new Set(GTM_V1.metadata.map(({ key }) => key));
  const nodes = (connection: any) => connection.edges.map(({ node }: any) => node);
  const assigned = (type: string, values: any[]): Assigned =>
    type === 'BOOLEAN'
      ? (values[0]?.boolean ?? null)
      : type === 'DROPDOWN'
        ? (values[0]?.slug ?? null)
        : Object.fromEntries(values.map((v) => [v.slug, true as const]));
  const products = state.products.pages.flatMap((page: any) => nodes(page.response.data.products));
  const empty = Object.fromEntries(
    GTM_V1.attributes.map(({ slug, input_type }) => [slug, input_type === 'MULTISELECT' ? {} : null]),
  );
  return {
    target: { name: null, api_url: 'http://127.0.0.1:8000/graphql/' },
    permissions: ['MANAGE_PRODUCTS', 'MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES'],
    locales: [],
    attributes: Object.fromEntries(
      nodes(data.attributes)
        .filter((a: any) => slugs.has(a.slug))
        .map((a: any) => [
          a.slug,
          {
            id: a.id,
            name: a.name,
            input_type: a.inputType,
            values: Object.fromEntries(
              nodes(a.choices).map((v: any) => [
                v.slug,
                { id: v.id, name: v.name, reference: v.externalReference, translations: {} },
              ]),
            ),
          },
        ]),
    ),
    product_types: Object.fromEntries(
      nodes(data.productTypes).map((t: any) => [
        t.slug,
        { id: t.id, name: t.name, attributes: t.productAttributes.map((a: any) => a.slug).sort() },
      ]),
    ),
    products: Object.fromEntries(
      products.map((p: any) => [
        p.slug,
        {
          id: p.id,
          name: p.name,
          type: p.productType.slug,
          document: {
            attributes: {
              ...empty,
              ...Object.fromEntries(
                p.attributes.map((a: any) => [a.attribute.slug, assigned(a.attribute.inputType, a.values)]),
              ),
            },
            metadata: Object.fromEntries(
              p.metadata.filter((m: any) => keys.has(m.key)).map((m: any) => [m.key, m.value]),
            ),
          },
        },
      ]),
    ),
  };
}
