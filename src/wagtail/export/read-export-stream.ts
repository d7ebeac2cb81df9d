import { createHash } from 'node:crypto';
import { type Contract, sourceFields } from '../../contract/contract.ts';
import type { Desired, Offering } from '../../core/desired-state.ts';
import { Failure } from '../../core/failure.ts';
import { isOnce, memberTwice } from '../../core/json/duplicate-members.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';
import { readPieces } from '../../core/json/stream-collections.ts';
import { inspect, isSafe, parseUntrusted } from '../../core/json/untrusted-json.ts';
import type { ExportOffering } from '../generated/desired.js';
import { offeringOf } from '../offering-fields.ts';
import type { SourceProvenance } from '../read-result.ts';
import { taxonomyFrom } from '../terms.ts';
import { pythonForm } from './content-digest.ts';
import {
  areExportPages,
  draftTermProblems,
  type ExportOptions,
  requireExport,
  sourceOf,
  termsByTaxonomy,
} from './read-export.ts';
import { exportProvenance, newestTime } from './read-export-url.ts';

/**
 * A great export, page by page: what `readExport` and `exportProvenance` give of the whole text, in a fraction of the
 * memory. null: something about it is out of the ordinary, and `readExport` is the one to accept or to refuse it.
 */
export function readExportPieces(
  chunks: Iterable<Uint8Array>,
  contract: Contract,
  options: ExportOptions = {},
): { readonly desired: Desired; readonly provenance: SourceProvenance } | null {
  const name = options.name ?? 'The export';
  const pages = reader(contract, options);
  try {
    const read = readPieces(pages.looking(chunks), { offerings: pages.take });
    if (read === null || !read.counts.has('offerings')) return null;
    const document = requireExport(parseUntrusted(read.rest, name), name);
    const { locale } = document.source;
    const own = pages.all.filter((page) => page.locale === locale && !page.isAlias);
    if (document.offerings.length > 0 || own.length === 0) return null;
    if (document.content_sha256 === undefined) {
      if (pages.isSealed() || memberTwice(read.rest) !== null) return null;
    } else {
      const taxonomies = document.taxonomies;
      if (pages.seal(taxonomies) !== document.content_sha256) return null;
    }
    const terms = termsByTaxonomy(document, contract, options, name);
    const desired: Desired = {
      source: sourceOf(document),
      taxonomies: Object.fromEntries(terms.map(([taxonomy, list]) => [taxonomy, taxonomyFrom(list, locale)])),
      offerings: own.map(({ offering }) => offering).sort((a, b) => a.page_id - b.page_id),
      problems: draftTermProblems(
        own.flatMap(({ drafts }) => drafts ?? []),
        contract,
      ),
    };
    const provenance = { ...exportProvenance(read.rest), newest_published_at: pages.newest() };
    return { desired, provenance };
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

interface Page {
  readonly offering: Offering;
  readonly locale: string;
  readonly isAlias: boolean;
  /** The page itself, where it names terms that were never published. */
  readonly drafts: ExportOffering | null;
}

function reader(contract: Contract, { mediaBaseUrl }: ExportOptions) {
  const reading = { shapes: sourceFields(contract), mediaBaseUrl, met: new Map() };
  const all: Page[] = [];
  const ids = new Set<number>();
  const hash = createHash('sha256').update('{"offerings":[');
  let published: string | null = null;
  let isSealed = false;
  return {
    all,
    /** Whether it seems to be sealed: a member that stands twice breaks the seal, and only without one it is looked for. */
    isSealed: () => isSealed,
    *looking(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
      let head = '';
      for (const chunk of chunks) {
        // What says how to read the pages stands before them.
        if (all.length === 0 && !isSealed) {
          head += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
          isSealed = head.includes('"content_sha256"');
        }
        yield chunk;
      }
    },
    /** The newest last_published_at of all pages. */
    newest: () => published,
    /** SHA-256 of the sealed content; to be asked once, when all pages were taken. */
    seal: (taxonomies: Json) => hash.update(`],"taxonomies":${pythonForm(taxonomies)}}`).digest('hex'),
    take(text: string): number {
      const batch = JSON.parse(text) as Json;
      // Pages stand one level down in the document.
      const members = inspect(batch, null, 1, '', isSafe(text));
      if (!isSealed && !isOnce(text, members) && memberTwice(text) !== null) return 0;
      if (!areExportPages(batch)) return 0;
      const faults: string[] = [];
      for (const page of batch as readonly ExportOffering[]) {
        if (isSealed) hash.update(`${all.length === 0 ? '' : ','}${pythonForm(page)}`);
        if (ids.has(page.page_id)) return 0;
        ids.add(page.page_id);
        all.push({
          offering: offeringOf(page, '', reading, faults),
          locale: page.locale,
          isAlias: (page.alias_of ?? null) !== null,
          drafts: page.draft_terms === undefined ? null : page,
        });
      }
      published = newestTime([
        published,
        ...(batch as readonly JsonObject[]).map((page) => page['last_published_at']),
      ]);
      return faults.length > 0 ? 0 : batch.length;
    },
  };
}
