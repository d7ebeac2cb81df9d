import { realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { Failure } from '../core/failure.ts';
import { digest, sha256 } from '../core/json/canonical-json.ts';
import { CONFIG_FILE, type Config, parseConfig, targetChannel, targetUrl } from './config-file.ts';

/** The policy's file where neither a flag nor the config names another. */
export const POLICY_FILE = 'sailplan.policy.json';

/** The places where the rules are searched, independent of the checkout's files. */
export interface RulePlaces {
  /** The config that the caller named; null: the nearest from `folder` up counts. */
  readonly config: string | null;
  /** The working folder; null: no config is read but a named one. */
  readonly folder: string | null;
  /** Paths that the caller gave; undefined: the config names them, or they are the usual ones. */
  readonly given: {
    readonly policy: string | undefined;
    readonly contract: string | undefined;
    readonly out: string | undefined;
  };
  readonly targetName: string | null;
}

/** Paths at which a config counts, in order of precedence. `top`: of the work tree. */
export function configPlaces({ config, folder }: RulePlaces, top: string): readonly string[] {
  if (config !== null || folder === null) return config === null ? [] : [resolve(config)];
  const places: string[] = [];
  for (let path = realpathSync(folder); ; path = dirname(path)) {
    places.push(join(path, CONFIG_FILE));
    if (path === realpathSync(top) || dirname(path) === path) return places;
  }
}

export interface FoundConfig {
  readonly path: string;
  readonly text: string;
}

/** What a config decides about the judgement of a plan. Paths are absolute. */
export interface Decided {
  readonly policyPath: string;
  /** null: the built-in contract. */
  readonly contractPath: string | null;
  /** SHA-256 of all that the config decides, with paths relative to the top of the work tree. */
  readonly digest: string;
}

/** `found`: the config; null: there is none. A config that cannot be read decides something else than any that can. */
export function decidedBy(found: FoundConfig | null, places: RulePlaces, top: string): Decided {
  const { given, targetName } = places;
  const config = found === null ? null : configOrNull(found);
  const folder = found === null ? (places.folder ?? '.') : dirname(found.path);
  const named = (path: string | undefined) => (path === undefined ? undefined : resolve(folder, path));
  const usual = (name: string) => resolve(folder, name);
  const policyPath = resolve(given.policy ?? named(config?.policy) ?? usual(POLICY_FILE));
  const contract = given.contract ?? named(config?.contract);
  const contractPath = contract === undefined ? null : resolve(contract);
  const shown = (path: string) => relative(top, path);
  const decided = {
    policy: shown(policyPath),
    contract: contractPath === null ? null : shown(contractPath),
    out: shown(resolve(given.out ?? named(config?.out) ?? usual('plans'))),
    shop: config === null ? null : (shopIn(config, targetName) ?? null),
    channel: config === null ? null : (targetChannel(config, targetName) ?? null),
    unreadable: found !== null && config === null ? sha256(found.text) : null,
  };
  return { policyPath, contractPath, digest: digest(decided) };
}

function configOrNull({ text, path }: FoundConfig): Config | null {
  try {
    return parseConfig(text, path);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

function shopIn(config: Config, name: string | null): string | undefined {
  try {
    return targetUrl(config, name);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
