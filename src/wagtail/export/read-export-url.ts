import type { Contract } from '../../contract/contract.ts';
import type { Snippet } from '../../core/desired-state.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { own } from '../../core/json/records.ts';
import { looksLikeHtml } from '../../core/json/untrusted-json.ts';
import { withoutCredentials } from '../../core/web-address.ts';
import type { Sender } from '../http-responses.ts';
import { MAX_EXPORT_BYTES, objectOf, parseSiteAddress, refusal, sendGet } from '../http-responses.ts';
import type { Reading, Snippets, SourceProvenance } from '../read-result.ts';
import type { ExportOptions } from './read-export.ts';
import { readExport } from './read-export.ts';

interface ExportUrlOptions extends Omit<ExportOptions, 'name'> {
  readonly url: string;
  /** `Authorization`, and what a proxy in front of the site needs. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Fetches the export document of a site (docs/wagtail.md#the-export) from the address of its view. Throws a Failure for each
 * answer that is not a complete export (docs/wagtail.md#error-answers).
 */
export async function readExportUrl(
  sender: Sender,
  options: ExportUrlOptions,
  contract: Contract,
): Promise<Reading> {
  const { url, reply, name } = await fetchExport(sender, options);
  const desired = readExport(reply.text, contract, { ...options, name });
  const count = desired.offerings.length;
  return {
    desired,
    proof: { offerings: { reads: 1, requests: 1, items: count, total: count } },
    provenance: {
      ...exportProvenance(reply.text),
      base_url: withoutCredentials(url),
      first_answer_at: reply.headers['date'] ?? null,
      last_answer_at: reply.headers['date'] ?? null,
      requests: 1,
    },
  };
}

/** The text at the address of an export, and a name for it in errors. Throws a Failure for an answer without a text. */
export async function fetchExport(sender: Sender, options: Pick<ExportUrlOptions, 'url' | 'headers'>) {
  const url = parseSiteAddress(options.url, 'The address of the export').href;
  const reply = await sendGet(sender, { url, headers: options.headers }, MAX_EXPORT_BYTES);
  if (reply.status !== 200) throw refusal(reply, url);
  if (looksLikeHtml(reply.text)) objectOf(reply, url);
  return { url, reply, text: reply.text, name: `The export of ${withoutCredentials(url)}` };
}

/** Origin of an export; `text` is one that `readExport` accepted. */
export function exportProvenance(text: string): SourceProvenance {
  const document = JSON.parse(text.replace(/^\u{feff}/u, '')) as JsonObject;
  const source = document['source'] as JsonObject;
  const published = (document['offerings'] as readonly JsonObject[]).map((page) => page['last_published_at']);
  return {
    base_url: typeof source['base_url'] === 'string' ? source['base_url'] : null,
    site: null,
    wagtail: typeof source['wagtail'] === 'string' ? source['wagtail'] : null,
    content_sha256: typeof document['content_sha256'] === 'string' ? document['content_sha256'] : null,
    first_answer_at: typeof document['generated_at'] === 'string' ? document['generated_at'] : null,
    last_answer_at: null,
    newest_published_at: newestTime(published),
    requests: 0,
    snippets: snippetsIn(document),
    models: (source['models'] ?? {}) as SourceProvenance['models'],
  };
}

/** Of two terms with one key the first counts; `diff` refuses both. */
function snippetsIn(document: JsonObject): Snippets {
  const models = (document['source'] as JsonObject)['snippets'] as JsonObject | undefined;
  const taxonomies = Object.entries(document['taxonomies'] as Record<string, readonly JsonObject[]>);
  return Object.fromEntries(
    taxonomies.flatMap(([taxonomy, terms]) => {
      const model = own(models ?? {}, taxonomy);
      return terms.toReversed().flatMap(({ id, key }) => {
        if (id === undefined) return [];
        const snippet = { id: id as Snippet['id'], model: typeof model === 'string' ? model : null };
        return [[`${taxonomy}.${String(key)}`, snippet] as const];
      });
    }),
  );
}

/** The latest of the times of one site, which all have the same ISO 8601 form; null: there is none. */
export const newestTime = (times: readonly unknown[]): string | null =>
  times.filter((time) => typeof time === 'string').reduce((a, b) => (a > b ? a : b), '') || null;
