import { trimBlanks } from './text/invisible-characters.ts';

/** Up to ten digits without a leading zero: Saleor's keys are 32-bit, and `01` would find product 1 under another id. */
const PRODUCT = /^Product:(0|[1-9][0-9]{0,9})$/;

/** The primary key in a Saleor product id (`UHJvZHVjdDox` is `Product:1`, docs/saleor.md#ids); null for any other text. */
export function productPk(id: string): string | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(id) || id.length % 4 !== 0) return null;
  const decoded = atob(id);
  return btoa(decoded) === id ? (PRODUCT.exec(decoded)?.[1] ?? null) : null;
}

/**
 * A page's product id as Saleor writes it. The dashboard's address spells the padding `%3D`, and people paste spaces and line
 * breaks with it; both are unambiguous. A text that is not a product id is returned without these, and is still wrong.
 */
export const normalizeProductId = (text: string): string =>
  text.includes('%') ? trimBlanks(text).replace(/%3d/gi, '=') : trimBlanks(text);

/** The id that a text most likely means: a key, `Product:12`, or an address that contains an id; null if unknown. */
export function nearProductId(text: string): string | null {
  const key = /^(?:Product:)?([1-9][0-9]{0,9})$/i.exec(text)?.[1];
  if (key !== undefined) return btoa(`Product:${key}`);
  const words = normalizeProductId(text.replace(/\s+/g, '').replace(/%253d/gi, '=')).split(/[^A-Za-z0-9+=]+/);
  return words.find((word) => productPk(word) !== null) ?? null;
}
