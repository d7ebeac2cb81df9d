export const TAXONOMIES: Readonly<Record<string, readonly string[]>>;
export function writeCatalogue(
  size: number,
  changed: number,
  files: { readonly desired: string; readonly actual: string },
  seed?: number,
): void;
