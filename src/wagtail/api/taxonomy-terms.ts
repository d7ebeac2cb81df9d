import type { Snippet, Term } from '../../core/desired-state.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { own } from '../../core/json/records.ts';
import { isUnsafeText } from '../../core/json/untrusted-json.ts';
import { readTerm, taxonomyFrom } from '../terms.ts';
import type { ApiOptions, TaxonomyOptions } from './options.ts';
import { endpointUrl, taxonomyOptions } from './page-query.ts';
import type { ChangedWhileRead, ListingRequest, Session } from './pagination.ts';
import { readListing } from './pagination.ts';

/** A complete taxonomy of one read. */
export interface Taxonomy {
  readonly terms: readonly Term[];
  /** Keys of live terms in every locale; null: there is no list of live terms, so no term counts as a draft. */
  readonly liveKeys: ReadonlySet<string> | null;
  /** What of them cannot be read. */
  readonly problems: readonly Diagnostic[];
  /** key → id and model */
  readonly snippets: Readonly<Record<string, Snippet>>;
  readonly requests: number;
  readonly items: number;
  readonly total: number;
}

/**
 * Reads all terms of a taxonomy: from a closed list, the v2 endpoint, or Wagtail 8's API v3 (which also lists never published terms,
 * unmarked, docs/wagtail.md#api-v3). Throws source_incomplete when its items have no key or label.
 */
export async function readTaxonomy(
  session: Session,
  taxonomy: string,
  options: ApiOptions,
  onItems: (items: number, total: number) => void,
): Promise<Taxonomy | ChangedWhileRead> {
  const own = taxonomyOptions(options, taxonomy);
  if (own.terms !== undefined) {
    const terms = taxonomyFrom(own.terms, options.locale);
    return {
      terms,
      problems: [],
      liveKeys: null,
      snippets: {},
      requests: 0,
      items: terms.length,
      total: terms.length,
    };
  }
  const request = requestFor(taxonomy, own, options, onItems);
  const listing = await readListing(session, request);
  if ('changed' in listing) return listing;
  if ('refused' in listing)
    throw new Failure('answer_invalid', `${request.url} refused the query: ${listing.refused}`);
  const live = listing.items.filter((item) => item['live'] !== false);
  assertNamed(live, taxonomy, own);
  const rows = live.map((item) => rowOf(item, taxonomy, own));
  return {
    problems: rows.flatMap(({ problems }) => problems),
    terms: termsIn(rows, options.locale),
    snippets: snippetsIn(rows, options.locale),
    liveKeys: request.version === 'v2' ? new Set(rows.map(({ key }) => key)) : null,
    requests: listing.requests,
    items: listing.items.length,
    total: listing.total,
  };
}

function requestFor(
  taxonomy: string,
  { endpoint, snippet }: TaxonomyOptions,
  { baseUrl, headers, v3 }: ApiOptions,
  onItems: ListingRequest['onItems'],
): ListingRequest {
  if (endpoint === undefined && snippet !== undefined) {
    if (v3 === undefined) {
      throw new Failure(
        'config_invalid',
        `taxonomies.${taxonomy}.snippet: ${snippet} is read through API v3, which is not configured`,
        'Give the address of API v3 (Wagtail 8) and a token, or an endpoint of API v2.',
      );
    }
    const url = endpointUrl(v3.baseUrl, `snippets/${snippet}`);
    return { url, headers: v3.headers, query: {}, version: 'v3', onItems };
  }
  // Requests all declared fields, so that a site without `locale` needs no second request. Does not use the viewset's filters,
  // because they are unreliable (docs/wagtail.md#snippet-endpoints).
  const query = { order: 'id', fields: '*' };
  return { url: endpointUrl(baseUrl, endpoint ?? taxonomy), headers, query, version: 'v2', onItems };
}

interface Row {
  readonly key: string;
  readonly label: string;
  readonly locale: string | null;
  readonly snippet: Snippet;
  readonly problems: readonly Diagnostic[];
}

const namesIn = (own: TaxonomyOptions) => ({ key: own.key ?? 'key', label: own.label ?? 'label' });

/** A term without a text costs itself; where all are without, the site does not show it, or calls it otherwise. */
function assertNamed(items: readonly JsonObject[], taxonomy: string, own: TaxonomyOptions): void {
  for (const name of Object.values(namesIn(own))) {
    if (items.length === 0 || items.some((item) => typeof item[name] === 'string')) continue;
    throw new Failure(
      'source_incomplete',
      `taxonomies.${taxonomy}: no item shows a text as ${name} (item ${String(items[0]?.['id'])} is the first)`,
      `Add APIField("${name}") to api_fields of the snippet model, or name the site's own field in the config.`,
    );
  }
}

function rowOf(item: JsonObject, taxonomy: string, own: TaxonomyOptions): Row {
  const names = namesIn(own);
  const named = { key: item[names.key] ?? null, label: item[names.label] ?? null };
  const { term, problems } = readTerm(named, taxonomy);
  const meta = item['meta'] as JsonObject | undefined;
  const locale = item['locale'] ?? meta?.['locale'];
  const model = meta?.['type'];
  const snippet = {
    id: item['id'] as Snippet['id'],
    model: typeof model === 'string' && !isUnsafeText(model) ? model : null,
  };
  return {
    key: term.key,
    label: term.label,
    locale: typeof locale === 'string' && !isUnsafeText(locale) ? locale : null,
    snippet,
    problems,
  };
}

/** The row of the source's own locale, else the first. */
function snippetsIn(rows: readonly Row[], locale: string): Taxonomy['snippets'] {
  const inOrder = [...rows.filter((row) => row.locale === null || row.locale === locale), ...rows];
  return Object.fromEntries(inOrder.toReversed().map(({ key, snippet }) => [key, snippet]));
}

/**
 * Every key is a term once, or as often as the source's locale has it; rows of other locales lend their labels by key.
 * A key that the source's locale lacks keeps the label of its first row: pages of any locale may use it (docs/wagtail.md#locales-and-aliases).
 */
function termsIn(rows: readonly Row[], locale: string): readonly Term[] {
  const labels = new Map<string, Record<string, string>>();
  for (const row of rows) {
    if (row.locale === null) continue;
    const known = labels.get(row.key) ?? {};
    if (own(known, row.locale) === undefined) known[row.locale] = row.label;
    labels.set(row.key, known);
  }
  const isOwn = (row: Row) => row.locale === null || row.locale === locale;
  const ownKeys = new Set(rows.filter(isOwn).map(({ key }) => key));
  const first = new Map(rows.toReversed().map((row) => [row.key, row]));
  const terms = rows
    .filter((row) => isOwn(row) || (!ownKeys.has(row.key) && first.get(row.key) === row))
    .map(({ key, label }) => ({ key, label, translations: labels.get(key) ?? {} }));
  return taxonomyFrom(terms, locale);
}
