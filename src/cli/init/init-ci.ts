import { relative, sep } from 'node:path';
import { furtherTokens } from '../../app/ci-setup/needed-variables.ts';
import { CONFIG_FILE, type Config } from '../../app/config-file.ts';
import { isUrl } from '../../app/options.ts';
import { POLICY_FILE } from '../../app/rule-places.ts';
import { Failure } from '../../core/failure.ts';
import { byCodeUnit } from '../../core/json/records.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { printJson } from '../../plan/file/print.ts';
import { gitTopOf, realpathOf } from '../../platform/config-search.ts';
import { exists, readText } from '../../platform/files.ts';
import { isRepository, openGit } from '../../platform/git-program.ts';
import { type Args, type Io, listArg, textArg } from '../io.ts';
import { CHECKLIST_HEAD, checklist } from './ci-checklist.ts';
import { type Forge, pipelineFiles, writeMissing } from './ci-files.ts';
import { formerShops, formerTokens } from './former-shops.ts';
import { ownersPart, packagePart } from './repository-files.ts';
import { type CiShop, FURTHER_TOKENS, type WorkflowSettings } from './workflow-text.ts';

const CHECKLIST_FILE = 'sailplan-ci.md';

/** What only a person can set comes before the command that checks it. */
export const CI_NEXT = `Next: set what ${CHECKLIST_FILE} lists on the forge, then\n  sailplan doctor --ci`;

export interface CiCall {
  readonly forge: Forge;
  readonly config: Config;
  /** `saleor=https://shop.example.com` */
  readonly origins: readonly string[];
  readonly branch: string;
}

/**
 * Writes what CI needs: workflow and actions, package.json, code owners, and a checklist of what only a person can set. What is
 * there already is left alone; shops of other folders and targets stay in the workflow. Gives the paths that were written.
 */
export function writeCi(call: CiCall, args: Args, io: Io): readonly string[] {
  const { forge, config, branch, origins } = call;
  const here = realpathOf('.');
  const top = gitTopOf('.') ?? here;
  const directory = relative(top, here).split(sep).join('/') || '.';
  const shops = shopsOf(config, directory);
  const former = formerShops(top, forge);
  const { desired = '' } = config;
  const tokens = furtherTokens(config);
  const before = formerTokens(top);
  const settings = {
    branch,
    furtherTokens: FURTHER_TOKENS.filter(
      (name) => before.includes(name) || tokens.some((token) => token.name === name),
    ),
    shops: [...former.filter((one) => one.directory !== directory), ...shops].sort(byName),
  };
  assertPlain(settings);
  const files = pipelineFiles(forge, settings);
  const pipelines = writeMissing(
    top,
    files,
    pipelineFiles(forge, { branch, shops: former, furtherTokens: before }),
  );
  const { written: packages, install } = packagePart();
  const below = (path: string) => (directory === '.' ? path : `${directory}/${path}`);
  const rules = [
    `${config.out ?? 'plans'}/`,
    config.policy ?? POLICY_FILE,
    CONFIG_FILE,
    config.contract ?? [],
  ].flat();
  const owned = [
    ...rules.map(below),
    ...(forge === 'github' ? ['.github/'] : ['.gitlab-ci.yml', '.gitlab/']),
  ];
  const owners = ownersPart(top, forge, owned, listArg(args, 'owner'));
  const text = checklist({
    forge,
    shops,
    branch,
    origins,
    asksSite: desired === 'api-v2' || isUrl(desired),
    furtherTokens: tokens,
    ownerLines: owners.lacking,
    install,
  });
  const list = writeMissing(here, { [CHECKLIST_FILE]: text }, untouchedList());
  const kept = [...pipelines.kept, ...list.kept];
  if (kept.length > 0) io.err(`Kept, because it exists: ${kept.join(', ')}`);
  io.out(visible(text, { newlines: true }));
  return [...pipelines.written, ...packages, ...owners.written, ...list.written];
}

/** The checklist that is there, as long as nobody ticked a box. */
function untouchedList(): Readonly<Record<string, string>> {
  const there = exists(CHECKLIST_FILE) ? readText(CHECKLIST_FILE) : '';
  return there.startsWith(CHECKLIST_HEAD) && !/\[[xX]\]/.test(there) ? { [CHECKLIST_FILE]: there } : {};
}

const byName = (a: CiShop, b: CiShop): number => byCodeUnit(a.name ?? '', b.name ?? '');

/** A config at the top with one shop needs no name; else each is named after folder and target. */
function shopsOf({ targets = {} }: Config, directory: string): readonly CiShop[] {
  const folder = directory === '.' ? [] : [directory.split('/').at(-1) ?? ''];
  const names = Object.keys(targets);
  if (names.length === 0) return [{ name: folder[0] ?? null, target: null, directory }];
  return names.map((target) => ({ name: [...folder, target].join('-'), target, directory }));
}

/** These words are written into YAML and shell as they are. Throws a Failure (usage). */
function assertPlain({ shops, branch }: WorkflowSettings): void {
  const plain = /^[A-Za-z0-9._][\w./-]*$/;
  const odd = [...shops.map(({ directory }) => directory), branch].find((word) => !plain.test(word));
  if (odd !== undefined)
    throw new Failure(
      'usage',
      `"${odd}" cannot be written into the file of a CI system`,
      'Use a folder and a branch of letters, digits and . _ / -.',
    );
  const name = shops.flatMap((shop) => shop.name ?? []).find((one) => !/^[A-Za-z0-9][\w-]{0,39}$/.test(one));
  if (name !== undefined)
    throw new Failure(
      'usage',
      `environments and jobs are named after "${name}"`,
      'Use letters, digits, _ and - in the names of folders and targets, 40 at most.',
    );
  const names = shops.map((shop) => shop.name);
  const twice = names.find((one, index) => names.indexOf(one) !== index);
  if (twice !== undefined)
    throw new Failure(
      'usage',
      `two shops have the name "${twice}": the last part of their folders is the same`,
      'Rename one of the folders, or edit the workflow by hand.',
    );
}

/** The branch that a remote calls its own, else the one that is checked out, else main. */
export async function protectedBranch(): Promise<string> {
  const top = gitTopOf('.');
  if (top === null || !isRepository(top)) return 'main';
  const git = openGit(top);
  const ofRemote = await git.find('symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD');
  if (ofRemote !== null) return ofRemote.replace(/^origin\//, '');
  return (await git.find('symbolic-ref', '--quiet', '--short', 'HEAD')) ?? 'main';
}

/**
 * The config with one more target, whose shop SALEOR_API_URL names. Throws a Failure (usage) where the config is not as init
 * wrote it: what a person wrote is edited by a person.
 */
export function withTarget(config: Config, path: string, args: Args, io: Io): Config {
  const name = textArg(args, 'target');
  if (name === undefined || Object.hasOwn(config.targets ?? {}, name)) return config;
  const address = io.env['SALEOR_API_URL'];
  const entry = `"${name}": {"saleor_api_url": "${address ?? 'https://shop.example.com/graphql/'}"}`;
  if (config.targets === undefined)
    throw new Failure(
      'usage',
      `${path} has one shop without a name, so "${name}" cannot be added beside it`,
      `Move saleor_api_url into "targets": {"first": {"saleor_api_url": …}, ${entry}}, then run the same command again.`,
    );
  if (address === undefined || address === '')
    throw new Failure(
      'usage',
      `no address is given for "${name}"`,
      'Set SALEOR_API_URL to that of the shop.',
    );
  if (readText(path) !== printJson(config))
    throw new Failure(
      'usage',
      `${path} was edited, so init does not change it`,
      `Add ${entry} to its "targets", then run the same command again.`,
    );
  return { ...config, targets: { ...config.targets, [name]: { saleor_api_url: address } } };
}
