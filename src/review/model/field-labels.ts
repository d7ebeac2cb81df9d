import { own } from '../../core/json/records.ts';
import type { Plan } from '../../plan/plan.ts';

/** What the fields of a product mean. A field is `attributes.gsv_roles` or `metadata.cp_offering_id`. */
export interface FieldLabels {
  /** field → key → label of the term; null if there is no such term */
  of(field: string): (key: string) => string | null;
  /** Name of the attribute; null: the field has none. */
  title(field: string): string | null;
  /** The taxonomy whose keys the field has; null: it has no keys. */
  taxonomy(field: string): string | null;
  /** Whether the field has a term's key rather than free text. */
  isKey(field: string): boolean;
}

export function fieldLabelsOf({ contract, desired, actual }: Plan): FieldLabels {
  const taxonomyOf = new Map<string, string>();
  for (const { slug, taxonomy } of contract.attributes)
    if (taxonomy !== undefined) taxonomyOf.set(`attributes.${slug}`, taxonomy);
  for (const { key, taxonomy } of contract.metadata)
    if (taxonomy !== undefined) taxonomyOf.set(`metadata.${key}`, taxonomy);
  const labelsOf = new Map(
    Object.entries(desired.taxonomies).map(([name, terms]) => [
      name,
      new Map(terms.map(({ key, label }) => [key, label])),
    ]),
  );
  const titles = new Map(
    contract.attributes.map(({ slug, name }) => [
      `attributes.${slug}`,
      own(actual.attributes, slug)?.name ?? name,
    ]),
  );
  return {
    title: (field) => titles.get(field) ?? null,
    taxonomy: (field) => taxonomyOf.get(field) ?? null,
    isKey: (field) => taxonomyOf.has(field),
    of: (field) => {
      const labels = labelsOf.get(taxonomyOf.get(field) ?? '');
      return (key) => labels?.get(key) ?? null;
    },
  };
}

/** Name of a product type; its slug where it has none. */
export const productTypeName = ({ actual }: Plan, slug: string): string =>
  own(actual.product_types, slug)?.name ?? slug;
