/** Keys are lowercase snake_case; such a key slugifies to itself. */
export const KEY = /^[a-z0-9]+(_[a-z0-9]+)*$/;

const ASCII = /^[\x00-\x7f]*$/;

/**
 * The slug that Saleor derives from a value's name: Django's slugify, exactly, for ASCII (docs/saleor.md#value-slugs).
 * Null where it cannot be foretold (not ASCII: Saleor transliterates) or would be empty (Saleor makes `-`, `--2`).
 */
export function slugify(name: string): string | null {
  if (!ASCII.test(name)) return null;
  const slug = name
    .toLowerCase()
    .replace(/[^\w\s\x1c-\x1f-]/g, '')
    .replace(/[-\s\x1c-\x1f]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '');
  return slug === '' ? null : slug;
}

/**
 * Whether Saleor derives an empty slug from a name, and stores `-` or `--2`: a name of spaces, punctuation and pictographs
 * (docs/saleor.md#value-slugs). Signs that Saleor transliterates (`©`, `€`) give a slug.
 */
export const hasNoSlug = (name: string): boolean =>
  /^(?:[\x00-\x2f:-@[-`{-\x7f]|(?![\u00a9\u00ae\u2122\u2139\u24c2\u3297\u3299])\p{Extended_Pictographic}|(?!\p{N})[\u25a0-\u27bf]|[\p{M}\p{Cf}\s])*$/u.test(
    name,
  );

/** Saleor's limit, in characters, for the name of a value, of its translation and for an external reference (docs/saleor.md#value-names). */
export const NAME_MAX = 250;

/** Whether a value can be named `label`, and then gets the slug `key`. */
export const slugifiesTo = (label: string, key: string): boolean =>
  label.length <= NAME_MAX && slugify(label) === key;
