import { existsSync, mkdirSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core';

/** Where the browser tests put their screenshots. */
export const ARTEFACTS = 'artefacts';

/** Starts Chromium (apt-get install chromium; CHROMIUM names another). */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  if (!existsSync(executablePath))
    throw new Error(`no Chromium at ${executablePath}: apt-get install chromium, or set CHROMIUM`);
  mkdirSync(ARTEFACTS, { recursive: true });
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** A page from a file, opened; all that it requests from the network or complains of is collected. */
export async function openPage(browser: Browser, path: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => void requests.push(request.url()));
  page.on('console', (message) => void complaints.push(message.text()));
  page.on('pageerror', (error) => void complaints.push(error.message));
  const started = performance.now();
  await page.goto(`file://${path}`);
  return { page, context, requests, complaints, openedMs: performance.now() - started };
}
