import type { Config } from '../../app/config-file.ts';
import type { Contract } from '../../contract/contract.ts';
import { Failure } from '../../core/failure.ts';
import type { Http } from '../../platform/http/client.ts';
import type { TaxonomyOptions } from '../../wagtail/api/options.ts';
import { probeApi } from '../../wagtail/api/probe-site.ts';
import { type Args, type Io, textArg } from '../io.ts';
import { siteHeaders } from '../typed-options.ts';

interface ProbedApi {
  readonly baseUrl: string;
  readonly contract: Contract;
  /** What a survey found of them. */
  readonly taxonomies: Readonly<Record<string, TaxonomyOptions>>;
}

/** How this site's API is asked for a contract: what the probe found, and nothing that is as the contract says anyway. */
export async function wagtailPart(
  { baseUrl, contract, taxonomies: known }: ProbedApi,
  args: Args,
  io: Io,
  http: Http,
): Promise<NonNullable<Config['wagtail']>> {
  const headers = siteHeaders(args, io);
  const pageType = textArg(args, 'page-type');
  const probe = await probeApi(http, { baseUrl, headers, pageType, taxonomies: known }, contract);
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
    `Wagtail: ${pageCount(probe.pageTypes, probe.pageType)} pages of ${probe.pageType}, ${Object.values(probe.fields).filter((name) => name !== null).length} of ${Object.keys(probe.fields).length} fields`,
  );
  const renamed = Object.fromEntries(
    Object.entries(probe.fields).filter(([source, name]) => name !== source),
  );
  const absent = Object.keys(renamed).filter((source) => renamed[source] === null);
  if (absent.length > 0)
    io.err(
      `Not mapped: ${absent.join(', ')} (null in wagtail.fields; each counts as empty. To keep the shop’s values, remove its rule from the contract: sailplan contract print > sailplan.contract.json)`,
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

const pageCount = (counts: Readonly<Record<string, number>>, pageType: string): number =>
  pageType.split(',').reduce((sum, type) => sum + (counts[type] ?? 0), 0);
