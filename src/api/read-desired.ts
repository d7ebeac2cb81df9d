import { openHttp } from '../app/open-shop.ts';
import { type Contract, GTM_V1 } from '../contract/contract.ts';
import { readText } from '../platform/files.ts';
import { allowOrigin } from '../platform/http/origin-policy.ts';
import type { ApiOptions } from '../wagtail/api/options.ts';
import { readApi } from '../wagtail/api/read-api.ts';
import { readExport } from '../wagtail/export/read-export.ts';
import { exportProvenance, readExportUrl } from '../wagtail/export/read-export-url.ts';
import type { Reading, ReadProgress } from '../wagtail/read-result.ts';

/** Where the desired state is: an export as a file or at an address, or a site's API v2. */
export type DesiredFrom =
  | { readonly file: string; readonly mediaBaseUrl?: string }
  | {
      readonly url: string;
      /** `authorization`, and whatever a proxy in front wants. */
      readonly headers?: Readonly<Record<string, string>>;
      readonly mediaBaseUrl?: string;
    }
  | { readonly api: ApiOptions };

export interface DesiredOptions {
  /** Left out: the built-in gtm-v1. */
  readonly contract?: Contract;
  readonly onProgress?: (progress: ReadProgress) => void;
  /** Allows headers to travel over plain http to another machine. */
  readonly allowHttp?: boolean;
}

/** Wagtail's side, read whole. Throws a Failure when the read cannot be proved complete. */
const SILENT = { trace: () => undefined };

export async function readDesired(from: DesiredFrom, options: DesiredOptions = {}): Promise<Reading> {
  const { contract = GTM_V1, onProgress = () => undefined, allowHttp = false } = options;
  if ('api' in from) {
    guard(from.api.baseUrl, from.api.headers, allowHttp);
    return readApi(openHttp(SILENT), from.api, contract, onProgress);
  }
  const media = from.mediaBaseUrl === undefined ? {} : { mediaBaseUrl: from.mediaBaseUrl };
  if ('url' in from) {
    const { url, headers = {} } = from;
    guard(url, headers, allowHttp);
    return readExportUrl(openHttp(SILENT), { ...media, url, headers }, contract);
  }
  const content = readText(from.file);
  const desired = readExport(content, contract, { ...media, name: from.file });
  const items = desired.offerings.length;
  return {
    desired,
    proof: { offerings: { reads: 1, requests: 0, items, total: items } },
    provenance: exportProvenance(content),
  };
}

/** Headers may hold a token: https, or this machine. */
function guard(url: string, headers: Readonly<Record<string, string>>, allowHttp: boolean): void {
  if (Object.keys(headers).length > 0) allowOrigin(url, { fromConfig: false, allowHttp }, {});
}
