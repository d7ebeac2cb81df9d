/**
 * Builds refs: addresses as in Terraform, without Saleor ids, so that they mean the same in every shop. Keys and slugs contain
 * no dot (keys: /^[a-z0-9_]+$/; Saleor's slugs: letters, digits, - and _), so a ref splits in only one way.
 */
export const ref = {
  attribute: (attribute: string) => `attribute.${attribute}`,
  assignment: (type: string, attribute: string) => `assignment.${type}.${attribute}`,
  value: (attribute: string, key: string) => `value.${attribute}.${key}`,
  translation: (attribute: string, key: string, locale: string) =>
    `translation.${attribute}.${key}.${locale}`,
  product: (slug: string) => `product.${slug}`,
  /** An offering whose product is not known. */
  page: (pageId: number) => `page.${pageId}`,
  /** Only diagnostics name product types: none is ever changed. */
  productType: (type: string) => `product_type.${type}`,
  /** For diagnostics about no single resource. */
  shop: 'shop',
  taxonomy: (taxonomy: string) => `taxonomy.${taxonomy}`,
};

export const KINDS = ['attribute', 'assignment', 'value', 'translation', 'product'] as const;
export type Kind = (typeof KINDS)[number];

/** The kind of a change's ref. Throws a TypeError for another ref (a bug). */
export function kindOf(address: string): Kind {
  const kind = KINDS.find((name) => address.startsWith(name) && address[name.length] === '.');
  if (kind === undefined) throw new TypeError(`not the ref of a change: ${address}`);
  return kind;
}

/**
 * A ref's kind and up to three names; '' where it has fewer. Not for products, whose slugs may have dots: theirs is all that
 * follows the kind.
 */
export function partsOf(address: string): readonly [string, string, string, string] {
  const [kind = '', first = '', second = '', third = ''] = address.split('.');
  return [kind, first, second, third];
}
