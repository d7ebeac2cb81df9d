import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { GTM_V1, taxonomies as taxonomiesOf } from '../../../src/contract/contract.ts';
import { estimateLabel } from '../../../src/contract/estimate-label.ts';
import { Failure } from '../../../src/core/failure.ts';
import { probeApi } from '../../../src/wagtail/api/probe-site.ts';
import { readApi } from '../../../src/wagtail/api/read-api.ts';
import { readExport } from '../../../src/wagtail/export/read-export.ts';
import { readExportUrl } from '../../../src/wagtail/export/read-export-url.ts';
import {
  ADMIN,
  apiOptions,
  contentDigest,
  EXPORT_TOKEN,
  edit,
  estimates,
  exported,
  http,
  READER,
  SITES,
} from './site.ts';

const small = SITES.filter(({ size }) => size === 'small');
const failureOf = async (reading: Promise<unknown>): Promise<Failure> => {
  try {
    await reading;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('was read');
};

test('file, URL and API of every site give one and the same desired state', async () => {
  const digests = new Map<string, string>();
  for (const site of small) {
    digests.set(`${site.name} file`, contentDigest(readExport(readFileSync(site.file, 'utf8'), GTM_V1)));
    const url = {
      url: `${site.url}/api/catalog-export/`,
      headers: { Authorization: `Token ${EXPORT_TOKEN}` },
    };
    digests.set(`${site.name} url`, contentDigest((await readExportUrl(http, url, GTM_V1)).desired));
    digests.set(`${site.name} api`, contentDigest((await readApi(http, apiOptions(site), GTM_V1)).desired));
  }
  expect([...new Set(digests.values())]).toHaveLength(1);
});

describe.each(small)('$name', (site) => {
  test('anonymous: live, public pages of this site and locale, no alias, with their proof', async () => {
    const { desired, proof, provenance } = await readApi(http, apiOptions(site, { limit: 20 }), GTM_V1);
    expect(desired.source).toEqual({
      kind: 'api-v2',
      locale: 'en',
      page_type: 'catalog.OfferingPage',
      access: 'anonymous',
    });
    expect(desired.offerings).toHaveLength(47);
    expect(proof['pages']).toEqual({ reads: 2, requests: 3, items: 48, total: 48 });
    expect(proof['outcomes']).toEqual({ reads: 2, requests: 1, items: 12, total: 12 });
    expect(provenance.newest_published_at).toMatch(/^20/);
    const titles = desired.offerings.map(({ title }) => title).join();
    for (const hidden of ['41', '46', '53', '55', '56', '57', 'draft', 'Angebot'])
      expect(titles).not.toContain(hidden);
  });

  test('a draft term is dropped with a warning, terms have translations, bad keys and a broken image stay visible', async () => {
    const { desired } = await readApi(http, apiOptions(site), GTM_V1);
    const bad = desired.offerings.find(({ title }) => title === 'Offering 60');
    expect(bad?.fields['badges']).toEqual([]);
    expect(desired.problems).toEqual([
      {
        severity: 'warning',
        code: 'term_draft',
        ref: 'taxonomy.badges',
        data: { key: 'secret_badge', page_id: bad?.page_id, title: 'Offering 60' },
      },
    ]);
    expect(bad?.fields['integrations']).toEqual(['', 'MS Teams!', 'hubspot ', 'slack']);
    expect(bad?.fields['card_image']).toEqual({ error: 'SourceImageIOError' });
    expect(bad?.fields['credits_estimate_label']).toBe('~28/run');
    expect(desired.taxonomies['outcomes']).toContainEqual({
      key: 'save_time',
      label: 'Save time',
      translations: { de: 'Save time (DE)' },
    });
    expect(desired.taxonomies['badges']?.map(({ label }) => label)).toContain('New');
  });

  test('another locale: its pages, their keys still known', async () => {
    const { desired } = await readApi(http, apiOptions(site, { locale: 'de' }), GTM_V1);
    expect(desired.offerings.map(({ title }) => title)).toEqual(['Angebot 01', 'Angebot 02', 'Angebot 04']);
    expect(desired.problems).toEqual([]);
    expect(desired.taxonomies['outcomes']).toHaveLength(8);
  });

  test('credentials widen what is seen, and the source says so', async () => {
    const secure = (Authorization: string) =>
      apiOptions(site, { baseUrl: `${site.url}/api/v2-secure/`, headers: { Authorization } });
    const token = await readApi(http, secure(`Token ${READER}`), GTM_V1);
    expect(token.desired.offerings).toHaveLength(49);
    expect(token.desired.source.access).toBe('authenticated');
    const basic = await readApi(
      http,
      secure(`Basic ${Buffer.from('reader:reader').toString('base64')}`),
      GTM_V1,
    );
    expect(contentDigest(basic.desired)).toBe(contentDigest(token.desired));
    const everything = await exported(site, '?private=1');
    expect(everything.offerings).toHaveLength(50);
  });

  test.each([
    ['no credentials', {}, 'token_invalid'],
    ['a wrong token', { Authorization: 'Token wrong' }, 'token_invalid'],
    ['the wrong scheme', { Authorization: `Bearer ${ADMIN}` }, 'token_invalid'],
  ])('%s: refused in plain words', async (_, headers, code) => {
    const options = apiOptions(site, {
      baseUrl: `${site.url}/api/v2-secure/`,
      headers: headers as Record<string, string>,
    });
    const failure = await failureOf(readApi(http, options, GTM_V1));
    expect(failure.code).toBe(code);
    expect(failure.message).not.toContain(ADMIN);
  });

  const wrong: [string, Partial<Parameters<typeof apiOptions>[1]>, string, string][] = [
    ['an unknown page type', { pageType: 'catalog.Nothing' }, 'answer_invalid', "type doesn't exist"],
    ['an unknown locale', { locale: 'xx' }, 'answer_invalid', '404'],
    [
      'a field that is not shown',
      { renditionField: 'picture' },
      'source_incomplete',
      'does not show picture',
    ],
    [
      'a key by another name',
      { taxonomies: { roles: { key: 'code' } } },
      'source_incomplete',
      'taxonomies.roles',
    ],
    [
      'an address without an API',
      { baseUrl: `http://127.0.0.1:${new URL(site.url).port}/nothing/` },
      'answer_invalid',
      '/nothing/categories/ was not found (404)',
    ],
    [
      'no endpoint for a taxonomy',
      { baseUrl: `${site.url}/api/v2-pages/` },
      'answer_invalid',
      '/api/v2-pages/categories/ was not found (404)',
    ],
    [
      'a type without live pages',
      { pageType: 'catalog.OfferingPage', locale: 'de', site: 'second.example.com:80' },
      'source_incomplete',
      'shows no live page',
    ],
  ];
  test.each(wrong)('%s: a clear failure', async (_, options, code, message) => {
    const failure = await failureOf(readApi(http, apiOptions(site, options), GTM_V1));
    expect(failure.message).toContain(message);
    expect(failure.code).toBe(code);
    expect(failure.hint).not.toBe('');
  });

  test('terms that are not where the config says: the relation is named', async () => {
    // Wagtail's own viewset: the package's gives plain keys, whatever is asked of a term.
    const taxonomies = Object.fromEntries(
      taxonomiesOf(GTM_V1).map((name) => [
        name,
        {
          key: name === 'roles' ? 'code' : 'key',
          terms: [{ key: 'founder', label: 'Founder' }],
          isPlain: false,
        },
      ]),
    );
    const options = apiOptions(site, { baseUrl: `${site.url}/api/v2-pages/`, taxonomies });
    const failure = await failureOf(readApi(http, options, GTM_V1));
    expect(failure.message).toContain('does not show code of the terms in primary_role(code), roles(code)');
  });

  // Wagtail 7.4 has none.
  if (!site.wagtail.startsWith('7.'))
    test('snippets from API v3: the same terms', async () => {
      const v3 = { baseUrl: `${site.url}/api/v3/`, headers: { Authorization: `Bearer ${site.v3Token}` } };
      const taxonomies = {
        capabilities: { snippet: 'catalog.Capability' },
        roles: { snippet: 'catalog.Role' },
      };
      const over = await readApi(http, apiOptions(site, { taxonomies, v3 }), GTM_V1);
      const plain = await readApi(http, apiOptions(site), GTM_V1);
      expect(contentDigest(over.desired)).toBe(contentDigest(plain.desired));
      const wrong = { ...v3, headers: { Authorization: 'Bearer wagtail_wrong' } };
      const failure = await failureOf(readApi(http, apiOptions(site, { taxonomies, v3: wrong }), GTM_V1));
      expect(failure.code).toBe('token_invalid');
    });

  test('a probe finds what there is to configure', async () => {
    const probe = await probeApi(http, { baseUrl: `${site.url}/api/v2/`, headers: {} }, GTM_V1);
    expect(probe).toMatchObject({
      pageType: 'catalog.OfferingPage',
      locales: ['de', 'en'],
      limit: 20,
      fields: { card_image: 'card_image_rendition', roles: 'roles', saleor_product_id: 'saleor_product_id' },
      taxonomies: {},
      lacking: [],
    });
    const bare = await probeApi(http, { baseUrl: `${site.url}/api/v2-pages/`, headers: {} }, GTM_V1);
    expect(bare.lacking).toHaveLength(10);
  });

  test('the estimate label is the same rule on both sides', async () => {
    const pairs = [
      [5, 5],
      [10, 20],
      [10, 21],
      [null, 7],
      [7, null],
      [null, null],
      [0, 1],
      [50, 5],
      ['15.50', '15.50'],
      ['1.00', '2.00'],
      ['1.25', '1.26'],
      ['0.01', '0.02'],
      ['10', '20.5'],
      [3, '4.25'],
    ] as const;
    const rule = GTM_V1.metadata.find(({ type }) => type === 'estimate_label');
    if (rule === undefined) throw new Error('no rule');
    expect(await estimates(site, pairs)).toEqual(
      pairs.map(([min, max]) => estimateLabel(rule, min, max) ?? ''),
    );
  });

  test('after edits, the three sources still agree', async () => {
    for (const name of ['rekey', 'swap', 'restrict', 'delete']) await edit(site, { name });
    const { desired } = await readApi(http, apiOptions(site), GTM_V1);
    expect(contentDigest(desired)).toBe(contentDigest(await exported(site)));
    await edit(site, { name: 'restrict' });
  });
});
