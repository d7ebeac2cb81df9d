// Needs Chromium (apt-get install chromium); `npm test` leaves it out. Run it with:
// npm test -- --testMatch '**/*.browser.ts'
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { auditEntry } from '../../src/review/html/audit-entry.ts';
import { auditPage } from '../../src/review/html/audit-page.ts';
import { auditedPlans } from '../support/audited-plans.ts';
import { ARTEFACTS, launchChromium, openPage } from '../support/browser-page.ts';
import { recordedPlan } from '../support/recorded-plan.ts';

const APPLIES = 500;
const folder = mkdtempSync(join(tmpdir(), 'sailplan-audit-'));
const path = join(folder, 'audit.html');
/** A product that some of the plans change. */
const product =
  recordedPlan()
    .changes.findLast(({ ref }) => ref.startsWith('product.'))
    ?.ref.slice(8) ?? '';
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
  const entries = auditedPlans(recordedPlan(), APPLIES, 12).map(auditEntry);
  const archive = {
    file: 'shop.jsonl',
    target: { name: 'production', api_url: 'https://shop.example.com/graphql/' },
    lines: 2 * APPLIES,
    head: 'f'.repeat(64),
    signed: APPLIES,
    problem: null,
    entries,
  };
  writeFileSync(path, auditPage([archive], '2026-11-29T20:00:00.000Z'));
}, 120_000);
afterAll(async () => browser?.close());

const open = (width: number) => openPage(browser, path, { viewport: { width, height: 900 } });

/** How many applies the page says to show after the next frames, and how long that took in the page. */
const search = (page: Page, words: string): Promise<{ shown: number; ms: number }> =>
  page.evaluate(`new Promise((done) => {
    const started = performance.now();
    const field = document.querySelector('#search');
    field.value = ${JSON.stringify(words)};
    field.dispatchEvent(new Event('input'));
    requestAnimationFrame(() => requestAnimationFrame(() => done({
      shown: Number(document.querySelector('.shown').textContent.split(' ')[0].replace(',', '')),
      ms: performance.now() - started,
    })));
  })`);

for (const width of [1280, 400])
  test(`500 applies at ${width} pixels: no request, no complaint, nothing wider than the page`, async () => {
    const { page, context, requests, complaints, openedMs } = await open(width);
    expect(requests).toHaveLength(1);
    await page.screenshot({ path: join(ARTEFACTS, `audit-${width}.png`) });
    // A reader takes longer than this to type.
    await page.waitForTimeout(1_500);
    const first = await search(page, product);
    expect(first.shown).toBeGreaterThan(0);
    expect(first.shown).toBeLessThan(APPLIES);
    await page.locator('.c:not([hidden]) > summary').first().click();
    await page.locator('.c[open]').scrollIntoViewIfNeeded();
    await page.evaluate("document.querySelector('.c[open]').scrollIntoView()");
    await page.screenshot({ path: join(ARTEFACTS, `audit-${width}-open.png`) });
    const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(wider).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    console.info(
      `${width} px: opened in ${Math.round(openedMs)} ms, first search ${Math.round(first.ms)} ms`,
    );
    await context.close();
  }, 60_000);

test('is searched by product, term, person and date, and filtered by month, person and result', async () => {
  const { page, context } = await open(1280);
  await page.waitForTimeout(1_500);
  const person = await search(page, 'grace@example.com');
  expect(person.shown).toBe(APPLIES / 4);
  expect((await search(page, '2026-01-05')).shown).toBe(2);
  expect((await search(page, 'request-499 right')).shown).toBe(1);
  expect((await search(page, 'no such word')).shown).toBe(0);
  const ofTerm = await search(page, 'gsv_roles data_analyst');
  expect(ofTerm.shown).toBeGreaterThan(0);
  expect(ofTerm.shown).toBeLessThan(APPLIES);
  await page.click('#clear');
  await page.selectOption('select[data-by=result]', 'incomplete');
  expect((await search(page, '')).shown).toBe(APPLIES / 50);
  await page.selectOption('select[data-by=person]', { label: 'linus@example.com' });
  expect((await search(page, '')).shown).toBeLessThan(APPLIES / 50);
  await page.click('#clear');
  expect((await search(page, '')).shown).toBe(APPLIES);
  console.info(`searches: ${Math.round(person.ms)} ms, ${Math.round(ofTerm.ms)} ms`);
  await context.close();
}, 60_000);

test('prints without the script’s controls, and is whole without scripts', async () => {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    javaScriptEnabled: false,
  });
  const page = await context.newPage();
  await page.goto(`file://${path}`);
  expect(await page.locator('.c').count()).toBe(APPLIES);
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.filters').isVisible()).toBe(false);
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.length).toBeGreaterThan(10_000);
  await context.close();
}, 120_000);
