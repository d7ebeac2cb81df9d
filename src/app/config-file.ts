import { type Contract, GTM_V1, parseContract } from '../contract/contract.ts';
import { Failure } from '../core/failure.ts';
import { parseStrictOr } from '../core/json/duplicate-members.ts';
import { withLines } from '../core/json/line-numbers.ts';
import { faultsOf } from '../core/json/schema-errors.ts';
import { didYouMean } from '../core/text/did-you-mean.ts';
import type { Exclusion } from '../diff/model.ts';
import { readText, WRITTEN_FILE } from '../platform/files.ts';
import type { Config } from './generated/config.js';
import validate, { members } from './generated/config.js';
import type { SecretGuard } from './ports.ts';

export type { Config };

export const CONFIG_FILE = 'sailplan.config.json';

/** Throws a Failure (file_unreadable, config_invalid), also if the file contains a configured secret. */
export function readConfig(path: string, secrets: Pick<SecretGuard, 'redact'>): Config {
  const source = readText(path, WRITTEN_FILE);
  if (secrets.redact(source) !== source)
    throw new Failure(
      'config_invalid',
      `${path} contains a token; secrets are not allowed in the config file`,
      'Remove it, and replace the token if the file was ever committed. Set SALEOR_TOKEN or WAGTAIL_TOKEN, or SALEOR_TOKEN_FILE or WAGTAIL_TOKEN_FILE to the path of a file.',
    );
  return parseConfig(source, path);
}

/** Throws a Failure (config_invalid) that names every place. */
export function parseConfig(source: string, path: string): Config {
  const value = json(source, path, 'config_invalid');
  const misshapen = faultsOf(validate, value, members);
  const errors = misshapen.length > 0 ? misshapen : invalidDays(value as Config);
  if (errors.length > 0)
    throw new Failure(
      'config_invalid',
      `${path}: ${withLines(source, errors).join('; ')}`,
      `Correct ${path}; tokens never go into it. sailplan init --force writes a new one.`,
    );
  return value as Config;
}

/** A date that does not exist would exclude permanently, or never. */
const invalidDays = ({ ignore = [] }: Config): readonly string[] =>
  ignore.flatMap(({ until }, index) => {
    if (until === undefined) return [];
    const day = new Date(`${until}T00:00:00Z`);
    const isDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(until);
    return isDay ? [] : [`ignore[${index}].until: ${until} is not a calendar day`];
  });

/** The contract of a file; undefined: the built-in gtm-v1. Throws a Failure (file_unreadable, contract_invalid). */
export const loadContract = (path: string | undefined): Contract =>
  path === undefined ? GTM_V1 : contractOf(readText(path, WRITTEN_FILE), path);

/**
 * The contract in a text, without its gaps, which are notes to its author and no part of what a plan is made by. Throws a
 * Failure (contract_invalid) that names every place with its line.
 */
export function contractOf(text: string, path: string): Contract {
  const found = parseContract(json(text, path, 'contract_invalid'));
  if ('faults' in found)
    throw new Failure(
      'contract_invalid',
      `${path}: ${withLines(text, found.faults).join('; ')}`,
      `Correct ${path}; sailplan contract print shows a complete contract, and sailplan contract check names each line.`,
    );
  const { gaps: _, ...contract } = found.contract;
  return contract;
}

/** A duplicate member, or one named __proto__, could be read differently from what was reviewed. */
function json(source: string, path: string, code: 'config_invalid' | 'contract_invalid'): unknown {
  return parseStrictOr(
    Buffer.from(source),
    (because, hint) =>
      new Failure(code, `${path}${because.startsWith('not ') ? ' is' : ':'} ${because}`, hint),
  );
}

/** The reason of an exclusion that was typed. */
export const EXCLUDE = '--exclude';

/** What is excluded on this day (ISO date): the config's `ignore`, and `REF` or `REF:field` as `--exclude` takes it. */
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
    return { ref, field: field ?? null, reason: EXCLUDE };
  });
  return [...ignored, ...excluded];
}

/** The shop's address of a named target, else the config's. Throws a Failure (usage) for a target that the config lacks. */
export function targetUrl(config: Config | null, name: string | null): string | undefined {
  const target = name === null ? undefined : config?.targets?.[name];
  if (target !== undefined) return target.saleor_api_url;
  if (name === null || config?.targets === undefined) return config?.saleor_api_url;
  const names = Object.keys(config.targets);
  throw new Failure(
    'usage',
    `there is no target "${name}" in the config`,
    `${didYouMean(name, names)} It has ${names.join(', ')}.`.trimStart(),
  );
}

/** The channel of a named target, else the config's. */
export const targetChannel = (config: Config | null, name: string | null): string | undefined =>
  (name === null ? undefined : config?.targets?.[name]?.saleor_channel_slug) ?? config?.saleor_channel_slug;
