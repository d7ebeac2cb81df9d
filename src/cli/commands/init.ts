import { CONFIG_FILE, type Config, readConfig } from '../../app/config-file.ts';
import { openHttp, targetOf } from '../../app/open-shop.ts';
import { isUrl } from '../../app/options.ts';
import { progressTo, readDesiredState } from '../../app/read-desired.ts';
import { lacksBeforeTypes } from '../../app/shop-lacks.ts';
import { surveyShop, surveySite } from '../../app/survey-both-ends.ts';
import { lacksOf } from '../../contract/check-shop-side.ts';
import { Failure } from '../../core/failure.ts';
import { plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { printJson } from '../../plan/file/print.ts';
import type { Http } from '../../platform/http/client.ts';
import { writeText } from '../../platform/write-files.ts';
import { foldersOf } from '../allowed-origins.ts';
import { entryOf, type NeededOrigin, neededOrigin, rememberAsked } from '../ask-origins.ts';
import { assertSidesNamed } from '../header-env.ts';
import { chooseContract } from '../init/choose-contract.ts';
import { FORGES, type Forge } from '../init/ci-files.ts';
import { CI_NEXT, protectedBranch, withTarget, writeCi } from '../init/init-ci.ts';
import { environmentText, shopText } from '../init/init-text.ts';
import { wagtailPart } from '../init/probe-config.ts';
import { proposalLines, writeProposal } from '../init/propose-file.ts';
import { writeRepositoryFiles } from '../init/repository-files.ts';
import { assertNoSecretIn } from '../init/source-address.ts';
import { type Args, flagArg, type Io, listArg, notesOf, textArg } from '../io.ts';
import { afterInit, nextSteps, printNext } from '../next-command.ts';
import { assertInside, findConfig, loadSettings } from '../settings.ts';
import { surveyedSource } from '../surveyed-source.ts';
import { saleorConnection, wagtailSource } from '../typed-options.ts';
import { bootstrapLines } from '../views/bootstrap-text.ts';

/** Inspects both sides and writes a working config; writes nothing before both have answered. */
export async function run(args: Args, io: Io): Promise<number> {
  const { path: former } = flagArg(args, 'force') ? { path: null } : findConfig(args);
  const given = textArg(args, 'ci') as Forge | undefined;
  if (former !== null && given !== undefined) return addCi(former, given, args, io);
  if (former !== null)
    throw new Failure(
      'usage',
      `${former} exists already`,
      'Edit it, or give --force to write a new one here. With --ci FORGE it is kept, and the CI files are written.',
    );
  const http = openHttp(io);
  const source = await askedSource(args, io);
  assertNoSecretIn(source.api ?? source.desired);
  if (isUrl(source.api ?? source.desired)) assertSidesNamed(listArg(args, 'header-env'));
  const asked =
    source.api === null ? { ...args, desired: source.desired } : { ...args, 'wagtail-url': source.api };
  const settings = loadSettings(asked, io, { readsConfig: false, readsContract: false });
  const saleor = saleorConnection(settings, asked, io);
  const { api_url } = targetOf(saleor);
  const { site, api } = await surveySite(surveyedSource(settings, asked, io), http);
  const shop = await surveyShop(saleor, site, http);
  io.err(shopText(shop));
  const { contract, path, proposal } = await chooseContract(site, shop, args, io);
  const config: Config = {
    $schema: './node_modules/sailplan/schemas/config.schema.json',
    format: 'sailplan-config',
    format_version: '1.0',
    ...named(args, path),
    ...targetPart(args, api_url),
    ...(source.api === null
      ? { desired: source.desired, ...mediaPart(args) }
      : {
          desired: 'api-v2',
          wagtail: {
            ...(await wagtailPart(
              { baseUrl: source.api, contract, taxonomies: api?.taxonomies ?? {} },
              args,
              io,
              http,
            )),
            ...sitePart(args),
          },
        }),
  };
  if (proposal === null && source.api === null && source.desired !== '-')
    await checkSource({ ...asked, contract: path ?? undefined }, io, http);
  assertNamesInside(config);
  const forge = await askedForge(args, io);
  if (proposal !== null && path !== null) {
    writeProposal(path, proposal);
    io.out(
      'The built-in contract gtm-v1 does not fit this site, so this contract was generated from the fields of site and shop.',
    );
    for (const line of proposalLines(proposal, path)) io.out(visible(line));
  }
  const branch = forge === null ? null : await protectedBranch();
  const entries = originsOf(config, io).map(entryOf);
  const ci =
    forge === null || branch === null ? [] : writeCi({ forge, config, origins: entries, branch }, args, io);
  writeText(CONFIG_FILE, printJson(config));
  const written = [CONFIG_FILE, ...writeRepositoryFiles(config.out ?? 'plans', branch), ...ci];
  io.out(`Written: ${written.join(', ')}.`);
  const origins = await rememberAsked(originsOf(config, io), foldersOf(CONFIG_FILE), io);
  printNext(environmentText(origins), args, io);
  const lacks = lacksOf(contract, shop);
  if (lacks.types && shop.sampled === 0)
    for (const line of bootstrapLines(
      lacksBeforeTypes(contract, shop, site),
      'sailplan doctor --configurator',
    ))
      io.out(visible(line));
  printNext(nextSteps(...afterInit(args, { isProposed: proposal !== null, lacks })), args, io);
  if (forge !== null) printNext(CI_NEXT.replace('Next: ', 'For CI: '), args, io);
  return 0;
}

/** Writes CI files for an existing config; contacts neither site nor shop. */
async function addCi(path: string, forge: Forge, args: Args, io: Io): Promise<number> {
  if (path !== CONFIG_FILE)
    throw new Failure('usage', `the config is ${path}`, 'Run the same command in its folder.');
  const former = readConfig(path, io);
  const config = withTarget(former, path, args, io);
  const branch = await protectedBranch();
  const origins = originsOf(config, io).map(entryOf);
  const ci = writeCi({ forge, config, origins, branch }, args, io);
  const changed = config === former ? [] : [path];
  if (config !== former) writeText(path, printJson(config));
  const written = [...changed, ...writeRepositoryFiles(config.out ?? 'plans', branch), ...ci];
  io.out(written.length === 0 ? 'Nothing to write: everything is there.' : `Written: ${written.join(', ')}.`);
  printNext(CI_NEXT, args, io);
  return 0;
}

/** Commands refuse a config that leads out of its repository, so none is written. Throws a Failure (config_invalid). */
function assertNamesInside(config: Config): void {
  for (const name of [
    'contract',
    'policy',
    'capability_registry',
    'control_plane',
    'desired',
    'out',
  ] as const) {
    const path = config[name];
    if (path !== undefined && !isUrl(path) && path !== 'api-v2' && path !== '-')
      assertInside(path, name, CONFIG_FILE);
  }
}

/** Options of the call that a config can contain. */
function named(args: Args, contract: string | null): Partial<Config> {
  const values: Readonly<Record<string, string | undefined>> = {
    contract: contract ?? undefined,
    policy: textArg(args, 'policy'),
    capability_registry: textArg(args, 'capability-registry'),
    control_plane: textArg(args, 'control-plane'),
    out: textArg(args, 'out'),
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function targetPart(args: Args, address: string): Partial<Config> {
  const name = textArg(args, 'target');
  return name === undefined
    ? { saleor_api_url: address }
    : { targets: { [name]: { saleor_api_url: address } } };
}

const mediaPart = (args: Args, media = textArg(args, 'media-base-url')): Partial<Config> =>
  media === undefined ? {} : { wagtail: { media_base_url: media } };

function sitePart(args: Args): Partial<NonNullable<Config['wagtail']>> {
  const site = textArg(args, 'site');
  return { ...mediaPart(args).wagtail, ...(site === undefined ? {} : { site }) };
}

/** Addresses that this config reads from and sends tokens to. */
function originsOf(
  { saleor_api_url, targets = {}, desired, wagtail, capability_registry, control_plane }: Config,
  io: Io,
): readonly NeededOrigin[] {
  const shops = [saleor_api_url, ...Object.values(targets).map((target) => target.saleor_api_url)];
  const sendsToken = Boolean(io.env['WAGTAIL_TOKEN']);
  const all = [
    ...shops.flatMap((one) => neededOrigin('saleor', true, one)),
    ...[wagtail?.base_url, desired].flatMap((one) => neededOrigin('wagtail', sendsToken, one)),
    ...neededOrigin('registry', Boolean(io.env['CAPABILITY_REGISTRY_TOKEN']), capability_registry),
    ...neededOrigin('control_plane', Boolean(io.env['CONTROL_PLANE_TOKEN']), control_plane),
  ];
  return all.filter((one, index) => all.findIndex((other) => entryOf(other) === entryOf(one)) === index);
}

/** Where the desired state is: an export (path or address), or API v2. */
async function askedSource(
  args: Args,
  io: Io,
): Promise<{ api: string; desired: null } | { api: null; desired: string }> {
  const [given, url] = [textArg(args, 'desired'), textArg(args, 'wagtail-url')];
  if (given !== undefined && url !== undefined)
    throw new Failure(
      'usage',
      '--desired and --wagtail-url cannot be combined',
      'Give one source: an export, or API v2.',
    );
  const api = url ?? (given === undefined ? io.env['WAGTAIL_URL'] || undefined : undefined);
  if (api !== undefined) return { api, desired: null };
  const desired =
    given ?? (await io.ask('Where is the export (path or URL), or API v2 (ends in /api/v2/)? '));
  if (desired === null || desired === '')
    throw new Failure(
      'usage',
      'missing source: init needs the address of an export or of API v2',
      'Give --desired FILE, --desired URL or --wagtail-url https://cms.example.com/api/v2/.',
    );
  return /\/api\/v2\/?$/.test(desired) ? { api: desired, desired: null } : { api: null, desired };
}

/** Which forge's CI files are wanted; null: none. */
async function askedForge(args: Args, io: Io): Promise<Forge | null> {
  const given = textArg(args, 'ci') as Forge | undefined;
  if (given !== undefined) return given;
  const said = await io.ask(`CI files for ${FORGES.join(' or ')} (empty: none)? `);
  if (said === null || said === '') return null;
  const forge = FORGES.find((one) => one === said.toLowerCase());
  if (forge === undefined)
    throw new Failure(
      'usage',
      `there are no CI files for "${said}"`,
      `It is ${FORGES.join(' or ')}, or nothing.`,
    );
  return forge;
}

async function checkSource(args: Args, io: Io, http: Http): Promise<void> {
  const settings = loadSettings(args, io, { readsConfig: false });
  const source = wagtailSource(settings, args, io);
  const { desired } = await readDesiredState(source, settings.contract, http, progressTo(notesOf(io)));
  io.err(
    `Wagtail: ${plural(desired.offerings.length, 'offering')}, ${plural(Object.keys(desired.taxonomies).length, 'taxonomy', 'taxonomies')}`,
  );
}
