import { editorUrl } from '../../app/editor-links.ts';
import { lintSource } from '../../app/lint-source.ts';
import { openHttp } from '../../app/open-shop.ts';
import { Failure } from '../../core/failure.ts';
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
import { lintFromShop } from '../lint-from-shop.ts';
import { doctorOf, nextSteps, printNext } from '../next-command.ts';
import { loadSettings } from '../settings.ts';
import { editorAddresses, wagtailSource } from '../typed-options.ts';

/** Prints what editors have to fix, without asking a shop; exit 1 if anything is an error. */
export async function run(args: Args, io: Io): Promise<number> {
  if (flagArg(args, 'from-shop')) return lintFromShop(args, io);
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
    io.err('note: no Capability Registry is given, so the capability taxonomy is used instead');
  const isWrong = found.counts.error > 0;
  const next = isWrong
    ? 'Next: fix the errors in Wagtail; a plan skips the pages that have one.'
    : nextSteps(doctorOf(args));
  if (format === 'text') printNext(next, args, io);
  return isWrong ? 1 : 0;
}
