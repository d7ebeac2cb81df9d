import type { LackingProduct, ShopLacks } from '../../app/shop-lacks.ts';
import { slugify } from '../../contract/slugify.ts';
import { plural } from '../../core/text/counting.ts';

/** Whether the shop lacks something that no plan creates. */
export const lacksByHand = ({ types, products }: ShopLacks): boolean =>
  types.length > 0 || products.length > 0;

/** Products that are listed. */
const SHOWN = 10;

/** What the shop lacks, in the order to create it, and who creates it. Empty if nothing is missing. */
export function bootstrapLines(lacks: ShopLacks, yamlCommand: string): readonly string[] {
  const { types, attributes, assignments, products, pages, channel } = lacks;
  const steps: (readonly string[])[] = [];
  if (types.length > 0)
    steps.push([
      `${plural(types.length, 'product type')} to create in Saleor (Dashboard, Configuration, Product types):`,
      ...types.map((name) => `  ${name} (slug ${slugify(name) ?? 'chosen by Saleor'})`),
    ]);
  if (attributes.length > 0 || assignments > 0) {
    const what = [
      ...(attributes.length === 0 ? [] : [plural(attributes.length, 'attribute')]),
      ...(assignments === 0 ? [] : [plural(assignments, 'assignment')]),
    ];
    steps.push([
      `${what.join(' and ')}: a plan creates them (${attributes.length > 0 ? '--create-attributes ' : ''}--sync-attributes --sync-products)${types.length > 0 ? '; assignments follow their product types' : ''}`,
    ]);
  }
  if (products.length > 0)
    steps.push([
      `${products.length} of ${plural(pages, 'page')} name a product that the shop lacks; create it, or correct the page:`,
      ...products.slice(0, SHOWN).map((one) => `  ${productText(one)}`),
      ...(products.length > SHOWN ? [`  and ${products.length - SHOWN} more`] : []),
    ]);
  if (products.length > 0)
    steps.push([
      `Each product published with a price in ${channel === null ? 'its channel' : `channel ${channel}`}: shoppers see no other, and sailplan storefront proves it`,
    ]);
  if (steps.length === 0 || !lacksByHand(lacks)) return [];
  return [
    'Missing in the shop, in the order to create it:',
    ...steps.flatMap(([first = '', ...more], index) => [
      `  ${index + 1}. ${first}`,
      ...more.map((line) => `   ${line}`),
    ]),
    `  Product types and products as a file for Saleor Configurator: ${yamlCommand} > config.yml`,
  ];
}

const productText = ({ title, slug, id }: LackingProduct): string =>
  slug === null
    ? `${title}: id ${id ?? ''}, which only Saleor assigns; use saleor_product_slug on the page`
    : title === slug
      ? `slug ${slug}`
      : `${title} (slug ${slug})`;
