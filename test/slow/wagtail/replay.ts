import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '../../../src/core/json/json-value.ts';
import type { Sender, SiteReply } from '../../../src/wagtail/http-responses.ts';

interface Recording {
  readonly response: {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body: Json;
  };
}

/** The answer of one recorded request, as it came. */
export function recorded(name: string): SiteReply {
  const { response } = JSON.parse(readFileSync(`test/recordings/wagtail/${name}.json`, 'utf8')) as Recording;
  const { status, headers, body } = response;
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value])),
    text: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

export const always = (reply: SiteReply): Sender => ({ send: async () => reply });

const reply = (status: number, body: unknown): SiteReply => ({
  status,
  headers: { 'content-type': 'application/json', date: 'Mon, 23 Nov 2026 14:09:39 GMT' },
  text: JSON.stringify(body),
});

type Row = Record<string, unknown>;

/** What stands behind an API v2 with the recorded export's content; tests change it while it is read. */
export interface Content {
  /** As API v2 gives them, in the order of ids. */
  readonly pages: Row[];
  readonly taxonomies: Record<string, Row[]>;
  /** WAGTAILAPI_LIMIT_MAX */
  maximum: number;
  /** Names that the page type does not show. */
  readonly hidden: Set<string>;
  /** Whether several page types show their own fields in one listing: Wagtail refuses it, wagtail-sailplan's router does not. */
  severalTypes?: boolean;
  readonly asked: URL[];
}

const TERM = ['category', 'maturity', 'primary_outcome', 'primary_role'];

/** The recorded export as API v2 shows it (docs/wagtail.md#the-listing-query; shapes of recording 02-fields-desired-state). */
export function recordedContent(): Content {
  const document = JSON.parse(readFileSync('test/recordings/wagtail-export.json', 'utf8')) as {
    offerings: Row[];
    taxonomies: Record<string, Row[]>;
  };
  const pages = document.offerings.map((page) => {
    const { page_id, locale, last_published_at, card_image, translation_key: _, ...rest } = page;
    const fields = Object.entries(rest).map(([name, value]): [string, unknown] => {
      if (Array.isArray(value)) return [name, value.map((key) => ({ key }))];
      return TERM.includes(name) && value !== null ? [name, { key: value }] : [name, value];
    });
    return {
      ...Object.fromEntries(fields),
      id: page_id,
      meta: { alias_of: null, locale, last_published_at },
      card_image_rendition: renditionOf(card_image as JsonObject | null),
    };
  });
  const taxonomies = Object.fromEntries(
    Object.entries(document.taxonomies).map(([name, terms]) => [
      name,
      terms.map((term, index) => ({ ...term, id: index + 1 })),
    ]),
  );
  return { pages, taxonomies, maximum: 20, hidden: new Set(), asked: [] };
}

const renditionOf = (image: JsonObject | null): Row | null =>
  image === null || 'error' in image
    ? image
    : { ...image, full_url: image['url'], url: '/media/relative.webp' };

/** Answers as Wagtail does: default and maximum limit, unknown fields, total_count, one page of items. */
export function apiOf(content: Content, before: (nth: number, url: URL) => void = () => undefined): Sender {
  return {
    send: async (request) => {
      const url = new URL(request.url);
      content.asked.push(url);
      before(content.asked.length, url);
      const name = /\/api\/v2\/([a-z_]+)\/$/.exec(url.pathname)?.[1] ?? '';
      const rows = name === 'pages' ? content.pages : content.taxonomies[name];
      if (rows === undefined) return recorded('07-unknown-endpoint');
      return answer(rows, url.searchParams, content);
    },
  };
}

/** What every page shows (recording 02-fields-two-types). */
const OF_ANY_PAGE = [
  '_',
  '*',
  'id',
  'title',
  'type',
  'locale',
  'alias_of',
  'last_published_at',
  'slug',
  'html_url',
];

function answer(rows: readonly Row[], query: URLSearchParams, content: Content): SiteReply {
  const { maximum, hidden, severalTypes = false } = content;
  const limit = Number(query.get('limit') ?? 20);
  const offset = Number(query.get('offset') ?? 0);
  if (limit > maximum) return reply(400, { message: `limit cannot be higher than ${maximum}` });
  const names = (query.get('fields') ?? '').split(/,(?![^(]*\))/).map((field) => field.replace(/\(.*/, ''));
  const isBare = (query.get('type') ?? '').includes(',') && !severalTypes;
  const unknown = names
    .filter((field) => hidden.has(field) || (isBare && !OF_ANY_PAGE.includes(field)))
    .sort();
  if (unknown.length > 0) return reply(400, { message: `unknown fields: ${unknown.join(', ')}` });
  const items = rows.slice(offset, offset + limit).map((row) => shown(row, names));
  return reply(200, { meta: { total_count: rows.length }, items });
}

const shown = (row: Row, names: readonly string[]): Row =>
  names.includes('*')
    ? row
    : Object.fromEntries(Object.entries(row).filter(([name]) => name === 'meta' || names.includes(name)));
