import { test } from '@jest/globals';
import { shoppersProof } from './storefront.ts';
import { acceptance, type Shop } from './suite.ts';
import { createWorld } from './world.ts';

function shop(): Shop {
  const { SALEOR_API_URL: apiUrl, SALEOR_TOKEN: token } = process.env;
  const { SALEOR_TOKEN_TWO: tokenTwo, SALEOR_TOKEN_PAGES: tokenPages } = process.env;
  if (!apiUrl || !token)
    throw new Error('set SALEOR_API_URL and SALEOR_TOKEN to a shop that may be tried on');
  return { apiUrl, token, tokenTwo: tokenTwo || null, tokenPages: tokenPages || null };
}

/** `make test-saleor`: against the shop of SALEOR_API_URL and SALEOR_TOKEN; SALEOR_TOKEN_TWO adds the story of two permissions, SALEOR_TOKEN_PAGES that of an attribute of pages. */
acceptance('a real Saleor', async () => shop());

test('shoppers find what is planned, and three faults are found, with queries and without a token', async () => {
  const { apiUrl, token } = shop();
  const world = await createWorld(apiUrl, token);
  try {
    await shoppersProof(world);
  } finally {
    await world.remove();
  }
}, 600_000);
