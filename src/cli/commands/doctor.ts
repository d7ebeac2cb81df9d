import { diagnoseSetup, type SetupDiagnosis } from '../../app/diagnose-setup.ts';
import { openHttp } from '../../app/open-shop.ts';
import { failedFinding, type SetupFinding } from '../../app/setup-finding.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { printJson } from '../../plan/file/print.ts';
import { idListSources } from '../id-list-sources.ts';
import { type Args, flagArg, type Io, notesOf } from '../io.ts';
import { doctorOf, nextSteps, planOf, printNext, withLacking } from '../next-command.ts';
import { loadSettings, type Settings } from '../settings.ts';
import { saleorConnection, sourceBesideShop, workspaceOf } from '../typed-options.ts';
import { bootstrapLines, lacksByHand } from '../views/bootstrap-text.ts';
import { configuratorYaml } from '../views/configurator-yaml.ts';
import { findingLines } from '../views/setup-findings.ts';

/** Prints each check with its fix, and what an empty shop lacks; exit 1 if anything blocks. Reads only. */
export async function run(args: Args, io: Io): Promise<number> {
  if (flagArg(args, 'ci')) return (await import('../ci/doctor-ci.ts')).doctorCi(args, io);
  const settings = settingsOrFinding(args, io);
  const { findings, lacking } =
    'severity' in settings ? { findings: [settings], lacking: null } : await diagnose(settings, args, io);
  const isBlocked = findings.some(({ severity }) => severity === 'error') || lacking?.isEmpty === true;
  if (flagArg(args, 'json')) {
    io.out(printJson({ ok: !isBlocked, findings, lacking }).trimEnd());
    return isBlocked ? 1 : 0;
  }
  if (flagArg(args, 'configurator') && lacking !== null) {
    io.out(visible(configuratorYaml(lacking), { newlines: true }));
    return 0;
  }
  for (const line of findingLines(findings)) io.out(visible(line));
  if (lacking !== null)
    for (const line of bootstrapLines(lacking, `${doctorOf(args)} --configurator`)) io.out(visible(line));
  const hasSource = 'severity' in settings || settings.desired !== undefined;
  printNext(isBlocked || hasSource ? nextOf(findings, lacking, args) : NO_SOURCE, args, io);
  return isBlocked ? 1 : 0;
}

/** Without a site nothing can be planned. */
const NO_SOURCE =
  'Next: name the site: sailplan init --desired FILE writes a config (--desired URL, or --wagtail-url URL for API v2).';

/** A config or contract that cannot be used is the first finding, and hides the rest. */
function settingsOrFinding(args: Args, io: Io): Settings | SetupFinding {
  try {
    return loadSettings(args, io);
  } catch (error) {
    return failedFinding(error);
  }
}

function diagnose(settings: Settings, args: Args, io: Io): Promise<SetupDiagnosis> {
  const steps = {
    create_missing: flagArg(args, 'create-missing'),
    sync_attributes: flagArg(args, 'sync-attributes'),
    create_attributes: flagArg(args, 'create-attributes'),
    adopt: flagArg(args, 'adopt'),
    prune_values: flagArg(args, 'prune-values'),
  };
  return diagnoseSetup(
    {
      saleor: saleorConnection(settings, args, io),
      contract: settings.contract,
      source: () => (settings.desired === undefined ? null : sourceBesideShop(settings, args, io)),
      steps,
      lists: idListSources(settings, args, io),
      workspace: workspaceOf(settings, args),
    },
    openHttp(io),
    notesOf(io),
  );
}

/** What works now: corrections, what people create in Saleor, or the plan. */
function nextOf(findings: readonly SetupFinding[], lacking: SetupDiagnosis['lacking'], args: Args): string {
  if (findings.some(({ severity }) => severity === 'error'))
    return 'Next: fix each ERROR as its arrow says, then run sailplan doctor again.';
  if (lacking?.isEmpty === true)
    return 'Next: create the product types and products listed above in Saleor, then run sailplan doctor again.';
  const note =
    lacking !== null && lacksByHand(lacking) ? 'Pages without a product are skipped until it exists.\n' : '';
  return `${note}${nextSteps(planAfter(args, findings))}${proofNote(findings, lacking)}`;
}

/** A shop that is filled for the first time is shown to shoppers for the first time. */
const proofNote = (findings: readonly SetupFinding[], lacking: SetupDiagnosis['lacking']): string =>
  findings.some(({ code }) => code === 'attribute_missing') && typeof lacking?.channel === 'string'
    ? `\nAfter the apply, sailplan storefront --channel ${lacking.channel} proves what shoppers see.`
    : '';

/** The next plan has the flags that the findings ask for. */
function planAfter(args: Args, found: readonly SetupFinding[]): string {
  const lacks = (name: string) => found.some(({ code }) => code === name);
  return planOf(
    withLacking(args, { attributes: lacks('attribute_missing'), assignments: lacks('assignment_missing') }),
  );
}
