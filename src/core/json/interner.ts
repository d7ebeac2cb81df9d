/**
 * Returns equal texts, and equal short lists of them, as one: thousands of resources name the same few keys, and what is read
 * from a file has each of them anew.
 */
export interface Interner {
  text(value: string): string;
  list(values: readonly string[]): readonly string[];
}

/** Items. Longer lists are nearly all different, so keeping them saves nothing. */
const LONGEST = 2;

export function createInterner(): Interner {
  const texts = new Map<string, string>();
  const lists = new Map<string, readonly string[]>();
  const text = (value: string): string => {
    const known = texts.get(value);
    if (known !== undefined) return known;
    texts.set(value, value);
    return value;
  };
  return {
    text,
    list: (values) => {
      const own = values.map(text);
      if (own.length > LONGEST) return own;
      const name = JSON.stringify(own);
      const known = lists.get(name);
      if (known !== undefined) return known;
      lists.set(name, own);
      return own;
    },
  };
}
