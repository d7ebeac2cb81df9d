import { dirname } from 'node:path';
import { isUrl } from '../app/options.ts';
import { Failure } from '../core/failure.ts';
import { parseWebAddress } from '../core/web-address.ts';
import { allowedOriginsPath, rememberedOrigins, rememberOrigins } from '../platform/allowed-origins-file.ts';
import { type Args, type Io, listArg, textArg } from './io.ts';
import { loadSettings, type Settings } from './settings.ts';

/** Where a repository could bring files from: the working folder and the config's. */
export const foldersOf = (configPath: string | null): readonly string[] =>
  configPath === null ? [process.cwd()] : [process.cwd(), dirname(configPath)];

/**
 * On a terminal: asks once for each origin that only the config names and that this call would send a token to, and remembers
 * the answer outside the repository. Without an answer nothing is remembered, and the command refuses as it always does.
 */
export async function askForOrigins(args: Args, io: Io): Promise<void> {
  const settings = settingsOrNull(args, io);
  if (settings === null) return;
  const folders = foldersOf(settings.configPath);
  const { origins, ignoredBecause } = rememberedOrigins(io.env, folders);
  if (ignoredBecause !== null) return;
  const allowed = new Set(originsIn(`${io.env['SAILPLAN_ALLOWED_ORIGINS'] ?? ''}\n${origins}`));
  const wanted = neededOrigins(settings, args, io).filter((one) => !allowed.has(one));
  await rememberAsked(wanted, folders, io);
}

/** null: the command itself reports what is wrong with them. */
function settingsOrNull(args: Args, io: Io): Settings | null {
  try {
    return loadSettings(args, io);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/** Asks for each origin and writes those that were allowed to the file; returns those that still have to be exported. */
export async function rememberAsked(
  origins: readonly string[],
  folders: readonly string[],
  io: Io,
): Promise<readonly string[]> {
  const path = allowedOriginsPath(io.env);
  if (path === null) return origins;
  const allowed: string[] = [];
  for (const origin of origins) {
    const answer = await io.ask(
      `The config names ${origin}. May sailplan send your token there? "yes" is remembered in ${path}: `,
    );
    if (answer !== null && /^y(es)?$/i.test(answer)) allowed.push(origin);
  }
  if (allowed.length === 0) return origins;
  io.err(`Remembered in ${rememberOrigins(io.env, folders, allowed)}: ${allowed.join(', ')}`);
  return origins.filter((one) => !allowed.includes(one));
}

const originsIn = (text: string): readonly string[] =>
  text.split(/[\s,]+/).flatMap((one) => parseWebAddress(one)?.origin ?? []);

/** The origins of the config to which this call would send a token that is set. */
function neededOrigins(settings: Settings, args: Args, io: Io): readonly string[] {
  const { config, apiUrl, isApiUrlFromConfig, desired } = settings;
  const isSet = (name: string) => (io.env[name] ?? '') !== '';
  const sendsHeaders = isSet('WAGTAIL_TOKEN') || listArg(args, 'header-env').length > 0;
  const { wagtail } = config ?? {};
  const site =
    desired === 'api-v2'
      ? textArg(args, 'wagtail-url') === undefined && !isSet('WAGTAIL_URL')
        ? wagtail?.base_url
        : undefined
      : textArg(args, 'desired') === undefined && desired !== undefined && isUrl(desired)
        ? desired
        : undefined;
  const addresses = [
    isApiUrlFromConfig && isSet('SALEOR_TOKEN') ? apiUrl : undefined,
    sendsHeaders ? site : undefined,
    desired === 'api-v2' && isSet('WAGTAIL_V3_TOKEN') ? wagtail?.v3_base_url : undefined,
  ];
  return [...new Set(addresses.flatMap((one) => parseWebAddress(one ?? '')?.origin ?? []))];
}
