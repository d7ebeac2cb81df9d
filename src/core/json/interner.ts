/**
 * Returns equal texts, and equal short lists of them, as one: thousands of resources name the same few keys, and what is read
 * from a file has each of them anew.
 */
export interface Interner {
  text(value: string): string;
  list(values: readonly string[]): readonly string[];
}

export function createInterner(): Interner {
  const texts = new Map<string, string>();
  const text = (value: string): string => {
    const known = texts.get(value);
    if (known !== undefined) return known;
    texts.set(value, value);
    return value;
  };
  const none: readonly string[] = [];
  const singles = new Map<string, readonly string[]>();
  const pairs = new Map<string, Map<string, readonly string[]>>();
  return {
    text,
    list: (values) => {
      const [first, second] = values;
      if (first === undefined) return none;
      if (second === undefined) return orMade(singles, first, () => [text(first)]);
      // Longer lists are nearly all different, so keeping them saves nothing.
      if (values.length > 2) return values.map(text);
      const after = orMade(pairs, first, () => new Map<string, readonly string[]>());
      return orMade(after, second, () => [text(first), text(second)]);
    },
  };
}

function orMade<T>(known: Map<string, T>, name: string, make: () => T): T {
  const found = known.get(name);
  if (found !== undefined) return found;
  const made = make();
  known.set(name, made);
  return made;
}
