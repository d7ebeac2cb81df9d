import type { Contract } from '../contract/contract.ts';
import type { Desired } from '../core/desired-state.ts';
import { readStdin } from '../platform/files.ts';
import type { Http } from '../platform/http/client.ts';
import { readLarge, readWhole } from '../platform/read-large-file.ts';
import { readApi } from '../wagtail/api/read-api.ts';
import { readExport } from '../wagtail/export/read-export.ts';
import { readExportPieces } from '../wagtail/export/read-export-stream.ts';
import { exportProvenance, readExportUrl } from '../wagtail/export/read-export-url.ts';
import type { CollectionProof, ReadProgress, SourceProvenance } from '../wagtail/read-result.ts';
import { assertOrigin } from './open-shop.ts';
import type { OriginRules, WagtailSource } from './options.ts';
import type { Notes } from './ports.ts';

export interface DesiredRead {
  readonly desired: Desired;
  readonly proof: Readonly<Record<string, CollectionProof>>;
  readonly provenance: SourceProvenance;
  /** SHA-256 of the file that was read, by its name. */
  readonly inputs: Readonly<Record<string, string>>;
}

/**
 * Reads Wagtail's side completely. Throws a Failure if the source cannot be read, is not an export, or cannot be proved
 * complete.
 */
export async function readDesiredState(
  source: WagtailSource,
  contract: Contract,
  http: Http,
  onProgress: (progress: ReadProgress) => void = () => undefined,
): Promise<DesiredRead> {
  switch (source.kind) {
    case 'api': {
      const { api } = source;
      assertHeadersAllowed(api.baseUrl, api.headers, source.isUrlFromConfig, source);
      if (api.v3 !== undefined)
        assertHeadersAllowed(api.v3.baseUrl, api.v3.headers, source.isV3UrlFromConfig, source);
      return { ...(await readApi(http, api, contract, onProgress)), inputs: {} };
    }
    case 'url': {
      const { url, headers } = source;
      assertHeadersAllowed(url, headers, source.isUrlFromConfig, source);
      return { ...(await readExportUrl(http, { ...readingOf(source), url, headers }, contract)), inputs: {} };
    }
    default:
      return readExportFile(source, contract);
  }
}

function readExportFile(
  source: Extract<WagtailSource, { kind: 'file' | 'stdin' }>,
  contract: Contract,
): DesiredRead {
  const name = source.kind === 'stdin' ? 'standard input' : source.path;
  const options = { ...readingOf(source), name };
  const whole = (content: string) => ({
    desired: readExport(content, contract, options),
    provenance: exportProvenance(content),
  });
  const { read, sha256 } =
    source.kind === 'stdin'
      ? readWhole(readStdin(), whole)
      : readLarge(source.path, (chunks) => readExportPieces(chunks, contract, options), whole, {
          allowsPipe: source.isTyped === true,
        });
  const items = read.desired.offerings.length;
  return {
    ...read,
    proof: { offerings: { reads: 1, requests: 0, items, total: items } },
    inputs: { [name]: sha256 },
  };
}

const readingOf = ({
  mediaBaseUrl,
  mayBeEmpty,
}: {
  readonly mediaBaseUrl?: string | undefined;
  readonly mayBeEmpty?: boolean;
}) => ({
  ...(mediaBaseUrl === undefined ? {} : { mediaBaseUrl }),
  ...(mayBeEmpty === true ? { mayBeEmpty } : {}),
});

/** Headers may contain a token. Without headers, only an address from the config file must be allowed. */
export function assertHeadersAllowed(
  url: string,
  headers: Readonly<Record<string, string>>,
  isFromConfig: boolean,
  rules: OriginRules,
): void {
  assertOrigin(url, Object.keys(headers).length > 0 ? 'wagtail' : null, isFromConfig, rules);
}

/** Shows the progress of a read. */
export const progressTo =
  (notes: Pick<Notes, 'progress'>) =>
  ({ read, collection, items, total }: ReadProgress): void =>
    notes.progress(`reading ${collection}: ${items} of ${total} (read ${read})`);
