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
 * A page's product id as Saleor writes it. The dashboard's address spells the padding `%3D`, and people paste blanks and
 * line breaks with it; nothing else can be meant. What is no product id comes back without those: it is still wrong.
 */
export const normalizeProductId = (text: string): string => trimBlanks(text).replace(/%3d/gi, '=');
