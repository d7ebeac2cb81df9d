import { dirname, resolve } from 'node:path';
import {
  CONFIG_FILE,
  type Config,
  loadContract,
  readConfig,
  targetChannel,
  targetUrl,
} from '../app/config-file.ts';
import { isUrl } from '../app/options.ts';
import type { Contract } from '../contract/contract.ts';
import { exists } from '../platform/files.ts';
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
  readonly targetName: string | null;
  readonly apiUrl: string | undefined;
  /** Slug of the one channel in which products are counted as published; undefined: every channel. */
  readonly channel: string | undefined;
  /** Only the config file names the address. A branch can change it, so no token is sent there by itself. */
  readonly isApiUrlFromConfig: boolean;
}

/** Throws a Failure (config_invalid, contract_invalid, usage, file_unreadable). */
export function loadSettings(args: Args, io: Io): Settings {
  const given = textArg(args, 'config');
  const configPath = given ?? (exists(CONFIG_FILE) ? CONFIG_FILE : null);
  const config = configPath === null ? null : readConfig(configPath, io);
  const inFolder = (path: string | undefined) =>
    path === undefined || configPath === null || isUrl(path) ? path : resolve(dirname(configPath), path);
  const targetName = textArg(args, 'target') ?? null;
  const contractPath = textArg(args, 'contract') ?? inFolder(config?.contract);
  const fromEnv = io.env['SALEOR_API_URL'] || undefined;
  return {
    config,
    configPath,
    contract: loadContract(contractPath),
    contractPath: contractPath ?? null,
    out: textArg(args, 'out') ?? relative(inFolder(config?.out)) ?? 'plans',
    // --no-policy (false) says that there is none; where there is one all the same, it must be found and refused.
    policyPath:
      (args['policy'] === false ? undefined : textArg(args, 'policy')) ??
      inFolder(config?.policy) ??
      'sailplan.policy.json',
    desired:
      textArg(args, 'desired') ?? (config?.desired === 'api-v2' ? 'api-v2' : inFolder(config?.desired)),
    registry: textArg(args, 'capability-registry') ?? inFolder(config?.capability_registry),
    targetName,
    apiUrl: fromEnv ?? targetUrl(config, targetName),
    channel: io.env['SALEOR_CHANNEL_SLUG'] || targetChannel(config, targetName),
    isApiUrlFromConfig: fromEnv === undefined,
  };
}

/** As short as it was written when the config file lies in the working folder. */
const relative = (path: string | undefined): string | undefined =>
  path?.startsWith(`${process.cwd()}/`) ? path.slice(process.cwd().length + 1) : path;
