import { type Args, flagArg, type Io, listArg, textArg } from '../cli/io.ts';
import { isUrl, type Settings } from '../cli/settings.ts';
import { parseRegistry } from '../contract/capability-registry.ts';
import type { Desired } from '../core/desired-state.ts';
import { Failure } from '../core/failure.ts';
import { readStdin, readText } from '../platform/files.ts';
import type { Http } from '../platform/http/client.ts';
import { allowOrigin, withoutCredentials } from '../platform/http/origin-policy.ts';
import { readLarge, readWhole } from '../platform/read-large-file.ts';
import type { ApiOptions } from '../wagtail/api/options.ts';
import { readApi } from '../wagtail/api/read-api.ts';
import { readExport } from '../wagtail/export/read-export.ts';
import { readExportPieces } from '../wagtail/export/read-export-stream.ts';
import { exportProvenance, readExportUrl } from '../wagtail/export/read-export-url.ts';
import type { CollectionProof, ReadProgress, SourceProvenance } from '../wagtail/read-result.ts';
import { headersFrom } from './open-shop.ts';

export interface DesiredRead {
  readonly desired: Desired;
  readonly proof: Readonly<Record<string, CollectionProof>>;
  readonly provenance: SourceProvenance;
  /** SHA-256 of the file that was read, by its name. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** Wagtail's side from wherever `--desired` says: a file, `-`, an export's URL, or `api-v2`. */
export async function readDesiredState(
  settings: Settings,
  args: Args,
  io: Io,
  http: Http,
): Promise<DesiredRead> {
  const source = settings.desired;
  if (source === undefined)
    throw new Failure(
      'usage',
      'no desired state is named',
      'Give --desired FILE, --desired URL or --desired api-v2, or "desired" in the config.',
    );
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source) && !isUrl(source))
    throw new Failure(
      'usage',
      `--desired reads http and https addresses, not ${source.split(':')[0]}:`,
      'Give a path, -, an http(s) URL, or api-v2.',
    );
  const mediaBaseUrl = textArg(args, 'media-base-url') ?? settings.config?.wagtail?.media_base_url;
  const media = mediaBaseUrl === undefined ? {} : { mediaBaseUrl };
  if (source === 'api-v2')
    return {
      ...(await readApi(http, apiOptions(settings, args, io), settings.contract, progress(io))),
      inputs: {},
    };
  if (isUrl(source)) {
    const isFromConfig = textArg(args, 'desired') === undefined;
    const headers = authHeaders(args, io, source, isFromConfig);
    return {
      ...(await readExportUrl(http, { ...media, url: source, headers }, settings.contract)),
      inputs: {},
    };
  }
  const name = source === '-' ? 'standard input' : source;
  const options = { ...media, name };
  const whole = (content: string) => ({
    desired: readExport(content, settings.contract, options),
    provenance: exportProvenance(content),
  });
  const { read, sha256 } =
    source === '-'
      ? readWhole(readStdin(), whole)
      : readLarge(source, (chunks) => readExportPieces(chunks, settings.contract, options), whole);
  const items = read.desired.offerings.length;
  return {
    ...read,
    proof: { offerings: { reads: 1, requests: 0, items, total: items } },
    inputs: { [name]: sha256 },
  };
}

const progress =
  (io: Io) =>
  ({ read, collection, items, total }: ReadProgress) =>
    io.progress(`reading ${collection}: ${items} of ${total} (read ${read})`);

function apiOptions({ config }: Settings, args: Args, io: Io): ApiOptions {
  const wagtail = config?.wagtail;
  const given = textArg(args, 'wagtail-url') ?? (io.env['WAGTAIL_URL'] || undefined);
  const baseUrl = given ?? wagtail?.base_url;
  if (baseUrl === undefined)
    throw new Failure(
      'usage',
      '--desired api-v2 needs the address of the API',
      'Set WAGTAIL_URL (e.g. https://cms.example.com/api/v2/), or wagtail.base_url in the config.',
    );
  const pageType = textArg(args, 'page-type') ?? wagtail?.page_type;
  const locale = textArg(args, 'locale') ?? wagtail?.locale;
  if (pageType === undefined || locale === undefined) {
    throw new Failure(
      'usage',
      `--desired api-v2 needs ${pageType === undefined ? 'the page type' : 'the locale'}`,
      'Give --page-type catalog.OfferingPage and --locale en, or wagtail.page_type and wagtail.locale in the config.',
    );
  }
  return {
    baseUrl,
    pageType,
    locale,
    headers: authHeaders(args, io, baseUrl, given === undefined),
    site: textArg(args, 'site') ?? wagtail?.site,
    fields: wagtail?.fields,
    renditionField: wagtail?.rendition_field,
    mediaBaseUrl: textArg(args, 'media-base-url') ?? wagtail?.media_base_url,
    maxReads: wagtail?.max_reads,
    taxonomies: taxonomyOptions(wagtail?.taxonomies),
    v3: v3Options(wagtail?.v3_base_url, io),
  };
}

function taxonomyOptions(
  given: NonNullable<NonNullable<Settings['config']>['wagtail']>['taxonomies'],
): ApiOptions['taxonomies'] {
  if (given === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(given).map(([name, { is_plain, ...rest }]) => [
      name,
      { ...rest, ...(is_plain === undefined ? {} : { isPlain: is_plain }) },
    ]),
  );
}

function v3Options(baseUrl: string | undefined, io: Io): ApiOptions['v3'] {
  const token = io.env['WAGTAIL_V3_TOKEN'];
  if (baseUrl === undefined || token === undefined || token === '') return undefined;
  allowOrigin(baseUrl, { fromConfig: true }, io.env);
  return { baseUrl, headers: { authorization: withScheme(token, 'Bearer') } };
}

/** WAGTAIL_TOKEN with a free scheme (`Token abc`, `Bearer abc`, `Basic …`); a bare one is sent as `Token`, Django REST's word. */
export function authHeaders(
  args: Args,
  io: Io,
  url: string,
  fromConfig: boolean,
): Readonly<Record<string, string>> {
  const token = io.env['WAGTAIL_TOKEN'];
  const headers = headersFrom(listArg(args, 'header-env'), io);
  if ((token === undefined || token === '') && Object.keys(headers).length === 0) return {};
  allowOrigin(url, { fromConfig, allowHttp: flagArg(args, 'allow-http') }, io.env);
  return token === undefined || token === ''
    ? headers
    : { ...headers, authorization: withScheme(token, 'Token') };
}

const withScheme = (token: string, scheme: string): string =>
  /^[A-Za-z]+ /.test(token) ? token : `${scheme} ${token}`;

/** The Capability Registry's ids, or null where none is named. */
export async function readRegistry(settings: Settings, http: Http): Promise<readonly string[] | null> {
  const source = settings.registry;
  if (source === undefined) return null;
  if (!isUrl(source)) return registryOf(readText(source), source);
  const reply = await http.send({
    method: 'GET',
    url: source,
    headers: { accept: 'application/json, text/plain' },
    timeoutMs: 30_000,
    maxBytes: 16 * 1024 * 1024,
    isRepeatable: true,
  });
  if (reply.status !== 200)
    throw new Failure(
      'unreachable',
      `the Capability Registry at ${withoutCredentials(source)} answered ${reply.status}`,
      'Check --capability-registry.',
    );
  return registryOf(reply.text, withoutCredentials(source));
}

/** A page's lines would pass for ids, one a line. */
function registryOf(content: string, name: string): readonly string[] {
  if (/^\s*</.test(content))
    throw new Failure(
      'document_malformed',
      `${name} is an HTML page, not a Capability Registry`,
      'Give a JSON array of ids, or one id a line.',
    );
  return parseRegistry(content, name);
}
