import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { GTM_V1 } from '../../../../src/contract/contract.ts';
import { createHttp } from '../../../../src/platform/http/client.ts';
import { systemClock } from '../../../../src/platform/system-clock.ts';
import { createReader, type Reader } from '../../../../src/saleor/graphql/client.ts';
import { readActualState } from '../../../../src/saleor/read/read-actual.ts';
import { countOfTypes, findUnnamed } from '../../../../src/saleor/read/unnamed-products.ts';
import { type Sandbox, startSandbox } from '../../../../src/sandbox/server/server.ts';

let sandbox: Sandbox;
let reader: Reader;

beforeEach(async () => {
  sandbox = await startSandbox();
  const transport = createHttp({ clock: systemClock, random: () => 0 });
  reader = createReader({ transport, clock: systemClock, apiUrl: sandbox.url, token: sandbox.tokens.two });
});
afterEach(() => sandbox.close());

const unnamed = async (slugs: readonly string[] | 'all') => {
  const { actual } = await readActualState(reader, GTM_V1, {
    products: slugs === 'all' ? 'all' : { ids: [], slugs },
    locales: [],
    target: { name: null, api_url: sandbox.url },
  });
  return findUnnamed(reader, GTM_V1, actual, await countOfTypes(reader, GTM_V1, actual.product_types));
};

describe('products of the contract’s types that no page names', () => {
  test('none where pages name them all', async () => {
    expect(await unnamed('all')).toEqual({ count: 0, listed: [] });
  });

  test('one, with what it holds', async () => {
    const all = [...Array(300).keys()].map((n) => `offering-${String(n + 1).padStart(3, '0')}`);
    sandbox.edit.setMetadata('offering-007', 'cp_offering_id', 'off_7');
    const { count } = await unnamed(all);
    const found = await unnamed(all.filter((slug) => slug !== 'offering-007'));
    expect(found.count).toBe(count + 1);
    const listed = found.listed.find(({ slug }) => slug === 'offering-007');
    expect(listed?.product.document.metadata).toEqual({ cp_offering_id: 'off_7' });
  });

  test('many: counted, and only the first of them are read', async () => {
    const found = await unnamed(['offering-001']);
    expect(found.count).toBeGreaterThan(290);
    expect(found.listed).toHaveLength(20);
  });
});
