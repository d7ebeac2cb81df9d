/** One token of JSON: a string, a bracket, a comma, a colon, or a line break. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"|[{}[\],:]|\n|[^\s"{}[\],:]+/g;

interface Level {
  readonly isList: boolean;
  readonly place: string;
  /** The last name, or the index. */
  step: string | number;
  isName: boolean;
}

/**
 * Place → line, for every value of a JSON text that people write: `attributes[3].taxonomy` → 27, from 1; '' is the document.
 * A member's line is that of its name. The text need not be valid: what cannot be read is not there.
 */
export function lineNumbers(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>([['', 1]]);
  const levels: Level[] = [];
  let line = 1;
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === '\n') line += 1;
    else if (token === '{' || token === '[') {
      const place = level === undefined ? '' : placeIn(level);
      if (!lines.has(place)) lines.set(place, line);
      levels.push({ isList: token === '[', place, step: token === '[' ? 0 : '', isName: true });
    } else if (token === '}' || token === ']') levels.pop();
    else if (level === undefined || token === ':') continue;
    else if (token === ',') {
      if (typeof level.step === 'number') level.step += 1;
      level.isName = true;
    } else if (!level.isList && level.isName) {
      level.step = nameIn(token);
      level.isName = false;
      lines.set(placeIn(level), line);
    } else if (level.isList) lines.set(placeIn(level), line);
  }
  return lines;
}

function nameIn(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}

const placeIn = ({ place, step }: Level): string =>
  typeof step === 'number' ? `${place}[${step}]` : place === '' ? step : `${place}.${step}`;

/** The line of a place, or of the nearest existing place above it. */
export function lineAt(lines: ReadonlyMap<string, number>, place: string): number {
  for (let at = place; at !== ''; at = at.replace(/(?:\.[^.[\]]*|\[\d+\]|^[^.[\]]*)$/, '')) {
    const line = lines.get(at);
    if (line !== undefined) return line;
  }
  return 1;
}

/** `line 27, attributes[3].taxonomy: …` for faults of `faultsOf` or of a check that names its places in the same way. */
export function withLines(text: string, faults: readonly string[]): readonly string[] {
  const lines = lineNumbers(text);
  return faults.map((fault) => {
    const place = /^([\w$.[\]-]+): /.exec(fault)?.[1] ?? '';
    return place === '' ? fault : `line ${lineAt(lines, place)}, ${fault}`;
  });
}
