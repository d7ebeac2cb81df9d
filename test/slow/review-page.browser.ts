// Needs Chromium (apt-get install chromium); `npm test` leaves it out. Run it with:
// npm test -- --testMatch '**/*.browser.ts'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { parsePlan } from '../../src/plan/file/parse.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { parsePlanProvenance } from '../../src/plan/plan-provenance.ts';
import { buildReview } from '../../src/review/model/build-review.ts';
import { renderPlan } from '../../src/review/render.ts';
import { ARTEFACTS, launchChromium, openPage } from '../support/browser-page.ts';
import { largePlan } from '../support/large-plan.ts';
import { recordedPlan } from '../support/recorded-plan.ts';

const folder = mkdtempSync(join(tmpdir(), 'sailplan-page-'));
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
}, 60_000);

afterAll(async () => browser?.close());

/** The page of a plan, opened. */
async function open(plan: Plan, options: BrowserContextOptions = {}) {
  const path = join(folder, `${Math.random()}.html`);
  writeFileSync(path, renderPlan(buildReview(plan), 'html').text);
  return openPage(browser, path, options);
}

/** How many changes the page says to show, after the next frame: typing filters at the next one. */
const settled = (page: Page): Promise<number> =>
  page.evaluate<number>(
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(Number(document.querySelector('.shown').textContent.split(' ')[0].replace(',', ''))))))",
  );

const ids = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>("[...document.querySelectorAll('.c:not([hidden])')].map(({ id }) => id)");

/** Waits until the script has built the lines of all changes. */
async function allBuilt(page: Page, total: number): Promise<void> {
  // Not waitForFunction: the page's policy lets nothing be evaluated in it.
  for (let tries = 0; tries < 100 && (await ids(page)).length < total; tries += 1)
    await page.waitForTimeout(100);
}

describe('the page of the recorded plan', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`asks the network for nothing and complains of nothing, ${colorScheme}`, async () => {
      const { page, context, requests, complaints } = await open(recordedPlan(), { colorScheme });
      await page.screenshot({ path: join(ARTEFACTS, `page-${colorScheme}.png`) });
      await page.fill('#search', 'offering-007');
      expect(await settled(page)).toBe(1);
      await page.locator('.c:not([hidden]) > summary').first().click();
      await page.evaluate("document.querySelector('.c[open]').scrollIntoView()");
      await page.screenshot({ path: join(ARTEFACTS, `page-${colorScheme}-change.png`) });
      await page.locator('.c[open] .cards').first().scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(ARTEFACTS, `page-${colorScheme}-card.png`) });
      expect(requests).toHaveLength(1);
      expect(complaints).toEqual([]);
      await context.close();
    }, 60_000);
  }

  test('on a phone nothing sticks out, with everything open', async () => {
    const { page, context } = await open(recordedPlan(), { viewport: { width: 400, height: 900 } });
    await page.click('#open');
    const wide = `(() => {
      const width = document.documentElement.clientWidth;
      return [...document.querySelectorAll('body *')]
        .filter((el) => el.getBoundingClientRect().right > width || (el.clientWidth > 0 && el.matches('th, td, .btn, .tag') && el.scrollWidth > el.clientWidth + 1))
        .map((el) => el.tagName + ': ' + el.textContent.slice(0, 40));
    })()`;
    expect(await page.evaluate<string[]>(wide)).toEqual([]);
    await page.screenshot({ path: join(ARTEFACTS, 'page-phone.png'), fullPage: false });
    await context.close();
  }, 60_000);

  test('is filtered by kind, action, attribute, taxonomy and hazard, and searched', async () => {
    const plan = recordedPlan();
    const { page, context } = await open(plan);
    const by = async (name: string, label: string) => {
      await page.selectOption(`select[data-by=${name}]`, { label });
      return settled(page);
    };
    const isOf = (kind: string) => plan.changes.filter(({ ref }) => ref.startsWith(`${kind}.`)).length;
    expect(await settled(page)).toBe(plan.changes.length);
    expect(await by('kind', 'Products')).toBe(isOf('product'));
    expect(await by('kind', 'Values')).toBe(isOf('value'));
    expect(await by('action', 'create')).toBe(plan.summary.by_kind.value.create);
    await page.click('#clear');
    expect(await by('hazard', 'renames_value')).toBe(
      plan.hazards.filter(({ code }) => code === 'renames_value').length,
    );
    await page.click('#clear');
    const roles = plan.changes.filter(({ ref }) => ref.startsWith('value.gsv_roles.')).length;
    expect(await by('field', 'gsv_roles')).toBeGreaterThan(roles);
    expect(await by('kind', 'Values')).toBe(roles);
    await page.click('#clear');
    expect(await by('taxonomy', 'roles')).toBeGreaterThan(roles - 1);
    await page.click('#clear');
    await page.fill('#search', 'no such thing anywhere');
    expect(await settled(page)).toBe(0);
    expect(await page.locator('.nothing').isVisible()).toBe(true);
    await context.close();
  }, 60_000);

  test('works by keyboard', async () => {
    const { page, context } = await open(recordedPlan());
    await page.keyboard.press('/');
    await page.keyboard.type('offering-005');
    expect(await settled(page)).toBe(1);
    await page.keyboard.press('Escape');
    expect(await settled(page)).toBeGreaterThan(1);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    expect(
      await page.evaluate(
        "document.activeElement.parentElement === document.querySelectorAll('.c')[1] && document.activeElement.parentElement.open",
      ),
    ).toBe(true);
    await page.keyboard.press('t');
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    await context.close();
  }, 60_000);

  test('opens the change that a hazard names', async () => {
    const { page, context } = await open(recordedPlan());
    await page.locator('#hazards a').first().click();
    expect(await page.locator('.c:target').getAttribute('open')).toBe('');
    await context.close();
  }, 60_000);

  test('runs no script but its own', async () => {
    const { page, context } = await open(recordedPlan());
    await page.evaluate(
      "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.foreign = 1' }))",
    );
    expect(await page.evaluate('window.foreign === undefined')).toBe(true);
    await context.close();
  }, 60_000);
});

describe('the page of thousands of changes', () => {
  test('opens and filters; the figures are printed', async () => {
    const plan = largePlan(10_000);
    const { page, context, complaints, openedMs } = await open(plan);
    const inside = await page.evaluate<number>(
      "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd",
    );
    const timed = async (action: () => Promise<unknown>) => {
      const started = performance.now();
      await action();
      const count = await settled(page);
      return { count, ms: Math.round(performance.now() - started) };
    };
    const select = await timed(() => page.selectOption('select[data-by=hazard]', 'clears_attribute'));
    expect(select.count).toBe(200);
    expect(await ids(page)).toEqual(Array.from({ length: 200 }, (_, index) => `c${index * 50}`));
    const clear = await timed(() => page.click('#clear'));
    expect(clear.count).toBe(10_000);
    await allBuilt(page, 10_000);
    expect(await ids(page)).toEqual(plan.changes.map((_, index) => `c${index}`));
    const search = await timed(() => page.fill('#search', 'Lead scout 4321'));
    expect(search.count).toBe(1);
    const found = await timed(() => page.fill('#search', 'offering-04321'));
    expect(found.count).toBe(1);
    await page.locator('.c:not([hidden]) > summary').click();
    expect(await page.locator('.c[open] table').isVisible()).toBe(true);
    expect(complaints).toEqual([]);
    process.stdout.write(
      `10,000 changes in Chromium: opened ${Math.round(openedMs)} ms (content ready ${Math.round(inside)} ms), filter ${select.ms} ms, clear ${clear.ms} ms, first search ${search.ms} ms, next search ${found.ms} ms\n`,
    );
    await context.close();
  }, 120_000);

  test('builds and opens the change that the address names, also while a filter hides it', async () => {
    const { page, context, complaints } = await open(largePlan(3_000));
    await page.selectOption('select[data-by=hazard]', 'clears_attribute');
    expect(await settled(page)).toBe(60);
    await page.evaluate("location.hash = '#c2997'");
    // The browser reports the new hash a moment later.
    await page.locator('#c2997[open]').waitFor();
    expect(await settled(page)).toBe(3_000);
    const target = page.locator('#c2997');
    expect(await target.getAttribute('open')).toBe('');
    expect(await target.locator('table').isVisible()).toBe(true);
    expect(await ids(page)).toEqual(Array.from({ length: 3_000 }, (_, index) => `c${index}`));
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);

  test('opens and closes the changes that are shown, at most 500', async () => {
    const { page, context } = await open(largePlan(3_000));
    const openCount = () => page.evaluate<number>("document.querySelectorAll('.c[open]').length");
    const isFilled = "[...document.querySelectorAll('.c[open]')].every((el) => el.querySelector('table'))";
    await allBuilt(page, 3_000);
    await page.click('#open');
    expect(await openCount()).toBe(500);
    expect(await page.evaluate(isFilled)).toBe(true);
    expect(await page.textContent('#open')).toBe('Close all');
    await page.click('#open');
    expect(await openCount()).toBe(0);
    await context.close();
  }, 60_000);

  test('is read in full where no script runs', async () => {
    const { page, context } = await open(largePlan(500), { javaScriptEnabled: false });
    const entry = page.locator('.c').nth(4);
    await entry.locator('summary').click();
    expect(await entry.locator('table').isVisible()).toBe(true);
    expect(await page.locator('.filters').isVisible()).toBe(false);
    await context.close();
  }, 60_000);
});

test('UPDATE_PICTURE=1 writes the picture of the README, docs/review-page.png', async () => {
  const id = readdirSync('plans').find((name) => /^[0-9a-f]{16}$/.test(name)) ?? '';
  const { plan } = parsePlan(readFileSync(`plans/${id}/plan.json`, 'utf8'));
  const provenance = parsePlanProvenance(JSON.parse(readFileSync(`plans/${id}/provenance.json`, 'utf8')));
  const path = join(folder, 'picture.html');
  writeFileSync(path, renderPlan(buildReview(plan, provenance), 'html').text);
  const context = await browser.newContext({ viewport: { width: 1100, height: 860 }, colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(`file://${path}`);
  const png = await page.screenshot();
  expect(png.length).toBeLessThan(150_000);
  if (process.env['UPDATE_PICTURE'] === '1') writeFileSync('docs/review-page.png', png);
  await context.close();
});
