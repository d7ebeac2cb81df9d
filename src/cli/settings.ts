import { dirname, resolve } from 'node:path';
import { type Contract, GTM_V1, parseContract } from '../contract/contract.ts';
import { Failure } from '../core/failure.ts';
import { faultsOf } from '../core/json/schema-errors.ts';
import { didYouMean } from '../core/text/did-you-mean.ts';
import type { Exclusion } from '../diff/model.ts';
import { exists, readText } from '../platform/files.ts';
import type { Config } from './generated/config.js';
import validate, { members } from './generated/config.js';
import { type Args, type Io, textArg } from './io.ts';

export const CONFIG_FILE = 'sailplan.config.json';

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
  /** The address stands only in the config file, which a branch can change: no token goes there by itself. */
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
    channel: io.env['SALEOR_CHANNEL_SLUG'] || channelOf(config, targetName),
    isApiUrlFromConfig: fromEnv === undefined,
  };
}

export const isUrl = (path: string): boolean => /^https?:\/\//i.test(path);

/** As short as it was written when the config file lies in the working folder. */
const relative = (path: string | undefined): string | undefined =>
  path?.startsWith(`${process.cwd()}/`) ? path.slice(process.cwd().length + 1) : path;

function targetUrl(config: Config | null, name: string | null): string | undefined {
  if (name === null) return config?.saleor_api_url;
  const target = config?.targets?.[name];
  if (target !== undefined) return target.saleor_api_url;
  if (config?.targets === undefined) return config?.saleor_api_url;
  throw new Failure(
    'usage',
    `there is no target "${name}" in the config`,
    `${didYouMean(name, Object.keys(config.targets))} It has ${Object.keys(config.targets).join(', ')}.`.trimStart(),
  );
}

/** The target's own, else the config's. */
const channelOf = (config: Config | null, name: string | null): string | undefined =>
  (name === null ? undefined : config?.targets?.[name]?.saleor_channel_slug) ?? config?.saleor_channel_slug;

function readConfig(path: string, io: Io): Config {
  const source = readText(path);
  if (io.redact(source) !== source)
    throw new Failure(
      'config_invalid',
      `${path} holds a token, and secrets never stand in the config file`,
      'Take it out, and make a new one if the file was ever committed. Give it as SALEOR_TOKEN or WAGTAIL_TOKEN, or as a file: SALEOR_TOKEN_FILE, WAGTAIL_TOKEN_FILE.',
    );
  return parseConfig(source, path);
}

export function parseConfig(source: string, path: string): Config {
  const value = json(source, path, 'config_invalid');
  const misshapen = faultsOf(validate, value, members);
  const faults = misshapen.length > 0 ? misshapen : daysThatAreNone(value as Config);
  if (faults.length > 0)
    throw new Failure(
      'config_invalid',
      `${path}: ${faults.join('; ')}`,
      'See schemas/config.schema.json; tokens never stand in the config file.',
    );
  return value as Config;
}

/** A day that never comes would hold back for ever, or never. */
const daysThatAreNone = ({ ignore = [] }: Config): readonly string[] =>
  ignore.flatMap(({ until }, index) => {
    if (until === undefined) return [];
    const day = new Date(`${until}T00:00:00Z`);
    const isDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(until);
    return isDay ? [] : [`ignore[${index}].until: ${until} is no day of the calendar`];
  });

function loadContract(path: string | undefined): Contract {
  if (path === undefined) return GTM_V1;
  const found = parseContract(json(readText(path), path, 'contract_invalid'));
  if ('faults' in found)
    throw new Failure(
      'contract_invalid',
      `${path}: ${found.faults.join('; ')}`,
      'See schemas/contract.schema.json.',
    );
  return found.contract;
}

function json(source: string, path: string, code: 'config_invalid' | 'contract_invalid'): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    // V8 quotes what stands around the place, which may be a token that somebody put there.
    const because = (error instanceof Error ? error.message : String(error)).replace(/".*"/s, '"…"');
    throw new Failure(code, `${path} is not JSON: ${because}`);
  }
}

/** What is held back on this day: the config's ignore[] and `--exclude REF` or `REF:field`. */
export function exclusions(
  config: Config | null,
  given: readonly string[],
  today: string,
): readonly Exclusion[] {
  const ignored = (config?.ignore ?? [])
    .filter(({ until }) => until === undefined || until >= today)
    .map(({ ref, field, reason }) => ({ ref, field: field ?? null, reason }));
  const excluded = given.map((one) => {
    const [ref = '', field] = one.split(':', 2);
    return { ref, field: field ?? null, reason: '--exclude' };
  });
  return [...ignored, ...excluded];
}
