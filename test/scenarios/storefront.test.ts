import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { parse } from 'graphql';
import { demoExport } from '../../src/sandbox/demo/demo-shop.ts';
import { openShopWorkspace, type ShopWorkspace } from '../support/shop-workspace.ts';

/** What a shopper sees, read from the public API without a token. */

jest.setTimeout(60_000);

const CHANNEL = 'default-channel';
const STOREFRONT = ['storefront', '--desired', 'catalog.json', '--channel', CHANNEL];

let desk: ShopWorkspace;
beforeEach(async () => {
  desk = await openShopWorkspace();
  desk.write('catalog.json', finishedExport());
  const { id } = await desk.plan();
  await desk.runExpecting(0, 'approve', id, '--as', 'ada@example.com', '--yes');
  await desk.runExpecting(0, 'apply', id, '--no-policy');
  for (const { saleor_product_slug } of offeringsOf(finishedExport()))
    desk.sandbox.edit.publish(saleor_product_slug, CHANNEL);
});
afterEach(() => desk.close());

interface Export {
  readonly taxonomies: Record<string, { key: string; label: string }[]>;
  readonly offerings: { saleor_product_slug: string; cp_offering_id: string; roles: string[] }[];
}

const offeringsOf = (document: object) => (document as Export).offerings;

/** The demo's catalogue, with its one unfinished page finished. */
function finishedExport(): object {
  const document = structuredClone(demoExport()) as Export;
  for (const offering of document.offerings) offering.cp_offering_id ||= 'off_finished';
  return document;
}

interface Found {
  readonly severity: string;
  readonly code: string;
  readonly ref: string;
  readonly field: string | null;
  readonly cause: string;
  readonly message: string;
  readonly hint: string;
}

interface Proof {
  readonly ok: boolean;
  readonly requests: number;
  readonly findings: readonly Found[];
  readonly filters: readonly {
    attribute: string;
    value: string | boolean;
    planned: number;
    found: number;
    total: number;
  }[];
  readonly skipped: readonly { page_id: number; codes: readonly string[] }[];
  readonly excluded: readonly Found[];
  readonly counts: {
    readonly pages: number;
    readonly listed: number;
    readonly unlisted: number;
    readonly not_published: number;
  };
}

async function prove(code: number, ...flags: readonly string[]): Promise<Proof> {
  return JSON.parse(await desk.runExpecting(code, ...STOREFRONT, '--format', 'json', ...flags));
}

const errorsOf = ({ findings }: Proof) =>
  findings
    .filter(({ severity }) => severity === 'error')
    .map(({ code, ref, field, cause }) => [code, ref, field, cause]);

test('a shop as planned: no error, a count for each value, a few requests', async () => {
  const proof = await prove(0);
  expect({ ok: proof.ok, errors: errorsOf(proof), skipped: proof.skipped }).toEqual({
    ok: true,
    errors: [],
    skipped: [],
  });
  const { length } = offeringsOf(finishedExport());
  expect(proof.counts).toEqual({ pages: length, listed: length, unlisted: 0, not_published: 0 });
  expect(new Set(proof.filters.map(({ attribute }) => attribute)).size).toBe(12);
  expect(proof.filters.every(({ planned, found, total }) => planned === found && found === total)).toBe(true);
  expect(
    proof.filters.reduce((sum, { attribute, total }) => sum + (attribute === 'gsv_verified' ? total : 0), 0),
  ).toBe(length);
  expect(proof.requests).toBeLessThan(12);
});

test('nothing is sent but queries, and no token', async () => {
  const seen: { headers: IncomingHttpHeaders; body: string }[] = [];
  const { url, server } = await recorder(desk.sandbox.url, (request) => seen.push(request));
  desk.env['SALEOR_API_URL'] = url;
  const token = desk.env['SALEOR_TOKEN'] ?? '';
  await prove(0, '--search').catch(() => undefined);
  await new Promise((done) => server.close(done));
  expect(seen.length).toBeGreaterThan(3);
  for (const { headers, body } of seen) {
    const operations = parse(JSON.parse(body).query).definitions.flatMap((one) =>
      one.kind === 'OperationDefinition' ? one.operation : [],
    );
    expect(operations).toEqual(['query']);
    expect(Object.keys(headers).filter((name) => /auth|token|cookie/i.test(name))).toEqual([]);
    expect(JSON.stringify({ headers, body })).not.toContain(token);
  }
  expect(token).not.toBe('');
});

test('three broken products of the whole catalogue: exactly these are found, each with its cause', async () => {
  desk.sandbox.edit.unpublish('deal-desk', CHANNEL);
  desk.sandbox.edit.setAttribute('support-triage', 'gsv_roles', []);
  desk.sandbox.edit.setMetadata('churn-watch', 'credits_estimate_label', 'free!');
  const proof = await prove(2);
  const [role] =
    offeringsOf(finishedExport()).find(({ saleor_product_slug: slug }) => slug === 'support-triage')?.roles ??
    [];
  expect(errorsOf(proof)).toEqual([
    ['card_metadata_differs', 'product.churn-watch', 'metadata.credits_estimate_label', 'metadata'],
    ['filter_misses_product', 'product.support-triage', 'attributes.gsv_roles', 'value_not_assigned'],
    ['product_not_published', 'product.deal-desk', null, 'not_published'],
  ]);
  expect(proof.findings[1]?.message).toContain(`gsv_roles by ${role}`);
  expect(proof.findings.every(({ hint, message }) => hint !== '' && message !== '')).toBe(true);
  const text = await desk.runExpecting(2, ...STOREFRONT);
  expect(text).toContain('3 errors: shoppers do not see what is planned.');
  expect(text).toMatch(/Next:\n {2}sailplan plan --desired catalog.json/);
});

test('every other way to be wrong has a code and a cause of its own', async () => {
  const { edit } = desk.sandbox;
  edit.publish('deal-desk', CHANNEL, false);
  edit.setAttribute('churn-watch', 'gsv_verified', !isVerified('churn-watch'));
  edit.addValue('gsv_badges', 'Clearance');
  edit.value('gsv_roles', 'data_analyst').translations.set('EN', { pk: 900, name: 'Number cruncher' });
  edit.deleteValue('gsv_value_stream', 'save_time');
  edit.attribute('gsv_maturity').visibleInStorefront = false;
  edit.unassign('offering', 'gsv_modalities');
  const proof = await prove(2);
  const kinds = new Set(proof.findings.map(({ severity, code, cause }) => `${severity} ${code} ${cause}`));
  for (const kind of [
    'error attribute_hidden attribute_not_visible',
    'error choice_missing value_missing',
    'error filter_finds_product value_assigned',
    'error filter_misses_product attribute_not_assigned',
    'error filter_misses_product value_not_assigned',
    'error label_differs label',
    'error product_unlisted not_listed',
    'note attribute_not_filterable attribute_not_filterable',
    'warning choice_extra value_without_term',
  ])
    expect(kinds).toContain(kind);
  const label = proof.findings.find(({ code }) => code === 'label_differs');
  expect(label?.message).toContain('en: "Number cruncher" instead of "Data analyst"');
  const text = await desk.runExpecting(2, ...STOREFRONT);
  expect(text).toMatch(/gsv_value_stream +4 values, (\d+ wrong, )?1 missing/);
  expect(text).toContain(
    'sailplan plan --desired catalog.json --create-missing --sync-attributes --sync-products',
  );
});

test('a hidden attribute still filters; one marked as filterable gets no note', async () => {
  desk.sandbox.edit.attribute('gsv_maturity').visibleInStorefront = false;
  desk.sandbox.edit.markFilterable('gsv_roles');
  const proof = await prove(2);
  expect(errorsOf(proof)).toEqual([
    ['attribute_hidden', 'attribute.gsv_maturity', null, 'attribute_not_visible'],
  ]);
  const noted = proof.findings
    .filter(({ code }) => code === 'attribute_not_filterable')
    .map(({ ref }) => ref);
  expect(noted).not.toContain('attribute.gsv_roles');
  expect(noted).toHaveLength(10);
});

test('a product without a page counts in all products, and is nobody’s error', async () => {
  desk.sandbox.edit.setAttribute('credits-100', 'gsv_verified', true);
  desk.sandbox.edit.publish('credits-100', CHANNEL);
  const proof = await prove(0);
  const verified = proof.filters.find(
    ({ attribute, value }) => attribute === 'gsv_verified' && value === true,
  );
  expect((verified?.total ?? 0) - (verified?.planned ?? 0)).toBe(1);
});

test('products that are kept back on purpose, and differences that shall stay', async () => {
  desk.sandbox.edit.unpublish('deal-desk', CHANNEL);
  desk.sandbox.edit.setMetadata('churn-watch', 'outcome_tagline', 'By hand');
  expect(errorsOf(await prove(2, '--published-only'))).toHaveLength(1);
  const proof = await prove(
    0,
    '--published-only',
    '--exclude',
    'product.churn-watch:metadata.outcome_tagline',
  );
  expect(proof.excluded.map(({ ref, code }) => [ref, code])).toEqual([
    ['product.churn-watch', 'card_metadata_differs'],
  ]);
  expect(proof.counts.not_published).toBe(1);
});

test('a search index that is behind is found with --search', async () => {
  const proof = await prove(2, '--search');
  expect(new Set(errorsOf(proof).map(([code, , , cause]) => `${code} ${cause}`))).toEqual(
    new Set(['search_misses_product search_index']),
  );
});

test('a page with an error is skipped, and the end says so: exit 1', async () => {
  desk.write('catalog.json', demoExport());
  const proof = await prove(1);
  expect(proof.skipped.map(({ codes }) => codes)).toEqual([['required_field_empty']]);
  expect(proof.ok).toBe(false);
});

test('channel unknown or empty, and a shop that is closed: one finding each', async () => {
  const inChannel = (channel: string) =>
    desk.run('storefront', '--desired', 'catalog.json', '--format', 'json', '--channel', channel);
  const unknown = await inChannel('nowhere');
  expect(errorsOf(JSON.parse(unknown.out))).toEqual([['channel_unknown', 'shop', null, 'channel']]);
  for (const { saleor_product_slug } of offeringsOf(finishedExport()))
    desk.sandbox.edit.unpublish(saleor_product_slug, CHANNEL);
  expect(errorsOf(await prove(2))).toEqual([['channel_shows_nothing', 'shop', null, 'channel']]);
  const text = await desk.runExpecting(2, ...STOREFRONT);
  const { length } = offeringsOf(finishedExport());
  expect(text).toContain(`${length} pages: 0 listed, ${length} not published;`);
  // That each filter is empty, too, is no further fact.
  expect(text).not.toMatch(/choice_without_product|no product to find|as planned/);
  expect(text).not.toContain('Next:');
  (desk.sandbox.store.shop as { allowStorefrontTraffic: boolean }).allowStorefrontTraffic = false;
  expect(errorsOf(await prove(2))).toEqual([['storefront_closed', 'shop', null, 'permission']]);
});

test('a proxy that refuses shoppers with 403: closed, with what to do there', async () => {
  const { url, server } = await answering(403, 'text/html', '<h1>Forbidden</h1>');
  desk.env['SALEOR_API_URL'] = url;
  const text = (await desk.runExpecting(2, ...STOREFRONT)).replace(/\s+/g, ' ');
  expect(text).toContain('storefront_closed (1): a proxy or firewall in front of the shop');
  expect(text).toContain(
    'access is refused (403) > Saleor itself does not answer 403. Let this machine through',
  );
  expect(text).toContain('--header-env saleor:NAME=VAR');
  expect(text).not.toContain('Check the address');
  // With a token too, the address is not the cause.
  const plan = await desk.run('plan', '--desired', 'catalog.json');
  expect(plan).toMatchObject({ code: 1, err: expect.stringContaining('access is refused (403)') });
  expect(plan.err).toContain('a proxy or firewall');
  await new Promise((done) => server.close(done));
});

test('an --exclude that matches no finding is named, with the place that is near', async () => {
  desk.sandbox.edit.setMetadata('churn-watch', 'outcome_tagline', 'By hand');
  const field = 'metadata.outcome_tagline';
  const given = ['--exclude', `product.churn-watch:${field},product.churn-wach,value.gsv_roles.nobody`];
  const { code, out, err } = await desk.run(...STOREFRONT, ...given);
  expect(code).toBe(0);
  expect(out).toContain('1 finding excluded');
  expect(err.trim().split('\n')).toEqual([
    'note: --exclude product.churn-wach: no finding has this place (did you mean product.churn-watch?)',
    'note: --exclude value.gsv_roles.nobody: no finding has this place',
  ]);
});

test('no channel is an error of usage that names the flag', async () => {
  const { code, err } = await desk.run('storefront', '--desired', 'catalog.json');
  expect(code).toBe(1);
  expect(err).toContain('--channel SLUG');
});

test('Markdown and HTML hold the findings, and escape what comes from outside', async () => {
  desk.sandbox.edit.setMetadata('churn-watch', 'outcome_tagline', '<img src=x onerror=alert(1)> | @all');
  const markdown = await desk.runExpecting(2, ...STOREFRONT, '--format', 'markdown');
  expect(markdown).toContain('### error `card_metadata_differs` (1)');
  expect(markdown.replace(/`[^`]*`/g, '')).not.toMatch(/<img|@all/);
  const page = await desk.runExpecting(2, ...STOREFRONT, '--format', 'html');
  expect(page).toContain('&lt;img src=x');
  expect(page).not.toContain('<img');
  expect(page).toMatch(/1 error: shoppers do not see what is planned/);
  expect(page).toContain('<b>1</b><span>error</span>');
  // What is the same for every attribute is said once.
  for (const text of [markdown, page])
    expect(text.split('the attribute is not marked as filterable in storefront')).toHaveLength(2);
});

test('apply --verify-storefront proves what was applied, and ends in 2 where shoppers see something else', async () => {
  const [apply, channel] = [['--no-policy', '--verify-storefront'], { SALEOR_CHANNEL_SLUG: CHANNEL }];
  const approved = async (): Promise<string> => {
    desk.sandbox.edit.setMetadata('churn-watch', 'outcome_tagline', `By hand ${Math.random()}`);
    const { id } = await desk.plan();
    await desk.runExpecting(0, 'approve', id, '--as', 'ada@example.com', '--yes');
    return id;
  };
  const first = await approved();
  const refused = await desk.run('apply', first, ...apply);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('no channel is named');
  // A plan that was made without a channel.
  await desk.runExpecting(0, 'apply', first, ...apply, '--channel', CHANNEL);
  Object.assign(desk.env, channel);
  const text = await desk.runExpecting(0, 'apply', await approved(), ...apply);
  expect(text).toMatch(/1 change applied[\s\S]*Shoppers see what is planned\./);
  desk.sandbox.edit.unpublish('deal-desk', CHANNEL);
  const events = await desk.runExpecting(2, 'apply', await approved(), ...apply, '--json');
  const [finished, storefront] = events
    .trim()
    .split('\n')
    .slice(-2)
    .map((line) => JSON.parse(line));
  expect(finished).toMatchObject({ event: 'finished', exit_code: 0 });
  expect(storefront).toMatchObject({
    event: 'storefront',
    proof: { ok: false, counts: { not_published: 1 } },
  });
  const failed = await desk.runExpecting(2, 'apply', await approved(), ...apply);
  expect(failed).toMatch(/1 change applied; the shop matches the plan/);
  expect(failed.trim().split('\n').at(-1)).toBe(
    'The apply itself is complete. Exit code 2: fix what the storefront check lists, then run sailplan storefront.',
  );
  const dry = await desk.run('apply', await approved(), ...apply, '--dry-run');
  expect(dry.code).toBe(1);
  expect(dry.err).toContain('sailplan storefront');
});

const isVerified = (slug: string): boolean =>
  (offeringsOf(finishedExport()) as unknown as { saleor_product_slug: string; verified: boolean }[]).some(
    (one) => one.saleor_product_slug === slug && one.verified,
  );

/** Answers every request in the same way. */
async function answering(
  status: number,
  type: string,
  body: string,
): Promise<{ url: string; server: Server }> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  });
  return { url: await listen(server), server };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql/`;
}

/** Passes every request on, and keeps it. */
async function recorder(
  target: string,
  keep: (request: { headers: IncomingHttpHeaders; body: string }) => void,
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      keep({ headers: request.headers, body });
      const headers = { 'content-type': 'application/json' };
      void fetch(target, { method: 'POST', headers, body }).then(async (answer) => {
        response.writeHead(answer.status, headers);
        response.end(await answer.text());
      });
    });
  });
  return { url: await listen(server), server };
}
