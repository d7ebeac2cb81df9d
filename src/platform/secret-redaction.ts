import { Failure } from '../core/failure.ts';

/** The secrets of this run. The single writer of each stream and file calls this before it writes. */
export interface Secrets {
  /** Replaces each secret by its name, in every known form; for logs and errors. */
  redact(text: string): string;
  /**
   * Throws a Failure (secret_found) when the text contains a secret: for files whose digest a replacement would break.
   * `what` names the text in the message, for example the file.
   */
  assertNoSecret(text: string, what: string): void;
}

/** Characters. Shorter values would be found in ordinary text. */
const SHORTEST = 8;

export const isTooShort = (value: string): boolean => value.length < SHORTEST;

/** Name (for the messages, e.g. SALEOR_TOKEN) → value. Throws a Failure (secret_too_short). */
export function createSecrets(values: Readonly<Record<string, string>>): Secrets {
  const forms = Object.entries(values).flatMap(([name, value]) => {
    if (isTooShort(value)) throw tooShort(name, value.length);
    return partsOf(value).flatMap((part) => formsOf(part).map((form) => ({ name, form })));
  });
  // Longest first: where one secret contains another, no part of the longer one may stay.
  const unique = [...new Map(forms.map((each) => [each.form, each])).values()];
  const ordered = unique.sort((a, b) => b.form.length - a.form.length);

  return {
    redact: (text) => {
      const whole = ordered.reduce((left, { name, form }) => left.replaceAll(form, `[${name}]`), text);
      return truncatedSecrets(whole, ordered).reduceRight(
        (left, { start, end, name }) => `${left.slice(0, start)}[${name}]${left.slice(end)}`,
        whole,
      );
    },
    assertNoSecret: (text, what) => {
      if (ordered.length === 0) return;
      const readings = [text, unescaped(text)];
      const found =
        ordered.find(({ form }) => readings.some((reading) => reading.includes(form))) ??
        readings.flatMap((reading) => truncatedSecrets(reading, ordered))[0];
      if (found !== undefined) throw secretFound(found.name, what);
    },
  };
}

interface Form {
  readonly name: string;
  readonly form: string;
}

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** How programs write that they left something out; V8 with a quotation mark before it. */
const ELLIPSIS_AFTER = /^["']?(?:…|\.\.\.|\\u2026)/;
const ELLIPSIS_BEFORE = /(?:…|\.\.\.|\\u2026)["']?$/;
/** Longer than any of these. */
const MARK_LENGTH = 8;

/**
 * Finds, in the order of the text, the beginnings and ends of secrets that somebody else cut at an ellipsis. Parts of fewer
 * characters than the shortest secret reveal too little.
 */
function truncatedSecrets(text: string, forms: readonly Form[]): readonly Cut[] {
  if (!/…|\.\.\.|\\u2026/.test(text)) return [];
  const found: Cut[] = [];
  for (const { name, form } of forms) {
    if (form.length <= SHORTEST) continue;
    for (const start of placesOf(form.slice(0, SHORTEST), text)) {
      let length = SHORTEST;
      while (length < form.length && text[start + length] === form[length]) length += 1;
      const end = start + length;
      if (ELLIPSIS_AFTER.test(text.slice(end, end + MARK_LENGTH))) found.push({ start, end, name });
    }
    for (const place of placesOf(form.slice(-SHORTEST), text)) {
      const end = place + SHORTEST;
      let length = SHORTEST;
      while (length < form.length && text[end - length - 1] === form[form.length - length - 1]) length += 1;
      const start = end - length;
      if (ELLIPSIS_BEFORE.test(text.slice(Math.max(0, start - MARK_LENGTH), start)))
        found.push({ start, end, name });
    }
  }
  return apart(found);
}

function* placesOf(part: string, text: string): Generator<number> {
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) yield at;
}

/** In order, and none inside another. */
function apart(found: readonly Cut[]): readonly Cut[] {
  const ordered = [...found].sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: Cut[] = [];
  for (const one of ordered) {
    const last = kept.at(-1);
    if (last === undefined || one.start >= last.end) kept.push(one);
    else if (one.end > last.end) kept[kept.length - 1] = { ...last, end: one.end };
  }
  return kept;
}

/** The value, and what follows its first word: an authorization scheme is not part of the secret, and no list has them all. */
function partsOf(value: string): readonly string[] {
  const rest = /^[A-Za-z]+ +(.+)$/.exec(value)?.[1] ?? '';
  return isTooShort(rest) ? [value] : [value, rest];
}

const tooShort = (name: string, length: number): Failure =>
  new Failure(
    'secret_too_short',
    `${name} has ${length} characters; sailplan cannot redact a secret of fewer than ${SHORTEST} from its output`,
    `Check ${name}: it must be the complete token, not a placeholder.${name.startsWith('SALEOR_TOKEN') ? ' The token of a Saleor app has 30 characters.' : ''}`,
  );

const secretFound = (name: string, what: string): Failure =>
  new Failure(
    'secret_found',
    `${what}: the value of ${name} occurs in it, so it is not written`,
    'Find it in the labels and texts of the source, remove it, and replace the secret: others may have read it.',
  );

/** The forms in which a text may contain a secret: plain, in JSON, HTML or an address, and in base64 at any offset. */
function formsOf(secret: string): readonly string[] {
  const encoded = encodeURIComponent(secret);
  const plain = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    secret.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;'),
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()),
    encoded.replace(/%20/g, '+'),
  ];
  const base64 = [0, 1, 2].map((offset) => inBase64(secret, offset));
  return [...plain, ...base64, ...base64.map((form) => form.replace(/\+/g, '-').replace(/\//g, '_'))];
}

/**
 * The base64 characters that depend only on the secret when it begins `offset` bytes into a group of three: what precedes
 * and follows it (a user name, a colon) changes only the characters at its edges.
 */
function inBase64(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const start = Math.ceil((offset * 8) / 6);
  const end = Math.floor((bytes.length * 8) / 6);
  return bytes.toString('base64').slice(start, end);
}

/** Decodes `%41` and `\u0041`. */
function unescaped(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/(%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replace(/%/g, ''), 'hex').toString('utf8'));
}
