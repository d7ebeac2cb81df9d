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
    : `${title} (slug ${slug})`;

/** config.yml of Saleor Configurator with what the shop lacks. A JSON text is a YAML text too. */
export function configuratorYaml(lacks: ShopLacks): string {
  const { types, products } = lacks;
  const lines = [
    ...HEAD,
    ...(products.length === 0 ? [] : priceNote(lacks)),
    ...(types.length === 0 ? [] : ['productTypes:']),
    ...types.flatMap((name) => [`  - name: ${JSON.stringify(name)}`, '    isShippingRequired: false']),
    ...(products.length === 0
      ? []
      : ['categories:', '  - name: "Catalog"', '    slug: "catalog"', 'products:']),
    ...products.flatMap((product) => productYaml(product, lacks)),
  ];
  return `${lines.join('\n')}\n`;
}

/** As Saleor Configurator 3.23.2 works (docs/saleor.md#saleor-configurator). */
const HEAD = [
  '# What the contract and the pages need and the shop lacks, for Saleor Configurator. Check product types and category, then:',
  '#   npx @saleor/configurator deploy --include productTypes,categories,products --config FILE --url URL --token TOKEN --plan',
  '# and the same without --plan. The URL must be https. TOKEN is that of another app than sailplan’s: it also needs MANAGE_SETTINGS,',
  '# MANAGE_CHANNELS, MANAGE_CHECKOUTS and MANAGE_SHIPPING. It lists what the shop has beside this file as "delete"; --include limits',
  '# it to these three sections.',
];

const priceNote = ({ channel }: ShopLacks): readonly string[] =>
  channel === null
    ? [
        '# The products are in no channel. Shoppers see a product when it is published with a price in their channel.',
      ]
    : [`# Set each price in channel ${channel}: a price that is missing is refused.`];

function productYaml(
  { title, slug, id }: LackingProduct,
  { productType, channel }: ShopLacks,
): readonly string[] {
  const sku = JSON.stringify(slug ?? slugify(title) ?? `page-${id ?? ''}`);
  return [
    `  - name: ${JSON.stringify(title)}`,
    `    slug: ${sku}`,
    `    productType: ${JSON.stringify(productType)}`,
    '    category: "catalog"',
    ...(channel === null
      ? []
      : ['    channelListings:', `      - channel: ${JSON.stringify(channel)}`, '        isPublished: true']),
    '    variants:',
    `      - name: ${JSON.stringify(title)}`,
    `        sku: ${sku}`,
    ...(channel === null
      ? []
      : [
          '        channelListings:',
          `          - channel: ${JSON.stringify(channel)}`,
          '            price: # set it',
        ]),
  ];
}
