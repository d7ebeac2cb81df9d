const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

interface Level {
  /** Names of the members so far; null: a list. */
  readonly names: Set<string> | null;
  /** The last name, or the index. */
  step: string | number;
  isName: boolean;
}

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
