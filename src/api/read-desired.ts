import { openHttp } from '../app/open-shop.ts';
import type { OriginRules, WagtailSource } from '../app/options.ts';
import { SILENT } from '../app/ports.ts';
import { readDesiredState } from '../app/read-desired.ts';
import { type Contract, GTM_V1 } from '../contract/contract.ts';
import { NONE_ALLOWED } from '../platform/http/origin-policy.ts';
import type { ApiOptions } from '../wagtail/api/options.ts';
import type { Reading, ReadProgress } from '../wagtail/read-result.ts';

/** Where the desired state is: an export as a file or at an address, or a site's API v2. */
export type DesiredFrom =
  | { readonly file: string; readonly mediaBaseUrl?: string }
  | {
      readonly url: string;
      /** `authorization`, and headers for a proxy in front of the site. */
      readonly headers?: Readonly<Record<string, string>>;
      readonly mediaBaseUrl?: string;
    }
  | { readonly api: ApiOptions };

export interface DesiredOptions {
  /** Default: the built-in gtm-v1. */
  readonly contract?: Contract;
  readonly onProgress?: (progress: ReadProgress) => void;
  /** Allows headers to travel over plain http to another machine. */
  readonly allowHttp?: boolean;
}

/** Reads Wagtail's side completely. Throws a Failure if the read cannot be proved complete. */
export async function readDesired(from: DesiredFrom, options: DesiredOptions = {}): Promise<Reading> {
  const { contract = GTM_V1, onProgress, allowHttp = false } = options;
  const source = sourceOf(from, { allowHttp, allowedOrigins: NONE_ALLOWED });
  const { desired, proof, provenance } = await readDesiredState(
    source,
    contract,
    openHttp(SILENT),
    onProgress,
  );
  return { desired, proof, provenance };
}

function sourceOf(from: DesiredFrom, rules: OriginRules): WagtailSource {
  if ('api' in from)
    return { kind: 'api', api: from.api, isUrlFromConfig: false, isV3UrlFromConfig: false, ...rules };
  const { mediaBaseUrl } = from;
  if ('file' in from) return { kind: 'file', path: from.file, mediaBaseUrl };
  const { url, headers = {} } = from;
  return { kind: 'url', url, headers, isUrlFromConfig: false, mediaBaseUrl, ...rules };
}
