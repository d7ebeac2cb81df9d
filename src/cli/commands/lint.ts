import { editorUrl } from '../../app/editor-links.ts';
import { lintShop } from '../../app/lint-shop.ts';
import { lintSource } from '../../app/lint-source.ts';
import { openHttp } from '../../app/open-shop.ts';
import { Failure } from '../../core/failure.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { printJson } from '../../plan/file/print.ts';
import { exists } from '../../platform/files.ts';
import { writeText } from '../../platform/write-files.ts';
import { type CiFormat, isCiFormat } from '../../review/ci/ci-report.ts';
import { lintFindings } from '../../review/ci/findings.ts';
import {
  type FindingsFormat,
  groupFindings,
  lintMarkdown,
  lintVerdict,
  renderLintReport,
} from '../../review/lint-report.ts';
import { printCi, sourceFile } from '../ci-output.ts';
import { idListSources } from '../id-list-sources.ts';
import { type Args, flagArg, type Io, notesOf, textArg } from '../io.ts';
import { doctorOf, nextSteps, planOf, printNext } from '../next-command.ts';
import { loadSettings } from '../settings.ts';
import { editorAddresses, saleorConnection, sourceBesideShop, wagtailSource } from '../typed-options.ts';
import { shopLintJson, shopLintLines } from '../views/shop-lint-text.ts';

/** Prints what editors have to fix, without asking a shop; exit 1 if anything is an error. */
export async function run(args: Args, io: Io): Promise<number> {
  if (flagArg(args, 'from-shop')) return runFromShop(args, io);
  if (args['fixture'] !== undefined)
    throw new Failure('usage', '--fixture needs --from-shop', 'Give --from-shop --fixture FILE.');
  const settings = loadSettings(args, io);
  const { contract } = settings;
  const source = wagtailSource(settings, args, io);
  const lists = idListSources(settings, args, io);
  const lint = await lintSource({ source, lists, contract }, openHttp(io), notesOf(io));
  const found = groupFindings(lint.problems, (pageId) => editorUrl(editorAddresses(settings), pageId));
  const format = (textArg(args, 'format') ?? 'text') as FindingsFormat | CiFormat;
  if (isCiFormat(format))
    printCi(
      {
        name: 'lint',
        verdict: lintVerdict(found),
        findings: lintFindings(found),
        file: sourceFile(settings),
        listAll: 'sailplan lint --format csv',
      },
      format,
      io,
      (maxBytes) => lintMarkdown(found, maxBytes),
    );
  else io.out(renderLintReport(found, format));
  if (lint.isRegistryMissing)
    io.err('note: no Capability Registry is named, so the capability taxonomy is the registry');
  const isWrong = found.counts.error > 0;
  const next = isWrong
    ? 'Next: fix the errors in Wagtail; a plan skips the pages that have one.'
    : nextSteps(doctorOf(args));
  if (format === 'text') printNext(next, args, io);
  return isWrong ? 1 : 0;
}

/** Lists the values that only the shop has and writes their terms; exit 0. */
async function runFromShop(args: Args, io: Io): Promise<number> {
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
