import { editorUrl } from '../../app/editor-links.ts';
import { openHttp } from '../../app/open-shop.ts';
import { readDesiredState, readRegistry } from '../../app/read-desired.ts';
import { lintDesired } from '../../diff/lint-desired.ts';
import { type FindingsFormat, groupFindings, renderLintReport } from '../../review/lint-report.ts';
import { type Args, type Io, textArg } from '../io.ts';
import { nextSteps, planOf, printNext } from '../next-command.ts';
import { loadSettings } from '../settings.ts';

/** What editors have to mend, without asking a shop; exit 1 if anything is an error. */
export async function run(args: Args, io: Io): Promise<number> {
  const settings = loadSettings(args, io);
  const http = openHttp(io);
  const registry = await readRegistry(settings, http);
  const { desired } = await readDesiredState(settings, args, io, http);
  const problems = lintDesired({ contract: settings.contract, desired, registry });
  const found = groupFindings(problems, (pageId) => editorUrl(settings, pageId));
  const format = (textArg(args, 'format') ?? 'text') as FindingsFormat;
  io.out(renderLintReport(found, format));
  if (registry === null && settings.contract.attributes.some((rule) => rule.registry === true)) {
    io.err('note: no Capability Registry is named, so the capability taxonomy is the registry');
  }
  const isWrong = found.counts.error > 0;
  if (format === 'text')
    printNext(
      isWrong
        ? 'Next: mend the errors in Wagtail; a plan leaves out what has one, and says so.'
        : nextSteps(planOf(args)),
      args,
      io,
    );
  return isWrong ? 1 : 0;
}
