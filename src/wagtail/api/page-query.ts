import type { Contract } from '../../contract/contract.ts';
import { sourceFields } from '../../contract/contract.ts';
import { Failure } from '../../core/failure.ts';
import { own } from '../../core/json/records.ts';
import { taxonomyOfField } from '../draft-terms.ts';
import { errorMessageIn, refusal } from '../http-responses.ts';
import type { ApiOptions, TaxonomyOptions } from './options.ts';
import type { Session } from './pagination.ts';
import { addressWith, sendIn } from './pagination.ts';

/** One source field, and what the site calls it. */
export interface RequestedField {
  /** The contract's name. */
  readonly source: string;
  /** Name in the API; null: according to the config the site has no such field. */
  readonly api: string | null;
  /** For terms: name of a term's key in the API; null: the field contains the key itself. */
  readonly key: string | null;
  readonly taxonomy: string | null;
  /** The value of a field that is not mapped: an empty set, false, or null. */
  readonly empty: readonly string[] | false | null;
}

/** Fields that not every site shows, and that the read can do without. */
const OPTIONAL = ['locale', 'last_published_at'];
const PRODUCT = ['saleor_product_id', 'saleor_product_slug'];

export const taxonomyOptions = (options: ApiOptions, taxonomy: string): TaxonomyOptions =>
  own(options.taxonomies ?? {}, taxonomy) ?? {};

/** The fields that the contract reads of a page, with the site's names. */
export function askedFields(options: ApiOptions, contract: Contract): readonly RequestedField[] {
  const from = taxonomyOfField(contract);
  return [...sourceFields(contract)].map(([source, shape]) => {
    const fallback = shape === 'image' ? (options.renditionField ?? source) : source;
    const taxonomy = from.get(source) ?? null;
    const { key = 'key', terms, isPlain = terms !== undefined } = taxonomyOptions(options, taxonomy ?? '');
    return {
      source,
      api: apiName(options, source, fallback),
      key: taxonomy === null || isPlain ? null : key,
      taxonomy,
      empty: shape === 'terms' ? [] : shape === 'boolean' ? false : null,
    };
  });
}

export function apiName(options: ApiOptions, source: string, fallback = source): string | null {
  const named = own(options.fields ?? {}, source);
  return named === undefined ? fallback : named;
}

/** The parameters of the one listing query (docs/wagtail.md#the-listing-query): nested keys only, in the order of ids. */
export function pageQuery(
  options: ApiOptions,
  asked: readonly RequestedField[],
  omitted: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const product = PRODUCT.map((name) => apiName(options, name));
  const plain = ['id', 'title', 'alias_of', ...OPTIONAL, ...product].filter((name) => name !== null);
  const names = [...plain.filter((name) => !omitted.has(name)), ...asked.flatMap(fieldParameter)];
  return {
    type: options.pageType,
    locale: options.locale,
    ...(options.site === undefined ? {} : { site: options.site }),
    order: 'id',
    fields: ['_', ...new Set(names)].join(','),
  };
}

const fieldParameter = ({ api, key }: RequestedField): readonly string[] =>
  api === null ? [] : [key === null ? api : `${api}(_,${key})`];

/** The fields in "unknown fields: a, b": all of one nesting level, sorted (docs/wagtail.md#fields). */
export function unknownFieldsIn(words: string): readonly string[] {
  const list = /^unknown fields: (.+)$/.exec(words)?.[1];
  return list === undefined ? [] : list.split(', ');
}

/**
 * After a 400 of the listing query: marks fields that the read can do without as omitted and returns, so that the query is sent
 * again. Throws a Failure: source_incomplete, which names the missing api_fields, or answer_invalid with the site's message.
 */
export async function dropOptionalFields(
  words: string,
  session: Session,
  options: ApiOptions,
  asked: readonly RequestedField[],
): Promise<void> {
  const unknown = unknownFieldsIn(words);
  const product = PRODUCT.map((name) => apiName(options, name)).filter((name) => name !== null);
  const spare = unknown.filter((name) => OPTIONAL.includes(name) || product.includes(name));
  const required = unknown.filter(
    (name) => !spare.includes(name) && (name === 'alias_of' || asked.some(({ api }) => api === name)),
  );
  if (product.length > 0 && product.every((name) => unknown.includes(name) || session.omitted.has(name)))
    throw missingFields(options, [...required, ...product]);
  if (required.length > 0) throw missingFields(options, required);
  for (const name of spare) session.omitted.add(name);
  if (spare.length > 0) return;
  if (unknown.length > 0) throw await missingNestedField(unknown, session, options, asked);
  throw new Failure(
    'answer_invalid',
    `The site refused the query for ${options.pageType}: ${words || '400 without a message'}`,
    hintFor(words),
  );
}

function hintFor(words: string): string {
  if (/type doesn't exist/.test(words)) return 'Check the page type: app label, a dot, and the class name.';
  if (/does not support nested fields/.test(words)) {
    return 'That field contains plain keys: set "is_plain": true in wagtail.taxonomies of the config for its taxonomy.';
  }
  return 'Check the page type, the locale and the field names in the config.';
}

function missingFields({ pageType }: ApiOptions, names: readonly string[]): Failure {
  if (pageTypesOf(pageType).length > 1) {
    return new Failure(
      'source_incomplete',
      `API v2 of the site does not show ${names.join(', ')} of ${pageType} in one listing`,
      'Several page types need the router of the Python package wagtail-sailplan, and all of them in its setting; or read an export.',
    );
  }
  const model = pageType.split('.').at(-1);
  const entries = names.map((name) => `APIField("${name}")`).join(', ');
  return new Failure(
    'source_incomplete',
    `API v2 of the site does not show ${names.join(', ')} of ${pageType}`,
    `Add ${entries} to ${model}.api_fields, or name the site's own field in wagtail.fields of the config (null: not mapped).`,
  );
}

/** Finds the relation that lacks the name by requesting each one alone, because the 400 does not name it. */
async function missingNestedField(
  unknown: readonly string[],
  session: Session,
  options: ApiOptions,
  asked: readonly RequestedField[],
): Promise<Failure> {
  const lacking: string[] = [];
  for (const field of asked.filter(({ api, key }) => api !== null && key !== null)) {
    const fields = ['_', ...fieldParameter(field)].join(',');
    const url = addressWith(pagesUrl(options), { type: options.pageType, limit: '0', fields });
    const reply = await sendIn(session, url, options.headers);
    if (reply.status === 400 && unknownFieldsIn(errorMessageIn(reply) ?? '').length > 0)
      lacking.push(`${field.api}(${field.key})`);
    else if (reply.status !== 200) return refusal(reply, url);
  }
  return new Failure(
    'source_incomplete',
    `API v2 of the site does not show ${unknown.join(', ')} of the terms in ${lacking.join(', ') || 'its pages'}`,
    `Add APIField("${unknown[0]}") to api_fields of those snippet models, or name the site's own field in the config (taxonomies.….key).`,
  );
}

/** "a.A, b.B" → the types, sorted. */
export const pageTypesOf = (pageType: string): readonly string[] =>
  [...new Set(pageType.split(',').map((type) => type.trim()))].filter((type) => type !== '').sort();

export const pagesUrl = ({ baseUrl }: Pick<ApiOptions, 'baseUrl'>): string => endpointUrl(baseUrl, 'pages');

/** Ends in a slash: without it Django redirects. */
export function endpointUrl(baseUrl: string, name: string): string {
  const base = new URL(baseUrl);
  base.search = '';
  base.hash = '';
  base.pathname = `${base.pathname.replace(/\/*$/, '')}/${name}/`;
  return base.href;
}
