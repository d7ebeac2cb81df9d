import { transliterate } from './transliterate.ts';

/**
 * Django's `slugify` after `unidecode`, measured on a real server (docs/saleor.md#value-slugs). Does not use
 * contract/slugify.ts, so that tests compare two independent implementations.
 */
export function djangoSlugify(text: string): string {
  return transliterate(text)
    .toLowerCase()
    .replace(/[^a-z0-9_\s\x1c-\x1f-]/g, '')
    .replace(/[-\s\x1c-\x1f]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '');
}

/** The slug, or the first free one of slug-2, slug-3 … */
export function freeSlug(slug: string, isTaken: (slug: string) => boolean): string {
  let candidate = slug;
  for (let n = 2; isTaken(candidate); n += 1) candidate = `${slug}-${n}`;
  return candidate;
}

/** The slug that a create or rename gives: `-` if nothing remains of the name. */
export const slugFor = (name: string, isTaken: (slug: string) => boolean): string =>
  freeSlug(djangoSlugify(name) || '-', isTaken);
