import type { ShopInventory, SiteInventory } from '../contract/inventory.ts';
import { Failure } from '../core/failure.ts';
import { readStdin, readText } from '../platform/files.ts';
import type { Http } from '../platform/http/client.ts';
import { readShopInventory } from '../saleor/read/shop-inventory.ts';
import { apiInventory } from '../wagtail/api/api-inventory.ts';
import type { TaxonomyOptions } from '../wagtail/api/options.ts';
import { exportInventory } from '../wagtail/export/export-inventory.ts';
import { fetchExport } from '../wagtail/export/read-export-url.ts';
import type { Config } from './config-file.ts';
import { openReader } from './open-shop.ts';
import type { SaleorConnection, WagtailSource } from './options.ts';
import { assertHeadersAllowed } from './read-desired.ts';

export interface SiteSurvey {
  readonly site: SiteInventory;
  /** What was found of API v2; null: the source is an export. */
  readonly api: {
    readonly pageType: string | null;
    readonly pageTypes: readonly string[];
    readonly taxonomies: Readonly<Record<string, TaxonomyOptions>>;
  } | null;
}

/** API v2 of which only the address is known. */
export type SurveyedSource =
  | Exclude<WagtailSource, { kind: 'api' }>
  | ({
      readonly kind: 'api';
      readonly baseUrl: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly pageType: string | undefined;
      readonly isUrlFromConfig: boolean;
    } & Pick<SaleorConnection, 'allowHttp' | 'allowedOrigins'>);

/**
 * What the pages contain, independent of any contract. Throws a Failure if the source cannot be read, or has no offering page.
 */
export async function surveySite(source: SurveyedSource, http: Http): Promise<SiteSurvey> {
  const survey = await surveyAny(source, http);
  if (survey.site.pages > 0) return survey;
  const types = survey.api?.pageTypes.join(', ') ?? '';
  throw new Failure(
    'source_incomplete',
    `the source has no offering page to inspect${types === '' ? '' : ` (its page types: ${types})`}`,
    survey.api === null
      ? 'Publish a page, and write the export again.'
      : 'Give --page-type, and add saleor_product_slug or saleor_product_id to api_fields of that page type.',
  );
}

async function surveyAny(source: SurveyedSource, http: Http): Promise<SiteSurvey> {
  switch (source.kind) {
    case 'api': {
      assertHeadersAllowed(source.baseUrl, source.headers, source.isUrlFromConfig, source);
      const { site, ...api } = await apiInventory(http, source);
      return { site, api };
    }
    case 'url': {
      const { url, headers } = source;
      assertHeadersAllowed(url, headers, source.isUrlFromConfig, source);
      const { text, name } = await fetchExport(http, { url, headers });
      return { site: exportInventory(text, name), api: null };
    }
    case 'stdin':
      return { site: exportInventory(readStdin(), 'standard input'), api: null };
    default:
      return { site: exportInventory(readText(source.path), source.path), api: null };
  }
}

/** The survey with the config's names of fields and taxonomies of API v2. */
export function asConfigured(survey: SiteSurvey, config: Config | null): SiteSurvey {
  const { site, api } = survey;
  const { wagtail } = config ?? {};
  if (api === null || wagtail === undefined) return survey;
  const renamed = Object.entries(wagtail.fields ?? {}).flatMap(([source, name]) => {
    const field = site.fields.find((one) => one.name === name);
    return field === undefined ? [] : [{ ...field, name: source }];
  });
  const taxonomies = Object.entries(wagtail.taxonomies ?? {}).map(
    ([name, { endpoint, terms }]) => [name, terms ?? site.taxonomies[endpoint ?? name] ?? []] as const,
  );
  const named = new Set(renamed.map(({ name }) => name));
  return {
    api,
    site: {
      ...site,
      fields: [...renamed, ...site.fields.filter(({ name }) => !named.has(name))],
      taxonomies: { ...site.taxonomies, ...Object.fromEntries(taxonomies) },
    },
  };
}

/** What the shop contains, independent of any contract. Throws a Failure if it cannot be read. */
export const surveyShop = (
  saleor: SaleorConnection,
  { products }: SiteInventory,
  http: Http,
): Promise<ShopInventory> => readShopInventory(openReader(saleor, http), products);
