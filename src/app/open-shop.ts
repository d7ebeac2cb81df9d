import { type Args, flagArg, type Io, listArg, numberArg } from '../cli/io.ts';
import type { Settings } from '../cli/settings.ts';
import type { Target } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import { createHttp, type Http } from '../platform/http/client.ts';
import { allowOrigin, withoutCredentials } from '../platform/http/origin-policy.ts';
import { systemClock } from '../platform/system-clock.ts';
import { createReader, type Reader } from '../saleor/graphql/client.ts';

export const openHttp = (io: Pick<Io, 'trace'>): Http =>
  createHttp({ clock: systemClock, random: Math.random, trace: io.trace });

/** The target's address, normalised: what is stored in plans and compared at apply. */
export function targetOf(settings: Settings): Target {
  if (settings.apiUrl === undefined) {
    throw new Failure(
      'usage',
      'no shop is named',
      'Set SALEOR_API_URL (e.g. https://shop.example.com/graphql/), or saleor_api_url in the config.',
    );
  }
  // Not shown: what is no address may hold a password.
  if (!URL.canParse(settings.apiUrl) || !/^https?:$/.test(new URL(settings.apiUrl).protocol))
    throw new Failure(
      'usage',
      `${settings.isApiUrlFromConfig ? 'saleor_api_url in the config' : 'SALEOR_API_URL'} is no http(s) address`,
      'It looks like https://shop.example.com/graphql/.',
    );
  return {
    name: settings.targetName,
    api_url: withoutCredentials(settings.apiUrl),
    ...(settings.channel === undefined ? {} : { channel: settings.channel }),
  };
}

/** A client that cannot send a mutation: for everything but apply. */
export const openReader = (settings: Settings, args: Args, io: Io, http: Http): Reader =>
  createReader(clientOptions(settings, args, io, http));

export function clientOptions(settings: Settings, args: Args, io: Io, http: Http) {
  const { api_url } = targetOf(settings);
  allowOrigin(
    settings.apiUrl ?? api_url,
    { fromConfig: settings.isApiUrlFromConfig, allowHttp: flagArg(args, 'allow-http') },
    io.env,
  );
  const token = io.env['SALEOR_TOKEN'];
  if (token === undefined || token === '') {
    throw new Failure(
      'token_invalid',
      token === '' ? 'SALEOR_TOKEN is empty' : 'SALEOR_TOKEN is not set',
      'Give it, or the path of a file with it as SALEOR_TOKEN_FILE: an app token with MANAGE_PRODUCTS and MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES (and MANAGE_TRANSLATIONS for labels).',
    );
  }
  return {
    transport: http,
    clock: systemClock,
    apiUrl: api_url,
    token,
    headers: headersFrom(listArg(args, 'header-env'), io),
    parallel: numberArg(args, 'parallel') ?? 4,
  };
}

/** Another value would send the token elsewhere, or break the message. */
const OURS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** `--header-env NAME=VARIABLE`: further headers, whose values come from the environment and never from the command line. */
export function headersFrom(given: readonly string[], io: Io): Readonly<Record<string, string>> {
  const seen = new Set<string>();
  return Object.fromEntries(
    given.map((one) => {
      const [name = '', variable = ''] = one.split('=', 2);
      const value = io.env[variable];
      if (!/^[A-Za-z0-9-]+$/.test(name) || variable === '')
        throw new Failure(
          'usage',
          `--header-env ${one} is not NAME=VARIABLE`,
          'E.g. --header-env CF-Access-Client-Id=CF_ID.',
        );
      if (OURS.has(name.toLowerCase()))
        throw new Failure(
          'usage',
          `--header-env ${name}: this header is set by sailplan itself`,
          name.toLowerCase() === 'authorization'
            ? 'Set SALEOR_TOKEN or WAGTAIL_TOKEN instead.'
            : 'Leave it out.',
        );
      if (seen.has(name.toLowerCase()))
        throw new Failure('usage', `--header-env names ${name} twice`, 'Name each header once.');
      seen.add(name.toLowerCase());
      if (value === undefined || value === '')
        throw new Failure('usage', `--header-env ${one}: the variable ${variable} is not set`);
      return [name, value];
    }),
  );
}
