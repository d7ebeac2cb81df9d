import { isUrl } from '../app/options.ts';
import { Failure } from '../core/failure.ts';
import { parseWebAddress } from '../core/web-address.ts';
import { allowedOriginsPath, rememberOrigins } from '../platform/allowed-origins-file.ts';
import { isAllowed, SIDE_NAMES, type Side } from '../platform/http/origin-policy.ts';
import { allowedOriginsOf, foldersOf } from './allowed-origins.ts';
import { type Args, type Io, listArg, textArg } from './io.ts';
import { loadSettings, type Settings } from './settings.ts';

/**
 * On a terminal: asks once for each origin that only the config names and that this call would send a token to, and stores the
 * answer outside the repository. Without an answer nothing is stored, and the command refuses as usual.
 */
export async function askForOrigins(args: Args, io: Io): Promise<void> {
  const settings = settingsOrNull(args, io);
  if (settings === null) return;
  const folders = foldersOf(settings.configPath);
  const allowed = allowedOriginsOf(settings, io);
  if (allowed.ignoredBecause !== null) return;
  const wanted = neededOrigins(settings, args, io).filter(
    ({ side, origin, sendsToken }) => !isAllowed(origin, sendsToken ? side : null, allowed),
  );
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

/** An origin of the config, for one side. */
export interface NeededOrigin {
  readonly side: Side;
  readonly origin: string;
  /** Whether a token or further headers would be sent there. */
  readonly sendsToken: boolean;
}

/** Of an address; empty where it is none. */
export function neededOrigin(
  side: Side,
  sendsToken: boolean,
  address: string | undefined,
): readonly NeededOrigin[] {
  const origin = parseWebAddress(address ?? '')?.origin;
  return origin === undefined ? [] : [{ side, sendsToken, origin }];
}

/** As SAILPLAN_ALLOWED_ORIGINS has it. */
export const entryOf = ({ side, origin }: NeededOrigin): string => `${side}=${origin}`;

const TOKEN_NAMES: Readonly<Record<Side, string>> = {
  saleor: 'SALEOR_TOKEN',
  wagtail: 'the site’s token',
  registry: 'CAPABILITY_REGISTRY_TOKEN',
  control_plane: 'CONTROL_PLANE_TOKEN',
};

/** Asks for each origin and writes the allowed ones to the file; returns those that must still be exported. */
export async function rememberAsked(
  origins: readonly NeededOrigin[],
  folders: readonly string[],
  io: Io,
): Promise<readonly NeededOrigin[]> {
  const path = allowedOriginsPath(io.env);
  if (path === null) return origins;
  const allowed: NeededOrigin[] = [];
  for (const one of origins) {
    const what = one.sendsToken ? `send ${TOKEN_NAMES[one.side]} there` : 'read it';
    const answer = await io.ask(
      `The config names ${one.origin} as ${SIDE_NAMES[one.side]}. May sailplan ${what}? "yes" is remembered in ${path}: `,
    );
    if (answer !== null && /^y(es)?$/i.test(answer)) allowed.push(one);
  }
  if (allowed.length === 0) return origins;
  const entries = allowed.map(entryOf);
  io.err(`Remembered in ${rememberOrigins(io.env, folders, entries)}: ${entries.join(', ')}`);
  return origins.filter((one) => !allowed.includes(one));
}

/** The origins of the config that this call would ask. */
function neededOrigins(settings: Settings, args: Args, io: Io): readonly NeededOrigin[] {
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
  const listOf = (flag: string, location: string | undefined) =>
    textArg(args, flag) === undefined ? location : undefined;
  const v3 = desired === 'api-v2' && isSet('WAGTAIL_V3_TOKEN') ? wagtail?.v3_base_url : undefined;
  const all = [
    ...neededOrigin('saleor', true, isApiUrlFromConfig && isSet('SALEOR_TOKEN') ? apiUrl : undefined),
    ...neededOrigin('wagtail', sendsHeaders, site),
    ...neededOrigin('wagtail', true, v3),
    ...neededOrigin(
      'registry',
      isSet('CAPABILITY_REGISTRY_TOKEN'),
      listOf('capability-registry', settings.registry),
    ),
    ...neededOrigin(
      'control_plane',
      isSet('CONTROL_PLANE_TOKEN'),
      listOf('control-plane', settings.controlPlane),
    ),
  ];
  return all.filter((one, index) => all.findIndex((other) => entryOf(other) === entryOf(one)) === index);
}
