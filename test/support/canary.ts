import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A token that every encoding changes; no output may contain it in any form. */
export const CANARY = 'canary+CANARY/canary=CANARY&~%';

/** Base64 of a text within a longer one, at each of three offsets: only the characters that depend on nothing else. */
function base64Within(text: string): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(`${'-'.repeat(offset)}${text}`)
      .toString('base64')
      .replaceAll('=', '');
    const begin = Math.ceil((offset * 8) / 6);
    const end = Math.floor(((offset + text.length) * 8) / 6);
    return encoded.slice(begin, end);
  });
}

const FORMS: Readonly<Record<string, readonly string[]>> = {
  raw: [CANARY],
  base64: base64Within(CANARY),
  base64url: base64Within(CANARY).map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  'URL-encoded': [
    encodeURIComponent(CANARY),
    encodeURI(CANARY),
    new URLSearchParams({ a: CANARY }).toString(),
  ],
  'HTML-escaped': [CANARY.replaceAll('&', '&amp;')],
  hexadecimal: [Buffer.from(CANARY).toString('hex')],
};

/** Returns the forms in which a text contains the canary. */
export const leaksIn = (text: string): readonly string[] =>
  Object.entries(FORMS).flatMap(([form, texts]) => (texts.some((one) => text.includes(one)) ? [form] : []));

/** Returns each file below a folder that contains the canary, in its name or its bytes. */
export function leakingFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const content = entry.isFile() ? readFileSync(path, 'latin1') : '';
    const forms = leaksIn(`${path}\n${content}`);
    return forms.length === 0 ? [] : [`${path}: ${forms.join(', ')}`];
  });
}
