import { transliterate } from './transliterate.ts';

/**
 * Django's `slugify` after `unidecode`, measured on a real server (docs/saleor.md#value-slugs). Written here on its own,
 * apart from the product's slugify, so that tests compare two independent ones.
 */
export function djangoSlugify(text: string): string {
  return transliterate(text)
    .toLowerCase()
    .replace(/[^a-z0-9_\s\x1c-\x1f-]/g, '')
    .replace(/[-\s\x1c-\x1f]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '');
}

/** The slug, or the first of slug-2, slug-3… that is free. */
export function freeSlug(slug: string, isTaken: (slug: string) => boolean): string {
  let candidate = slug;
  for (let n = 2; isTaken(candidate); n += 1) candidate = `${slug}-${n}`;
  return candidate;
}

/** What a single create or rename gives: `-` where nothing is left of the name. */
export const slugFor = (name: string, isTaken: (slug: string) => boolean): string =>
  freeSlug(djangoSlugify(name) || '-', isTaken);
