import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parseFaults } from '../../../../src/sandbox/server/fault-injection.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../../src/sandbox/server/server.ts';
import type { Seed } from '../../../../src/sandbox/store/seed.ts';
import { djangoSlugify } from '../../../../src/sandbox/store/slugs.ts';

const state = JSON.parse(
  readFileSync(new URL('../../../recordings/saleor-state.json', import.meta.url), 'utf8'),
);

let sandbox: Sandbox;
afterEach(() => sandbox?.close());

const start = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  sandbox = await startSandbox(options);
  return sandbox;
};

interface Json {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors?: readonly { readonly message: string }[];
}

function post(query: string, variables: object = {}, token = sandbox.tokens.full): Promise<Response> {
  return fetch(sandbox.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
}

const send = async (query: string, variables: object = {}, token?: string): Promise<Json> =>
  (await (await post(query, variables, token)).json()) as Json;

const offerings: Seed = {
  attributes: [
    {
      slug: 'gsv_roles',
      name: 'Roles',
      inputType: 'MULTISELECT',
      values: [{ name: 'founder' }, { name: 'Data analyst' }],
    },
    { slug: 'gsv_verified', name: 'Verified', inputType: 'BOOLEAN' },
  ],
  productTypes: [{ slug: 'offering', name: 'Offering', attributes: ['gsv_roles', 'gsv_verified'] }],
  products: [
    {
      slug: 'pitch-writer',
      name: 'Pitch writer',
      type: 'offering',
      attributes: { gsv_roles: ['founder'], gsv_verified: true },
      metadata: { cp_offering_id: 'off_1' },
    },
  ],
};

describe('the recorded shop reads back as it was recorded', () => {
  test('preflight, attributes with their choices, product types, all pages of products', async () => {
    await start();
    const { two } = sandbox.tokens;
    const { shop, app } = state.preflight.response.data;
    expect((await send(state.preflight.query, {}, two)).data).toEqual({
      app,
      shop: { ...shop, domain: { host: new URL(sandbox.url).host } },
    });
    expect(await send(state.attributes.query, {}, two)).toEqual(state.attributes.response);
    for (const { variables, response } of state.products.pages)
      expect(await send(state.products.query, variables, two)).toEqual(response);
  });
});

describe('a seed of one’s own', () => {
  test('reads back, with ids, slugs and booleans as Saleor makes them', async () => {
    await start({ seed: offerings });
    const { data } = await send(
      '{products(first:10){edges{node{id slug attributes{attribute{slug} values{slug name boolean}} metadata{key value}}}} attribute(slug:"gsv_roles"){choices(first:10){edges{node{slug}}}}}',
    );
    expect(data).toEqual({
      products: {
        edges: [
          {
            node: {
              id: 'UHJvZHVjdDox',
              slug: 'pitch-writer',
              attributes: [
                {
                  attribute: { slug: 'gsv_roles' },
                  values: [{ slug: 'founder', name: 'founder', boolean: null }],
                },
                {
                  attribute: { slug: 'gsv_verified' },
                  values: [{ slug: '2_true', name: 'Verified: Yes', boolean: true }],
                },
              ],
              metadata: [{ key: 'cp_offering_id', value: 'off_1' }],
            },
          },
        ],
      },
      attribute: { choices: { edges: [{ node: { slug: 'founder' } }, { node: { slug: 'data-analyst' } }] } },
    });
  });

  test('a seed that names an unknown value is refused by name', async () => {
    const products = [{ slug: 'x', name: 'X', type: 'offering', attributes: { gsv_roles: ['nobody'] } }];
    await expect(startSandbox({ seed: { ...offerings, products } })).rejects.toThrow(
      'no value "nobody" of gsv_roles',
    );
  });
});

describe('what the sandbox does not know it says so', () => {
  test.each([
    ['{product(slug:"pitch-writer"){descriptionJson}}', 'not in the sandbox: Product.descriptionJson'],
    [
      '{products(first:1,where:{hasCategory:true}){totalCount}}',
      'not in the sandbox: products(where: {hasCategory})',
    ],
    [
      'mutation{categoryCreate(input:{name:"x"}){errors{code}}}',
      'not in the sandbox: Mutation.categoryCreate',
    ],
    [
      'mutation{productUpdate(id:"UHJvZHVjdDox",input:{weight:1}){errors{code}}}',
      'not in the sandbox: productUpdate(input: {weight})',
    ],
  ])('%s', async (query, message) => {
    await start({ seed: offerings });
    expect((await send(query)).errors?.[0]?.message).toBe(message);
  });

  test('letters whose transliteration nobody looked up', async () => {
    expect(djangoSlugify('Ærø — Łódź')).toBe('aero-lodz');
    expect(() => djangoSlugify('Привет')).toThrow('not in the sandbox: the transliteration of U+041F');
  });
});

describe('people edit meanwhile', () => {
  test('an edit moves updatedAt, a renamed value takes a new slug and moves nothing', async () => {
    await start({ seed: offerings });
    const before = sandbox.edit.product('pitch-writer').updatedAt;
    sandbox.edit.renameValue('gsv_roles', 'founder', 'Company founder');
    expect(sandbox.edit.product('pitch-writer').updatedAt).toBe(before);
    expect(sandbox.edit.value('gsv_roles', 'company-founder').name).toBe('Company founder');
    sandbox.edit.setMetadata('pitch-writer', 'note', 'by hand');
    expect(sandbox.edit.product('pitch-writer').updatedAt > before).toBe(true);
  });

  test('with the measured latency a parallel productUpdate takes another one’s metadata back', async () => {
    await start({ seed: offerings, latency: { scale: 1, workers: 2 } });
    const write = (key: string) =>
      send(
        `mutation{productUpdate(id:"UHJvZHVjdDox",input:{metadata:[{key:"${key}",value:"1"}]}){errors{code}}}`,
      );
    await Promise.all([write('a'), write('b')]);
    const keys = [...sandbox.edit.product('pitch-writer').metadata.keys()];
    expect(keys.filter((key) => key === 'a' || key === 'b')).toHaveLength(1);
  });
});

describe('the log', () => {
  test('holds each executed mutation with its arguments and how it went, and counts', async () => {
    await start({ seed: offerings });
    await send(
      'mutation($a:ID!){one:attributeValueCreate(attribute:$a,input:{name:"hr"}){errors{code}} two:attributeValueCreate(attribute:$a,input:{name:""}){errors{code}}}',
      { a: 'QXR0cmlidXRlOjE=' },
    );
    await send('mutation{updateMetadata(id:"UHJvZHVjdDox",input:[]){errors{code}}}', {}, 'nobody');
    await send('{shop{name}}');
    await send('mutation{nope}');
    expect(sandbox.log.mutations.map(({ alias, name, outcome }) => [alias, name, outcome])).toEqual([
      ['one', 'attributeValueCreate', 'ok'],
      ['two', 'attributeValueCreate', 'refused'],
      ['updateMetadata', 'updateMetadata', 'failed'],
    ]);
    expect(sandbox.log.mutations[0]?.args).toEqual({ attribute: 'QXR0cmlidXRlOjE=', input: { name: 'hr' } });
    expect(sandbox.log.counts).toMatchObject({ requests: 4, queries: 1, mutations: 2 });
  });
});

describe('limits are options', () => {
  test('two mutations are too many where the limit is one', async () => {
    await start({ seed: offerings, limits: { mutations: 1 } });
    const response = await post(
      'mutation{a:updateMetadata(id:"x",input:[]){errors{code}} b:updateMetadata(id:"x",input:[]){errors{code}}}',
    );
    expect(response.status).toBe(400);
    expect(((await response.json()) as Json).errors?.[0]?.message).toBe(
      'Number of mutations exceed the limit of 1',
    );
  });
});

describe('a test takes a request in hand', () => {
  const create =
    'mutation{attributeValueCreate(attribute:"QXR0cmlidXRlOjE=",input:{name:"hr"}){attributeValue{slug} errors{code}}}';
  const slugs = () => sandbox.edit.values('gsv_roles').map((v) => v.slug);

  test('the reply is lost after the write, or the request before it', async () => {
    await start({ seed: offerings, intercept: () => ({ kind: 'drop', isExecuted: true }) });
    await expect(post(create)).rejects.toThrow();
    expect(slugs()).toContain('hr');
    sandbox.edit.deleteValue('gsv_roles', 'hr');
    sandbox.intercept = () => ({ kind: 'drop', isExecuted: false });
    await expect(post(create)).rejects.toThrow();
    expect(slugs()).not.toContain('hr');
  });

  test('a changed answer, a cut one, a page of HTML, a late one', async () => {
    await start({ seed: offerings });
    sandbox.intercept = ({ fields }) =>
      fields[0]?.name === 'shop'
        ? { kind: 'edit', edit: () => ({ data: { shop: { name: 'lie' } } }) }
        : undefined;
    expect((await send('{shop{name}}')).data).toEqual({ shop: { name: 'lie' } });
    expect((await send('{products(first:1){totalCount}}')).data).toEqual({ products: { totalCount: 1 } });
    sandbox.intercept = () => ({ kind: 'truncate' });
    await expect(send('{shop{name}}')).rejects.toThrow();
    sandbox.intercept = () => ({
      kind: 'reply',
      status: 502,
      contentType: 'text/html',
      body: '<h1>Bad gateway</h1>',
    });
    expect((await post('{shop{name}}')).status).toBe(502);
    sandbox.intercept = () => ({ kind: 'late', delayMs: 60 });
    const started = Date.now();
    await post(create);
    expect(Date.now() - started).toBeGreaterThanOrEqual(55);
  });
});

describe('faults', () => {
  const fates = async (seed: number): Promise<string[]> => {
    await start({ seed: offerings, faults: parseFaults('429:0.3,500:0.2,drop:0.2', seed) });
    const seen: string[] = [];
    for (let i = 0; i < 30; i += 1)
      seen.push(
        await post('{shop{name}}').then(
          (r) => String(r.status),
          () => 'reset',
        ),
      );
    await sandbox.close();
    return seen;
  };

  test('the same seed gives the same faults, another seed others', async () => {
    const once = await fates(7);
    expect(await fates(7)).toEqual(once);
    expect(await fates(8)).not.toEqual(once);
    expect(new Set(once)).toEqual(new Set(['200', '429', '500', 'reset']));
    await start();
  });

  test.each([
    ['teapot:0.1', 'unknown fault "teapot": one of 429, 500, drop, late'],
    ['429:2', 'fault "429" needs a share from 0 to 1, as in 429:0.1'],
    ['429', 'fault "429" needs a share from 0 to 1, as in 429:0.1'],
    ['429:0.6,500:0.6', 'the shares of all faults exceed 1'],
  ])('%s is refused', (text, message) => {
    expect(() => parseFaults(text)).toThrow(message);
  });
});

describe('the site beside the shop', () => {
  test('serves the export, 304 for the same, 401 without the token', async () => {
    const document = { offerings: [{ id: 1 }] };
    await start({ seed: offerings, site: { document, token: 'site-token' } });
    const headers = { authorization: 'Bearer site-token' };
    const first = await fetch(sandbox.siteUrl, { headers });
    expect(await first.json()).toEqual(document);
    const etag = first.headers.get('etag') ?? '';
    expect((await fetch(sandbox.siteUrl, { headers: { ...headers, 'if-none-match': etag } })).status).toBe(
      304,
    );
    expect((await fetch(sandbox.siteUrl)).status).toBe(401);
  });

  test('is not there unless asked for', async () => {
    await start({ seed: offerings });
    expect((await fetch(sandbox.siteUrl)).status).toBe(404);
  });
});

test('5,000 products and an attribute of 1,500 values read in pages', async () => {
  const values = Array.from({ length: 1_500 }, (_, i) => ({ name: `skill_${i}` }));
  const products = Array.from({ length: 5_000 }, (_, i) => ({
    slug: `tool-${String(i).padStart(4, '0')}`,
    name: `Tool ${i}`,
    type: 'offering',
  }));
  const skills = { slug: 'skills', name: 'Skills', inputType: 'MULTISELECT', values };
  await start({
    seed: {
      attributes: [skills],
      productTypes: [{ slug: 'offering', name: 'Offering', attributes: ['skills'] }],
      products,
    },
  });
  let after: string | null = null;
  let read = 0;
  do {
    const { data } = await send(
      'query($c:String){products(first:100,after:$c){edges{node{slug}} pageInfo{hasNextPage endCursor}}}',
      { c: after },
    );
    const page = data['products'] as {
      edges: unknown[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    read += page.edges.length;
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  expect(read).toBe(5_000);
  const { data } = await send('{attribute(slug:"skills"){choices(last:1){totalCount edges{node{slug}}}}}');
  expect(data).toEqual({
    attribute: { choices: { totalCount: 1500, edges: [{ node: { slug: 'skill_1499' } }] } },
  });
});
