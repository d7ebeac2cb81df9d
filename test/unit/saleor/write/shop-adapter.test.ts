import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { NewValue, Shop, Step, StepReply } from '../../../../src/apply/ports.ts';
import { GTM_V1 } from '../../../../src/contract/contract.ts';
import { Failure } from '../../../../src/core/failure.ts';
import { openBudget } from '../../../../src/core/retry-policy.ts';
import { createHttp, type Http } from '../../../../src/platform/http/client.ts';
import { systemClock } from '../../../../src/platform/system-clock.ts';
import { readMark, writeMark } from '../../../../src/saleor/app-metadata.ts';
import { createReader, createWriter, type Writer } from '../../../../src/saleor/graphql/client.ts';
import type { TransportReply } from '../../../../src/saleor/graphql/response-errors.ts';
import type { GraphQLResult, Transport } from '../../../../src/saleor/graphql/send-document.ts';
import { greet } from '../../../../src/saleor/preflight.ts';
import { outcomesOf } from '../../../../src/saleor/write/mutation-results.ts';
import { createShop } from '../../../../src/saleor/write/shop-adapter.ts';
import { mutationOf } from '../../../../src/saleor/write/step-mutations.ts';
import { type Sandbox, startSandbox } from '../../../../src/sandbox/server/server.ts';
import { insertVariant, type Store } from '../../../../src/sandbox/store/store.ts';

const quick = { ...systemClock, sleep: async () => {} };
const id = (plain: string) => Buffer.from(plain).toString('base64');

let sandbox: Sandbox;
let http: Http;
let writer: Writer;
let shop: Shop;

async function open(token: string): Promise<void> {
  http = createHttp({ clock: quick, random: () => 0 });
  writer = createWriter({ transport: http, clock: quick, apiUrl: sandbox.url, token, timeoutMs: 1_500 });
  const { permissions, shop: info } = await greet(writer);
  const target = { name: null, api_url: sandbox.url };
  shop = createShop(writer, GTM_V1, { target, permissions, version: info.version });
}

const send = (batch: readonly Step[]) => shop.send(batch, openBudget());

beforeEach(async () => {
  sandbox = await startSandbox();
  await open(sandbox.tokens.full);
});
afterEach(() => sandbox.close());

const attributeId = (slug: string) => id(`Attribute:${sandbox.edit.attribute(slug).pk}`);
const valueId = (attribute: string, slug: string) =>
  id(`AttributeValue:${sandbox.edit.value(attribute, slug).pk}`);
const productId = (slug: string) => id(`Product:${sandbox.edit.product(slug).pk}`);

const newValue = (attribute: string, key: string): NewValue => ({
  attribute: attributeId(attribute),
  name: key,
  reference: `${attribute}.${key}`,
});
const create = (...keys: readonly (readonly [string, string])[]): Step => ({
  kind: 'create_values',
  refs: keys.map(([attribute, key]) => `value.${attribute}.${key}`),
  values: keys.map(([attribute, key]) => newValue(attribute, key)),
});
const note = (product: string, text = 'x'): Step => ({
  kind: 'update_metadata',
  refs: [`product.${product}`],
  id: productId(product),
  metadata: { cp_offering_id: text },
});
const requestsOf = async <T>(task: () => Promise<T>): Promise<[T, number]> => {
  const before = http.counts.requests;
  return [await task(), http.counts.requests - before];
};

describe('each kind of step', () => {
  test('makes an attribute with the slug asked for', async () => {
    const [reply] = await send([
      {
        kind: 'create_attribute',
        refs: ['attribute.gsv_new'],
        name: 'New one',
        slug: 'gsv_new',
        input_type: 'DROPDOWN',
      },
    ]);
    expect(reply).toEqual({
      state: 'done',
      made: [{ ref: 'attribute.gsv_new', id: attributeId('gsv_new'), slug: 'gsv_new' }],
    });
  });

  test('assigns attributes to a product type, all or none', async () => {
    const assign = (...slugs: readonly string[]): Step => ({
      kind: 'assign',
      refs: slugs.map((slug) => `assignment.credit-pack.${slug}`),
      product_type: id('ProductType:3'),
      attributes: slugs.map(attributeId),
    });
    expect(await send([assign('gsv_roles', 'gsv_badges')])).toMatchObject([{ state: 'done' }]);
    expect(await send([assign('gsv_roles', 'gsv_modalities')])).toMatchObject([
      { state: 'refused', code: 'ATTRIBUTE_ALREADY_ASSIGNED' },
    ]);
    const { product_types } = await shop.read({ attributes: ['gsv_roles'], locales: [], products: [] });
    expect(product_types['credit-pack']?.attributes).toEqual([
      'gsv_badges',
      'gsv_category',
      'gsv_roles',
      'gsv_verified',
    ]);
  });

  test('makes values of several attributes in one request, with their ids and slugs in the order asked for', async () => {
    const step = create(
      ['gsv_roles', 'data_analyst_two'],
      ['gsv_category', 'legal'],
      ['gsv_roles', 'Founder Two'],
    );
    const [replies, requests] = await requestsOf(() => send([step]));
    expect(requests).toBe(1);
    expect(replies).toEqual([
      {
        state: 'done',
        made: [
          { ref: step.refs[0], id: valueId('gsv_roles', 'data_analyst_two'), slug: 'data_analyst_two' },
          { ref: step.refs[1], id: valueId('gsv_category', 'legal'), slug: 'legal' },
          { ref: step.refs[2], id: valueId('gsv_roles', 'founder-two'), slug: 'founder-two' },
        ],
      },
    ]);
  });

  test('makes more values than an answer shows, and reads the rest', async () => {
    const keys = Array.from({ length: 130 }, (_, n): [string, string] => ['gsv_roles', `role_${n}`]);
    const [reply] = await send([create(...keys)]);
    expect(reply?.state === 'done' && reply.made.map(({ slug }) => slug)).toEqual(keys.map(([, key]) => key));
  });

  test('the same create sent twice is refused, names the value, and makes no twin', async () => {
    await send([create(['gsv_roles', 'pilot'])]);
    const [reply] = await send([create(['gsv_roles', 'driver'], ['gsv_roles', 'pilot'])]);
    expect(reply).toMatchObject({ state: 'refused', code: 'UNIQUE' });
    expect((reply as Exclude<StepReply, { state: 'done' }>).message).toMatch(
      /^value\.gsv_roles\.pilot: .*\(UNIQUE\)$/,
    );
    const slugs = sandbox.edit.values('gsv_roles').map(({ slug }) => slug);
    expect(slugs.filter((slug) => /pilot|driver/.test(slug))).toEqual(['pilot']);
  });

  test('sets, clears and leaves alone what a product holds', async () => {
    const product = { refs: ['product.offering-001'] as const, id: productId('offering-001') };
    const before = await shop.read({ attributes: [], locales: [], products: [product.id] });
    const replies = await send([
      {
        ...product,
        kind: 'update_product',
        attributes: [
          { attribute: attributeId('gsv_category'), input_type: 'DROPDOWN', value: null },
          {
            attribute: attributeId('gsv_roles'),
            input_type: 'MULTISELECT',
            values: [valueId('gsv_roles', 'executive')],
          },
          { attribute: attributeId('gsv_badges'), input_type: 'MULTISELECT', values: [] },
          { attribute: attributeId('gsv_verified'), input_type: 'BOOLEAN', value: true },
          { attribute: attributeId('gsv_trial_available'), input_type: 'BOOLEAN', value: null },
        ],
        metadata: { cp_offering_id: 'off_1' },
      },
      { ...product, kind: 'update_metadata', metadata: { credits_estimate_label: '~15/run' } },
      { ...product, kind: 'delete_metadata', keys: ['cp_offering_id', 'never_there'] },
    ]);
    expect(replies.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    const after = await shop.read({ attributes: [], locales: [], products: [product.id] });
    const was = before.products['offering-001']?.document;
    expect(after.products['offering-001']?.document).toEqual({
      attributes: {
        ...was?.attributes,
        gsv_category: null,
        gsv_roles: { executive: true },
        gsv_badges: {},
        gsv_verified: true,
        gsv_trial_available: null,
      },
      metadata: { credits_estimate_label: '~15/run' },
    });
  });

  test('renames, references, translates and deletes a value', async () => {
    await send([create(['gsv_roles', 'pilot'])]);
    const value = valueId('gsv_roles', 'pilot');
    const refs = ['value.gsv_roles.pilot'] as const;
    const replies = await send([
      { kind: 'update_value', refs, id: value, name: 'Pilot', reference: null },
      { kind: 'update_value', refs, id: value, name: null, reference: 'other' },
      {
        kind: 'translate',
        refs: ['translation.gsv_roles.pilot.pt-br'],
        id: value,
        locale: 'pt-br',
        name: 'Piloto',
      },
    ]);
    expect(replies.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    const { attributes } = await shop.read({
      attributes: ['gsv_roles'],
      locales: ['en', 'pt-br'],
      products: [],
    });
    expect(attributes['gsv_roles']?.values['pilot']).toEqual({
      id: value,
      name: 'Pilot',
      reference: 'other',
      translations: { en: null, 'pt-br': 'Piloto' },
    });
    const gone = { kind: 'delete_value', refs, id: value } as const;
    expect(await send([gone, gone])).toMatchObject([
      { state: 'done' },
      { state: 'refused', code: 'NOT_FOUND' },
    ]);
  });

  test('names no value by its text, ever: an unknown text would be created', () => {
    const steps: Step[] = [
      {
        kind: 'update_product',
        refs: ['product.x'],
        id: 'x',
        attributes: [
          { attribute: 'a', input_type: 'DROPDOWN', value: 'v' },
          { attribute: 'b', input_type: 'MULTISELECT', values: ['v', 'w'] },
          { attribute: 'c', input_type: 'BOOLEAN', value: false },
        ],
        metadata: {},
      },
    ];
    expect(steps.map((step) => mutationOf(step).variables)).toEqual([
      {
        id: 'x',
        input: {
          attributes: [
            { id: 'a', dropdown: { id: 'v' } },
            { id: 'b', multiselect: [{ id: 'v' }, { id: 'w' }] },
            { id: 'c', boolean: false },
          ],
        },
      },
    ]);
  });
});

describe('a look', () => {
  test('reads the scope and nothing else, in one request', async () => {
    const products = [productId('offering-001'), productId('offering-002'), id('Product:999999')];
    const [actual, requests] = await requestsOf(() =>
      shop.read({ attributes: ['gsv_roles'], locales: [], products }),
    );
    expect(requests).toBe(1);
    expect(Object.keys(actual.attributes)).toEqual(['gsv_roles']);
    expect(Object.keys(actual.products)).toEqual(['offering-001', 'offering-002']);
  });

  test('reads products only, in one', async () => {
    const scope = { attributes: [], locales: ['en'], products: [productId('offering-001')] };
    expect((await requestsOf(() => shop.read(scope)))[1]).toBe(1);
  });

  test('reads the second hundred of products while the attributes come with the first', async () => {
    const products = Array.from({ length: 150 }, (_, index) => id(`Product:${index + 1}`));
    let isNextThere = false;
    sandbox.intercept = async ({ query }) => {
      isNextThere ||= query.startsWith('query NamedProducts');
      // Held until the next page is asked for, or for two seconds.
      const isOpening = query.includes('attributes(first');
      for (let tick = 0; isOpening && tick < 200 && !isNextThere; tick += 1)
        await new Promise((go) => setTimeout(go, 10));
      if (isOpening) expect(isNextThere).toBe(true);
      return undefined;
    };
    const [seen, requests] = await requestsOf(() =>
      shop.read({ attributes: ['gsv_roles'], locales: [], products }),
    );
    expect([Object.keys(seen.products).length, requests, isNextThere]).toEqual([150, 2, true]);
  });

  test('throws when it cannot be complete', async () => {
    sandbox.intercept = () => ({ kind: 'truncate' });
    const scope = { attributes: [], locales: [], products: [productId('offering-001')] };
    await expect(shop.read(scope)).rejects.toThrow('the answer cannot be read as JSON');
  });
});

describe('users of a value are counted by the shop', () => {
  test('many in a few requests', async () => {
    const { products } = await shop.read({
      attributes: [],
      locales: [],
      products: Array.from({ length: 300 }, (_, n) => id(`Product:${n + 1}`)),
    });
    const values = sandbox.edit
      .values('gsv_roles')
      .map(({ slug, name }) => ({ attribute: 'gsv_roles', slug, name }));
    const [counts, requests] = await requestsOf(() => shop.countUsers(values));
    // The counts, all product types, those that have the attribute, and the products of those that have not.
    expect(requests).toBe(4);
    expect(counts).toEqual(
      values.map(
        ({ slug }) =>
          Object.values(products).filter(({ document }) =>
            Object.hasOwn(document.attributes['gsv_roles'] as object, slug),
          ).length,
      ),
    );
  });

  test('none for a value or an attribute that is not there', async () => {
    expect(
      await shop.countUsers([
        { attribute: 'gsv_roles', slug: 'nobody', name: 'Nobody' },
        { attribute: 'nope', slug: 'x', name: 'x' },
      ]),
    ).toEqual([0, 0]);
  });

  const executive = () => {
    const { slug, name } = sandbox.edit.value('gsv_roles', 'executive');
    return [{ attribute: 'gsv_roles', slug, name }];
  };

  test('products whose type lost the attribute still hold it', async () => {
    const [before] = await shop.countUsers(executive());
    expect(before).toBeGreaterThan(0);
    for (const type of ['offering', 'credit-pack', 'gift-card']) sandbox.edit.unassign(type, 'gsv_roles');
    expect(await shop.countUsers(executive())).toEqual([before]);
  });

  test('variants have it too, beside their product', async () => {
    const [before] = await shop.countUsers(executive());
    const variant = insertVariant(sandbox.store as Store, { product: 1, name: 'v', sku: 'v' });
    const { attribute, pk } = sandbox.edit.value('gsv_roles', 'executive');
    variant.assigned.set(attribute, [pk]);
    expect(await shop.countUsers(executive())).toEqual([(before ?? 0) + 1]);
  });

  test('a cursor that shows no values counts as not known, unless there are other users', async () => {
    const nobody = sandbox.edit.addValue('gsv_roles', 'nobody');
    for (const type of ['offering', 'credit-pack', 'gift-card']) sandbox.edit.unassign(type, 'gsv_roles');
    sandbox.intercept = () => ({
      kind: 'edit',
      edit: (json) => JSON.parse(JSON.stringify(json).replace(/"cursor":"[^"]*"/g, '"cursor":"eA=="')),
    });
    const { slug, name } = nobody;
    expect(await shop.countUsers([{ attribute: 'gsv_roles', slug, name }])).toEqual([null]);
  });

  test('3.21 is asked in its own words', async () => {
    const queries: string[] = [];
    sandbox.intercept = ({ query }) => {
      queries.push(query);
      return undefined;
    };
    const target = { name: null, api_url: sandbox.url };
    const old = createShop(writer, GTM_V1, { target, permissions: [], version: '3.21.9' });
    const asked = [{ attribute: 'gsv_roles', slug: 'executive', name: 'Executive' }];
    expect(await old.countUsers(asked)).toEqual(await shop.countUsers(asked));
    expect(queries[0]).toContain('values:[$value_0]');
    expect(queries.find((query) => query.includes('value:{slug:{eq:$value_0}}'))).toContain(
      'productVariants',
    );
  });
});

describe('a server that takes fewer mutations at a time', () => {
  test('is sent smaller requests, in order, and that is remembered', async () => {
    await sandbox.close();
    sandbox = await startSandbox({ limits: { mutations: 2 } });
    await open(sandbox.tokens.full);
    const batch = ['1', '2', '3', '4'].map((n) => note('offering-001', n));
    const [replies, first] = await requestsOf(() => send(batch));
    expect(replies.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
    expect(first).toBe(3);
    expect((await requestsOf(() => send(batch)))[1]).toBe(2);
    expect(sandbox.edit.product('offering-001').metadata.get('cp_offering_id')).toBe('4');
  });

  test('one wrong mutation does not take the others with it', async () => {
    const wrong: Step = {
      kind: 'translate',
      refs: ['translation.x'],
      id: valueId('gsv_roles', 'executive'),
      locale: 'xx',
      name: 'x',
    };
    const replies = await send([note('offering-001'), wrong, note('offering-002')]);
    expect(replies.map(({ state }) => state)).toEqual(['done', 'refused', 'done']);
  });
});

describe('what is not certain is said so', () => {
  const states = async (batch: readonly Step[] = [note('offering-001'), note('offering-002')]) =>
    (await send(batch)).map(({ state }) => state);
  const once = (action: object) => {
    sandbox.intercept = () => {
      sandbox.intercept = undefined;
      return action as never;
    };
  };

  test.each([
    ['500', { kind: 'reply', status: 500, body: '<h1>Server Error</h1>', contentType: 'text/html' }],
    ['502', { kind: 'reply', status: 502, body: '<h1>Bad Gateway</h1>', contentType: 'text/html' }],
    ['504 after it ran', { kind: 'reply', status: 504, body: '', isExecuted: true }],
    ['408', { kind: 'reply', status: 408, body: '' }],
    ['a reset before', { kind: 'drop', isExecuted: false }],
    ['a reset after', { kind: 'drop', isExecuted: true }],
    ['a time-out', { kind: 'late', delayMs: 3_000 }],
    ['torn JSON', { kind: 'truncate' }],
    ['HTML with 200', { kind: 'reply', status: 200, body: '<html>', contentType: 'text/html' }],
    ['an answer without this mutation', { kind: 'reply', status: 200, body: '{"data":{"other":{}}}' }],
    [
      'an answer without errors',
      { kind: 'reply', status: 200, body: '{"data":{"m0":{"item":null},"m1":{}}}' },
    ],
    [
      'neither errors nor an object',
      { kind: 'reply', status: 200, body: '{"data":{"m0":{"errors":[],"item":null},"m1":{"errors":[]}}}' },
    ],
  ])('%s: unclear', async (_, action) => {
    once(action);
    expect(await states()).toEqual(['unclear', 'unclear']);
    expect(http.counts.retries).toBe(0);
  });

  test.each([
    ['401', 401],
    ['403', 403],
    ['413', 413],
  ])('%s: refused', async (_, status) => {
    sandbox.intercept = () => ({ kind: 'reply', status, body: '{}' });
    expect(await states()).toEqual(['refused', 'refused']);
  });

  test('a redirect: refused, and not followed', async () => {
    once({ kind: 'reply', status: 307, body: '', headers: { location: 'http://evil.example.com/' } });
    expect(await states()).toEqual(['refused', 'refused']);
  });

  test('429: not sent, and sent once', async () => {
    sandbox.intercept = () => ({ kind: 'reply', status: 429, body: '' });
    expect(await states()).toEqual(['not_sent', 'not_sent']);
    expect(http.counts.retries).toBe(0);
  });

  test('nobody listens any more: not sent', async () => {
    const { url } = sandbox;
    const batch = [note('offering-001'), note('offering-002')];
    await sandbox.close();
    expect(await states(batch)).toEqual(['not_sent', 'not_sent']);
    sandbox = await startSandbox();
    expect(url).not.toBe('');
  });

  test('a crash of one: unclear for it, and the others stand', async () => {
    const nul = note('offering-002', 'a\0b');
    expect(await states([note('offering-001'), nul, note('offering-003')])).toEqual([
      'done',
      'unclear',
      'done',
    ]);
  });

  test('when a part of a batch is unclear, the rest waits', async () => {
    await sandbox.close();
    sandbox = await startSandbox({ limits: { mutations: 1 } });
    await open(sandbox.tokens.full);
    await send([note('offering-001'), note('offering-002')]);
    once({ kind: 'drop', isExecuted: true });
    const replies = await send([note('offering-001'), note('offering-002'), note('offering-003')]);
    expect(replies.map(({ state }) => state)).toEqual(['unclear', 'not_sent', 'not_sent']);
    expect(replies[1]).toMatchObject({ code: 'excluded' });
  });

  test('values that were made and cannot be read: unclear', async () => {
    sandbox.intercept = ({ kind }) => {
      if (kind !== 'mutation') return { kind: 'drop', isExecuted: false };
      return {
        kind: 'edit',
        edit: (json) => JSON.parse(JSON.stringify(json).replace(/"edges":\[.*?\]/g, '"edges":[]')),
      };
    };
    expect(await states([create(['gsv_roles', 'pilot'])])).toEqual(['unclear']);
  });
});

describe('permissions', () => {
  test('only MANAGE_PRODUCTS: products yes; values, translations and attributes refused, each with the permission', async () => {
    await open(sandbox.tokens.limited);
    const value = valueId('gsv_roles', 'executive');
    const replies = await send([
      note('offering-001'),
      create(['gsv_roles', 'pilot']),
      { kind: 'translate', refs: ['translation.x'], id: value, locale: 'en', name: 'x' },
      { kind: 'create_attribute', refs: ['attribute.n'], name: 'N', slug: 'n', input_type: 'DROPDOWN' },
    ]);
    expect(replies.map(({ state }) => state)).toEqual(['done', 'refused', 'refused', 'refused']);
    const said = replies.map((reply) => (reply.state === 'done' ? '' : reply.message));
    expect(said[1]).toContain('MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES');
    expect(said[2]).toContain('MANAGE_TRANSLATIONS');
  });
});

describe('the mark in the app’s own private metadata', () => {
  test('is written, merged and read back with any permission', async () => {
    await open(sandbox.tokens.none);
    const { app } = (await readMark(writer, ['sailplan.lease'])) ?? { app: '' };
    await writeMark(writer, app, { 'sailplan.lease': 'a' });
    await writeMark(writer, app, { 'sailplan.applied': 'b' });
    expect(await readMark(writer, ['sailplan.lease', 'sailplan.applied', 'sailplan.none'])).toEqual({
      app,
      values: { 'sailplan.lease': 'a', 'sailplan.applied': 'b' },
    });
  });

  test('a person’s token has none', async () => {
    const reader = createReader({
      transport: http,
      clock: quick,
      apiUrl: sandbox.url,
      token: sandbox.tokens.staff,
    });
    expect(await readMark(reader, ['x'])).toBeNull();
  });

  test('what was not written throws', async () => {
    await expect(writeMark(writer, id('App:999'), { x: 'y' })).rejects.toThrow(Failure);
    sandbox.intercept = () => ({ kind: 'drop', isExecuted: true });
    await expect(writeMark(writer, id('App:1'), { x: 'y' })).rejects.toThrow('connection lost');
  });
});

describe('outcomes of one request, from recorded and invented answers', () => {
  const steps = [{ kind: 'delete_value', refs: ['value.a.b'], id: 'x' }] as const;
  const answered = (
    errors: Extract<GraphQLResult, { kind: 'answered' }>['errors'],
    data: object = { m0: null },
  ): GraphQLResult => ({
    kind: 'answered',
    data: data as Readonly<Record<string, unknown>>,
    errors,
  });
  const error = (code: string, path: readonly (string | number)[], message = 'x') => ({
    code,
    path,
    message,
  });

  test.each([
    ['PermissionDenied', ['m0'], 'refused'],
    ['GraphQLError', ['m0'], 'refused'],
    ['ValidationError', ['m0'], 'refused'],
    ['ExpiredSignatureError', ['m0'], 'refused'],
    ['IntegrityError', ['m0'], 'unclear'],
    ['OperationalError', ['m0'], 'unclear'],
    ['', ['m0'], 'unclear'],
    ['PermissionDenied', ['m0', 'attributeValue', 'name'], 'unclear'],
  ])('%s at %j: %s', (code, path, state) => {
    expect(outcomesOf(steps, answered([error(code, path)]))).toMatchObject([{ state, code }]);
  });

  test('a crash is a crash, whatever its code', () => {
    const crash = error('GraphQLError', ['m0'], 'Internal Server Error');
    expect(outcomesOf(steps, answered([crash]))).toMatchObject([{ state: 'unclear' }]);
  });

  test('values without errors, but fewer attributes written than asked', () => {
    const values = [{ attribute: 'a', name: 'k', reference: 'a.k' }];
    const step = { kind: 'create_values', refs: ['value.a.k'], values } as const;
    const payload = (count: number) => ({
      m0: { count, errors: [], results: [{ attribute: null, errors: [] }] },
    });
    expect(outcomesOf([step], answered([], payload(0)))).toMatchObject([{ state: 'unclear' }]);
    expect(outcomesOf([step], answered([], payload(1)))).toMatchObject([{ state: 'done' }]);
    expect(outcomesOf([step], answered([], { m0: { count: 1, errors: [], results: [] } }))).toMatchObject([
      { state: 'unclear' },
    ]);
  });

  test('a null where none may be: it ran', () => {
    const broken = error('GraphQLError', ['m0'], 'Cannot return null for non-nullable field X.count.');
    expect(outcomesOf(steps, answered([broken]))).toMatchObject([{ state: 'unclear' }]);
  });

  test('an error of another mutation is not mine; one without a place is everybody’s', () => {
    const fine = { m0: { attributeValue: { id: 'x' }, errors: [] } };
    expect(outcomesOf(steps, answered([error('PermissionDenied', ['m1'])], fine))).toMatchObject([
      { state: 'done' },
    ]);
    expect(outcomesOf(steps, answered([error('PermissionDenied', [])], fine))).toMatchObject([
      { state: 'refused' },
    ]);
  });
});

test('the transport is told that a mutation is not repeatable', async () => {
  const seen: boolean[] = [];
  const transport: Transport = {
    send: async (request): Promise<TransportReply> => {
      seen.push(request.isRepeatable);
      return http.send(request);
    },
  };
  const own = createWriter({ transport, clock: quick, apiUrl: sandbox.url, token: sandbox.tokens.full });
  const target = { name: null, api_url: sandbox.url };
  const mine = createShop(own, GTM_V1, { target, permissions: [], version: '3.23.28' });
  await mine.send([note('offering-001')], openBudget());
  await mine.read({ attributes: [], locales: [], products: [productId('offering-001')] });
  expect(seen).toEqual([false, true]);
});
