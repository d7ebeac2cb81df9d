import { isUrl } from '../app/options.ts';
import type { IdListSource, IdListSources } from '../app/read-id-lists.ts';
import type { ListFormat } from '../contract/list-format.ts';
import { openEtagCache } from '../platform/http/etag-cache.ts';
import { allowOrigin } from '../platform/http/origin-policy.ts';
import { allowedOriginsOf, foldersOf } from './allowed-origins.ts';
import { headersFrom } from './header-env.ts';
import { type Args, flagArg, type Io, listArg, textArg } from './io.ts';
import type { Settings } from './settings.ts';

/** Sides of the two lists: the flag that names one, and the variable with its token. */
const LISTS = {
  registry: { flag: 'capability-registry', variable: 'CAPABILITY_REGISTRY_TOKEN' },
  control_plane: { flag: 'control-plane', variable: 'CONTROL_PLANE_TOKEN' },
} as const;

/** The lists of ids that are named. Throws a Failure (origin_not_allowed) for an address that only a config file names, and nobody allowed. */
export function idListSources(settings: Settings, args: Args, io: Io): IdListSources {
  const { config, configPath, registry, controlPlane } = settings;
  const cache = openEtagCache(io.env, foldersOf(configPath));
  const list = (
    side: keyof typeof LISTS,
    location: string | undefined,
    format: ListFormat = {},
  ): IdListSource | undefined => {
    if (location === undefined) return undefined;
    const { flag, variable } = LISTS[side];
    const token = io.env[variable];
    const headers: Readonly<Record<string, string>> = {
      ...(isUrl(location) ? headersFrom(listArg(args, 'header-env'), io.env, side) : {}),
      ...(token === undefined || token === ''
        ? {}
        : { authorization: /^[A-Za-z]+ /.test(token) ? token : `Bearer ${token}` }),
    };
    if (isUrl(location)) {
      const isFromConfig = textArg(args, flag) === undefined;
      const asked = Object.keys(headers).length === 0 ? null : side;
      allowOrigin(
        location,
        { side: asked, fromConfig: isFromConfig, allowHttp: flagArg(args, 'allow-http'), proposed: side },
        allowedOriginsOf(settings, io),
      );
    }
    return { location, format, headers, cache };
  };
  return {
    registry: list('registry', registry, config?.capability_registry_format),
    controlPlane: list('control_plane', controlPlane, config?.control_plane_format),
  };
}
