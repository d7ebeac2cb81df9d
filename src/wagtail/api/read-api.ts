import type { Contract } from '../../contract/contract.ts';
import { taxonomies } from '../../contract/contract.ts';
import type { Desired } from '../../core/desired-state.ts';
import { Failure } from '../../core/failure.ts';
import { digest } from '../../core/json/canonical-json.ts';
import type { Json } from '../../core/json/json-value.ts';
import { withoutCredentials } from '../../core/web-address.ts';
import { newestTime } from '../export/read-export-url.ts';
import type { Sender } from '../http-responses.ts';
import { parseSiteAddress } from '../http-responses.ts';
import type { CollectionProof, Reading, ReadProgress, Snippets } from '../read-result.ts';
import type { ApiOptions } from './options.ts';
import { DEFAULT_LIMIT, DEFAULT_MAX_READS } from './options.ts';
import { type PageRequest, pagesOf } from './page-items.ts';
import { askedFields, dropOptionalFields, pageQuery, pagesUrl, pageTypesOf } from './page-query.ts';
import type { ChangedWhileRead, Listing, Session } from './pagination.ts';
import { beginRead, createSession, readListing } from './pagination.ts';
import type { Taxonomy } from './taxonomy-terms.ts';
import { readTaxonomy } from './taxonomy-terms.ts';

/** One read of everything that is consistent in itself. */
interface SingleRead {
  readonly desired: Desired;
  readonly proof: Readonly<Record<string, Omit<CollectionProof, 'reads'>>>;
  /** Collection → digest, so that two reads can be compared and differences named. */
  readonly digests: Readonly<Record<string, string>>;
  readonly newestPublishedAt: string | null;
  readonly snippets: Snippets;
}

/**
 * The desired state from API v2. Paging loses pages and mixes versions while editors work (docs/wagtail.md#consistency), so
 * everything is read until two reads in a row are equal, one request at a time. Throws a Failure: source_changing,
 * source_incomplete (no page, a field or taxonomy not shown), and one for every answer that is not a listing.
 */
export async function readApi(
  sender: Sender,
  given: ApiOptions,
  contract: Contract,
  onProgress: (progress: ReadProgress) => void = () => undefined,
): Promise<Reading> {
  const options = normalized(given);
  parseSiteAddress(options.baseUrl, 'The base URL of API v2');
  const { maxReads = DEFAULT_MAX_READS, limit = DEFAULT_LIMIT } = options;
  const session = createSession(sender, limit);
  const changes: string[] = [];
  // Only the digests, because two reads of a large site do not fit into memory.
  let before: SingleRead['digests'] | null = null;
  for (let count = 1; count <= maxReads; count += 1) {
    const read = await readOnce(session, options, contract, (progress) =>
      onProgress({ read: count, ...progress }),
    );
    if ('changed' in read) {
      changes.push(read.changed);
      before = null;
      continue;
    }
    const different = before === null ? null : differing(before, read.digests);
    if (different?.length === 0) return readingOf(read, count, session, options);
    if (different !== null) changes.push(`${different.join(', ')} read differently twice`);
    before = read.digests;
  }
  throw new Failure(
    'source_changing',
    `The source is changing: ${maxReads} reads, but no two in a row were equal (${[...new Set(changes)].slice(-3).join('; ') || 'one read proves nothing'})`,
    'Try again when nobody is editing, or use an export, which is read in one transaction (Python package wagtail-sailplan).',
  );
}

/** Page types are sorted, as an export names them. Labels that the site's code translates are in the requested language. */
const normalized = (options: ApiOptions): ApiOptions => ({
  ...options,
  pageType: pageTypesOf(options.pageType).join(','),
  headers: { 'Accept-Language': options.locale, ...options.headers },
});

type OnProgress = (progress: Omit<ReadProgress, 'read'>) => void;

async function readOnce(
  session: Session,
  options: ApiOptions,
  contract: Contract,
  onProgress: OnProgress,
): Promise<SingleRead | ChangedWhileRead> {
  beginRead(session);
  const read = new Map<string, Taxonomy>();
  for (const name of taxonomies(contract)) {
    const taxonomy = await readTaxonomy(session, name, options, (items, total) =>
      onProgress({ collection: name, items, total }),
    );
    if ('changed' in taxonomy) return taxonomy;
    read.set(name, taxonomy);
  }
  const request = { options, contract, fields: askedFields(options, contract) };
  const listing = await listPages(session, request, onProgress);
  if ('changed' in listing) return listing;
  if (listing.total === 0) throw noPage(options);
  return joinRead(read, listing, request);
}

async function listPages(
  session: Session,
  { options, fields }: PageRequest,
  onProgress: OnProgress,
): Promise<Listing | ChangedWhileRead> {
  for (;;) {
    const listing = await readListing(session, {
      url: pagesUrl(options),
      headers: options.headers,
      query: pageQuery(options, fields, session.omitted),
      version: 'v2',
      onItems: (items, total) => onProgress({ collection: 'pages', items, total }),
    });
    if (!('refused' in listing)) return listing;
    await dropOptionalFields(listing.refused, session, options, fields);
  }
}

function joinRead(read: ReadonlyMap<string, Taxonomy>, listing: Listing, request: PageRequest): SingleRead {
  const { options } = request;
  const liveKeys = new Map([...read].map(([name, taxonomy]) => [name, taxonomy.liveKeys]));
  const pages = pagesOf(listing.items, liveKeys, request);
  for (const [name, keys] of pages.used) {
    if (keys.size > 0 && read.get(name)?.total === 0) throw emptyTaxonomy(name, keys);
  }
  if (pages.offerings.length === 0) throw noPage(options);
  const terms = Object.fromEntries([...read].map(([name, taxonomy]) => [name, taxonomy.terms]));
  const problems = [...[...read.values()].flatMap((taxonomy) => taxonomy.problems), ...pages.problems];
  const isAuthenticated = Object.keys(options.headers).some((name) => /^(authorization|cookie)$/i.test(name));
  return {
    desired: {
      source: {
        kind: 'api-v2',
        locale: options.locale,
        page_type: options.pageType,
        access: isAuthenticated ? 'authenticated' : 'anonymous',
      },
      taxonomies: terms,
      offerings: pages.offerings,
      problems,
    },
    proof: proofOf(read, listing),
    digests: {
      ...Object.fromEntries(Object.entries(terms).map(([name, list]) => [name, digestOf(list)])),
      // No document has the stamps, but they show an edit that was undone between two reads.
      pages: digestOf([pages.offerings, problems, pages.stamps]),
    },
    newestPublishedAt: newestTime(Object.values(pages.stamps)),
    snippets: snippetsOf(read),
  };
}

const snippetsOf = (read: ReadonlyMap<string, Taxonomy>): Snippets =>
  Object.fromEntries(
    [...read].flatMap(([name, { snippets }]) =>
      Object.entries(snippets).map(([key, snippet]) => [`${name}.${key}`, snippet]),
    ),
  );

const digestOf = (value: unknown): string => digest(value as Json);

function proofOf(
  read: ReadonlyMap<string, Taxonomy>,
  { requests, items, total }: Listing,
): SingleRead['proof'] {
  const collections = [...read].map(([name, taxonomy]): [string, SingleRead['proof'][string]] => [
    name,
    { requests: taxonomy.requests, items: taxonomy.items, total: taxonomy.total },
  ]);
  return Object.fromEntries([...collections, ['pages', { requests, items: items.length, total }]]);
}

const differing = (a: SingleRead['digests'], b: SingleRead['digests']): readonly string[] =>
  Object.keys(a).filter((name) => a[name] !== b[name]);

function readingOf(read: SingleRead, reads: number, session: Session, options: ApiOptions): Reading {
  return {
    desired: read.desired,
    proof: Object.fromEntries(Object.entries(read.proof).map(([name, proof]) => [name, { reads, ...proof }])),
    provenance: {
      base_url: withoutCredentials(options.baseUrl),
      site: options.site ?? null,
      wagtail: null,
      content_sha256: null,
      first_answer_at: session.firstAnswerAt,
      last_answer_at: session.lastAnswerAt,
      newest_published_at: read.newestPublishedAt,
      requests: session.requests,
      snippets: read.snippets,
      models: {},
    },
  };
}

const noPage = ({ pageType, locale }: ApiOptions): Failure =>
  new Failure(
    'source_incomplete',
    `The site shows no live page of type ${pageType} in locale ${locale}`,
    'Check type, locale, site and credentials; an empty site is never used as the desired state.',
  );

const emptyTaxonomy = (name: string, keys: ReadonlySet<string>): Failure =>
  new Failure(
    'source_incomplete',
    `The endpoint of ${name} lists no term, but pages use ${keys.size} (${[...keys].slice(0, 3).join(', ')})`,
    `Check taxonomies.${name}.endpoint in the config and the filters of its viewset.`,
  );
