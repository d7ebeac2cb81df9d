import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Contract } from '../../../../../src/contract/contract.ts';
import { Failure } from '../../../../../src/core/failure.ts';
import { createHttp } from '../../../../../src/platform/http/client.ts';
import { systemClock } from '../../../../../src/platform/system-clock.ts';
import { createReader, type Reader } from '../../../../../src/saleor/graphql/client.ts';
import type { IncrementalBase } from '../../../../../src/saleor/read/incremental/read-changed.ts';
import { readIncrementally } from '../../../../../src/saleor/read/incremental/read-incrementally.ts';
import { type ActualRead, readActualState } from '../../../../../src/saleor/read/read-actual.ts';
import { type Sandbox, startSandbox } from '../../../../../src/sandbox/server/server.ts';
import type { Seed } from '../../../../../src/sandbox/store/seed.ts';
import { CATEGORY, contract as contractOf, ROLES, VERIFIED } from '../../../../support/catalogue.ts';
import { draws } from '../../../../support/draws.ts';

/** Products of an earlier read, and what was written since: the same as all of them read anew. */

const COUNT = 460;
const HOUR_MS = 3_600_000;
const SEEDED = Date.parse('2026-10-01T00:00:00Z');
const roles = ['founder', 'designer', 'analyst', 'recruiter'];
const categories = ['sales', 'legal', 'finance'];
const types = ['offering', 'course'];
const slugOf = (number: number) => `offering-${number}`;
const idOf = (number: number) => btoa(`Product:${number}`);
const contract = contractOf({
  product_types: types,
  attributes: [CATEGORY, ROLES, VERIFIED].map((rule) => ({ ...rule, product_types: types })),
});

const named = (names: readonly string[]) => names.map((name) => ({ name }));

const seed: Seed = {
  attributes: [
    { slug: 'gsv_category', name: 'Category', inputType: 'DROPDOWN', values: named(categories) },
    { slug: 'gsv_roles', name: 'Roles', inputType: 'MULTISELECT', values: named(roles) },
    { slug: 'gsv_verified', name: 'Verified', inputType: 'BOOLEAN' },
  ],
  productTypes: [...types, 'poster'].map((slug) => ({
    slug,
    name: slug,
    attributes: slug === 'poster' ? ['gsv_roles'] : ['gsv_category', 'gsv_roles', 'gsv_verified'],
  })),
  products: Array.from({ length: COUNT }, (_, index) => index + 1).map((number) => ({
    pk: number,
    slug: slugOf(number),
    name: `Lead scout ${number}`,
    type: number % 50 === 0 ? 'poster' : number % 5 === 0 ? 'course' : 'offering',
    // An hour apart: a minute apart, and all of them would be as good as new.
    updatedAt: new Date(SEEDED + number * HOUR_MS).toISOString(),
    attributes: {
      ...(number % 50 === 0 ? {} : { gsv_category: [categories[number % 3] as string] }),
      gsv_roles: [roles[number % 4] as string, ...(number % 3 === 0 ? ['analyst'] : [])].slice(0, 1),
      ...(number % 2 === 0 && number % 50 !== 0 ? { gsv_verified: number % 4 === 0 } : {}),
    },
    metadata: { cp_offering_id: `off_${number}`, unmanaged: 'x' },
  })),
};

/** Each write an hour after the one before. */
function hourly(): () => string {
  let hours = COUNT;
  return () => {
    hours += 1;
    return new Date(SEEDED + hours * HOUR_MS).toISOString();
  };
}

const clock = { ...systemClock, sleep: async () => {} };

function open(sandbox: Sandbox) {
  const http = createHttp({ clock, random: () => 0 });
  const token = sandbox.tokens.full;
  return { http, reader: createReader({ transport: http, clock, apiUrl: sandbox.url, token }) };
}

/** The pages name every other product by id and the rest by slug, and some that there are not. */
const numbers = Array.from({ length: COUNT }, (_, index) => index + 1);
const WANTED = {
  ids: [...numbers.filter((number) => number % 2 === 0).map(idOf), idOf(100_001), idOf(100_002)],
  slugs: [...numbers.filter((number) => number % 2 === 1).map(slugOf), 'moved-1', 'made-1', 'nowhere'],
};

const optionsFor = (reader: Reader) => ({
  products: WANTED,
  locales: ['en', 'de'],
  target: { name: null, api_url: reader.url },
});
const readAll = (reader: Reader, given: Contract = contract): Promise<ActualRead> =>
  readActualState(reader, given, optionsFor(reader));
const readSome = (reader: Reader, earlier: IncrementalBase, given: Contract = contract) =>
  readIncrementally(reader, given, earlier, optionsFor(reader));

function earlierOf({ actual, looked, shop }: ActualRead): IncrementalBase {
  if (looked === null) throw new Error('nothing to begin at');
  return { actual, looked, version: shop.version };
}

/** What a token with every permission does beside us. */
async function mutate(sandbox: Sandbox, text: string): Promise<void> {
  const response = await fetch(sandbox.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${sandbox.tokens.full}` },
    body: JSON.stringify({ query: `mutation{${text}}` }),
  });
  const answer = (await response.json()) as { errors?: unknown; data?: Record<string, { errors?: [] }> };
  const problems = answer.errors ?? Object.values(answer.data ?? {}).flatMap(({ errors }) => errors ?? []);
  if (JSON.stringify(problems) !== '[]') throw new Error(`${text}: ${JSON.stringify(problems)}`);
}

const ERRORS = '{errors{code message}}';
const literal = JSON.stringify;
type Edit = (sandbox: Sandbox, pick: (below: number) => number) => Promise<void> | void;

const pks = (rows: Map<number, unknown>): readonly number[] => [...rows.keys()];
const one = <T>(list: readonly T[], pick: (below: number) => number): T | undefined =>
  list[pick(list.length)];
const product = ({ store }: Sandbox, pick: (below: number) => number) =>
  store.products.get(one(pks(store.products), pick) ?? 0);
const attributeId = ({ edit }: Sandbox, slug: string) => btoa(`Attribute:${edit.attribute(slug).pk}`);
const typeOf = ({ store }: Sandbox, slug: string) =>
  [...store.productTypes.values()].find((type) => type.slug === slug);
const someValue = (sandbox: Sandbox, attribute: string, pick: (below: number) => number) =>
  one(sandbox.edit.values(attribute), pick);
let made = 0;

/** Every kind of edit that can change what a read of products finds; those that move no updatedAt too. */
const EDITS: Readonly<Record<string, Edit>> = {
  'product renamed': (sandbox, pick) =>
    sandbox.edit.renameProduct(product(sandbox, pick)?.slug ?? '', `Name ${pick(1000)}`),
  'slug changed': (sandbox, pick) => {
    const row = product(sandbox, pick);
    const free = [...numbers.map(slugOf), 'moved-1', 'moved-2'].filter(
      (slug) => ![...sandbox.store.products.values()].some((other) => other.slug === slug),
    );
    const slug = one(free, pick);
    if (row && slug) sandbox.edit.moveProduct(row.slug, slug);
  },
  'slugs swapped': (sandbox, pick) => {
    const [a, b] = [product(sandbox, pick)?.slug, product(sandbox, pick)?.slug];
    if (!a || !b || a === b) return;
    sandbox.edit.moveProduct(a, 'between');
    sandbox.edit.moveProduct(b, a);
    sandbox.edit.moveProduct('between', b);
  },
  'product deleted': (sandbox, pick) => sandbox.edit.deleteProduct(product(sandbox, pick)?.slug ?? ''),
  'product made': async (sandbox, pick) => {
    made += 1;
    const free = numbers.filter(
      (n) => ![...sandbox.store.products.values()].some((p) => p.slug === slugOf(n)),
    );
    const number = one(free, pick);
    const slug = number === undefined ? `made-${made}` : slugOf(number);
    const type = btoa(`ProductType:${typeOf(sandbox, 'offering')?.pk}`);
    await mutate(
      sandbox,
      `productCreate(input:{productType:${literal(type)},name:"New",slug:${literal(slug)}})${ERRORS}`,
    );
  },
  'metadata set': (sandbox, pick) =>
    sandbox.edit.setMetadata(product(sandbox, pick)?.slug ?? '', 'outcome_tagline', `t${pick(9)}`),
  'metadata deleted': async (sandbox, pick) => {
    const id = btoa(`Product:${product(sandbox, pick)?.pk}`);
    await mutate(sandbox, `deleteMetadata(id:${literal(id)},keys:["cp_offering_id"])${ERRORS}`);
  },
  'boolean set': (sandbox, pick) => {
    const row = product(sandbox, pick);
    if (row) sandbox.edit.setAttribute(row.slug, 'gsv_verified', pick(2) === 0);
  },
  'roles set': (sandbox, pick) => {
    const value = someValue(sandbox, 'gsv_roles', pick);
    const row = product(sandbox, pick);
    if (row && value) sandbox.edit.setAttribute(row.slug, 'gsv_roles', [value.slug]);
  },
  'value made': (sandbox, pick) => {
    sandbox.edit.addValue('gsv_roles', `role_${pick(50)}`);
  },
  'value renamed, slug and all': (sandbox, pick) => {
    const value = someValue(sandbox, 'gsv_roles', pick);
    if (value) sandbox.edit.renameValue('gsv_roles', value.slug, `renamed_${pick(50)}`);
  },
  'value renamed, with the slug it had': (sandbox, pick) => {
    const value = someValue(sandbox, 'gsv_category', pick);
    if (value) sandbox.edit.renameValue('gsv_category', value.slug, value.slug.toUpperCase());
  },
  'value deleted': (sandbox, pick) => {
    const value = someValue(sandbox, one(['gsv_roles', 'gsv_category'], pick) ?? '', pick);
    if (value) sandbox.edit.deleteValue(value.attribute === 1 ? 'gsv_category' : 'gsv_roles', value.slug);
  },
  'value deleted and made again with its slug': (sandbox, pick) => {
    const value = someValue(sandbox, 'gsv_roles', pick);
    if (!value) return;
    sandbox.edit.deleteValue('gsv_roles', value.slug);
    sandbox.edit.addValue('gsv_roles', value.slug);
  },
  'value of a boolean deleted': async (sandbox, pick) => {
    const value = someValue(sandbox, 'gsv_verified', pick);
    if (value)
      await mutate(
        sandbox,
        `attributeValueDelete(id:${literal(btoa(`AttributeValue:${value.pk}`))})${ERRORS}`,
      );
  },
  translated: async (sandbox, pick) => {
    const value = someValue(sandbox, 'gsv_roles', pick);
    const id = literal(btoa(`AttributeValue:${value?.pk}`));
    if (value)
      await mutate(
        sandbox,
        `attributeValueTranslate(id:${id},languageCode:DE,input:{name:"Rolle ${pick(9)}"})${ERRORS}`,
      );
  },
  'attribute unassigned': (sandbox, pick) =>
    sandbox.edit.unassign(one(types, pick) ?? '', one(['gsv_roles', 'gsv_verified'], pick) ?? ''),
  'attributes assigned again': async (sandbox) => {
    for (const slug of types) {
      const type = typeOf(sandbox, slug);
      const lacking = ['gsv_category', 'gsv_roles', 'gsv_verified'].filter(
        (name) => !type?.attributes.some(({ pk }) => pk === sandbox.edit.attribute(name).pk),
      );
      const operations = lacking.map((name) => `{id:${literal(attributeId(sandbox, name))},type:PRODUCT}`);
      const id = literal(btoa(`ProductType:${type?.pk}`));
      if (lacking.length > 0)
        await mutate(
          sandbox,
          `productAttributeAssign(productTypeId:${id},operations:[${operations}])${ERRORS}`,
        );
    }
  },
  'nothing, written all the same': (sandbox, pick) => {
    const row = product(sandbox, pick);
    if (row) sandbox.edit.renameProduct(row.slug, row.name);
  },
};

const edits = fc.array(fc.tuple(fc.constantFrom(...Object.keys(EDITS)), fc.infiniteStream(fc.nat())), {
  minLength: 1,
  maxLength: 6,
});

test('both ways to read find the same after any edits, in a long chain of them', async () => {
  const sandbox = await startSandbox({ seed, clock: hourly() });
  try {
    const { http, reader } = open(sandbox);
    let earlier = earlierOf(await readAll(reader));
    const told = { kept: 0, again: 0, whole: 0 };
    for (const round of fc.sample(edits, { seed: 10, numRuns: draws(15, 40) })) {
      for (const [name, picks] of round)
        await EDITS[name]?.(sandbox, (below) => (picks.next().value ?? 0) % Math.max(1, below));
      const before = http.counts.requests;
      const some = await readSome(reader, earlier);
      const asked = http.counts.requests - before;
      const all = await readAll(reader);
      expect({ round: round.map(([name]) => name), actual: some.actual }).toEqual({
        round: round.map(([name]) => name),
        actual: all.actual,
      });
      const { refreshed } = some;
      if (typeof refreshed === 'string') told.whole += 1;
      else {
        expect(asked).toBeLessThan(http.counts.requests - before);
        told.kept += 1;
        if ((refreshed?.read_again ?? 0) > 0) told.again += 1;
      }
      earlier = earlierOf(some);
    }
    // Not one way only.
    expect(Object.values(told).map((count) => count > draws(1, 4))).toEqual([true, true, true]);
  } finally {
    await sandbox.close();
  }
}, 120_000);

test.each([
  ['all products', 1],
  ['every other product', 2],
])(
  'after a mass import that wrote %s it asks no more than a full read',
  async (_, every) => {
    const sandbox = await startSandbox({ seed, clock: hourly() });
    try {
      const { http, reader } = open(sandbox);
      const earlier = earlierOf(await readAll(reader));
      for (const number of numbers.filter((one) => one % every === 0))
        sandbox.edit.setMetadata(slugOf(number), 'outcome_tagline', `imported ${number}`);
      const before = http.counts.requests;
      const some = await readSome(reader, earlier);
      const between = http.counts.requests;
      const all = await readAll(reader);
      expect(some.actual).toEqual(all.actual);
      expect(some.refreshed).toMatch(/^[0-9]+ products of the shop were written since$/);
      expect(between - before).toBeLessThanOrEqual(http.counts.requests - between);
    } finally {
      await sandbox.close();
    }
  },
  60_000,
);

describe('one edit', () => {
  let sandbox: Sandbox;
  let earlier: IncrementalBase;
  let opened: ReturnType<typeof open>;
  beforeAll(async () => {
    sandbox = await startSandbox({ seed, clock: hourly() });
    opened = open(sandbox);
    earlier = earlierOf(await readAll(opened.reader));
  });
  afterAll(() => sandbox.close());

  const both = async (given: IncrementalBase = earlier, by: Contract = contract) => {
    const before = opened.http.counts.requests;
    const some = await readSome(opened.reader, given, by);
    const requests = opened.http.counts.requests - before;
    expect(some.actual).toEqual((await readAll(opened.reader, by)).actual);
    earlier = earlierOf(some);
    return { requests, refreshed: some.refreshed };
  };

  test('none: preflight, one request for all that is new, one that counts the rest, and one for names unknown', async () => {
    const { requests, refreshed } = await both();
    expect(requests).toBe(4);
    // The product written last is within the overlap, and a type that the contract does not know proves nothing.
    expect(refreshed).toEqual({
      since: '2026-10-20T03:50:00.000Z',
      written: 1,
      read_again: 9,
      kept: COUNT - 10,
    });
  });

  test('a transaction that was under way when the earlier read began is found', async () => {
    const row = sandbox.edit.product('offering-7');
    row.metadata.set('outcome_tagline', 'late');
    row.updatedAt = new Date(Date.parse(earlier.looked.updated_at) - 5 * 60_000).toISOString();
    expect((await both()).refreshed).toMatchObject({ written: 2 });
  });

  test('a product that is gone: the shop counts one too few, and a hundred are asked for by name', async () => {
    sandbox.edit.deleteProduct('offering-11');
    const { requests, refreshed } = await both();
    expect(refreshed).toMatchObject({ read_again: 9 + 99 });
    expect(requests).toBe(6);
  });

  test('the value of a boolean, which is listed nowhere, is missed by counting', async () => {
    const [value] = sandbox.edit.values('gsv_verified').filter(({ boolean }) => boolean === true);
    await mutate(
      sandbox,
      `attributeValueDelete(id:${literal(btoa(`AttributeValue:${value?.pk}`))})${ERRORS}`,
    );
    // Nearly every group of a hundred has lost some.
    expect((await both()).refreshed).toMatchObject({ kept: 0 });
  });

  test('an attribute that was deleted and made again, another contract, another Saleor, an older shop: all is read, and said why', async () => {
    const other = { ...contract, metadata: contract.metadata.slice(0, 2) };
    expect((await both(earlier, other)).refreshed).toBe('it was read with another contract');
    earlier = earlierOf(await readAll(opened.reader));
    const upgraded = { ...earlier, version: '3.22.1' };
    expect((await both(upgraded)).refreshed).toBe('it was read from Saleor 3.22.1');
    const future = { ...earlier, looked: { ...earlier.looked, updated_at: '2030-01-01T00:00:00+00:00' } };
    expect((await both(future)).refreshed).toBe('according to the shop, its last write was before');
    await mutate(sandbox, `attributeDelete(id:${literal(attributeId(sandbox, 'gsv_roles'))})${ERRORS}`);
    await mutate(
      sandbox,
      `attributeCreate(input:{name:"Roles",slug:"gsv_roles",type:PRODUCT_TYPE,inputType:MULTISELECT})${ERRORS}`,
    );
    expect((await both()).refreshed).toBe('the attribute gsv_roles changed or no longer exists');
  });

  test('more written than the pages name: all is read', async () => {
    const old = earlier;
    for (const number of numbers.filter((each) => each !== 11))
      sandbox.edit.renameProduct(slugOf(number), 'Same');
    for (let number = 0; number < 200; number += 1)
      await mutate(
        sandbox,
        `productCreate(input:{productType:${literal(btoa('ProductType:1'))},name:"More",slug:"more-${number}"})${ERRORS}`,
      );
    expect((await both(old)).refreshed).toBe(`${COUNT - 1 + 200} products of the shop were written since`);
  });

  // biome-ignore lint/suspicious/noExplicitAny: an answer of any shape, to be spoilt
  type Json = any;
  const lies: Readonly<Record<string, readonly [string, (data: Json) => void, RegExp]>> = {
    'no time of the last write': [
      'LastWrite',
      (data) => {
        data.m3.edges[0].node.updatedAt = null;
      },
      /written last/,
    ],
    'a time that is none': [
      'LastWrite',
      (data) => {
        data.m3.edges[0].node.updatedAt = 'soon';
      },
      /soon is not a time/,
    ],
    'no total': [
      'LastWrite',
      (data) => {
        data.m3.totalCount = null;
      },
      /does not say how many/,
    ],
    'a page that is cut': [
      'LastWrite',
      (data) => {
        data.m2.edges.pop();
      },
      /written since: .* items came/,
    ],
    'no count': [
      'CountThere',
      (data) => {
        data.m0.totalCount = null;
      },
      /gave no count/,
    ],
  };
  test.each(Object.entries(lies))('a shop that lies is never believed: %s', async (_, [
    asked,
    spoil,
    said,
  ]) => {
    sandbox.edit.renameProduct('offering-1', 'Written last');
    const before = earlierOf(await readAll(opened.reader));
    sandbox.intercept = ({ query }) =>
      query.includes(asked)
        ? {
            kind: 'edit',
            edit: (json: Json) => {
              spoil(json.data);
              return json;
            },
          }
        : undefined;
    const failure: unknown = await readSome(opened.reader, before).catch((error: unknown) => error);
    sandbox.intercept = undefined;
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ code: 'shop_incomplete', message: expect.stringMatching(said) });
  });
});
