import type { Contract } from '../../contract/contract.ts';
import { taxonomies } from '../../contract/contract.ts';
import { taxonomyOfField } from '../draft-terms.ts';
import type { ApiOptions, TaxonomyOptions } from './options.ts';
import { askedFields, endpointUrl, pagesUrl, unknownFieldsIn } from './page-query.ts';
import type { Asker } from './probe-requests.ts';

/** Taxonomies that need options in the config, and what the site's developers have to add. */
export interface FoundTaxonomies {
  readonly taxonomies: Readonly<Record<string, TaxonomyOptions>>;
  readonly lacking: readonly string[];
}

/**
 * Looks for the endpoint of each taxonomy, under a few names. One without an endpoint that no field of the site uses
 * (`fields`: contract's field → the site's) is not mapped: an empty closed list.
 */
export async function findTaxonomies(
  asker: Asker,
  fields: Readonly<Record<string, string | null>>,
  contract: Contract,
  known: Readonly<Record<string, TaxonomyOptions>>,
): Promise<FoundTaxonomies> {
  const isUsed = new Set(
    [...taxonomyOfField(contract)].flatMap(([source, name]) =>
      (fields[source] ?? null) === null ? [] : name,
    ),
  );
  const found: Record<string, TaxonomyOptions> = {};
  const lacking: string[] = [];
  for (const name of taxonomies(contract)) {
    const tried = [...new Set([name, name.replaceAll('_', '-'), name.replaceAll('_', '')])];
    const endpoint = await firstEndpoint(asker, tried, known[name]);
    if (endpoint === null)
      lacking.push(
        `No endpoint lists ${name} (tried ${tried.join(', ')}): register one, or give a closed list.`,
      );
    else if (endpoint.lacks.length > 0)
      lacking.push(
        `The endpoint ${endpoint.name} does not show ${endpoint.lacks.join(' and ')}: add to api_fields of its model.`,
      );
    if (endpoint === null && !isUsed.has(name)) found[name] = { terms: [] };
    if (endpoint !== null && endpoint.name !== name) found[name] = { endpoint: endpoint.name };
  }
  return { taxonomies: found, lacking };
}

async function firstEndpoint(
  asker: Asker,
  names: readonly string[],
  { key = 'key', label = 'label' }: TaxonomyOptions = {},
): Promise<{ name: string; lacks: readonly string[] } | null> {
  for (const name of names) {
    const answer = await asker.ask(endpointUrl(asker.baseUrl, name), { limit: '1', fields: '*' });
    if (answer === null || 'refused' in answer) continue;
    const [item] = answer.items;
    return { name, lacks: item === undefined ? [] : [key, label].filter((member) => !(member in item)) };
  }
  return null;
}

interface ProbedPages {
  readonly pageType: string;
  readonly fields: Readonly<Record<string, string | null>>;
  readonly known: Readonly<Record<string, TaxonomyOptions>>;
}

/** Finds out whether a page's terms show their keys, or are plain keys. `fields`: contract's field → the site's. */
export async function findNestedKeys(
  asker: Asker,
  { pageType, fields, known }: ProbedPages,
  contract: Contract,
): Promise<FoundTaxonomies> {
  const options: ApiOptions = {
    baseUrl: asker.baseUrl,
    pageType,
    locale: '',
    headers: {},
    taxonomies: known,
  };
  const found: Record<string, TaxonomyOptions> = {};
  const lacking: string[] = [];
  for (const { source, key, taxonomy } of askedFields(options, contract)) {
    const api = fields[source] ?? null;
    if (taxonomy === null || api === null) continue;
    const query = { type: pageType, limit: '1', fields: `_,${api}(_,${key})` };
    const answer = await asker.ask(pagesUrl(asker), query);
    if (answer === null || !('refused' in answer)) continue;
    if (unknownFieldsIn(answer.refused).length > 0)
      lacking.push(
        `The terms in ${api} do not show ${key}: add APIField("${key}") to api_fields of their model.`,
      );
    else found[taxonomy] = { isPlain: true };
  }
  return { taxonomies: found, lacking };
}

export function mergeOptions(
  a: Readonly<Record<string, TaxonomyOptions>>,
  b: Readonly<Record<string, TaxonomyOptions>>,
): Readonly<Record<string, TaxonomyOptions>> {
  return Object.fromEntries(
    [...Object.keys(a), ...Object.keys(b)].map((name) => [name, { ...a[name], ...b[name] }]),
  );
}
