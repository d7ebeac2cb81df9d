import type { LackingProduct, ShopLacks } from '../../app/shop-lacks.ts';
import { slugify } from '../../contract/slugify.ts';

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
