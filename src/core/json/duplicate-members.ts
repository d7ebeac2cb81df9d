const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

interface Level {
  /** Names of the members so far; null: a list. */
  readonly names: Set<string> | null;
  /** The last name, or the index. */
  step: string | number;
  isName: boolean;
}

/**
 * Whether no member of a text stands twice, found by counting: `members` are those of what JSON.parse made of it. False also
 * where counting cannot tell (a blank between name and colon, a name that ends in a backslash).
 */
export function isOnce(text: string, members: number): boolean {
  if (/"\s+:/.test(text) || text.includes('\\\\"')) return false;
  let count = 0;
  // A quote that ends a name, and none inside a string: that one is escaped.
  for (let at = text.indexOf('":'); at !== -1; at = text.indexOf('":', at + 2))
    if (text.charCodeAt(at - 1) !== BACKSLASH) count += 1;
  return count === members;
}

const BACKSLASH = 0x5c;

/** The place of the first member whose name stands twice in one object; null: there is none. `text` is valid JSON. */
export function memberTwice(text: string): string | null {
  const levels: Level[] = [];
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === '{' || token === '[')
      levels.push({ names: token === '{' ? new Set() : null, step: token === '{' ? '' : 0, isName: true });
    else if (token === '}' || token === ']') levels.pop();
    else if (level === undefined) continue;
    else if (token === ',') {
      if (typeof level.step === 'number') level.step += 1;
      level.isName = true;
    } else if (token !== ':' && level.names !== null && level.isName) {
      const name = JSON.parse(token) as string;
      level.step = name;
      level.isName = false;
      if (level.names.has(name)) return placeOf(levels);
      level.names.add(name);
    }
  }
  return null;
}

const placeOf = (levels: readonly Level[]): string =>
  levels
    .map(({ step }, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
