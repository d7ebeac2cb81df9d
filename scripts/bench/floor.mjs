// What nobody can do without, as a bare Node program: parses the same files, digests what is in them, and prints as many bytes
// as the command. `floor.mjs FILE… --print BYTES --out FILE` (no --out: standard output).
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync, writeSync } from 'node:fs';

const words = process.argv.slice(2);
const option = (name) => (words.includes(name) ? words.splice(words.indexOf(name), 2)[1] : undefined);
const [bytes, out] = [Number(option('--print') ?? 0), option('--out')];
const documents = words.map((path) => JSON.parse(readFileSync(path, 'utf8')));
const text = documents.map((document) => JSON.stringify(document)).join('\n');
const digest = createHash('sha256').update(text).digest('hex');
// A plan is larger or smaller than what it is made from: the same number of bytes is what is compared.
const printed = `${digest}\n${bytes <= text.length ? text.slice(0, bytes) : text.padEnd(bytes)}`;
if (out !== undefined) writeFileSync(out, printed);
else
  for (let rest = Buffer.from(printed); rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
