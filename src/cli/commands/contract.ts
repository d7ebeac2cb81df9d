import { contractOf } from '../../app/config-file.ts';
import { openHttp } from '../../app/open-shop.ts';
import { asConfigured, surveyShop, surveySite } from '../../app/survey-both-ends.ts';
import { checkContract } from '../../contract/check-contract.ts';
import { GTM_V1 } from '../../contract/contract.ts';
import type { ContractFinding } from '../../contract/contract-finding.ts';
import { Failure } from '../../core/failure.ts';
import { lineAt, lineNumbers } from '../../core/json/line-numbers.ts';
import { plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { withoutByteOrderMark } from '../../core/text/utf8.ts';
import { escapeHidden } from '../../plan/file/line-printers.ts';
import { printJson } from '../../plan/file/print.ts';
import { exists, readText, WRITTEN_FILE } from '../../platform/files.ts';
import { type CiFinding, isCiFormat } from '../../review/ci/ci-report.ts';
import { printCi, sourceFile } from '../ci-output.ts';
import { CONTRACT_FILE, printed, proposalLines, proposeAsking, writeProposal } from '../init/propose-file.ts';
import { type Args, flagArg, type Io, textArg } from '../io.ts';
import { contractCheckOf, doctorOf, nextSteps, printNext } from '../next-command.ts';
import { repositoryPath } from '../repository-path.ts';
import { loadSettings, type Settings } from '../settings.ts';
import { surveyedSource } from '../surveyed-source.ts';
import { saleorConnection } from '../typed-options.ts';

/** `contract print`, `contract init` and `contract check`. */
export async function run(args: Args, io: Io): Promise<number> {
  switch (textArg(args, 'action')) {
    case 'init':
      return init(args, io);
    case 'check':
      return check(args, io);
    default:
      return print(args, io);
  }
}

/**
 * The contract of this folder, else the built-in one, in the form of a file. `contract print > sailplan.contract.json`: the
 * shell has created that file, empty, before this runs, so an empty file that no config names counts as none.
 */
function print(args: Args, io: Io): number {
  const settings = loadSettings(args, io, { readsContract: false });
  const path = pathOf(settings);
  const text = path === null ? '' : readText(path, WRITTEN_FILE);
  if (path === null || (settings.contractPath === null && text === '')) io.out(printed(GTM_V1));
  else {
    contractOf(text, path);
    // Valid JSON has hidden characters in strings only, where an escape is the same.
    io.out(escapeHidden(withoutByteOrderMark(text)));
  }
  return 0;
}

/** The contract that is named, else the one that init left here; null: the built-in one. */
const pathOf = ({ contractPath }: Settings): string | null =>
  contractPath ?? (exists(CONTRACT_FILE) ? CONTRACT_FILE : null);

async function init(args: Args, io: Io): Promise<number> {
  // A contract that is named already may be the one that does not fit: it is not read.
  const settings = loadSettings(args, io, { readsContract: false });
  const path = settings.contractPath ?? CONTRACT_FILE;
  if (exists(path) && !flagArg(args, 'force'))
    throw new Failure('usage', `${path} exists already`, 'Edit it, or give --force to write a new one.');
  const http = openHttp(io);
  const { site, api } = await surveySite(surveyedSource(settings, args, io), http);
  const shop = await surveyShop(saleorConnection(settings, args, io), site, http);
  const proposal = await proposeAsking(site, shop, io);
  writeProposal(path, proposal);
  for (const line of proposalLines(proposal, path)) io.out(visible(line));
  if (Object.keys(api?.taxonomies ?? {}).length > 0)
    io.out(`The config needs, in "wagtail": "taxonomies": ${JSON.stringify(api?.taxonomies)}`);
  const { config, configPath } = settings;
  const name =
    config === null || config.contract !== undefined ? '' : `Add "contract": "${path}" to ${configPath}.\n`;
  printNext(
    `${name}${nextSteps(contractCheckOf(config?.contract === undefined ? { ...args, contract: path } : args))}`,
    args,
    io,
  );
  return 0;
}

async function check(args: Args, io: Io): Promise<number> {
  const settings = loadSettings(args, io, { readsContract: false });
  const path = pathOf(settings);
  const text = path === null ? printed(GTM_V1) : readText(path, WRITTEN_FILE);
  const name = path ?? 'gtm-v1 (built in)';
  const contract = contractOf(text, name);
  const { gaps = [] } = path === null ? {} : (JSON.parse(withoutByteOrderMark(text)) ?? {});
  const http = openHttp(io);
  const { site } = asConfigured(await surveySite(surveyedSource(settings, args, io), http), settings.config);
  const shop = await surveyShop(saleorConnection(settings, args, io), site, http);
  const checked = checkContract(contract, site, shop, { gaps });
  const found = path === null ? checked.map(ofBuiltIn) : checked;
  const errors = found.filter(({ severity }) => severity === 'error').length;
  const lines = lineNumbers(text);
  const figures = `${plural(contract.attributes.length, 'attribute')}, ${plural(contract.metadata.length, 'metadata key')}`;
  const warnings = found.filter(({ severity }) => severity === 'warning').length;
  const verdict = `${name}: ${figures}; ${plural(errors, 'error')}, ${plural(warnings, 'warning')}.`;
  const format = textArg(args, 'format');
  if (format !== undefined && isCiFormat(format)) {
    const file = path === null ? null : repositoryPath(path);
    const findings = found.map((one) => contractCiFinding(one, file, lineAt(lines, one.place)));
    const listAll = 'sailplan contract check';
    printCi({ name: 'contract', verdict, findings, file: file ?? sourceFile(settings), listAll }, format, io);
    return errors === 0 ? 0 : 1;
  }
  if (flagArg(args, 'json')) {
    const findings = found.map((one) => ({ ...one, line: lineAt(lines, one.place) }));
    io.out(printJson({ ok: errors === 0, contract: name, findings }).trimEnd());
    return errors === 0 ? 0 : 1;
  }
  for (const [index, one] of found.entries()) {
    io.out(visible(findingText(one, `${name}:${lineAt(lines, one.place)}`)));
    // Findings with the same fix follow each other.
    if (one.fix !== '' && found[index + 1]?.fix !== one.fix) io.out(visible(`    ${one.fix}`));
  }
  io.out(verdict);
  const inUse = path === settings.contractPath ? args : { ...args, contract: path ?? undefined };
  const again = `Next: correct ${path ?? 'it with a contract of your own (sailplan contract init)'}, then run sailplan contract check again.`;
  printNext(errors > 0 ? again : nextSteps(doctorOf(inUse)), args, io);
  return errors === 0 ? 0 : 1;
}

/** A fix changes a rule, which in the built-in contract nobody can. */
const ofBuiltIn = (finding: ContractFinding): ContractFinding =>
  finding.fix === ''
    ? finding
    : {
        ...finding,
        fix: `${finding.fix} The built-in contract cannot be changed: write a copy with \`sailplan contract print > ${CONTRACT_FILE}\`, change that, and give --contract ${CONTRACT_FILE}.`,
      };

const contractCiFinding = (
  { severity, place, message, fix }: ContractFinding,
  file: string | null,
  line: number,
): CiFinding => ({
  severity,
  fails: severity === 'error',
  code: 'contract',
  ref: place === '' ? 'contract' : place,
  title: '',
  message,
  hint: fix,
  url: null,
  place: file === null ? null : { file, line },
});

const findingText = ({ severity, place, message }: ContractFinding, at: string): string =>
  `${at}: ${severity}: ${place === '' ? '' : `${place}: `}${message}`;
