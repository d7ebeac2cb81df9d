import { readActual } from '../actual/read.ts';
import { printSnapshot } from '../actual/snapshot.ts';
import { printJson } from '../plan/print.ts';
import { Failure } from '../state/failure.ts';
import type { Json } from '../state/json.ts';
import { writeText } from '../system/files.ts';
import { loadSettings } from './config.ts';
import { readDesired } from './desired.ts';
import { type Args, flag, type Io, list, text } from './io.ts';
import { openHttp, openReader, targetOf } from './session.ts';

/** Writes one side to a file, or to standard output, complete or not at all. */
export async function run(args: Args, io: Io): Promise<number> {
  const side = text(args, 'side');
  const { out: _, ...others } = args;
  const settings = loadSettings(others, io);
  const http = openHttp();
  let content: string;
  let figures: string;
  if (side === 'saleor') {
    const reader = openReader(settings, args, io, http);
    const read = await readActual(reader, settings.contract, {
      products: 'all',
      locales: list(args, 'locales'),
      target: targetOf(settings),
    });
    content = printSnapshot(read);
    figures = `${read.proof.products.items} products, ${read.proof.values.items} values of ${read.proof.attributes.items} attributes`;
  } else if (side === 'wagtail') {
    const read = await readDesired(settings, args, io, http);
    content = printJson(read.desired as unknown as Json);
    figures = `${read.desired.offerings.length} offerings, ${Object.keys(read.desired.taxonomies).length} taxonomies`;
  } else throw new Failure('usage', `snapshot takes saleor or wagtail, not "${side}"`);
  const out = text(args, 'out');
  io.assertNoSecret(content, out ?? 'the snapshot');
  if (out === undefined || flag(args, 'json')) io.out(content);
  if (out !== undefined) {
    writeText(out, content);
    io.err(`${out}: ${figures}, read whole`);
  }
  return 0;
}
