import type { Config } from '../config-file.ts';
import { isUrl } from '../options.ts';
import type { StepKind } from './pipeline-job.ts';

/** An environment variable that a step needs with this config. */
export interface NeededVariable {
  readonly name: string;
  readonly isSecret: boolean;
  /** False: only some sites or shops need it. */
  readonly isCertain: boolean;
  readonly why: string;
}

/** Steps that read the site. */
const READS_SITE: readonly StepKind[] = ['plan', 'replan', 'drift', 'lint'];
/** Steps that send requests to the shop. */
const ASKS_SHOP: readonly StepKind[] = ['plan', 'replan', 'drift', 'apply'];

/**
 * The environment variables that a step of this kind needs. `check` needs none: it is offline, and also runs for forks.
 * `hasAddress`: whether the environment names the shop.
 */
export function neededVariables(
  config: Config | null,
  kind: StepKind,
  hasAddress: boolean,
): readonly NeededVariable[] {
  const asksShop = ASKS_SHOP.includes(kind);
  const readsSite = READS_SITE.includes(kind);
  const { desired, capability_registry: registry, control_plane: controlPlane } = config ?? {};
  const isSiteAsked = readsSite && (desired === 'api-v2' || (desired !== undefined && isUrl(desired)));
  const isListAsked = readsSite && [registry, controlPlane].some((list) => list !== undefined && isUrl(list));
  const isShopNamed = config?.saleor_api_url !== undefined || Object.keys(config?.targets ?? {}).length > 0;
  const asksByConfig = isSiteAsked || isListAsked || (asksShop && isShopNamed && !hasAddress);
  return [
    ...(asksShop
      ? [needed('SALEOR_TOKEN', true, kind === 'apply' ? 'to write to the shop' : 'to read the shop')]
      : []),
    ...(asksShop && !isShopNamed
      ? [needed('SALEOR_API_URL', true, 'the config does not name the shop')]
      : []),
    ...(asksByConfig
      ? [
          needed(
            'SAILPLAN_ALLOWED_ORIGINS',
            false,
            'no address that only the config names is asked without it',
          ),
        ]
      : []),
    ...(isSiteAsked
      ? [{ ...needed('WAGTAIL_TOKEN', true, 'a private site needs it'), isCertain: false }]
      : []),
    ...(readsSite ? furtherTokens(config) : []),
  ];
}

/** Additional tokens for the steps that read the site: API v3 and the lists of ids. */
export function furtherTokens(config: Config | null): readonly NeededVariable[] {
  const { desired, wagtail, capability_registry: registry, control_plane: controlPlane } = config ?? {};
  const isSiteAsked = desired === 'api-v2' || (desired !== undefined && isUrl(desired));
  const ofList = (name: string, list: string | undefined, title: string): readonly NeededVariable[] =>
    list !== undefined && isUrl(list)
      ? [{ ...needed(name, true, `a private ${title} needs it`), isCertain: false }]
      : [];
  return [
    ...(isSiteAsked && wagtail?.v3_base_url !== undefined
      ? [needed('WAGTAIL_V3_TOKEN', true, 'the config names API v3')]
      : []),
    ...ofList('CAPABILITY_REGISTRY_TOKEN', registry, 'Capability Registry'),
    ...ofList('CONTROL_PLANE_TOKEN', controlPlane, 'list of the Control Plane'),
  ];
}

const needed = (name: string, isSecret: boolean, why: string): NeededVariable => ({
  name,
  isSecret,
  isCertain: true,
  why,
});
