import type { Proof } from '../core/actual-state.ts';
import type { Snippet } from '../core/desired-state.ts';
import { type Json, type JsonObject, own } from '../core/json/canonical-json.ts';

/** made.json: what moves by itself and decides nothing; it stands beside plan.json and outside its digest. */
export type PlanMetadata = {
  readonly format_version: '1.0';
  readonly plan: string;
  readonly digest: string;
  readonly made_at: string;
  readonly made_by: string;
  readonly tool: string;
  readonly shop: { readonly name: string; readonly domain: string; readonly version: string } | null;
  readonly wagtail: string | null;
  /** How each collection was read whole. */
  readonly reads: Readonly<Record<string, Proof>>;
  /** SHA-256 of the files or answers that were read. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Ref of a product that changes → its name in Saleor. */
  readonly names?: Readonly<Record<string, string>>;
  /** Ref of a page, product or value → where a person can look at it. */
  readonly links: Readonly<Record<string, string>>;
  /** `taxonomy.key` of a term that a change comes from → the snippet that it is in Wagtail. */
  readonly snippets?: Readonly<Record<string, Snippet>>;
  /** Ref of a value that changes, goes, or that Wagtail lacks → the products of the whole shop that had it. */
  readonly users?: Readonly<Record<string, Users>>;
  /** When the shop had last written a product before it was read, by its own clock: where a later look at changes begins. */
  readonly shop_written_at?: string | null;
  /** Only of --refresh changed: how the products were read. */
  readonly refreshed?: Refreshed | null;
};

/** `from`: the file or plan whose products were kept; the figures are of products. */
export type Refreshed = {
  readonly from: string;
  readonly since: string;
  readonly written: number;
  readonly read_again: number;
  readonly kept: number;
};

/** `published`: by channel, since Saleor publishes in channels; null: not counted. */
export type Users = {
  readonly products: number;
  readonly published: Readonly<Record<string, number>> | null;
};

/**
 * What a made.json of any age says, as far as it has the shape: nothing binds the file, so nothing in it may stop or
 * mislead a reader, and what is misshapen is not there. null: it is none.
 */
export function parsePlanMetadata(value: Json): PlanMetadata | null {
  if (!isRecord(value)) return null;
  const word = (name: string): string | null => text(own(value, name));
  const [plan, digest, made_at, made_by, tool] = ['plan', 'digest', 'made_at', 'made_by', 'tool'].map(word);
  if (!isText(plan) || !isText(digest) || !isText(made_at) || !isText(made_by) || !isText(tool)) return null;
  return {
    format_version: '1.0',
    plan,
    digest,
    made_at,
    made_by,
    tool,
    shop: shopFrom(own(value, 'shop')),
    wagtail: word('wagtail'),
    reads: recordOf(own(value, 'reads'), proofFrom),
    inputs: recordOf(own(value, 'inputs'), text),
    names: recordOf(own(value, 'names'), text),
    links: recordOf(own(value, 'links'), text),
    snippets: recordOf(own(value, 'snippets'), snippetFrom),
    users: recordOf(own(value, 'users'), usersFrom),
    shop_written_at: word('shop_written_at'),
    refreshed: refreshedFrom(own(value, 'refreshed')),
  };
}

type Maybe = Json | undefined;

const isText = (value: string | null | undefined): value is string => typeof value === 'string';
const text = (value: Maybe): string | null => (typeof value === 'string' ? value : null);
const count = (value: Maybe): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
const isRecord = (value: Maybe): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Those members that have the shape. */
function recordOf<T>(value: Maybe, from: (one: Json) => T | null): Readonly<Record<string, T>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => {
      const found = from(one);
      return found === null ? [] : [[name, found] as const];
    }),
  );
}

function shopFrom(value: Maybe): PlanMetadata['shop'] {
  if (!isRecord(value)) return null;
  const [name, domain, version] = ['name', 'domain', 'version'].map((one) => text(own(value, one)));
  return isText(name) && isText(domain) && isText(version) ? { name, domain, version } : null;
}

function proofFrom(value: Json): Proof | null {
  if (!isRecord(value)) return null;
  const [requests, items, total] = ['requests', 'items', 'total'].map((one) => count(own(value, one)));
  if (typeof requests !== 'number' || typeof items !== 'number' || typeof total !== 'number') return null;
  return { requests, items, total };
}

function refreshedFrom(value: Maybe): Refreshed | null {
  if (!isRecord(value)) return null;
  const [from, since] = ['from', 'since'].map((one) => text(own(value, one)));
  const [written, read_again, kept] = ['written', 'read_again', 'kept'].map((one) => count(own(value, one)));
  if (!isText(from) || !isText(since)) return null;
  if (typeof written !== 'number' || typeof read_again !== 'number' || typeof kept !== 'number') return null;
  return { from, since, written, read_again, kept };
}

function snippetFrom(value: Json): Snippet | null {
  if (!isRecord(value)) return null;
  const [id, model] = [own(value, 'id'), own(value, 'model') ?? null];
  if ((typeof id !== 'string' && count(id) === null) || (model !== null && typeof model !== 'string'))
    return null;
  return { id: id as string | number, model };
}

/** A plan of an older version tells one figure of no channel, or none. */
function usersFrom(value: Json): Users | null {
  const products = isRecord(value) ? count(own(value, 'products')) : null;
  if (!isRecord(value) || products === null) return null;
  const published = own(value, 'published');
  return { products, published: isRecord(published) ? recordOf(published, count) : null };
}
