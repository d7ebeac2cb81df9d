import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { GTM_V1 } from '../../../src/contract/contract.ts';
import { probeApi } from '../../../src/wagtail/api/probe-site.ts';
import { readApi } from '../../../src/wagtail/api/read-api.ts';
import { readExport } from '../../../src/wagtail/export/read-export.ts';
import { readExportUrl } from '../../../src/wagtail/export/read-export-url.ts';
import { contentDigest, EXPORT_TOKEN, http, SITES } from './site.ts';

const generated = SITES.filter(({ size }) => size === 'generated');

/** What `wagtail start` made, with models that share no name or shape with the sample's (sites/). */
describe.each(generated)('$name', (site) => {
  const read = (path: string) => readExport(readFileSync(path, 'utf8'), GTM_V1);

  test('file, URL and API v2 give one and the same desired state, with nothing configured but the address', async () => {
    const file = read(site.file);
    const url = {
      url: `${site.url}/api/catalog-export/`,
      headers: { Authorization: `Token ${EXPORT_TOKEN}` },
    };
    const overHttp = (await readExportUrl(http, url, GTM_V1)).desired;
    const probe = await probeApi(http, { baseUrl: `${site.url}/api/v2/`, headers: {} }, GTM_V1);
    expect(probe.lacking).toEqual([]);
    const options = {
      baseUrl: `${site.url}/api/v2/`,
      pageType: probe.pageType ?? '',
      locale: 'en',
      headers: {},
      fields: Object.fromEntries(Object.entries(probe.fields).filter(([source, name]) => source !== name)),
      taxonomies: probe.taxonomies,
    };
    const api = (await readApi(http, options, GTM_V1)).desired;
    expect(overHttp.offerings).toEqual(file.offerings);
    expect(api.offerings).toEqual(file.offerings);
    expect(api.taxonomies).toEqual(file.taxonomies);
    expect([contentDigest(overHttp), contentDigest(api)]).toEqual([contentDigest(file), contentDigest(file)]);
  });

  if (site.site === 'agency')
    test('inline relations, choices, tags, text keys, other tables, a second page type', () => {
      const { offerings, taxonomies } = read(site.file);
      expect(offerings).toHaveLength(33);
      expect(offerings.find(({ title }) => title === 'Agent 7')?.fields).toEqual({
        category: 'health',
        roles: ['persona_0', 'persona_1', 'persona_2'],
        outcomes: ['benefit_2', 'benefit_3', 'benefit_4'],
        primary_outcome: 'benefit_3',
        primary_role: null,
        capabilities: ['ocr', 'text_summary'],
        integrations: ['erp_9', 'zeta'],
        languages: ['de', 'en'],
        modalities: ['text'],
        deployment_modes: ['cloud'],
        badges: [],
        maturity: 'beta',
        trial_available: false,
        verified: false,
        cp_offering_id: '1007',
        cp_offering_version_id: null,
        credits_estimate_min: '7.00',
        credits_estimate_max: '7.00',
        credits_estimate_label: null,
        card_tagline: 'Promise 7',
        card_image: { url: expect.stringMatching(/^https:\/\/cms\.example\.com\/media\/.*webp$/) },
      });
      expect(taxonomies['maturity_levels']).toEqual([
        { key: 'beta', label: 'Beta' },
        { key: 'general', label: 'Generally available' },
        { key: 'lab', label: 'In the lab' },
      ]);
      expect(taxonomies['capabilities']?.map(({ key }) => key)).toEqual([
        'ocr',
        'speech_to_text',
        'text_summary',
      ]);
      expect(offerings.at(-1)).toMatchObject({
        title: 'Bundle 33',
        fields: { card_tagline: 'Several in one', verified: true, roles: [], category: 'retail' },
      });
    });

  if (site.site === 'agency')
    test('sailplan_init tells the other page type', () => {
      expect(site.drafted).toMatch(/^ {4}"page": "work\.AgentPage",$/m);
      expect(site.drafted).toMatch(/There are further page types: work\.BundlePage\./);
    });

  if (site.site === 'bureau')
    test('translatable terms, a manager that hides, drafts, callables, image addresses', () => {
      const { offerings, taxonomies, problems } = read(site.file);
      expect(offerings).toHaveLength(25);
      expect(offerings.find(({ title }) => title === 'Product 2')).toMatchObject({
        saleor_product_slug: 'product-2',
        fields: {
          category: 'smb',
          roles: ['trade_0', 'trade_1'],
          capabilities: ['skill_2', 'skill_3', 'skill_4'],
          badges: ['seal_2'],
          trial_available: true,
          verified: true,
          cp_offering_id: '00000000-0000-0000-0000-000000000002',
          card_image: { url: 'https://cms.example.com/media/cover-2.png' },
        },
      });
      expect(taxonomies['outcomes']).toContainEqual({
        key: 'goal_0',
        label: 'Goal 0',
        translations: { de: 'Ziel goal-0' },
      });
      expect(problems.map(({ data }) => data['key'])).toEqual(expect.arrayContaining(['skill_5', 'seal_0']));
    });
});
