import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Contract, GTM_V1 } from '../../../../src/contract/contract.ts';
import { Failure } from '../../../../src/core/failure.ts';
import { createHttp } from '../../../../src/platform/http/client.ts';
import { systemClock } from '../../../../src/platform/system-clock.ts';
import { createReader, type Reader } from '../../../../src/saleor/graphql/client.ts';
import type { WantedProducts } from '../../../../src/saleor/read/products.ts';
import {
  type ActualRead,
  type ReadOptions,
  readActualState,
} from '../../../../src/saleor/read/read-actual.ts';
import { type Sandbox, startSandbox } from '../../../../src/sandbox/server/server.ts';
import { recordedActual } from '../../../support/recorded-shop.ts';

const quick = { ...systemClock, sleep: async () => {} };

function open(sandbox: Sandbox, token = sandbox.tokens.two) {
  const http = createHttp({ clock: quick, random: () => 0 });
  return { http, reader: createReader({ transport: http, clock: quick, apiUrl: sandbox.url, token }) };
}

function read(
  reader: Reader,
  changes: Partial<ReadOptions> = {},
  contract: Contract = GTM_V1,
): Promise<ActualRead> {
  const target = { name: null, api_url: reader.url };
  return readActualState(reader, contract, { products: 'all', locales: ['en'], target, ...changes });
}

async function failed(promise: Promise<unknown>): Promise<Failure> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof Failure)) throw new Error(`no failure: ${String(error)}`);
  return error;
}

const id = (plain: string) => Buffer.from(plain).toString('base64');

describe('the recorded shop', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.close());
  afterEach(() => {
    sandbox.intercept = undefined;
  });

  test('is read whole in six requests, and equals what the recording holds', async () => {
    const { http, reader } = open(sandbox);
    const { actual, proof, shop, extras } = await read(reader);
    expect(http.counts.requests).toBe(6);
    const recorded = recordedActual();
    const { 'default-type': _, ...named } = recorded.product_types;
    expect(actual).toEqual({ ...recorded, target: actual.target, product_types: named });
    expect(proof).toEqual({
      attributes: { requests: 1, items: 12, total: 12 },
      values: { requests: 10, items: 57, total: 57 },
      product_types: { requests: 1, items: 3, total: 3 },
      products: { requests: 4, items: 302, total: 302 },
    });
    expect(shop).toMatchObject({ name: 'Saleor e-commerce', version: '3.23.28' });
    expect(extras).toMatchObject({ problems: [], app: { name: 'shop-sync' } });
  });

  test('every record is in code-unit order', async () => {
    const { actual } = await read(open(sandbox).reader);
    for (const record of [actual.attributes, actual.products, actual.product_types]) {
      expect(Object.keys(record)).toEqual(Object.keys(record).sort());
    }
  });

  test('labels are kept only with MANAGE_TRANSLATIONS, and in languages that Saleor knows', async () => {
    const full = await read(open(sandbox, sandbox.tokens.full).reader, { locales: ['en', 'pt-br', 'xx'] });
    expect(full.actual.attributes['gsv_roles']?.values['executive']?.translations).toEqual({
      en: null,
      'pt-br': null,
    });
    expect(full.extras.problems).toEqual([
      { severity: 'warning', code: 'locale_unknown_to_saleor', ref: 'shop', data: { locale: 'xx' } },
    ]);
    const two = await read(open(sandbox).reader, { locales: ['en'] });
    expect(two.actual.attributes['gsv_roles']?.values['executive']?.translations).toEqual({});
  });

  describe('named products', () => {
    const named = async (wanted: Exclude<WantedProducts, 'all'>) => {
      const { http, reader } = open(sandbox);
      const { actual, proof } = await read(reader, { products: wanted });
      return { slugs: Object.keys(actual.products), proof: proof.products, requests: http.counts.requests };
    };

    test('by id, by slug, and one by both', async () => {
      expect(await named({ ids: [id('Product:1')], slugs: ['offering-001', 'offering-002'] })).toEqual({
        slugs: ['offering-001', 'offering-002'],
        proof: { requests: 1, items: 2, total: 2 },
        requests: 2,
      });
    });

    test('none asked for is none read, and no request', async () => {
      expect(await named({ ids: [], slugs: [] })).toEqual({
        slugs: [],
        proof: { requests: 0, items: 0, total: 0 },
        requests: 2,
      });
    });

    test('only slugs, only ids: never everything', async () => {
      expect((await named({ ids: [], slugs: ['offering-003'] })).slugs).toEqual(['offering-003']);
      expect((await named({ ids: [id('Product:3')], slugs: [] })).slugs).toEqual(['offering-003']);
    });

    test('what is not there, or cannot be asked for, is absent and spoils nothing', async () => {
      const ids = [
        id('Product:999999'),
        'garbage',
        '1',
        id('Attribute:1'),
        id('Product:0x1'),
        id('Product:01'),
        id('Product:2'),
      ];
      const slugs = ['nope', '', 'nul\0', 'half \ud800', 'x'.repeat(300)];
      expect((await named({ ids, slugs })).slugs).toEqual(['offering-002']);
    });

    test('hundreds go in chunks of a hundred; one in two chunks counts once', async () => {
      const numbers = Array.from({ length: 150 }, (_, index) => index + 1);
      const slugs = numbers.map((n) => `offering-${String(n).padStart(3, '0')}`);
      const {
        proof,
        requests,
        slugs: found,
      } = await named({ ids: numbers.map((n) => id(`Product:${n}`)), slugs });
      expect(found).toEqual(slugs);
      expect(proof).toEqual({ requests: 2, items: 150, total: 150 });
      expect(requests).toBe(3);
    });
  });

  test('a few hundred products are asked for together with the structure', async () => {
    const slugs = Array.from({ length: 300 }, (_, n) => `offering-${String(n + 1).padStart(3, '0')}`);
    let others = 0;
    let isTogether = false;
    sandbox.intercept = async ({ query }) => {
      if (query.startsWith('query NamedProducts')) others += 1;
      if (!query.includes('attributes(first')) return undefined;
      // Held until the rest is here, or for a second.
      for (let tick = 0; tick < 100 && others < 2; tick += 1) await new Promise((go) => setTimeout(go, 10));
      isTogether = others === 2;
      return undefined;
    };
    const { actual } = await read(open(sandbox).reader, { products: { ids: [], slugs } });
    expect(Object.keys(actual.products)).toEqual(slugs);
    expect(isTogether).toBe(true);
  });

  test('the structure is asked for together with the first question, whose failure is the one to report', async () => {
    let isOpeningThere = false;
    sandbox.intercept = async ({ query }) => {
      isOpeningThere ||= query.includes('attributes(first');
      if (!query.startsWith('query Preflight')) return undefined;
      // Held until the other is here, or for two seconds.
      for (let tick = 0; tick < 200 && !isOpeningThere; tick += 1)
        await new Promise((go) => setTimeout(go, 10));
      return undefined;
    };
    await read(open(sandbox).reader, { products: { ids: [], slugs: ['offering-001'] } });
    expect(isOpeningThere).toBe(true);
    const failure = await failed(read(open(sandbox, 'nobody-has-this-token').reader));
    expect(failure.code).toBe('token_invalid');
  });

  test('attributes and types are handed over while products are still read', async () => {
    const slugs = Array.from({ length: 300 }, (_, n) => `offering-${String(n + 1).padStart(3, '0')}`);
    let types: readonly string[] = [];
    let isMeanwhile = false;
    sandbox.intercept = async ({ query }) => {
      if (!query.startsWith('query NamedProducts')) return undefined;
      // Held until they are here, or for two seconds.
      for (let tick = 0; tick < 200 && types.length === 0; tick += 1)
        await new Promise((go) => setTimeout(go, 10));
      isMeanwhile = types.length > 0;
      return undefined;
    };
    await read(open(sandbox).reader, {
      products: { ids: [], slugs },
      onStructure: ({ product_types }) => {
        types = Object.keys(product_types);
      },
    });
    expect(types).toEqual(['credit-pack', 'gift-card', 'offering']);
    expect(isMeanwhile).toBe(true);
  });

  test('many named products are asked for while the shop still lists its product types', async () => {
    const { http, reader } = open(sandbox);
    let asked = 0;
    let askedMeanwhile = 0;
    sandbox.intercept = async ({ query }) => {
      if (query.startsWith('query NamedProducts')) asked += 1;
      if (!query.startsWith('query AllProductTypes')) return undefined;
      // Held until others are here, or for two seconds.
      for (let tick = 0; tick < 200 && asked < 3; tick += 1) await new Promise((go) => setTimeout(go, 10));
      askedMeanwhile = asked;
      return undefined;
    };
    const slugs = Array.from({ length: 700 }, (_, n) => `offering-${String(n).padStart(3, '0')}`);
    const lacking = { ...GTM_V1, product_types: [...GTM_V1.product_types, 'Nowhere'] };
    const { proof } = await read(reader, { products: { ids: [], slugs } }, lacking);
    expect(askedMeanwhile).toBeGreaterThanOrEqual(3);
    expect(proof.products).toEqual({ requests: 7, items: 300, total: 300 });
    // Preflight, opening with the first hundred names, product types, six pages.
    expect(http.counts.requests).toBe(3 + 6);
  });

  test('where the pages name twice as many products as the shop has, all of them are read, and the named ones kept', async () => {
    const { http, reader } = open(sandbox);
    const slugs = Array.from({ length: 800 }, (_, n) => `offering-${String(n).padStart(3, '0')}`);
    const few = await read(reader, { products: { ids: [id('Product:301')], slugs: slugs.slice(0, 100) } });
    const before = http.counts.requests;
    const many = await read(reader, { products: { ids: [id('Product:301')], slugs } });
    // Preflight, opening with the first hundred names, four pages; eight pages of names otherwise.
    expect(http.counts.requests - before).toBe(2 + 4);
    expect(Object.keys(many.actual.products)).toHaveLength(301);
    expect(many.actual.products).toMatchObject(few.actual.products);
    expect(many.proof.products).toEqual({ requests: 4, items: 301, total: 301 });
  });

  describe('a token', () => {
    test('without MANAGE_PRODUCTS reads no products, and is told which permission', async () => {
      const failure = await failed(read(open(sandbox, sandbox.tokens.types).reader));
      expect(failure.code).toBe('permission_missing');
      expect(failure.message).toContain('MANAGE_PRODUCTS');
      const none: WantedProducts = { ids: [], slugs: [] };
      const { actual } = await read(open(sandbox, sandbox.tokens.types).reader, { products: none });
      expect(Object.keys(actual.attributes)).toHaveLength(12);
    });

    test.each(['inactive', 'nonsense'])('that is %s is not accepted', async (kind) => {
      const token = kind === 'inactive' ? sandbox.tokens.inactive : 'x'.repeat(30);
      expect((await failed(read(open(sandbox, token).reader))).code).toBe('token_invalid');
    });

    test('that may not see hidden attributes is told that a missing one may be hidden', async () => {
      Object.assign(sandbox.edit.attribute('gsv_badges'), { visibleInStorefront: false });
      const { actual, extras } = await read(open(sandbox, sandbox.tokens.limited).reader);
      Object.assign(sandbox.edit.attribute('gsv_badges'), { visibleInStorefront: true });
      expect(Object.keys(actual.attributes)).toHaveLength(11);
      expect(extras.problems).toEqual([
        {
          severity: 'warning',
          code: 'attribute_maybe_hidden',
          ref: 'attribute.gsv_badges',
          data: { permission: 'MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES' },
        },
      ]);
    });
  });

  describe('a shop that lies is never believed', () => {
    // biome-ignore lint/suspicious/noExplicitAny: an answer of any shape, to be spoilt
    type Json = any;
    let pages = 0;

    /** Spoils each answer that holds products. */
    const spoil = (change: (products: Json, page: number, json: Json) => void) => {
      pages = 0;
      sandbox.intercept = ({ query }) =>
        query.includes('metafields(')
          ? {
              kind: 'edit',
              edit: (json: Json) => {
                pages += 1;
                change(json.data.products ?? json.data.m2, pages, json);
                return json;
              },
            }
          : undefined;
    };

    const lies: Readonly<Record<string, (products: Json, page: number, json: Json) => void>> = {
      'a total that is too high': (products) => {
        products.totalCount += 1;
      },
      'a total that is too low': (products) => {
        products.totalCount -= 1;
      },
      'a total that changes between pages': (products, page) => {
        if (page === 3) products.totalCount += 1;
      },
      'no total': (products) => {
        products.totalCount = null;
      },
      'a page that is cut': (products, page) => {
        if (page === 2) products.edges = products.edges.slice(0, 60);
      },
      'an empty page with more behind it': (products, page) => {
        if (page === 2) products.edges = [];
      },
      'an end too soon': (products, page) => {
        if (page === 2) products.pageInfo.hasNextPage = false;
      },
      'no end at all': (products) => {
        products.pageInfo.hasNextPage = true;
      },
      'no cursor': (products) => {
        products.pageInfo.endCursor = null;
      },
      'a page that comes twice': (products, page) => {
        if (page === 1) products.pageInfo.endCursor = null;
      },
      'one item twice': (products, page) => {
        if (page === 1) products.edges[5] = products.edges[6];
      },
      'an item that is null': (products, page) => {
        if (page === 4) products.edges[0].node = null;
      },
      'an item without its id': (products) => {
        delete products.edges[0].node.id;
      },
      'an item without its slug': (products) => {
        delete products.edges[0].node.slug;
      },
      'an item without its type': (products) => {
        products.edges[0].node.productType = null;
      },
      'an item without its attributes': (products) => {
        products.edges[0].node.attributes = null;
      },
      'an attribute without its values': (products, page) => {
        if (page === 1) products.edges[3].node.attributes[0].values = null;
      },
      'a value without its slug': (products, page) => {
        if (page === 1) products.edges[3].node.attributes[0].values = [{ boolean: null }];
      },
      'an item without its metadata': (products) => {
        delete products.edges[0].node.metafields;
      },
      'metadata that is no text': (products) => {
        products.edges[0].node.metafields = { cp_offering_id: 5 };
      },
      'no page': (_products, page, json) => {
        if (page === 2) json.data.products = null;
      },
      'edges that are no list': (products) => {
        products.edges = {};
      },
    };

    test.each(Object.entries(lies))('%s', async (_, change) => {
      spoil(change);
      const failure = await failed(read(open(sandbox).reader));
      expect(failure.code).toBe('shop_incomplete');
      expect(failure.message).toMatch(/^product/);
    });

    test('a page that comes twice, with its own cursor again', async () => {
      let first: Json = null;
      spoil((products, page, json) => {
        if (page === 1) first = structuredClone(products);
        if (page === 2) json.data.products = structuredClone(first);
      });
      const failure = await failed(read(open(sandbox).reader));
      expect(failure.message).toMatch(
        /^products: no way to the next page \(page 2, 100 of 302 items so far\)$/,
      );
    });

    test('the figures are in the message', async () => {
      spoil((products, page) => {
        if (page === 2) products.pageInfo.hasNextPage = false;
      });
      const failure = await failed(read(open(sandbox).reader));
      expect(failure.message).toBe(
        'products: 200 items came, and the shop counts 302 (page 2, 200 of 302 items so far)',
      );
    });

    test('data beside an error is not data', async () => {
      spoil((_products, page, json) => {
        if (page === 3)
          json.errors = [
            {
              message: 'Internal Server Error',
              path: ['products'],
              extensions: { exception: { code: 'DataError' } },
            },
          ];
      });
      const failure = await failed(read(open(sandbox).reader));
      expect(failure.code).toBe('shop_error');
      expect(failure.message).toContain('Saleor crashed in products (DataError)');
    });

    test('a product that nobody asked for', async () => {
      spoil((products) => {
        products.edges[0].node.id = id('Product:77');
        products.edges[0].node.slug = 'offering-077';
      });
      const failure = await failed(
        read(open(sandbox).reader, { products: { ids: [], slugs: ['offering-001'] } }),
      );
      expect(failure.message).toBe('products: offering-077 came without being requested');
    });

    test('values that are cut, in any attribute', async () => {
      sandbox.intercept = ({ query }) =>
        query.includes('attributes(')
          ? {
              kind: 'edit',
              edit: (json: Json) => {
                json.data.m0.edges
                  .find((edge: Json) => edge.node.slug === 'gsv_roles')
                  .node.choices.edges.pop();
                return json;
              },
            }
          : undefined;
      const failure = await failed(read(open(sandbox).reader));
      expect(failure.message).toMatch(/^values of gsv_roles: \d+ items came, and the shop counts \d+/);
    });

    test('labels that are cut', async () => {
      sandbox.intercept = ({ query }) =>
        query.includes('attributes(')
          ? {
              kind: 'edit',
              edit: (json: Json) => {
                delete json.data.m0.edges[0].node.choices.edges[0].node.t0;
                return json;
              },
            }
          : undefined;
      const failure = await failed(read(open(sandbox, sandbox.tokens.full).reader));
      expect(failure.code).toBe('shop_incomplete');
      expect(failure.message).toContain('label in en is missing');
    });

    test('a torn answer is read again, and then whole', async () => {
      let torn = 0;
      sandbox.intercept = ({ query }) => {
        if (!query.includes('products(') || torn > 1) return undefined;
        torn += 1;
        return { kind: 'drop', isExecuted: true };
      };
      const { http, reader } = open(sandbox);
      expect(Object.keys((await read(reader)).actual.products)).toHaveLength(302);
      expect(http.counts.retries).toBe(2);
    });
  });
});

describe('a shop of another shape', () => {
  const contract = (slugs: readonly string[], keys: readonly string[] = []): Contract => ({
    ...GTM_V1,
    product_types: ['Offering', 'course'],
    attributes: slugs.map((slug) => ({
      slug,
      name: slug,
      input_type: 'MULTISELECT',
      source: slug,
      taxonomy: 't',
      product_types: ['Offering'],
    })),
    metadata: keys.map((key) => ({ key, type: 'text', source: key })),
  });

  test('an attribute with 1,500 values comes in 15 pages, beside another with 250', async () => {
    const values = (count: number, word: string) =>
      Array.from({ length: count }, (_, n) => ({ name: `${word}_${n}` }));
    const sandbox = await startSandbox({
      seed: {
        attributes: [
          { slug: 'skills', name: 'Skills', inputType: 'MULTISELECT', values: values(1500, 'skill') },
          { slug: 'tools', name: 'Tools', inputType: 'MULTISELECT', values: values(250, 'tool') },
        ],
        productTypes: [{ slug: 'offering', name: 'Offering', attributes: ['skills', 'tools'] }],
        products: [],
      },
    });
    const { http, reader } = open(sandbox);
    const { actual, proof } = await read(reader, {}, contract(['skills', 'tools']));
    await sandbox.close();
    expect(Object.keys(actual.attributes['skills']?.values ?? {})).toHaveLength(1500);
    expect(proof.values).toEqual({ requests: 18, items: 1750, total: 1750 });
    // The shop has no type "course", so all types are listed for near names.
    expect(http.counts.requests).toBe(1 + 1 + 14 + 1 + 1);
  });

  test('what is not managed is not read into documents; awkward names are ordinary members', async () => {
    const sandbox = await startSandbox({
      seed: {
        attributes: [
          {
            slug: 'constructor',
            name: 'C',
            inputType: 'MULTISELECT',
            values: [{ name: 'toString' }, { name: 'x', slug: '__proto__' }],
          },
          { slug: 'secret', name: 'S', inputType: 'MULTISELECT', values: [{ name: 'hidden' }] },
        ],
        productTypes: [
          { slug: 'offering', name: 'Offering', attributes: ['constructor', 'secret'] },
          { slug: 'course', name: 'Something else', attributes: ['secret'] },
          { slug: 'book', name: 'Book', attributes: [] },
        ],
        products: [
          {
            slug: '__proto__',
            name: 'P',
            type: 'offering',
            attributes: { constructor: ['__proto__', 'tostring'], secret: ['hidden'] },
            metadata: { 'managed.key': '', other: 'hidden' },
          },
          { slug: 'unset', name: 'U', type: 'book' },
        ],
      },
    });
    const { actual } = await read(
      open(sandbox).reader,
      {},
      contract(['constructor', 'not_there'], ['managed.key', 'absent']),
    );
    await sandbox.close();
    expect(JSON.stringify(actual)).not.toContain('hidden');
    expect(JSON.stringify(actual.products)).toBe(
      JSON.stringify(
        JSON.parse(`{
          "__proto__": {"id": "${id('Product:1')}", "name": "P", "type": "offering", "document": {
            "attributes": {"constructor": {"__proto__": true, "tostring": true}, "not_there": {}},
            "metadata": {"managed.key": ""}}},
          "unset": {"id": "${id('Product:2')}", "name": "U", "type": "book", "document": {
            "attributes": {"constructor": {}, "not_there": {}}, "metadata": {}}}
        }`),
      ),
    );
    expect(actual.product_types).toEqual({
      course: expect.objectContaining({ name: 'Something else', attributes: [] }),
      offering: expect.objectContaining({ name: 'Offering', attributes: ['constructor'] }),
    });
  });
});
