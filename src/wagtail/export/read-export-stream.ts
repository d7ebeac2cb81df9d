import { createHash } from 'node:crypto';
import { type Contract, sourceFields } from '../../contract/contract.ts';
import type { Desired, Offering } from '../../core/desired-state.ts';
import { Failure } from '../../core/failure.ts';
import type { Piece } from '../../core/json/collection-pieces.ts';
import { isOnce, memberTwice } from '../../core/json/duplicate-members.ts';
import { createInterner } from '../../core/json/interner.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';
import { readPieces } from '../../core/json/stream-collections.ts';
import { parseUntrusted } from '../../core/json/untrusted-json.ts';
import { offeringOf } from '../offering-fields.ts';
import type { SourceProvenance } from '../read-result.ts';
import { createPythonPrinter, pythonForm } from './content-digest.ts';
import { taxonomiesFrom, termProblems, termsByTaxonomy } from './export-terms.ts';
import {
  areExportPages,
  draftTermProblems,
  type ExportOptions,
  type ExportPage,
  isOwnPage,
  requireExport,
  sourceOf,
} from './read-export.ts';
import { exportProvenance, newestTime } from './read-export-url.ts';

/**
 * Reads a large export page by page: the same result as `readExport` and `exportProvenance` for the whole text, with a
 * fraction of the memory. null: the file is unusual in some way, and `readExport` must decide.
 */
export function readExportPieces(
  chunks: Iterable<Uint8Array>,
  contract: Contract,
  options: ExportOptions = {},
): { readonly desired: Desired; readonly provenance: SourceProvenance } | null {
  const name = options.name ?? 'The export';
  const pages = createPageReader(contract, options);
  try {
    const read = readPieces(pages.watch(chunks), { offerings: pages.take });
    if (read === null || !read.counts.has('offerings')) return null;
    const document = requireExport(parseUntrusted(read.rest, name), name);
    const { locale } = document.source;
    const own = pages.all.filter(({ shell }) => isOwnPage(shell, locale));
    if (document.offerings.length > 0 || own.length === 0) return null;
    if (document.content_sha256 === undefined) {
      if (pages.hasDigest() || memberTwice(read.rest) !== null) return null;
    } else {
      const taxonomies = document.taxonomies;
      if (pages.digest(taxonomies) !== document.content_sha256) return null;
    }
    const terms = termsByTaxonomy(document, contract, options.closed ?? {}, name);
    const desired: Desired = {
      source: sourceOf(document),
      taxonomies: taxonomiesFrom(terms, locale),
      offerings: own.map(({ offering }) => offering).sort((a, b) => a.page_id - b.page_id),
      problems: [
        ...termProblems(terms),
        ...draftTermProblems(
          own.flatMap(({ drafts }) => drafts ?? []),
          contract,
        ),
      ],
    };
    const provenance = { ...exportProvenance(read.rest), newest_published_at: pages.newest() };
    return { desired, provenance };
  } catch (error) {
    // The file itself cannot be read any further, whole or in pieces.
    if (error instanceof Failure && error.code !== 'file_unreadable') return null;
    throw error;
  }
}

interface ReadPage {
  readonly offering: Offering;
  /** What decides whether it is a page of the source: keeping whole pages would take the memory that pieces save. */
  readonly shell: ExportPage;
  /** The page itself, where it names terms that were never published; else null. */
  readonly drafts: ExportPage | null;
}

function shellOf({ page_id, locale = null, alias_of = null }: ExportPage): ExportPage {
  return { page_id, locale, alias_of };
}

function createPageReader(contract: Contract, { mediaBaseUrl }: ExportOptions) {
  const reading = { shapes: sourceFields(contract), mediaBaseUrl, interned: createInterner() };
  const safely = { ...reading, isSafe: true };
  const print = createPythonPrinter();
  const all: ReadPage[] = [];
  const ids = new Set<number>();
  const hash = createHash('sha256').update('{"offerings":[');
  let published: string | null = null;
  let hasDigest = false;

  /** Adds a page; false: its id came before. */
  function add(page: ExportPage, isSafe: boolean): boolean {
    if (hasDigest) hash.update(`${all.length === 0 ? '' : ','}${isSafe ? print(page) : pythonForm(page)}`);
    if (ids.has(page.page_id)) return false;
    ids.add(page.page_id);
    all.push({
      offering: offeringOf(page, isSafe ? safely : reading),
      shell: shellOf(page),
      drafts: page['draft_terms'] === undefined ? null : page,
    });
    return true;
  }

  return {
    all,
    /** Whether the text before the pages has a `content_sha256`. Without one, duplicate members are searched for. */
    hasDigest: () => hasDigest,
    /** Passes the chunks on, and looks for a digest in those before the first page. */
    *watch(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
      let head = '';
      for (const chunk of chunks) {
        if (all.length === 0 && !hasDigest) {
          head += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
          hasDigest = head.includes('"content_sha256"');
        }
        yield chunk;
      }
    },
    /** The newest last_published_at of all pages. */
    newest: () => published,
    /** SHA-256 of the content; call it once, after the last page. */
    digest: (taxonomies: Json) => hash.update(`],"taxonomies":${pythonForm(taxonomies)}}`).digest('hex'),
    /** Reads some pages; returns their number, 0 if one of them has an error. */
    take({ members: batch, text, names }: Piece): number {
      if (!hasDigest && !isOnce(text, names) && memberTwice(text) !== null) return 0;
      if (!areExportPages(batch)) return 0;
      // UTF-8 can contain neither, and a NUL must be escaped.
      const isSafe = !text.includes('\\u');
      if (!batch.every((page) => add(page, isSafe))) return 0;
      published = newestTime([published, ...batch.map((page: JsonObject) => page['last_published_at'])]);
      return batch.length;
    },
  };
}
