import type { ListFormat } from '../contract/list-format.ts';
import { controlPlaneEntries, type ReadEntry, registryEntries } from '../contract/listed-ids.ts';
import { type ListPage, parseIdList } from '../contract/parse-id-list.ts';
import { Failure } from '../core/failure.ts';
import { plural } from '../core/text/counting.ts';
import { parseWebAddress, withoutCredentials } from '../core/web-address.ts';
import type { IdLists } from '../diff/model.ts';
import { readText, SMALL_FILE } from '../platform/files.ts';
import type { Http } from '../platform/http/client.ts';
import type { EtagCache } from '../platform/http/etag-cache.ts';
import { systemClock } from '../platform/system-clock.ts';
import { fetchIdListPage, LIST_NAMES, type ListName } from './fetch-id-list-page.ts';
import { isUrl } from './options.ts';

/** A list of ids: a file or an address. */
export interface IdListSource {
  /** Path or http(s) address. */
  readonly location: string;
  readonly format: ListFormat;
  /** `Authorization`; sent to the origin of `location` only. */
  readonly headers: Readonly<Record<string, string>>;
  /** null: every answer is fetched. */
  readonly cache: EtagCache | null;
}

/** undefined: none is named. */
export interface IdListSources {
  readonly registry: IdListSource | undefined;
  readonly controlPlane: IdListSource | undefined;
}

/** Of all pages of a list. */
const MOST_CHARACTERS = 64 * 1024 * 1024;
const MOST_PAGES = 1_000;
const MOST_IDS = 200_000;

/** Reads both lists completely. Throws a Failure (unreachable, token_invalid, document_malformed, source_incomplete, …). */
export async function readIdLists(sources: IdListSources, http: Http): Promise<IdLists> {
  const registry = await entriesOf('registry', sources.registry, http);
  const controlPlane = await entriesOf('controlPlane', sources.controlPlane, http);
  return {
    registry: registry === null ? null : registryEntries(registry),
    ...(controlPlane === null ? {} : { control_plane: controlPlaneEntries(controlPlane) }),
  };
}

async function entriesOf(
  list: ListName,
  source: IdListSource | undefined,
  http: Http,
): Promise<readonly ReadEntry[] | null> {
  if (source === undefined) return null;
  const name = isUrl(source.location) ? withoutCredentials(source.location) : source.location;
  const entries = isUrl(source.location)
    ? await readPages(list, source, http)
    : readFile(source.location, source.format);
  if (entries.length === 0)
    throw new Failure(
      'document_malformed',
      `${name} holds no id`,
      list === 'registry'
        ? 'An empty registry would refuse every capability.'
        : 'An empty list would refuse every page.',
    );
  return entries;
}

function readFile(path: string, format: ListFormat): readonly ReadEntry[] {
  const { entries, next, total } = parse(readText(path, SMALL_FILE), path, format);
  if (next !== null)
    throw new Failure(
      'source_incomplete',
      `${path} is the first page of a list: it names a next one`,
      'Save the whole list, or give its address.',
    );
  if (total !== null && total !== entries.length) throw wrongTotal(path, total, entries.length);
  return entries;
}

const parse = (text: string, name: string, format: ListFormat): ListPage =>
  parseIdList(text, { name, format, nowMs: systemClock.now() });

const wrongTotal = (name: string, total: number, found: number): Failure =>
  new Failure(
    'source_incomplete',
    `${name} counts ${total} entries and has ${found}`,
    'If it has further pages, name the member with the next address: "next" of the list’s format in the config. Else try again.',
  );

/** Follows the pages of a list. A next address of another origin would get the token, and is refused. */
async function readPages(
  list: ListName,
  { location, format, headers, cache }: IdListSource,
  http: Http,
): Promise<readonly ReadEntry[]> {
  const { origin } = new URL(location);
  const name = withoutCredentials(location);
  const entries: ReadEntry[] = [];
  const asked = new Set<string>();
  const totals: (readonly [total: number, ofPage: number])[] = [];
  let characters = 0;
  for (let url: string | null = location; url !== null; ) {
    if (asked.has(url) || asked.size === MOST_PAGES)
      throw new Failure(
        'answer_invalid',
        `${LIST_NAMES[list]} at ${name} has pages without end: ${asked.has(url) ? 'a page names one that was read already' : `more than ${MOST_PAGES}`}`,
        'Check its paging.',
      );
    asked.add(url);
    const { text, link } = await fetchIdListPage(list, { url, headers, cache }, http);
    characters += text.length;
    const page = parse(text, withoutCredentials(url), format);
    for (const entry of page.entries) entries.push(entry);
    if (characters > MOST_CHARACTERS || entries.length > MOST_IDS)
      throw new Failure(
        'answer_too_large',
        `${LIST_NAMES[list]} at ${name} lists more than ${MOST_IDS} ids or ${MOST_CHARACTERS / 1024 / 1024} MiB`,
        'Name an address that lists only what is needed.',
      );
    if (page.total !== null) totals.push([page.total, page.entries.length]);
    url = nextAddress(nextLink(link) ?? page.next, url, origin, name);
  }
  assertTotals(totals, entries.length, name);
  return entries;
}

/** A total may count the whole list, or each page. */
function assertTotals(totals: readonly (readonly [number, number])[], found: number, name: string): void {
  const ofAll = totals.find(([total]) => total !== found);
  if (ofAll !== undefined && totals.some(([total, ofPage]) => total !== ofPage))
    throw wrongTotal(name, ofAll[0], found);
}

/** The address of `rel="next"` in a Link header (RFC 8288); null: there is none. */
function nextLink(header: string): string | null {
  for (const [, address = '', parameters = ''] of header.matchAll(/<([^>]*)>((?:\s*;\s*[^,<]*)*)/g))
    if (/;\s*rel\s*=\s*(?:"(?:[^"]* )?next(?: [^"]*)?"|next\b)/i.test(parameters)) return address;
  return null;
}

function nextAddress(next: string | null, from: string, origin: string, name: string): string | null {
  if (next === null) return null;
  const address = URL.canParse(next, from) ? parseWebAddress(new URL(next, from).href) : null;
  if (address !== null && address.origin === origin && address.username === '' && address.password === '')
    return address.href;
  throw new Failure(
    'origin_not_allowed',
    `${name} names a next page at another origin${address === null ? '' : ` (${address.origin})`}, which is not asked`,
    'A list has all its pages at one origin. Behind a proxy the server must know its public address.',
  );
}

/** `12 ids`, `12 ids, 2 of them retired` */
export function countText(entries: readonly (string | { readonly retired?: true })[]): string {
  const retired = entries.filter((entry) => typeof entry === 'object' && entry.retired === true).length;
  return `${plural(entries.length, 'id')}${retired === 0 ? '' : `, ${retired} of them retired`}`;
}
