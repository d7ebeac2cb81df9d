/** The words of a name, in lower case and singular: `gsv_Roles` → gsv, role. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map(singular);
}

const singular = (word: string): string =>
  word.length > 4 && word.endsWith('ies')
    ? `${word.slice(0, -3)}y`
    : word.length > 3 && word.endsWith('s') && !word.endsWith('ss')
      ? word.slice(0, -1)
      : word;

/** Similarity of two names, from 0 to 1: the share of common words. 1: the same words. */
export function similarity(a: string, b: string): number {
  const [one, two] = [new Set(wordsOf(a)), new Set(wordsOf(b))];
  const shared = [...one].filter((word) => two.has(word)).length;
  const all = new Set([...one, ...two]).size;
  return all === 0 ? 0 : shared / all;
}

/** The same for a slug that may begin with a prefix of the shop's own: `shelf_industries` is alike to `industries`. */
export function slugSimilarity(field: string, slug: string): number {
  const rest = slug.split(/[-_]/).slice(1).join('_');
  return Math.max(similarity(field, slug), rest === '' ? 0 : similarity(field, rest));
}
