import { expect, test } from '@jest/globals';
import { GTM_V1 } from '../../../src/contract/contract.ts';
import { readApi } from '../../../src/wagtail/api/read-api.ts';
import type { Sender } from '../../../src/wagtail/http-responses.ts';
import { apiOptions, contentDigest, exported, http, SITES } from './site.ts';

const large = SITES.filter(({ size }) => size === 'large');

// Figures are told, and only the count of requests is asserted: a timed test fails on a busy machine.
test.each(large)('$name: 500 pages in at most 12 requests a read', async (site) => {
  let siteMs = 0;
  const timed: Sender = {
    send: async (request) => {
      const reply = await http.send(request);
      siteMs += Number(reply.headers['x-lab-ms']);
      return reply;
    },
  };
  await readApi(timed, apiOptions(site), GTM_V1);
  siteMs = 0;
  const start = performance.now();
  const { desired, proof } = await readApi(timed, apiOptions(site), GTM_V1);
  const wholeMs = performance.now() - start;
  const requests = Object.values(proof).reduce((sum, each) => sum + each.requests, 0);
  process.stderr.write(
    `${site.name}: ${desired.offerings.length} offerings, ${requests} requests a read, 2 reads in ${wholeMs.toFixed(0)} ms, the site's own ${siteMs.toFixed(0)} ms: × ${(wholeMs / siteMs).toFixed(3)}\n`,
  );
  expect(desired.offerings.length).toBeGreaterThanOrEqual(499);
  expect(requests).toBeLessThanOrEqual(12);
  expect(contentDigest(desired)).toBe(contentDigest(await exported(site)));
});
