import type { Contract } from '../../../src/contract/contract.ts';
import { GTM_V1 } from '../../../src/contract/contract.ts';
import type { Desired } from '../../../src/core/desired-state.ts';
import { digest } from '../../../src/core/json/canonical-json.ts';
import type { Json } from '../../../src/core/json/json-value.ts';
import { createHttp } from '../../../src/platform/http/client.ts';
import type { ApiOptions } from '../../../src/wagtail/api/options.ts';
import { readExport } from '../../../src/wagtail/export/read-export.ts';
import type { Sender } from '../../../src/wagtail/http-responses.ts';

/** A running sample site, as test/slow/wagtail/run.mjs started it. */
export interface Site {
  readonly name: string;
  readonly wagtail: string;
  readonly url: string;
  /** Offerings that anybody may see. */
  readonly size: 'small' | 'large' | 'generated';
  /** What manage.py export_catalog wrote before anything was edited. */
  readonly file: string;
  /** Of a generated site: which of sites/ it is, and the export of every page type. */
  readonly site?: string;
  /** For API v3; empty before Wagtail 8. */
  /** What sailplan_init prints there. */
  readonly drafted?: string;
  readonly v3Token: string;
}

export const SITES = JSON.parse(process.env['WAGTAIL_SITES'] ?? '[]') as readonly Site[];
export const EXPORT_TOKEN = 'export-token-1';
export const ADMIN = 'a'.repeat(40);
export const READER = 'b'.repeat(40);

export const http = createHttp({
  clock: { now: () => Date.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
  random: Math.random,
});

export const apiOptions = (site: Site, more: Partial<ApiOptions> = {}): ApiOptions => ({
  baseUrl: `${site.url}/api/v2/`,
  pageType: 'catalog.OfferingPage',
  locale: 'en',
  headers: {},
  renditionField: 'card_image_rendition',
  ...more,
});

/** Of what is desired, wherever it came from. */
export const contentDigest = ({ taxonomies, offerings, problems }: Desired): string =>
  digest({ taxonomies, offerings, problems } as unknown as Json);

/** A third of the contract: enough for every kind of edit, and quicker to read two hundred times. */
export const LEAN: Contract = {
  ...GTM_V1,
  attributes: GTM_V1.attributes.filter(({ source }) =>
    /^(roles|outcomes|integrations|verified)$/.test(source),
  ),
  metadata: GTM_V1.metadata.filter(({ source }) =>
    /^(cp_offering_id|card_tagline|primary_role)$/.test(source),
  ),
};

export const stateOf = (document: unknown, contract: Contract = GTM_V1): Desired =>
  readExport(JSON.stringify(document), contract);

async function lab(site: Site, path: string, body?: unknown): Promise<unknown> {
  const reply = await fetch(
    `${site.url}/lab/${path}`,
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
  );
  if (reply.status !== 200) throw new Error(`lab: ${reply.status} ${(await reply.text()).slice(0, 300)}`);
  return reply.json();
}

/** The export of this moment. */
export const exported = async (site: Site, query = '', contract: Contract = GTM_V1): Promise<Desired> =>
  stateOf(await lab(site, `export/${query}`), contract);

/** One edit by an editor; the state after it. */
export async function edit(
  site: Site,
  wanted: { name?: string; seed?: number },
  contract: Contract = GTM_V1,
): Promise<{ name: string; desired: Desired }> {
  const { name, export: document } = (await lab(site, 'edit/', wanted)) as { name: string; export: unknown };
  return { name, desired: stateOf(document, contract) };
}

export const estimates = async (site: Site, pairs: readonly unknown[]): Promise<readonly string[]> =>
  ((await lab(site, 'estimates/', pairs)) as { labels: string[] }).labels;

/** A sender that does something before the nth request, from 1 on. */
export const disturbed = (
  before: (nth: number, url: string) => Promise<void>,
  sender: Sender = http,
): Sender => {
  let nth = 0;
  return {
    send: async (request) => {
      nth += 1;
      await before(nth, request.url);
      return sender.send(request);
    },
  };
};
