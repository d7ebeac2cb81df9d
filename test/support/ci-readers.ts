/** How CI systems read what the program prints, written from their public documentation and source. */

export interface LogCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** Commands that the runner of GitHub Actions knows. */
const REGISTERED = [
  'add-mask', 'add-matcher', 'add-path', 'debug', 'echo', 'endgroup', 'error', 'group', 'internal-set-repo-path', 'notice',
  'remove-matcher', 'save-state', 'set-env', 'set-output', 'stop-commands', 'warning',
]; // biome-ignore format: one line a theme

const unescaped = (text: string, more: Readonly<Record<string, string>>): string =>
  Object.entries({ '%0D': '\r', '%0A': '\n', ...more, '%25': '%' }).reduce(
    (read, [token, character]) => read.replaceAll(token, character),
    text,
  );

/** The command that the runner finds in a line of the log, in either of its two forms; null: none. */
export function logCommandIn(line: string): LogCommand | null {
  const [, head = '', data = ''] = /^\s*::(.*?)::(.*)$/su.exec(line) ?? [];
  const found = commandOf(head, ',', (text) => unescaped(text, { '%3A': ':', '%2C': ',' }));
  if (found !== null) return { ...found, data: unescaped(data, {}) };
  const [, old = '', rest = ''] = /##\[(.*?)\](.*)$/su.exec(line) ?? [];
  const former = commandOf(old, ';', (text) => unescaped(text, { '%3B': ';', '%5D': ']' }));
  return former === null ? null : { ...former, data: unescaped(rest, {}) };
}

function commandOf(
  head: string,
  separator: string,
  read: (text: string) => string,
): Omit<LogCommand, 'data'> | null {
  const blank = head.indexOf(' ');
  const name = (blank === -1 ? head : head.slice(0, blank)).toLowerCase();
  if (!REGISTERED.includes(name)) return null;
  const pairs =
    blank === -1
      ? []
      : head
          .slice(blank + 1)
          .trim()
          .split(separator);
  return {
    name,
    properties: Object.fromEntries(
      pairs.flatMap((pair) => {
        const at = pair.indexOf('=');
        return at === -1 ? [] : [[pair.slice(0, at), read(pair.slice(at + 1))]];
      }),
    ),
  };
}

/** Every line of a log ends where .NET's reader says: at CR, LF or both. */
export const logLines = (log: string): readonly string[] => log.split(/\r\n|\r|\n/);

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const TOKEN = /<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gu;

/** Reads the part of XML that a report needs; throws for anything else: comments, CDATA, other entities, bare ampersands. */
export function parseXml(document: string): XmlElement {
  if (NOT_XML.test(document)) throw new Error('a character that XML does not have');
  const body = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  const root: Draft = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  let at = 0;
  for (const match of body.matchAll(TOKEN)) {
    if (match.index !== at) throw new Error(`not XML at ${at}: ${body.slice(at, at + 60)}`);
    at += match[0].length;
    const [, closing, name = '', attributes = '', empty, text] = match;
    const top = open.at(-1) ?? root;
    if (text !== undefined) top.text += entitiesRead(text);
    else if (closing === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes another element`);
    } else {
      const child: Draft = { name, attributes: attributesOf(attributes), children: [], text: '' };
      top.children.push(child);
      if (empty !== '/') open.push(child);
    }
  }
  const [only] = root.children;
  if (at !== body.length || open.length !== 1 || only === undefined || root.children.length > 1)
    throw new Error('not one element');
  return only;
}

interface Draft {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Draft[];
  text: string;
}

const attributesOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, entitiesRead(value)]),
  );

const entitiesRead = (text: string): string =>
  text.replace(/&([^;\s]*);?/g, (all, name: string) => {
    const character = ENTITIES[name];
    if (character === undefined || !all.endsWith(';'))
      throw new Error(`an ampersand that is no entity: ${all}`);
    return character;
  });
