/** Drawn changes of a file that somebody could forge. The same seed gives the same change. */

export type Draw = () => number;

/** mulberry32: 0 ≤ x < 1. */
export function drawsOf(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const pickFrom = <T>(items: readonly T[], draw: Draw): T =>
  items[Math.floor(draw() * items.length)] as T;

type Mutation = (bytes: Buffer, draw: Draw, others: readonly Buffer[]) => Buffer;

const at = (bytes: Buffer, draw: Draw): number => Math.floor(draw() * (bytes.length + 1));

const spliced = (bytes: Buffer, from: number, to: number, put: string | Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, from), Buffer.from(put), bytes.subarray(to)]);

/** Inserts behind one of the places where a pattern of a text ends. */
function insertBehind(bytes: Buffer, draw: Draw, pattern: RegExp, put: (found: string) => string): Buffer {
  const text = bytes.toString('utf8');
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return Buffer.from(put('') + text);
  const match = pickFrom(found, draw);
  const end = match.index + match[0].length;
  return Buffer.from(text.slice(0, end) + put(match[0]) + text.slice(end));
}

function replaceOne(bytes: Buffer, draw: Draw, pattern: RegExp, put: (found: string) => string): Buffer {
  const text = bytes.toString('utf8');
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return Buffer.from(`${text} `);
  const match = pickFrom(found, draw);
  return Buffer.from(text.slice(0, match.index) + put(match[0]) + text.slice(match.index + match[0].length));
}

const SCALAR = /(?<=[:[,]\s*)("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)(?=\s*[,\]}])/g;
const ODD_VALUES = [
  'null',
  'true',
  '0',
  '-1',
  '1e400',
  '123456789012345678901234567890',
  '""',
  '"x"',
  '"__proto__"',
  '"../../etc/passwd"',
  '"\\u0000"',
  '"\\ud800"',
  '"\\u202e\\u001b[31m"',
  '[]',
  '{}',
  '[null]',
  '[[[]]]',
  '{"a":1}',
  '"2026-13-45T00:00:00.000Z"',
];
const INVISIBLE = [
  '\u200b',
  '\u202e',
  '\u00ad',
  '\ufeff',
  '\u0085',
  '\u001b[31m',
  '\u0000',
  '\u2028',
  '\ufe0f',
  '\u{e0041}',
];

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'a flipped bit': (bytes, draw) => {
    const changed = Buffer.from(bytes);
    const place = Math.floor(draw() * bytes.length);
    if (bytes.length > 0) changed[place] = (changed[place] ?? 0) ^ (1 << Math.floor(draw() * 8));
    return changed;
  },
  'cut off': (bytes, draw) => bytes.subarray(0, Math.floor(draw() * bytes.length)),
  'a part gone': (bytes, draw) => {
    const from = at(bytes, draw);
    return spliced(bytes, from, Math.min(bytes.length, from + 1 + Math.floor(draw() * 40)), '');
  },
  'a part twice': (bytes, draw) => {
    const from = at(bytes, draw);
    return spliced(bytes, from, from, bytes.subarray(from, from + 1 + Math.floor(draw() * 200)));
  },
  'random bytes': (bytes, draw) => {
    const from = at(bytes, draw);
    return spliced(bytes, from, from, Buffer.from(Array.from({ length: 8 }, () => Math.floor(draw() * 256))));
  },
  'an invisible character': (bytes, draw) => {
    const from = at(bytes, draw);
    return spliced(bytes, from, from, pickFrom(INVISIBLE, draw));
  },
  'a byte order mark': (bytes) => spliced(bytes, 0, 0, '\ufeff'),
  'other line ends': (bytes) => Buffer.from(bytes.toString('utf8').replace(/\n/g, '\r\n')),
  'a member twice': (bytes, draw) =>
    insertBehind(bytes, draw, /(?:\{|,)\s*(?="[^"\\]*"\s*:)/g, () => '').length === 0
      ? bytes
      : replaceOne(bytes, draw, /"[^"\\]*"\s*:/g, (name) => `${name}${pickFrom(ODD_VALUES, draw)},${name}`),
  'a member named __proto__': (bytes, draw) =>
    replaceOne(bytes, draw, /\{(?=\s*")/g, () => `{"__proto__":${pickFrom(ODD_VALUES, draw)},`),
  'a member named constructor': (bytes, draw) =>
    replaceOne(bytes, draw, /\{(?=\s*")/g, () => `{"constructor":${pickFrom(ODD_VALUES, draw)},`),
  'another type': (bytes, draw) => replaceOne(bytes, draw, SCALAR, () => pickFrom(ODD_VALUES, draw)),
  'a huge number': (bytes, draw) =>
    replaceOne(bytes, draw, /(?<=[:[,]\s*)-?\d+(?=\s*[,\]}])/g, () =>
      '9'.repeat(1 + Math.floor(draw() * 400)),
    ),
  'a text spelled otherwise': (bytes, draw) =>
    replaceOne(bytes, draw, /[a-z](?=[^"\n]*")/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`),
  'a longer text': (bytes, draw) =>
    replaceOne(bytes, draw, SCALAR, () => `"${'x'.repeat(10 ** (2 + Math.floor(draw() * 4)))}"`),
  'deep nesting inside': (bytes, draw) => {
    const depth = 10 ** (2 + Math.floor(draw() * 4));
    const [open, close] = pickFrom(
      [
        ['[', ']'],
        ['{"a":', '}'],
      ] as const,
      draw,
    );
    return replaceOne(bytes, draw, SCALAR, () => `${open.repeat(depth)}1${close.repeat(depth)}`);
  },
  'deep nesting instead': (_, draw) =>
    Buffer.from(pickFrom(['[', '{"a":', '[{"a":'], draw).repeat(10 ** (2 + Math.floor(draw() * 4)))),
  'very many values': (bytes, draw) =>
    replaceOne(bytes, draw, SCALAR, () => `[${'[],'.repeat(10 ** (2 + Math.floor(draw() * 4)))}0]`),
  'something else instead': (_, draw) =>
    Buffer.from(
      pickFrom(['', ' ', 'null', '[]', '{}', '"x"', '0', '<html>', 'hello', '\u0000', '[', '{"a"'], draw),
    ),
  'another file instead': (_, draw, others) => pickFrom(others, draw),
  'another file behind it': (bytes, draw, others) => Buffer.concat([bytes, pickFrom(others, draw)]),
};

export interface Mutated {
  readonly name: string;
  readonly bytes: Buffer;
}

/** One or two drawn changes. `others`: files of other kinds. */
export function mutate(bytes: Buffer, draw: Draw, others: readonly Buffer[]): Mutated {
  const names = Object.keys(MUTATIONS);
  const chosen = draw() < 0.8 ? [pickFrom(names, draw)] : [pickFrom(names, draw), pickFrom(names, draw)];
  const changed = chosen.reduce((before, name) => (MUTATIONS[name] as Mutation)(before, draw, others), bytes);
  return { name: chosen.join(', then '), bytes: changed };
}
