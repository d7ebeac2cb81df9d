import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import {
  CONFIG_FILE,
  type Config,
  loadContract,
  readConfig,
  targetChannel,
  targetUrl,
} from '../app/config-file.ts';
import { isUrl } from '../app/options.ts';
import { POLICY_FILE } from '../app/rule-places.ts';
import type { Contract } from '../contract/contract.ts';
import { Failure } from '../core/failure.ts';
import { findAbove, gitTopOf, realpathOf } from '../platform/config-search.ts';
import { type Args, type Io, textArg } from './io.ts';

/** Flags, environment and config file, in this order, as one. Paths in the file start at the file's own folder. */
export interface Settings {
  readonly config: Config | null;
  readonly configPath: string | null;
  readonly contract: Contract;
  /** null: the built-in one. */
  readonly contractPath: string | null;
  readonly out: string;
  readonly policyPath: string;
  readonly desired: string | undefined;
  readonly registry: string | undefined;
  readonly controlPlane: string | undefined;
  readonly targetName: string | null;
  readonly apiUrl: string | undefined;
  /** Slug of the one channel in which products are counted as published; undefined: every channel. */
  readonly channel: string | undefined;
  /** Only the config file names the address. A branch can change it, so no token is sent there by itself. */
  readonly isApiUrlFromConfig: boolean;
}

/** The config of a command, and the folder in which plans, policy and contract are searched without one. */
interface ConfigPlace {
  readonly path: string | null;
  readonly folder: string;
}

/**
 * The config of --config, else the nearest from the working folder up to the top of its git work tree. Throws a Failure (usage)
 * for one that another user could have put there.
 */
export function findConfig(args: Args): ConfigPlace {
  const given = textArg(args, 'config');
  if (given !== undefined) return { path: given, folder: '' };
  const found = findAbove(CONFIG_FILE, process.cwd());
  if (found.kind === 'none') return { path: null, folder: '' };
  const path = shortest(found.path);
  if (found.kind === 'found') return { path, folder: dirname(path) === '.' ? '' : dirname(path) };
  throw new Failure(
    'usage',
    `${path} or its folder belongs to another user, so it is used only if you name it`,
    `Give --config ${path} if you trust it.`,
  );
}

/**
 * Without `readsContract` the contract is the built-in one, for commands that judge or replace the named one; without
 * `readsConfig` only flags and environment count. Throws a Failure (config_invalid, contract_invalid, usage, file_unreadable).
 */
export function loadSettings(
  args: Args,
  io: Io,
  { readsContract = true, readsConfig = true } = {},
): Settings {
  const { path: configPath, folder } = readsConfig ? findConfig(args) : { path: null, folder: '' };
  const config = configPath === null ? null : readConfig(configPath, io);
  const inFolder = (name: ConfigPathName): string | undefined => {
    const path = config?.[name];
    if (path === undefined || configPath === null || isUrl(path)) return path;
    const found = isAbsolute(path) ? path : join(dirname(configPath), path);
    assertInside(found, name, configPath);
    return found;
  };
  const targetName = textArg(args, 'target') ?? null;
  const contractPath = textArg(args, 'contract') ?? inFolder('contract');
  const fromEnv = io.env['SALEOR_API_URL'] || undefined;
  // Looked up also where the environment has the address: a name that is spelled wrongly would get the rules of no target.
  const fromConfig = targetUrl(config, targetName);
  return {
    config,
    configPath,
    contract: loadContract(readsContract ? contractPath : undefined),
    contractPath: contractPath ?? null,
    out: textArg(args, 'out') ?? shortest(inFolder('out') ?? join(folder, 'plans')),
    // --no-policy (false) states that there is none; if one exists, it must be found, and the plan refused.
    policyPath:
      (args['policy'] === false ? undefined : textArg(args, 'policy')) ??
      inFolder('policy') ??
      join(folder, POLICY_FILE),
    desired: textArg(args, 'desired') ?? (config?.desired === 'api-v2' ? 'api-v2' : inFolder('desired')),
    registry: textArg(args, 'capability-registry') ?? inFolder('capability_registry'),
    controlPlane: textArg(args, 'control-plane') ?? inFolder('control_plane'),
    targetName,
    apiUrl: fromEnv ?? fromConfig,
    channel: io.env['SALEOR_CHANNEL_SLUG'] || targetChannel(config, targetName),
    isApiUrlFromConfig: fromEnv === undefined,
  };
}

/** Members of a config that name a file or a folder. */
export type ConfigPathName =
  | 'contract'
  | 'policy'
  | 'capability_registry'
  | 'control_plane'
  | 'desired'
  | 'out';

/**
 * A config comes with a branch, so it may name only files inside its repository, or inside its folder outside a repository,
 * also not through a link. Throws a Failure (config_invalid).
 */
export function assertInside(path: string, name: ConfigPathName, configPath: string): void {
  const folder = dirname(configPath);
  const root = gitTopOf(folder) ?? realpathOf(folder);
  const way = relative(root, realpathOf(path));
  const isInside = way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  // git’s own files decide what git runs.
  const isOfGit = way.split(sep).includes('.git');
  if (isInside && !isOfGit) return;
  throw new Failure(
    'config_invalid',
    isOfGit
      ? `${configPath}: ${name} is one of git’s own files`
      : `${configPath}: ${name} leads out of the repository ${root}`,
    `Keep the file in the repository, or name it on the command line (--${name.replaceAll('_', '-')}).`,
  );
}

/** From the working folder, where that is shorter: `plans`, `../plans`. */
function shortest(path: string): string {
  if (!isAbsolute(path)) return path;
  const way = relative(process.cwd(), path);
  return way === '' ? '.' : way.length < path.length ? way : path;
}
