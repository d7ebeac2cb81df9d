import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { GTM_V1 } from '../../../../src/contract/contract.ts';
import type { Failure } from '../../../../src/core/failure.ts';
import type { ApiOptions } from '../../../../src/wagtail/api/options.ts';
import { probeApi } from '../../../../src/wagtail/api/probe-site.ts';
import { readApi } from '../../../../src/wagtail/api/read-api.ts';
import { readExport } from '../../../../src/wagtail/export/read-export.ts';
import { readExportUrl } from '../../../../src/wagtail/export/read-export-url.ts';
import type { Sender } from '../../../../src/wagtail/http-responses.ts';
import { assertNotFallen } from '../../../../src/wagtail/offering-count-guard.ts';
import type { ReadProgress } from '../../../../src/wagtail/read-result.ts';
import { always, apiOf, recorded, recordedContent } from '../../../slow/wagtail/replay.ts';

const BASE = 'http://cms.example.com/api/v2/';
const options = (more: Partial<ApiOptions> = {}): ApiOptions => ({
  baseUrl: BASE,
  pageType: 'catalog.OfferingPage',
  locale: 'en',
  headers: {},
  renditionField: 'card_image_rendition',
  ...more,
});
const read = (sender: Sender, more: Partial<ApiOptions> = {}) => readApi(sender, options(more), GTM_V1);
const failed = async (reading: Promise<unknown>): Promise<Failure> =>
  reading.then(
    () => {
      throw new Error('was read');
    },
    (error) => error,
  );
const exportText = readFileSync('test/recordings/wagtail-export.json', 'utf8');

describe('a whole read', () => {
  test('gives what the export of the same site gives, two equal reads and their proof', async () => {
    const content = recordedContent();
    const told: ReadProgress[] = [];
    const { desired, proof, provenance } = await readApi(apiOf(content), options(), GTM_V1, (progress) => {
      told.push(progress);
    });
    const exported = readExport(exportText, GTM_V1);
    expect(desired.taxonomies).toEqual(exported.taxonomies);
    expect(desired.offerings).toEqual(exported.offerings);
    expect(proof['pages']).toEqual({ reads: 2, requests: 3, items: 47, total: 47 });
    expect(proof['capabilities']).toEqual({ reads: 2, requests: 2, items: 30, total: 30 });
    expect(provenance).toMatchObject({
      base_url: BASE,
      wagtail: null,
      newest_published_at: expect.stringMatching(/^2026-11-23T13:54/),
      first_answer_at: 'Mon, 23 Nov 2026 14:09:39 GMT',
    });
    expect(told.at(-1)).toEqual({ read: 2, collection: 'pages', items: 47, total: 47 });
  });

  test('one listing query: nested keys only, in the order of ids; the limit falls once and is remembered', async () => {
    const content = recordedContent();
    await read(apiOf(content), { site: 'cms.example.com:80' });
    const pages = content.asked.filter(({ pathname }) => pathname.endsWith('/pages/'));
    expect(content.asked.filter(({ searchParams }) => searchParams.get('limit') === '100')).toHaveLength(1);
    const { searchParams } = pages[0] as URL;
    expect(Object.fromEntries(searchParams)).toMatchObject({
      type: 'catalog.OfferingPage',
      locale: 'en',
      site: 'cms.example.com:80',
      order: 'id',
      limit: '20',
      offset: '0',
    });
    expect(searchParams.get('fields')).toMatch(/^_,id,title,alias_of,locale,.*roles\(_,key\)/);
    expect(pages[0]?.search).not.toContain('%2C');
  });

  test('a site without a maximum is asked for the rest at once', async () => {
    const content = recordedContent();
    content.maximum = 1000;
    await read(apiOf(content), { limit: 10 });
    const limits = content.asked
      .filter(({ pathname }) => /\/(capabilities|pages)\/$/.test(pathname))
      .map(({ searchParams }) => `${searchParams.get('limit')}+${searchParams.get('offset')}`);
    expect(limits).toEqual(['10+0', '20+10', '20+0', '27+20', '27+0', '27+27', '27+0', '27+27']);
  });

  test('compact JSON, nothing stale, and the given headers', async () => {
    const content = recordedContent();
    const seen: Record<string, string>[] = [];
    const api = apiOf(content);
    const { desired } = await read(
      {
        send: (request) => {
          seen.push(request.headers);
          return api.send(request);
        },
      },
      { headers: { Authorization: 'Token secret-1234' } },
    );
    expect(seen[0]).toEqual({
      Accept: 'application/json; indent=0',
      'Accept-Language': 'en',
      'Cache-Control': 'no-cache',
      Authorization: 'Token secret-1234',
    });
    expect(desired.source.access).toBe('authenticated');
  });

  test('several page types: one listing of all, named as an export names them', async () => {
    const content = Object.assign(recordedContent(), { severalTypes: true });
    const pageType = 'shop.PackPage, catalog.OfferingPage';
    const { desired } = await read(apiOf(content), { pageType });
    expect(desired.source.page_type).toBe('catalog.OfferingPage,shop.PackPage');
    expect(desired.offerings).toEqual((await read(apiOf(recordedContent()))).desired.offerings);
    const refused = await failed(read(apiOf(recordedContent()), { pageType }));
    expect(refused.code).toBe('source_incomplete');
    expect(refused.message).toMatch(/of catalog\.OfferingPage,shop\.PackPage in one listing$/);
    expect(refused.hint).toMatch(/router of the Python package wagtail-sailplan/);
  });

  test('aliases and other locales are skipped, drafts dropped with a warning', async () => {
    const content = recordedContent();
    Object.assign(content.pages[0] ?? {}, { meta: { alias_of: { id: 16 }, locale: 'en' } });
    Object.assign(content.pages[1] ?? {}, { meta: { alias_of: null, locale: 'de' } });
    Object.assign(content.pages[2] ?? {}, {
      badges: [{ key: 'secret_badge' }, { key: 'eco' }],
      maturity: { key: 'later' },
    });
    const { desired } = await read(apiOf(content));
    expect(desired.offerings).toHaveLength(45);
    expect(desired.offerings[0]?.fields).toMatchObject({ badges: ['eco'], maturity: null });
    expect(desired.problems.map(({ code, ref, data }) => [code, ref, data['key'], data['page_id']])).toEqual([
      ['term_draft', 'taxonomy.badges', 'secret_badge', 12],
      ['term_draft', 'taxonomy.maturity_levels', 'later', 12],
    ]);
  });

  test('terms of other locales become translations', async () => {
    const content = recordedContent();
    const outcomes = JSON.parse(recorded('08-outcomes-translations').text) as {
      items: Record<string, unknown>[];
    };
    content.taxonomies['outcomes'] = outcomes.items;
    const { desired } = await read(apiOf(content));
    expect(desired.taxonomies['outcomes']).toHaveLength(8);
    expect(desired.taxonomies['outcomes']).toContainEqual({
      key: 'save_time',
      label: 'Save time',
      translations: { de: 'Save time (DE)' },
    });
  });

  test('fields by other names, fields that the site has not, plain keys of a closed list', async () => {
    const content = recordedContent();
    delete content.taxonomies['categories'];
    for (const page of content.pages) {
      page['offering_ref'] = page['cp_offering_id'];
      delete page['cp_offering_id'];
      page['category'] = 'sales';
    }
    content.hidden
      .add('credits_estimate_label')
      .add('cp_offering_id')
      .add('saleor_product_slug')
      .add('locale');
    const { desired } = await read(apiOf(content), {
      fields: { cp_offering_id: 'offering_ref', credits_estimate_label: null },
      taxonomies: { categories: { terms: [{ key: 'sales', label: 'Sales' }] } },
    });
    expect(desired.offerings[0]).toMatchObject({
      saleor_product_slug: null,
      fields: { cp_offering_id: 'off_0001', credits_estimate_label: null, category: 'sales' },
    });
    expect(desired.taxonomies['categories']).toEqual([{ key: 'sales', label: 'Sales' }]);
  });

  test('a field that is not mapped is an empty set, false or no value; a taxonomy of none is an empty list', async () => {
    const fields = {
      roles: null,
      primary_role: null,
      trial_available: null,
      category: null,
      card_image: null,
    };
    const content = recordedContent();
    delete content.taxonomies['roles'];
    const { desired } = await read(apiOf(content), { fields, taxonomies: { roles: { terms: [] } } });
    expect(desired.offerings[0]?.fields).toMatchObject({
      roles: [],
      primary_role: null,
      trial_available: false,
      category: null,
      card_image: null,
    });
    expect(desired.taxonomies['roles']).toEqual([]);
  });

  test('primary keys of terms may be text, in whatever order the database has it', async () => {
    const content = recordedContent();
    const plain = await read(apiOf(content));
    for (const [index, row] of (content.taxonomies['roles'] ?? []).entries())
      row['id'] = `${index % 2 === 0 ? 'b' : 'A'}-${index}`;
    const { desired } = await read(apiOf(content));
    expect(desired.taxonomies).toEqual(plain.desired.taxonomies);
    const [first, second] = content.taxonomies['roles'] ?? [];
    Object.assign(second ?? {}, { id: first?.['id'] });
    expect((await failed(read(apiOf(content)))).message).toContain('gave b-0 twice');
  });

  test('a relative rendition needs a media base', async () => {
    const content = recordedContent();
    const relative = { url: '/media/a.webp', full_url: '/media/a.webp' };
    Object.assign(content.pages[0] ?? {}, { card_image_rendition: relative });
    const without = await read(apiOf(content));
    expect(without.desired.offerings[0]?.fields['card_image']).toEqual({ error: 'relative' });
    const based = await read(apiOf(content), { mediaBaseUrl: 'https://cdn.example.com' });
    expect(based.desired.offerings[0]?.fields['card_image']).toEqual({
      url: 'https://cdn.example.com/media/a.webp',
    });
  });

  test('snippets from API v3, where v2 has no endpoint', async () => {
    const content = recordedContent();
    delete content.taxonomies['badges'];
    const api = apiOf(content);
    const tokens = new Set<string | undefined>();
    const sender: Sender = {
      send: (request) => {
        if (!request.url.startsWith('http://cms.example.com/api/v3/snippets/catalog.Badge/?'))
          return api.send(request);
        tokens.add(request.headers['Authorization']);
        const limit = Number(new URL(request.url).searchParams.get('limit'));
        return Promise.resolve(recorded(limit > 20 ? '08-v3-limit' : '08-v3-snippets-badge-admin'));
      },
    };
    const taxonomies = { badges: { snippet: 'catalog.Badge' } };
    const v3 = { baseUrl: 'http://cms.example.com/api/v3/', headers: { Authorization: 'Bearer wagtail_x' } };
    const { desired } = await read(sender, { taxonomies, v3 });
    expect(desired.taxonomies['badges']?.map(({ key }) => key)).toContain('eco');
    expect([...tokens]).toEqual(['Bearer wagtail_x']);
    expect((await failed(read(sender, { taxonomies }))).code).toBe('config_invalid');
  });
});

describe('never trust one read', () => {
  const disturbed = (
    change: (content: ReturnType<typeof recordedContent>, nth: number, url: URL) => void,
  ) => {
    const content = recordedContent();
    return { content, sender: apiOf(content, (nth, url) => change(content, nth, url)) };
  };
  const isSecondPage = (url: URL) =>
    url.pathname.endsWith('/pages/') && url.searchParams.get('offset') === '20';

  test('the count moves between two answers: read again', async () => {
    let done = false;
    const { sender } = disturbed((content, _, url) => {
      if (done || !isSecondPage(url)) return;
      done = true;
      content.pages.shift();
    });
    const { desired, proof } = await read(sender);
    expect(desired.offerings).toHaveLength(46);
    expect(proof['pages']?.reads).toBe(3);
  });

  test('one page gone and another come, the count unmoved: no page is lost', async () => {
    let done = false;
    const { sender } = disturbed((content, _, url) => {
      if (done || !isSecondPage(url)) return;
      done = true;
      content.pages.shift();
      content.pages.push({ ...content.pages[0], id: 500 });
    });
    const { desired, proof } = await read(sender);
    expect(desired.offerings.map(({ page_id }) => page_id)).toContain(30);
    expect(desired.offerings).toHaveLength(47);
    expect(proof['pages']?.reads).toBe(3);
  });

  test('a page published into the first batch comes twice: read again', async () => {
    let done = false;
    const { sender } = disturbed((content, _, url) => {
      if (done || !isSecondPage(url)) return;
      done = true;
      content.pages.unshift({ ...content.pages[0], id: 1 });
      content.pages.pop();
    });
    expect((await read(sender)).proof['pages']?.reads).toBe(3);
  });

  test('an edit undone between two reads shows by its stamp', async () => {
    const { sender } = disturbed((content, nth, url) => {
      if (isSecondPage(url) && nth < 40)
        Object.assign(content.pages[0] ?? {}, {
          meta: { alias_of: null, locale: 'en', last_published_at: `2027-${nth}` },
        });
    });
    expect((await read(sender)).proof['pages']?.reads).toBeGreaterThan(2);
  });

  test('a site that changes at every read: a clear failure with what changed', async () => {
    const { sender } = disturbed((content, nth, url) => {
      if (url.pathname.endsWith('/roles/'))
        Object.assign(content.taxonomies['roles']?.[0] ?? {}, { label: `L${nth}` });
    });
    const failure = await failed(read(sender, { maxReads: 4 }));
    expect(failure.code).toBe('source_changing');
    expect(failure.message).toBe(
      'The source is changing: 4 reads, but no two in a row were equal (roles read differently twice)',
    );
  });

  test('fewer items than counted', async () => {
    const { sender } = disturbed(() => undefined);
    const short: Sender = {
      send: async (request) => {
        const reply = await sender.send(request);
        return { ...reply, text: reply.text.replace('"total_count":47', '"total_count":48') };
      },
    };
    const failure = await failed(read(short, { maxReads: 2 }));
    expect(failure.message).toContain('/pages/ gave 47 of 48');
  });

  test('ids out of order in one answer: the site does not obey', async () => {
    const { sender, content } = disturbed(() => undefined);
    content.pages.reverse();
    const failure = await failed(read(sender));
    expect(failure).toMatchObject({
      code: 'answer_invalid',
      message: expect.stringContaining('ignores order=id'),
    });
  });

  test('nothing there, and much less than before', async () => {
    const { sender, content } = disturbed(() => undefined);
    const { desired } = await read(sender);
    expect(() => assertNotFallen(desired, 100)).toThrow('47 offerings, 53 fewer than the 100');
    expect(() => assertNotFallen(desired, 100, 0.6)).not.toThrow();
    content.pages.length = 0;
    expect((await failed(read(sender))).code).toBe('source_incomplete');
  });

  test('an endpoint that lists nothing is no list of drafts', async () => {
    const { sender, content } = disturbed(() => undefined);
    content.taxonomies['roles'] = [];
    const failure = await failed(read(sender));
    expect(failure.message).toContain('The endpoint of roles lists no term, but pages use');
  });
});

describe('what the site lacks is named for its developers', () => {
  test.each([
    [['roles', 'card_image_rendition'], 'does not show card_image_rendition, roles of catalog.OfferingPage'],
    [['saleor_product_id', 'saleor_product_slug'], 'does not show saleor_product_id, saleor_product_slug of'],
  ])('%s', async (hidden, message) => {
    const content = recordedContent();
    for (const name of hidden) content.hidden.add(name);
    const failure = await failed(read(apiOf(content)));
    expect(failure.code).toBe('source_incomplete');
    expect(failure.message).toContain(message);
    expect(failure.hint).toContain(`APIField("${hidden[0]}")`);
  });

  test('a term without a label', async () => {
    const content = recordedContent();
    content.taxonomies['roles']?.forEach((role) => {
      delete role['label'];
    });
    expect((await failed(read(apiOf(content)))).message).toBe(
      'taxonomies.roles: no item shows a text as label (item 1 is the first)',
    );
  });

  test('one term whose label or key is no text costs that term', async () => {
    const content = recordedContent();
    const [first, second, third] = content.taxonomies['roles'] ?? [];
    const keys = content.taxonomies['roles']?.length;
    Object.assign(first ?? {}, { label: null });
    Object.assign(second ?? {}, { label: 'a\0b' });
    Object.assign(third ?? {}, { key: 12 });
    const { desired } = await read(apiOf(content));
    expect(desired.taxonomies['roles']).toHaveLength(keys ?? 0);
    expect(desired.taxonomies['roles']).toContainEqual({ key: '(12)', label: third?.['label'] });
    expect(desired.taxonomies['roles']).toContainEqual({ key: first?.['key'], label: '' });
    expect(desired.problems).toContainEqual({
      severity: 'error',
      code: 'term_malformed',
      ref: 'taxonomy.roles',
      data: { key: second?.['key'], member: 'label', found: 'a\\u{0}b' },
    });
  });

  test('a NUL or a lone surrogate on a page costs that page', async () => {
    const content = recordedContent();
    Object.assign(content.pages[0] ?? {}, { card_tagline: 'a\0b' });
    Object.assign(content.pages[1] ?? {}, { title: 'x\ud800y' });
    Object.assign(content.pages[2] ?? {}, { saleor_product_slug: 'a\0' });
    Object.assign(content.pages[3] ?? {}, { not_asked_for: 'a\0' });
    const { desired } = await read(apiOf(content));
    expect(desired.offerings).toHaveLength(content.pages.length);
    const fields = desired.offerings.map((one) => Object.values(one.fields));
    const isWrong = (values: readonly unknown[]) =>
      values.some((value) => JSON.stringify(value).includes('lone surrogate'));
    expect(fields.map(isWrong).slice(0, 5)).toEqual([true, false, true, false, false]);
    expect(desired.offerings[1]?.title).toBe('x\\u{d800}y');
  });

  test('wrong types cost their page only', async () => {
    const content = recordedContent();
    Object.assign(content.pages[0] ?? {}, {
      verified: 'yes',
      roles: [{ key: 'founder' }, { key: 3 }],
      title: null,
      saleor_product_id: 12,
    });
    Object.assign(content.pages[1] ?? {}, { trial_available: null });
    const { desired } = await read(apiOf(content));
    expect(desired.offerings).toHaveLength(content.pages.length);
    expect(desired.offerings[0]).toMatchObject({
      page_id: 10,
      title: '',
      saleor_product_id: null,
      fields: {
        title: { error: 'is null; it must be a string' },
        roles: { error: 'is ["founder",3]; member [1] must be the key of a term' },
        verified: { error: 'is "yes"; it must be true or false' },
        saleor_product_id: { error: 'is 12; it must be a string or null' },
      },
    });
    expect(desired.offerings[1]?.fields['trial_available']).toBeNull();
    expect(desired.offerings[2]).toEqual((await read(apiOf(recordedContent()))).desired.offerings[2]);
  });

  test('a field that one page lacks costs that page; one that all lack is named', async () => {
    const content = recordedContent();
    delete (content.pages[0] as Record<string, unknown>)['verified'];
    const { desired } = await read(apiOf(content));
    expect(desired.offerings[0]?.fields).not.toHaveProperty('verified');
    for (const page of content.pages) delete (page as Record<string, unknown>)['verified'];
    const failure = await failed(read(apiOf(content)));
    expect(failure.message).toContain('verified: the answer lacks verified');
  });

  test('two reads with other signatures of the same images are equal', async () => {
    let reads = 0;
    const content = recordedContent();
    const signed = () => {
      reads += 1;
      for (const [index, page] of content.pages.entries())
        Object.assign(page, {
          card_image_rendition: {
            full_url: `https://b.s3.amazonaws.com/${index}.webp?AWSAccessKeyId=AKIA&Signature=${reads}%3D&Expires=${1_700_000_000 + reads}`,
          },
        });
      return apiOf(content);
    };
    const sender: Sender = {
      send: (request) => (request.url.includes('/pages/') ? signed() : apiOf(content)).send(request),
    };
    const { desired } = await read(sender);
    expect(reads).toBeGreaterThan(1);
    expect(JSON.stringify(desired)).not.toContain('AKIA');
    expect(desired.offerings[0]?.fields['card_image']).toEqual({ error: 'signed' });
  });
});

describe('recorded refusals, each in plain words', () => {
  test.each([
    ['04-secure-none', 'token_invalid', '401: Authentication credentials were not provided.'],
    ['04-secure-bad-token', 'token_invalid', '401: Invalid token.'],
    ['04-public-with-bad-basic', 'permission_missing', '403: Invalid username/password.'],
    ['07-throttle-6', 'unreachable', 'is throttled (429'],
    [
      '07-unknown-endpoint',
      'answer_invalid',
      'http://cms.example.com/api/v2/categories/ was not found (404)',
    ],
    ['03-locale-unknown', 'answer_invalid', '404: No Locale matches'],
    ['03-site-unknown', 'unreachable', 'failed (500)'],
    ['07-accept-html', 'answer_invalid', 'answered with an HTML page'],
    ['07-no-trailing-slash', 'redirect_refused', 'redirects (301) to /api/v2/pages/'],
    ['03-type-unknown-app', 'answer_invalid', "type doesn't exist"],
    ['02-fields-nested-on-scalar', 'answer_invalid', 'does not support nested fields'],
    ['12-export-anonymous', 'token_invalid', '401: authentication required'],
    ['08-v3-snippets-anonymous', 'token_invalid', '401: Unauthorized'],
  ])('%s', async (name, code, message) => {
    const failure = await failed(read(always(recorded(name))));
    expect(failure.message).toContain(message);
    expect(failure.code).toBe(code);
    expect(failure.message).not.toContain('\n');
  });

  test('a listing query that is refused', async () => {
    const content = recordedContent();
    const api = apiOf(content);
    for (const [name, hint] of [
      ['02-fields-nested-on-scalar', 'is_plain'],
      ['03-type-unknown-app', 'Check the page type'],
    ] as const) {
      const sender: Sender = {
        send: (request) =>
          request.url.includes('/pages/') ? Promise.resolve(recorded(name)) : api.send(request),
      };
      expect((await failed(read(sender))).hint).toContain(hint);
    }
  });

  test.each([
    ['{"meta":{"total_count":1},"items":[{"id":', 'document_malformed'],
    ['{"detail":"odd"}', 'answer_invalid'],
    ['[]', 'answer_invalid'],
    ['{"meta":{"total_count":1},"items":[{"id":1.5}]}', 'answer_invalid'],
    ['{"meta":{"total_count":1},"items":[{"id":1,"key":"a\\u0000","label":"b"}]}', 'document_malformed'],
  ])('an answer of 200 that is none: %s', async (text, code) => {
    expect((await failed(read(always({ status: 200, headers: {}, text })))).code).toBe(code);
  });

  test('an address that cannot be used', async () => {
    for (const baseUrl of [
      'cms.example.com/api',
      'ftp://cms.example.com/',
      'http://user:secret@cms.example.com/api/v2/',
    ]) {
      const failure = await failed(read(always(recorded('04-secure-none')), { baseUrl }));
      expect(failure.code).toBe('usage');
      expect(failure.message).not.toContain('secret');
    }
  });
});

describe('an export over HTTP', () => {
  const url = 'http://cms.example.com/api/catalog-export/?locale=en';
  const over = (sender: Sender) =>
    readExportUrl(sender, { url, headers: { Authorization: 'Token t' } }, GTM_V1);

  test('is read as the file is, with where it came from', async () => {
    const { desired, proof, provenance } = await over(
      always({ status: 200, headers: { date: 'now' }, text: exportText }),
    );
    expect(desired).toEqual(readExport(exportText, GTM_V1));
    expect(proof).toEqual({ offerings: { reads: 1, requests: 1, items: 47, total: 47 } });
    expect(provenance).toMatchObject({
      base_url: 'http://cms.example.com/api/catalog-export/',
      wagtail: '7.4.4',
      content_sha256: expect.stringMatching(/^25920757/),
      first_answer_at: 'now',
    });
  });

  test.each([
    ['12-export-anonymous', 'token_invalid'],
    ['07-accept-html', 'answer_invalid'],
    ['07-unknown-endpoint', 'answer_invalid'],
    ['07-throttle-6', 'unreachable'],
    ['03-site-unknown', 'unreachable'],
  ])('%s', async (name, code) => {
    expect((await failed(over(always(recorded(name))))).code).toBe(code);
  });

  test('cut off, or changed on the way', async () => {
    const answer = (text: string) => over(always({ status: 200, headers: {}, text }));
    expect((await failed(answer(exportText.slice(0, -9)))).message).toContain(
      'The export of http://cms.example.com/api/catalog-export/ is not complete JSON (126314 characters): it ends too early',
    );
    expect((await failed(answer(exportText.replace('Offering 02', 'Offering 03')))).message).toContain(
      'content_sha256',
    );
  });
});

describe('a probe', () => {
  test('tells what a site has and what its developers have to add', async () => {
    const content = recordedContent();
    for (const page of content.pages) Object.assign(page['meta'] as object, { type: 'catalog.OfferingPage' });
    content.hidden.add('card_tagline').add('modalities');
    delete content.taxonomies['badges'];
    delete content.taxonomies['modalities'];
    content.taxonomies['deploymentmodes'] = content.taxonomies['deployment_modes'] ?? [];
    delete content.taxonomies['deployment_modes'];
    const probe = await probeApi(apiOf(content), { baseUrl: BASE, headers: {} }, GTM_V1);
    expect(probe).toMatchObject({
      pageType: 'catalog.OfferingPage',
      pageTypes: { 'catalog.OfferingPage': 47 },
      locales: ['en'],
      limit: 20,
      fields: { roles: 'roles', card_image: 'card_image_rendition', card_tagline: null },
      taxonomies: { deployment_modes: { endpoint: 'deploymentmodes' }, modalities: { terms: [] } },
    });
    expect(probe.lacking).toEqual([
      'catalog.OfferingPage does not show card_tagline: add APIField("card_tagline") to its api_fields, or name the site\'s own field.',
      'catalog.OfferingPage does not show modalities: add APIField("modalities") to its api_fields, or name the site\'s own field.',
      'No endpoint lists modalities (tried modalities): register one, or give a closed list.',
      'No endpoint lists badges (tried badges): register one, or give a closed list.',
    ]);
  });

  test('several page types with products: all of them where one listing shows them, else one and a sentence', async () => {
    const content = recordedContent();
    for (const [index, page] of content.pages.entries())
      Object.assign(page['meta'] as object, { type: index < 3 ? 'shop.PackPage' : 'catalog.OfferingPage' });
    const found = async () => await probeApi(apiOf(content), { baseUrl: BASE, headers: {} }, GTM_V1);
    const one = await found();
    expect(one.pageType).toBe('catalog.OfferingPage');
    expect(one.lacking).toEqual([
      'shop.PackPage names Saleor products too and will not be read: several page types need the router of the Python package wagtail-sailplan, or an export.',
    ]);
    content.severalTypes = true;
    const both = await found();
    expect(both.pageType).toBe('catalog.OfferingPage,shop.PackPage');
    expect(both.lacking).toEqual([]);
    expect(Object.values(both.fields).filter((name) => name === null)).toEqual([]);
  });
});
