import { own } from '../../core/json/canonical-json.ts';
import type { Plan } from '../../plan/plan.ts';

/** What a product's fields hold: keys of which taxonomy, and the labels of these. */
export interface FieldLabels {
  /** field → key → the term's label, or null */
  of(field: string): (key: string) => string | null;
  /** What people call a field; null: it has no name but its own. */
  title(field: string): string | null;
  /** The taxonomy whose keys a field holds. */
  taxonomy(field: string): string | null;
  /** Whether a field holds a term's key rather than free text. */
  isKey(field: string): boolean;
}

export function fieldLabelsOf({ contract, desired, actual }: Plan): FieldLabels {
  const fields = new Map<string, string>([
    ...contract.attributes.flatMap(({ slug, taxonomy }): [string, string][] =>
      taxonomy === undefined ? [] : [[`attributes.${slug}`, taxonomy]],
    ),
    ...contract.metadata.flatMap(({ key, taxonomy }): [string, string][] =>
      taxonomy === undefined ? [] : [[`metadata.${key}`, taxonomy]],
    ),
  ]);
  const taxonomies = new Map(
    Object.entries(desired.taxonomies).map(([name, terms]) => [
      name,
      new Map(terms.map(({ key, label }) => [key, label])),
    ]),
  );
  const none = () => null;
  const titles = new Map(
    contract.attributes.map(({ slug, name }) => [
      `attributes.${slug}`,
      own(actual.attributes, slug)?.name ?? name,
    ]),
  );
  return {
    title: (field) => titles.get(field) ?? null,
    taxonomy: (field) => fields.get(field) ?? null,
    isKey: (field) => fields.has(field),
    of: (field) => {
      const terms = taxonomies.get(fields.get(field) ?? '');
      return terms === undefined ? none : (key) => terms.get(key) ?? null;
    },
  };
}

/** A product type's name by its slug; the slug where it has none. */
export const productTypeName = ({ actual }: Plan, slug: string): string =>
  own(actual.product_types, slug)?.name ?? slug;
