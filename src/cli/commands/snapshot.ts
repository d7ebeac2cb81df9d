import { openHttp, openReader, targetOf } from '../../app/open-shop.ts';
import { readDesiredState } from '../../app/read-desired.ts';
import type { Json } from '../../core/json/canonical-json.ts';
import { printJson } from '../../plan/file/print.ts';
import { assertWritable, writeText } from '../../platform/files.ts';
import { readActualState } from '../../saleor/read/read-actual.ts';
import { printSnapshot } from '../../saleor/snapshot-file.ts';
import { type Args, flagArg, type Io, textArg } from '../io.ts';
import { loadSettings, type Settings } from '../settings.ts';

/** Writes one side to a file, or to standard output, complete or not at all. */
export async function run(args: Args, io: Io): Promise<number> {
  const side = textArg(args, 'side');
  const { out: _, ...others } = args;
  const out = textArg(args, 'out');
  if (out !== undefined) assertWritable(out);
  const settings = loadSettings(others, io);
  const http = openHttp(io);
  let content: string;
  let figures: string;
  if (side === 'saleor') {
    const reader = openReader(settings, args, io, http);
    const read = await readActualState(reader, settings.contract, {
      products: 'all',
      locales: labelLocales(settings, args),
      target: targetOf(settings),
    });
    content = printSnapshot(read);
    figures = `${read.proof.products.items} products, ${read.proof.values.items} values of ${read.proof.attributes.items} attributes`;
  } else {
    const read = await readDesiredState(settings, args, io, http);
    content = printJson(read.desired as unknown as Json);
    figures = `${read.desired.offerings.length} offerings, ${Object.keys(read.desired.taxonomies).length} taxonomies`;
  }
  io.assertNoSecret(content, out ?? 'the snapshot');
  if (out === undefined || flagArg(args, 'json')) io.out(content);
  if (out !== undefined) {
    writeText(out, content);
    io.err(`${out}: ${figures}, read whole`);
  }
  return 0;
}

/** `--locale en,de`, else the contract's languages: the source's own locale is not known without a source. */
function labelLocales({ contract, config }: Settings, args: Args): readonly string[] {
  const given = textArg(args, 'locale') ?? config?.wagtail?.locale;
  return given === undefined
    ? (contract.label_languages ?? [])
    : given.split(',').map((locale) => locale.trim());
}
