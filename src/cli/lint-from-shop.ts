import { lintShop } from '../app/lint-shop.ts';
import { openHttp } from '../app/open-shop.ts';
import { Failure } from '../core/failure.ts';
import { visible } from '../core/text/invisible-characters.ts';
import { printJson } from '../plan/file/print.ts';
import { exists } from '../platform/files.ts';
import { writeText } from '../platform/write-files.ts';
import { idListSources } from './id-list-sources.ts';
import { type Args, type Io, notesOf, textArg } from './io.ts';
import { nextSteps, planOf, printNext } from './next-command.ts';
import { loadSettings } from './settings.ts';
import { saleorConnection, sourceBesideShop } from './typed-options.ts';
import { shopLintJson, shopLintLines } from './views/shop-lint-text.ts';

/** Lists the values that only the shop has and writes their terms; exit 0. */
export async function lintFromShop(args: Args, io: Io): Promise<number> {
  const format = textArg(args, 'format') ?? 'text';
  if (format !== 'text' && format !== 'json')
    throw new Failure('usage', `--from-shop has no format ${format}`, 'Give --format text or json.');
  const path = textArg(args, 'fixture');
  if (path !== undefined && exists(path))
    throw new Failure('usage', `${path} exists already`, 'Give the name of a new file, or remove that one.');
  const settings = loadSettings(args, io);
  const request = {
    source: sourceBesideShop(settings, args, io),
    lists: idListSources(settings, args, io),
    contract: settings.contract,
    saleor: saleorConnection(settings, args, io),
  };
  const found = await lintShop(request, openHttp(io), notesOf(io));
  const { rows } = found.fixture;
  if (path !== undefined && rows.length > 0) writeText(path, printJson(rows));
  if (format === 'json') io.out(printJson(shopLintJson(found)).trimEnd());
  else for (const line of shopLintLines(found, path)) io.out(visible(line));
  if (format === 'text' && path !== undefined && rows.length > 0) {
    const needsAdoption = found.terms.some((one) => one.needsAdoption);
    const plan = planOf({ ...args, ...(needsAdoption ? { adopt: true } : {}) });
    printNext(nextSteps(`python manage.py loaddata ${path}`, plan), args, io);
  }
  return 0;
}
