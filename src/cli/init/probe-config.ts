import type { Config } from '../../app/config-file.ts';
import { assertOrigin, openReader, targetOf } from '../../app/open-shop.ts';
import { Failure } from '../../core/failure.ts';
import type { Http } from '../../platform/http/client.ts';
import { greet } from '../../saleor/preflight.ts';
import { probeApi } from '../../wagtail/api/probe-site.ts';
import { type Args, type Io, textArg } from '../io.ts';
import { loadSettings } from '../settings.ts';
import { saleorConnection, siteHeaders } from '../typed-options.ts';

/** The shop's side of a config, asked for by a token that works. */
export async function shopPart(args: Args, io: Io, http: Http): Promise<Pick<Config, 'saleor_api_url'>> {
  const settings = loadSettings({ ...args, config: undefined }, io);
  const saleor = saleorConnection(settings, args, io);
  const { api_url } = targetOf(saleor);
  const { shop, permissions } = await greet(openReader(saleor, http));
  io.err(
    `Saleor: ${shop.name}, version ${shop.version}; the token holds ${permissions.join(', ') || 'no permission that is needed'}`,
  );
  return { saleor_api_url: api_url };
}

/** How this site's API is asked: what the probe found, and nothing that is as the contract says anyway. */
export async function wagtailPart(
  baseUrl: string,
  args: Args,
  io: Io,
  http: Http,
): Promise<NonNullable<Config['wagtail']>> {
  const settings = loadSettings({ ...args, config: undefined }, io);
  const headers = siteHeaders(args, io);
  if (Object.keys(headers).length > 0) assertOrigin(baseUrl, false, saleorConnection(settings, args, io));
  const pageType = textArg(args, 'page-type');
  const probe = await probeApi(http, { baseUrl, headers, pageType }, settings.contract);
  if (probe.pageType === null)
    throw new Failure(
      'source_incomplete',
      `no page type of the site shows the contract's fields (it has ${Object.keys(probe.pageTypes).join(', ') || 'none'})`,
      'Give --page-type catalog.OfferingPage, and declare the fields in its api_fields, or use the router of the Python package wagtail-sailplan.',
    );
  for (const line of probe.lacking) io.err(`Wagtail lacks: ${line}`);
  const locale =
    textArg(args, 'locale') ??
    (probe.locales.length <= 1
      ? probe.locales[0]
      : await io.ask(`Which locale is the source (${probe.locales.join(', ')})? `)) ??
    undefined;
  if (locale === undefined)
    throw new Failure(
      'usage',
      `the site has the locales ${probe.locales.join(', ') || '(none shown)'}`,
      'Give --locale.',
    );
  io.err(
    `Wagtail: ${probe.pageTypes[probe.pageType] ?? 0} pages of ${probe.pageType}, ${Object.values(probe.fields).filter((name) => name !== null).length} of ${Object.keys(probe.fields).length} fields`,
  );
  const renamed = Object.fromEntries(
    Object.entries(probe.fields).filter(([source, name]) => name !== source),
  );
  const absent = Object.keys(renamed).filter((source) => renamed[source] === null);
  if (absent.length > 0)
    io.err(
      `Not mapped: ${absent.join(', ')} (null in wagtail.fields; each counts as empty. To leave the values of the shop alone, remove its rule from the contract)`,
    );
  const taxonomies = Object.fromEntries(
    Object.entries(probe.taxonomies).map(([name, { isPlain, terms, ...rest }]) => [
      name,
      {
        ...defined(rest),
        ...(isPlain === undefined ? {} : { is_plain: isPlain }),
        ...(terms === undefined ? {} : { terms: terms.map(({ key, label }) => ({ key, label })) }),
      },
    ]),
  );
  return {
    base_url: baseUrl,
    page_type: probe.pageType,
    locale,
    ...(Object.keys(renamed).length === 0 ? {} : { fields: renamed }),
    ...(Object.keys(taxonomies).length === 0 ? {} : { taxonomies }),
  };
}

const defined = (record: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
