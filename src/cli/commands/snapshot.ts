import { openHttp } from '../../app/open-shop.ts';
import { snapshotSaleor, snapshotWagtail } from '../../app/take-snapshot.ts';
import { Failure } from '../../core/failure.ts';
import { isFile, readText, sizeOf } from '../../platform/files.ts';
import { assertWritable, writeText } from '../../platform/write-files.ts';
import { type Args, flagArg, type Io, notesOf, textArg } from '../io.ts';
import { loadSettings, type Settings } from '../settings.ts';
import { saleorConnection, wagtailSource } from '../typed-options.ts';

/** Writes one side to a file, or to standard output, complete or not at all. */
export async function run(args: Args, io: Io): Promise<number> {
  // Here --out is the file, not the folder of the plans.
  const { out: _, ...others } = args;
  const out = textArg(args, 'out');
  if (out !== undefined) {
    assertNoOtherFile(out);
    assertWritable(out);
  }
  const settings = loadSettings(others, io);
  const { content, figures } = await take(settings, args, io);
  io.assertNoSecret(content, out ?? 'the snapshot');
  if (out === undefined || flagArg(args, 'json')) io.out(content);
  if (out !== undefined) {
    writeText(out, content);
    io.err(`${out}: ${figures}, all read`);
  }
  return 0;
}

/** Throws a Failure if another file of sailplan has that name, such as the config: only a snapshot is replaced. */
function assertNoOtherFile(path: string): void {
  if (!isFile(path) || sizeOf(path) > MIB) return;
  const kind = /^\s*\{(?:\s*"\$schema"\s*:\s*"[^"]*"\s*,)?\s*"format"\s*:\s*"sailplan-([a-z-]{1,30})"/.exec(
    readText(path),
  )?.[1];
  if (kind === undefined || kind === 'actual' || kind === 'desired') return;
  throw new Failure('usage', `${path} is a ${kind} of sailplan, not a snapshot`, 'Give --out another file.');
}

/** Files of sailplan that people write are smaller. */
const MIB = 1024 * 1024;

function take(settings: Settings, args: Args, io: Io) {
  const { contract } = settings;
  if (textArg(args, 'side') !== 'saleor')
    return snapshotWagtail(
      { source: wagtailSource(settings, args, io), contract },
      openHttp(io),
      notesOf(io),
    );
  const saleor = saleorConnection(settings, args, io);
  return snapshotSaleor({ saleor, contract, locales: labelLocales(settings, args) }, openHttp(io));
}

/** `--locale en,de`, else the contract's languages: the source's own locale is not known without a source. */
function labelLocales({ contract, config }: Settings, args: Args): readonly string[] {
  const given = textArg(args, 'locale') ?? config?.wagtail?.locale;
  return given === undefined
    ? (contract.label_languages ?? [])
    : given.split(',').map((locale) => locale.trim());
}
