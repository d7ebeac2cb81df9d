import { acceptance } from './suite.ts';

/** `make test-saleor`: against the shop of SALEOR_API_URL and SALEOR_TOKEN; SALEOR_TOKEN_TWO adds the story of two permissions, SALEOR_TOKEN_PAGES that of an attribute of pages. */
acceptance('a real Saleor', async () => {
  const { SALEOR_API_URL: apiUrl, SALEOR_TOKEN: token } = process.env;
  const { SALEOR_TOKEN_TWO: tokenTwo, SALEOR_TOKEN_PAGES: tokenPages } = process.env;
  if (!apiUrl || !token)
    throw new Error('set SALEOR_API_URL and SALEOR_TOKEN to a shop that may be tried on');
  return { apiUrl, token, tokenTwo: tokenTwo || null, tokenPages: tokenPages || null };
});
