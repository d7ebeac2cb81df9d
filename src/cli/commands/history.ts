import { readApplies } from '../../app/read-applies.ts';
import { printJson } from '../../plan/file/print.ts';
import { askedResource } from '../../plan/resource-history.ts';
import { historyDocument, historyStep, renderHistory } from '../../review/history.ts';
import { type Args, flagArg, type Io, textArg } from '../io.ts';
import { loadSettings } from '../settings.ts';
import { noArchiveText } from '../views/archive-verdict.ts';

/** Prints what happened to one resource over all applies; exit 3 if an archive with such an apply was altered. */
export async function run(args: Args, io: Io): Promise<number> {
  const { out } = loadSettings(args, io);
  const word = textArg(args, 'ref') ?? '';
  const asked = askedResource(word);
  const read = await readApplies(out, null, (one) => historyStep(one, asked));
  const histories = read.map(({ archive, applies }) => ({
    file: archive.file,
    target: archive.target,
    applies: applies.length,
    problem: archive.problem,
    steps: applies.filter((step) => step !== null),
  }));
  const format = flagArg(args, 'json') ? 'json' : (textArg(args, 'format') ?? 'text');
  if (format === 'json') io.out(printJson(historyDocument(word, histories)).trimEnd());
  else if (histories.length === 0) io.out(noArchiveText(out, false));
  else
    io.out(
      renderHistory(word, histories, format as 'text' | 'markdown', { width: io.width, color: io.hasColor }),
    );
  if (
    format === 'text' &&
    histories.length > 0 &&
    histories.every(({ steps, problem }) => steps.length === 0 && problem === null)
  )
    io.err(
      'note: write product.SLUG, value.ATTRIBUTE.KEY, attribute.SLUG or page.ID; a word alone is a product’s slug, a value’s key or a page’s id',
    );
  return histories.every(({ problem }) => problem === null) ? 0 : 3;
}
