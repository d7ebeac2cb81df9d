import type { Contract } from '../../contract/contract.ts';
import { sourceFields } from '../../contract/contract.ts';
import type { Desired, Offering, Source, Term } from '../../core/desired-state.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';
import { memberTwice } from '../../core/json/duplicate-members.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';
import { isRecord } from '../../core/json/records.ts';
import { faultsOf } from '../../core/json/schema-errors.ts';
import { malformed, parseUntrusted } from '../../core/json/untrusted-json.ts';
import { plural } from '../../core/text/counting.ts';
import { draftKeysOf, draftTerm, sortedProblems, taxonomyOfField } from '../draft-terms.ts';
import type { Export, ExportOffering } from '../generated/desired.js';
import validate from '../generated/desired.js';
import type { PageReading } from '../offering-fields.ts';
import { isPage, offeringOf, pageTitleOf } from '../offering-fields.ts';
import { verifyContentDigest } from './content-digest.ts';
import { taxonomiesFrom, termProblems, termsByTaxonomy } from './export-terms.ts';

export interface ExportOptions {
  /** Names the text in errors: a path or an address. */
  readonly name?: string | undefined;
  /** Base of relative image URLs; without it they are `{error: 'relative'}`. */
  readonly mediaBaseUrl?: string | undefined;
  /** A site without pages is read too; it is never a desired state to plan. */
  readonly mayBeEmpty?: boolean | undefined;
  /** Taxonomies that the config lists in full; they take precedence over those of the document. */
  readonly closed?: Readonly<Record<string, readonly Term[]>> | undefined;
}

const WRITE_AGAIN = 'Write the export again (manage.py export_catalog).';

/**
 * An export document (schemas/desired.schema.json, docs/wagtail.md#the-export) as the desired state: pages of the source's
 * locale, without aliases, with the fields that the contract names. Throws a Failure: document_malformed for errors outside a
 * page's own content, with the first few places, format_unknown, or source_incomplete (no page).
 */
export function readExport(text: string, contract: Contract, options: ExportOptions = {}): Desired {
  const name = options.name ?? 'The export';
  const document = requireExport(parseUntrusted(text, name, ['offerings', 'taxonomies']), name);
  const note = digestNote(text, document, name);
  const { locale } = document.source;
  const terms = termsByTaxonomy(document, contract, options.closed ?? {}, name);
  const { offerings, problems } = pagesOf(document, contract, options, name);
  return {
    source: sourceOf(document),
    taxonomies: taxonomiesFrom(terms, locale),
    offerings,
    problems: [...note, ...termProblems(terms), ...problems],
  };
}

export function requireExport(value: Json, name: string): ExportDocument {
  const { format, format_version: version } = (value ?? {}) as JsonObject;
  if (format !== 'catalog-export') {
    throw new Failure(
      'format_unknown',
      `${name} is not a catalog export: its format is ${JSON.stringify(format) ?? 'missing'}`,
      'Give the document that manage.py export_catalog writes (Python package wagtail-sailplan).',
    );
  }
  if (version !== 1) {
    throw new Failure(
      'format_unknown',
      `${name} has format_version ${JSON.stringify(version) ?? '(none)'}; this sailplan reads 1`,
      'Update sailplan, or the app that writes the export.',
    );
  }
  // Pages and terms are checked one by one: the schema would refuse the whole document because of one of them.
  const { offerings: pages, taxonomies: terms } = value as JsonObject;
  const faults = [
    ...faultsOf(validate, {
      ...(value as JsonObject),
      ...(Array.isArray(pages) ? { offerings: [] } : {}),
      ...(isRecord(terms) ? { taxonomies: withoutTerms(terms) } : {}),
    }),
    ...(Array.isArray(pages) ? pageIdFaults(pages) : []),
  ];
  if (faults.length > 0) throw malformed(name, faults, WRITE_AGAIN);
  return value as ExportDocument;
}

const withoutTerms = (terms: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(terms).map(([name, list]) => [name, Array.isArray(list) ? [] : list]));

/** A page as in an export: only its id is certain. */
export type ExportPage = JsonObject & Pick<ExportOffering, 'page_id'>;

type ExportDocument = Omit<Export, 'offerings'> & { readonly offerings: readonly ExportPage[] };

/** Whether each of these has an id. */
export const areExportPages = (pages: Json): pages is Json & readonly ExportPage[] =>
  Array.isArray(pages) && pages.every(isPage);

/** One fault for all pages without an id, which have one cause, and one for each that is no object. */
function pageIdFaults(pages: readonly unknown[]): readonly string[] {
  const noObject = pages.flatMap((page, index) =>
    isRecord(page) ? [] : [`offerings[${index}]: must be an object`],
  );
  const noId = pages.flatMap((page, index) => (isRecord(page) && !isPage(page) ? [index] : []));
  const [first] = noId;
  if (first === undefined) return noObject;
  const more = noId.length === 1 ? '' : ` (and of ${plural(noId.length - 1, 'more page')})`;
  return [`offerings[${first}].page_id${more}: must be a page id (a whole number, at least 1)`, ...noObject];
}

/** Whether a page has the source's locale and is not an alias; a page whose locale is not text counts as one. */
export const isOwnPage = (page: ExportPage, locale: string): boolean =>
  (typeof page['locale'] !== 'string' || page['locale'] === locale) &&
  !Number.isSafeInteger(page['alias_of']);

/** JSON.parse keeps the last of two equal members silently; where the digest matches, none was lost. */
function assertNoDuplicates(text: string, name: string): void {
  const place = memberTwice(text);
  if (place !== null) throw malformed(name, [`${place}: this member occurs twice`], WRITE_AGAIN);
}

function digestNote(text: string, document: ExportDocument, name: string): readonly Diagnostic[] {
  const { content_sha256: expected } = document;
  if (expected === undefined) {
    assertNoDuplicates(text, name);
    return [];
  }
  const body = text.startsWith('\u{feff}') ? text.slice(1) : text;
  const contentOf = ({ offerings, taxonomies }: JsonObject) => ({ offerings, taxonomies }) as JsonObject;
  const check = verifyContentDigest(body, contentOf, expected);
  if (check === 'differs') {
    throw new Failure(
      'document_malformed',
      `${name}: content_sha256: the content was changed after the export`,
      `${WRITE_AGAIN} Do not edit an export by hand: fix the content in Wagtail.`,
    );
  }
  if (check === 'matches') return [];
  assertNoDuplicates(text, name);
  return [{ severity: 'note', code: 'digest_unchecked', ref: 'source', data: {} }];
}

export function sourceOf({ source }: Pick<Export, 'source'>): Source {
  return {
    kind: 'export',
    locale: source.locale,
    page_type: source.page_type ?? null,
    access: source.access ?? 'unknown',
  };
}

function pagesOf(
  { source, offerings: pages }: ExportDocument,
  contract: Contract,
  options: ExportOptions,
  name: string,
): { offerings: readonly Offering[]; problems: readonly Diagnostic[] } {
  const reading: PageReading = { shapes: sourceFields(contract), mediaBaseUrl: options.mediaBaseUrl };
  const faults: string[] = [];
  const seen = new Map<number, number>();
  const offerings: Offering[] = [];
  const kept: ExportPage[] = [];
  for (const [index, page] of pages.entries()) {
    const first = seen.get(page.page_id);
    if (first !== undefined)
      faults.push(`offerings[${index}].page_id: ${page.page_id} is also in offerings[${first}]`);
    seen.set(page.page_id, index);
    if (!isOwnPage(page, source.locale)) continue;
    offerings.push(offeringOf(page, reading));
    kept.push(page);
  }
  if (faults.length > 0) throw malformed(name, faults, WRITE_AGAIN);
  if (offerings.length === 0 && options.mayBeEmpty !== true)
    throw nothingIn(name, source.locale, pages.length);
  return {
    offerings: offerings.sort((a, b) => a.page_id - b.page_id),
    problems: draftTermProblems(kept, contract),
  };
}

export function draftTermProblems(pages: readonly ExportPage[], contract: Contract): readonly Diagnostic[] {
  const from = taxonomyOfField(contract);
  return sortedProblems(
    pages.flatMap((page) =>
      Object.entries(draftKeysOf(page) ?? {}).flatMap(([field, keys]) => {
        const taxonomy = from.get(field);
        const named = { page_id: page.page_id, title: pageTitleOf(page) };
        return taxonomy === undefined ? [] : keys.map((key) => draftTerm(taxonomy, key, named));
      }),
    ),
  );
}

function nothingIn(name: string, locale: string, all: number): Failure {
  return new Failure(
    'source_incomplete',
    `${name} contains no offering in locale ${locale}${all > 0 ? ` (${all} in others, or aliases)` : ''}`,
    'Check the site and the locale of the export; an empty site is never used as the desired state.',
  );
}
