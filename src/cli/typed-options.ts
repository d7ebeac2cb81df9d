import { dirname, join } from 'node:path';
import { CONFIG_FILE, exclusions } from '../app/config-file.ts';
import {
  type EditorAddresses,
  isUrl,
  type OriginRules,
  type SaleorConnection,
  type WagtailSource,
  type Workspace,
} from '../app/options.ts';
import type { PlanRequest } from '../app/plan-request.ts';
import { readAllProducts } from '../app/read-shop.ts';
import { whoAmI } from '../app/who-am-i.ts';
import { Failure } from '../core/failure.ts';
import { DEFAULT_OPTIONS, type Options } from '../diff/model.ts';
import { exists } from '../platform/files.ts';
import type { ApiOptions } from '../wagtail/api/options.ts';
import { allowedOriginsOf } from './allowed-origins.ts';
import { assertSidesNamed, headersFrom } from './header-env.ts';
import { idListSources } from './id-list-sources.ts';
import { type Args, flagArg, type Io, listArg, numberArg, textArg } from './io.ts';
import type { Settings } from './settings.ts';

/** What a use case takes, from the arguments, the environment and the config file. */

const DEFAULT_PARALLEL = 4;

export const originRules = (settings: Pick<Settings, 'configPath'>, args: Args, io: Io): OriginRules => ({
  allowHttp: flagArg(args, 'allow-http'),
  allowedOrigins: allowedOriginsOf(settings, io),
});

/** Throws a Failure (usage) for a header that cannot be sent. */
export const saleorConnection = (settings: Settings, args: Args, io: Io): SaleorConnection => ({
  ...originRules(settings, args, io),
  apiUrl: settings.apiUrl,
  isApiUrlFromConfig: settings.isApiUrlFromConfig,
  targetName: settings.targetName,
  channel: settings.channel,
  token: io.env['SALEOR_TOKEN'],
  /** Read only when the shop is contacted, so that doctor lists its errors among its findings. */
  get headers() {
    return headersFrom(listArg(args, 'header-env'), io.env, 'saleor');
  },
  parallel: numberArg(args, 'parallel') ?? DEFAULT_PARALLEL,
});

export const workspaceOf = (settings: Settings, args: Args): Workspace => ({
  out: settings.out,
  contract: settings.contract,
  contractPath: settings.contractPath,
  configPath: settings.configPath,
  policyPath: settings.policyPath,
  policyUse: args['policy'] === false ? 'none' : typeof args['policy'] === 'string' ? 'named' : 'default',
  places: {
    config: textArg(args, 'config') ?? null,
    folder: process.cwd(),
    given: {
      policy: args['policy'] === false ? undefined : textArg(args, 'policy'),
      contract: textArg(args, 'contract'),
      out: textArg(args, 'out'),
    },
    targetName: settings.targetName,
  },
});

export const editorAddresses = ({ config }: Settings): EditorAddresses => ({
  wagtailAdmin: config?.wagtail?.admin_url,
  saleorDashboard: config?.saleor_dashboard_url,
});

/** The source of `--desired`: a file, `-`, an export's URL, or `api-v2`. Throws a Failure (usage). */
export function wagtailSource(settings: Settings, args: Args, io: Io): WagtailSource {
  const source = settings.desired;
  if (source === undefined)
    throw new Failure(
      'usage',
      'no source is given',
      `Give --desired FILE, --desired URL or --desired api-v2, or "desired" in sailplan.config.json (sailplan init writes one).${configAbove(settings)}`,
    );
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source) && !isUrl(source))
    throw new Failure(
      'usage',
      `--desired reads http and https addresses, not ${source.split(':')[0]}:`,
      'Give a path, -, an http(s) URL, or api-v2.',
    );
  const mediaBaseUrl = textArg(args, 'media-base-url') ?? settings.config?.wagtail?.media_base_url;
  if (source === 'api-v2') return apiSource(settings, args, io);
  if (isUrl(source))
    return {
      kind: 'url',
      url: source,
      headers: siteHeaders(args, io),
      isUrlFromConfig: textArg(args, 'desired') === undefined,
      mediaBaseUrl,
      ...originRules(settings, args, io),
    };
  const isTyped = textArg(args, 'desired') !== undefined;
  return source === '-'
    ? { kind: 'stdin', mediaBaseUrl }
    : { kind: 'file', path: source, isTyped, mediaBaseUrl };
}

/** Outside a git repository no folder above is searched, so a config there is only named. */
function configAbove({ configPath }: Settings): string {
  if (configPath !== null) return '';
  for (let folder = process.cwd(); dirname(folder) !== folder; ) {
    folder = dirname(folder);
    const path = join(folder, CONFIG_FILE);
    if (exists(path)) return ` There is ${path}: run the command there, or give --config ${path}.`;
  }
  return '';
}

/** As wagtailSource, for a command that also contacts the shop. Throws a Failure (usage) for a header without a side. */
export function sourceBesideShop(settings: Settings, args: Args, io: Io): WagtailSource {
  const source = wagtailSource(settings, args, io);
  if (source.kind === 'url' || source.kind === 'api') assertSidesNamed(listArg(args, 'header-env'));
  return source;
}

function apiSource(settings: Settings, args: Args, io: Io): WagtailSource {
  const wagtail = settings.config?.wagtail;
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
  if (pageType === undefined || locale === undefined)
    throw new Failure(
      'usage',
      `--desired api-v2 needs ${pageType === undefined ? 'the page type' : 'the locale'}`,
      'Give --page-type catalog.OfferingPage and --locale en, or wagtail.page_type and wagtail.locale in the config.',
    );
  return {
    kind: 'api',
    isUrlFromConfig: given === undefined,
    isV3UrlFromConfig: true,
    ...originRules(settings, args, io),
    api: {
      baseUrl,
      pageType,
      locale,
      headers: siteHeaders(args, io),
      site: textArg(args, 'site') ?? wagtail?.site,
      fields: wagtail?.fields,
      renditionField: wagtail?.rendition_field,
      mediaBaseUrl: textArg(args, 'media-base-url') ?? wagtail?.media_base_url,
      maxReads: wagtail?.max_reads,
      taxonomies: taxonomyOptions(wagtail?.taxonomies),
      v3: v3Options(wagtail?.v3_base_url, io),
    },
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
  return baseUrl === undefined || token === undefined || token === ''
    ? undefined
    : { baseUrl, headers: { authorization: withScheme(token, 'Bearer') } };
}

/** WAGTAIL_TOKEN with any scheme (`Token abc`, `Bearer abc`, `Basic …`); a bare one is sent as `Token`, as Django REST wants. */
export function siteHeaders(args: Args, io: Io): Readonly<Record<string, string>> {
  const token = io.env['WAGTAIL_TOKEN'];
  const headers = headersFrom(listArg(args, 'header-env'), io.env, 'wagtail');
  return token === undefined || token === ''
    ? headers
    : { ...headers, authorization: withScheme(token, 'Token') };
}

const withScheme = (token: string, scheme: string): string =>
  /^[A-Za-z]+ /.test(token) ? token : `${scheme} ${token}`;

/** Everything that `plan` reads and compares. Throws a Failure (usage) for flags that exclude each other. */
export function planRequest(settings: Settings, args: Args, io: Io): PlanRequest {
  const { config, contract, out } = settings;
  const options = planOptions(settings, args);
  return {
    contract,
    options,
    source:
      textArg(args, 'actual') === undefined
        ? sourceBesideShop(settings, args, io)
        : wagtailSource(settings, args, io),
    lists: idListSources(settings, args, io),
    saleor: saleorConnection(settings, args, io),
    actualFile: textArg(args, 'actual'),
    readShop: shopReader(args, out),
    snapshots: snapshotsOf(settings, args, options, io),
    out,
    maxFallShare: config?.wagtail?.max_fall_share,
    links: editorAddresses(settings),
    madeBy: whoAmI(io.env),
  };
}

/** Products are compared unless only --sync-attributes is given. */
function planOptions(settings: Settings, args: Args): Options {
  const strict = flagArg(args, 'strict');
  if (strict && flagArg(args, 'create-missing'))
    throw new Failure(
      'usage',
      '--strict and --create-missing cannot be combined: --strict creates nothing',
      'Give only one of them.',
    );
  if (flagArg(args, 'prune-used') && !flagArg(args, 'prune-values'))
    throw new Failure('usage', '--prune-used needs --prune-values', 'Give --prune-values --prune-used.');
  const today = new Date().toISOString().slice(0, 10);
  return {
    ...DEFAULT_OPTIONS,
    strict,
    create_missing: flagArg(args, 'create-missing'),
    sync_attributes: flagArg(args, 'sync-attributes'),
    sync_products: flagArg(args, 'sync-products') || !flagArg(args, 'sync-attributes'),
    create_attributes: flagArg(args, 'create-attributes'),
    adopt: flagArg(args, 'adopt'),
    prune_values: flagArg(args, 'prune-values'),
    prune_used: flagArg(args, 'prune-used'),
    limit: numberArg(args, 'limit') ?? null,
    only_slugs: args['only-slugs'] === undefined ? null : [...listArg(args, 'only-slugs')].sort(),
    exclude: exclusions(settings.config, listArg(args, 'exclude'), today),
  };
}

function shopReader(args: Args, out: string): PlanRequest['readShop'] {
  const since = textArg(args, 'since');
  if (textArg(args, 'refresh') !== 'changed') {
    if (since === undefined) return async () => readAllProducts;
    throw new Failure('usage', '--since needs --refresh changed', 'Give --refresh changed.');
  }
  if (textArg(args, 'actual') !== undefined)
    throw new Failure(
      'usage',
      '--refresh changed and --actual cannot be combined: --refresh changed reads the shop',
      'Give only one of them.',
    );
  return async () =>
    (await import('../app/incremental/changed-products-reader.ts')).changedProductsReader(since, out);
}

/** The first N of fewer offerings are other ones, so a plan with a limit needs those that do not change. */
function snapshotsOf({ config }: Settings, args: Args, { limit }: Options, io: Io): PlanRequest['snapshots'] {
  const given = textArg(args, 'snapshots');
  if (given === 'changed' && limit !== null)
    throw new Failure(
      'usage',
      '--snapshots changed and --limit cannot be combined',
      'Give only one of them; a plan with --limit is already small.',
    );
  const wanted = given ?? config?.snapshots;
  // The setting was made to get a small file, so the difference is reported.
  if (wanted === 'changed' && limit !== null)
    io.err(
      'note: the config’s "snapshots": "changed" cannot be combined with --limit; this plan contains full snapshots',
    );
  return wanted === 'changed' && limit === null ? 'changed' : 'full';
}
