import { dirname } from 'node:path';
import { rememberedOrigins } from '../platform/allowed-origins-file.ts';
import type { AllowedOrigins } from '../platform/http/origin-policy.ts';
import type { Io } from './io.ts';
import type { Settings } from './settings.ts';

/** Folders whose files a repository could contain: the working folder and the config's folder. */
export const foldersOf = (configPath: string | null): readonly string[] =>
  configPath === null ? [process.cwd()] : [process.cwd(), dirname(configPath)];

/** Variables with a secret of Wagtail's side. */
const SITE_TOKENS = ['WAGTAIL_TOKEN', 'WAGTAIL_V3_TOKEN'];

/** SAILPLAN_ALLOWED_ORIGINS, and what this person allowed on this machine before. */
export function allowedOriginsOf({ configPath }: Pick<Settings, 'configPath'>, io: Io): AllowedOrigins {
  const { origins, ignoredBecause } = rememberedOrigins(io.env, foldersOf(configPath));
  const hasShop = Boolean(io.env['SALEOR_TOKEN']);
  const hasSite = SITE_TOKENS.some((name) => Boolean(io.env[name]));
  return {
    list: `${io.env['SAILPLAN_ALLOWED_ORIGINS'] ?? ''}\n${origins}`,
    bareSide: hasShop === hasSite ? null : hasShop ? 'saleor' : 'wagtail',
    ignoredBecause,
  };
}
