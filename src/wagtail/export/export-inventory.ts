import type { SiteInventory, SiteTerm } from '../../contract/inventory.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';

import { parseUntrusted } from '../../core/json/untrusted-json.ts';
import { normalizeProductId, productPk } from '../../core/product-id.ts';
import { inferField, isOwnMember } from '../infer-field.ts';
import { readTerm } from '../terms.ts';
import { requireExport } from './read-export.ts';

/**
 * What the pages of an export contain, independent of any contract. Throws a Failure: document_malformed, or format_unknown
 * for a document that is not an export.
 */
export function exportInventory(text: string, name: string): SiteInventory {
  const document = requireExport(parseUntrusted(text, name, ['offerings', 'taxonomies']), name);
  const pages = document.offerings.filter(
    (page) => (page['alias_of'] ?? null) === null && page['locale'] === document.source.locale,
  );
  return inventoryOf(pages, termsOf(document.taxonomies));
}

const termsOf = (taxonomies: Readonly<Record<string, unknown>>): SiteInventory['taxonomies'] =>
  Object.fromEntries(
    Object.entries(taxonomies).map(([name, terms]) => [
      name,
      (terms as readonly Json[]).map((item): SiteTerm => {
        const { key, label } = readTerm(item, name).term;
        return { key, label };
      }),
    ]),
  );

/** The inventory of pages with the members of an export. */
export function inventoryOf(
  pages: readonly JsonObject[],
  taxonomies: SiteInventory['taxonomies'],
): SiteInventory {
  const values = new Map<string, Json[]>();
  for (const page of pages)
    for (const [name, value] of Object.entries(page)) {
      if (isOwnMember(name)) continue;
      const list = values.get(name) ?? [];
      list.push(value as Json);
      values.set(name, list);
    }
  const texts = (member: string) =>
    pages.flatMap((page) =>
      typeof page[member] === 'string' && page[member] !== '' ? [page[member] as string] : [],
    );
  return {
    pages: pages.length,
    fields: [...values].map(([name, found]) => inferField(name, found, taxonomies)),
    taxonomies,
    products: {
      ids: texts('saleor_product_id')
        .map(normalizeProductId)
        .filter((id) => productPk(id) !== null),
      slugs: texts('saleor_product_slug'),
    },
  };
}
