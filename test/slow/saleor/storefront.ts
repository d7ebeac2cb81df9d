import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@jest/globals';
import { parse } from 'graphql';
import { type Catalogue, catalogue, type Page } from './catalogue.ts';
import { converge, sailplan, say } from './tool.ts';
import type { World } from './world.ts';

const BOOTSTRAP = ['--create-attributes', '--sync-attributes', '--sync-products', '--create-missing'];

/** STOREFRONT_PRODUCTS=300 tries as many as issue and documents speak of; each 50 take some seconds to make. */
const PRODUCTS = Number(process.env['STOREFRONT_PRODUCTS'] || 60);
const AT_ONCE = 50;

interface Seen {
  readonly query: string;
  readonly authorization: string | undefined;
}

/** Between the tool and the shop: passes everything on and keeps what was sent. */
async function listen(apiUrl: string): Promise<{ url: string; seen: Seen[]; server: Server }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { authorization } = request.headers;
    seen.push({ query: JSON.parse(body).query, authorization });
    const answer = await fetch(apiUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body,
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/graphql/`, seen, server };
}

const slugOf = (number: number): string => `p-${String(number).padStart(3, '0')}`;

/** Every product of the channel has a page, with terms that differ from page to page. */
function site(): Catalogue {
  const base = catalogue();
  const roles = base.roles.map(({ key }) => key);
  const page = (number: number): Page => ({
    title: `Offering ${number}`,
    category: base.categories[number % base.categories.length]?.key ?? null,
    roles: [roles[number % 3] ?? '', roles[(number + 1) % 3] ?? ''],
    verified: number % 2 === 0,
    offering_id: `off-${number}`,
    tagline: `Tagline ${number}`,
    credits: number,
  });
  const numbers = Array.from({ length: PRODUCTS }, (_, index) => index + 1);
  return { ...base, pages: Object.fromEntries(numbers.map((number) => [slugOf(number), page(number)])) };
}

/** Published with a price, in a channel and a category of the shop; gone with their product type. */
async function publish({ gql, names }: World): Promise<{ slug: string; id: string }> {
  const { channels, categories, productTypes } = await gql(
    'query($slug:[String!]){channels{id slug isActive} categories(first:1){edges{node{id}}} productTypes(first:1,filter:{slugs:$slug}){edges{node{id}}}}',
    { slug: [names.types[0]] },
  );
  const channel = channels.find(({ isActive }: { isActive: boolean }) => isActive);
  const category = categories.edges[0]?.node.id;
  if (channel === undefined || category === undefined)
    throw new Error('the shop has no active channel or no category: this story publishes products');
  for (let from = 1; from <= PRODUCTS; from += AT_ONCE) {
    const products = Array.from({ length: Math.min(AT_ONCE, PRODUCTS - from + 1) }, (_, index) => ({
      name: `Offering ${from + index}`,
      slug: names.product(slugOf(from + index)),
      productType: productTypes.edges[0].node.id,
      category,
      channelListings: [{ channelId: channel.id, isPublished: true, visibleInListings: true }],
      variants: [
        {
          sku: names.product(slugOf(from + index)),
          attributes: [],
          trackInventory: false,
          channelListings: [{ channelId: channel.id, price: 10 }],
        },
      ],
    }));
    const { made } = await gql(
      'mutation($products:[ProductBulkCreateInput!]!){made:productBulkCreate(products:$products){count results{errors{path message}} errors{path message}}}',
      { products },
    );
    expect(made.count).toBe(products.length);
  }
  return channel;
}

/** Three faults by three hands: unpublished, a role taken away, a card edited. */
async function breakThree({ gql, names }: World, channelId: string): Promise<void> {
  const product = async (number: number) =>
    (
      await gql(
        'query($slug:String!){product(slug:$slug){id attributes{attribute{id slug} values{id slug}}}}',
        { slug: names.product(slugOf(number)) },
      )
    ).product;
  await gql(
    'mutation($id:ID!,$input:ProductChannelListingUpdateInput!){productChannelListingUpdate(id:$id,input:$input){errors{field message}}}',
    { id: (await product(17)).id, input: { updateChannels: [{ channelId, isPublished: false }] } },
  );
  const { id, attributes } = await product(23);
  const roles = attributes.find(
    ({ attribute }: { attribute: { slug: string } }) => attribute.slug === names.roles,
  );
  const kept = roles.values.slice(1).map((value: { id: string }) => ({ id: value.id }));
  await gql(
    'mutation($id:ID!,$input:ProductInput!){productUpdate(id:$id,input:$input){errors{field message}}}',
    {
      id,
      input: { attributes: [{ id: roles.attribute.id, multiselect: kept }] },
    },
  );
  await gql(
    'mutation($id:ID!,$input:[MetadataInput!]!){updateMetadata(id:$id,input:$input){errors{field message}}}',
    {
      id: (await product(31)).id,
      input: [{ key: names.tagline, value: 'edited by hand' }],
    },
  );
}

/** A shopper finds what is planned; then exactly the three faults; with few requests, all of them queries without a token. */
export async function shoppersProof(world: World): Promise<void> {
  const channel = await publish(world);
  say(world, site(), 'key');
  await converge(world, ...BOOTSTRAP);
  const wire = await listen(world.apiUrl);
  try {
    const prove = async () => {
      const { code, out, err } = await sailplan(
        { ...world, apiUrl: wire.url },
        ...['storefront', '--desired', 'catalog.json', '--contract', 'contract.json'],
        ...['--channel', channel.slug, '--format', 'json'],
      );
      if (out === '') throw new Error(err);
      const { findings, counts, requests } = JSON.parse(out);
      const errors = findings.flatMap(({ severity, code: name, ref }: Record<string, string>) =>
        severity === 'error' ? [`${name} ${ref}`] : [],
      );
      return { code, errors, counts, requests };
    };
    const fine = await prove();
    expect(fine).toMatchObject({ code: 0, errors: [], counts: { pages: PRODUCTS, listed: PRODUCTS } });
    await breakThree(world, channel.id);
    const broken = await prove();
    const ref = (number: number) => `product.${world.names.product(slugOf(number))}`;
    expect(broken).toMatchObject({
      code: 2,
      errors: [
        `card_metadata_differs ${ref(31)}`,
        `filter_misses_product ${ref(23)}`,
        `product_not_published ${ref(17)}`,
      ],
      counts: { pages: PRODUCTS, listed: PRODUCTS - 1, not_published: 1 },
    });
    expect(wire.seen).toHaveLength(fine.requests + broken.requests);
    expect(broken.requests).toBeLessThanOrEqual(5 + Math.ceil(PRODUCTS / 50));
    for (const { query, authorization } of wire.seen) {
      const kinds = parse(query).definitions.flatMap((one) => ('operation' in one ? [one.operation] : []));
      expect([kinds, authorization]).toEqual([['query'], undefined]);
    }
    process.stderr.write(`storefront: ${PRODUCTS} products, ${broken.requests} requests\n`);
  } finally {
    await new Promise((done) => wire.server.close(done));
  }
}
