import { CONFIG_FILE, type Config } from '../../app/config-file.ts';
import { openHttp } from '../../app/open-shop.ts';
import { progressTo, readDesiredState } from '../../app/read-desired.ts';
import { Failure } from '../../core/failure.ts';
import { parseWebAddress } from '../../core/web-address.ts';
import { exists, readText } from '../../platform/files.ts';
import type { Http } from '../../platform/http/client.ts';
import { writeText } from '../../platform/write-files.ts';
import { FORGES, type Forge, writeForge } from '../init/ci-files.ts';
import { shopPart, wagtailPart } from '../init/probe-config.ts';
import { assertNoSecretIn } from '../init/source-address.ts';
import { type Args, flagArg, type Io, notesOf, textArg } from '../io.ts';
import { nextSteps, printNext } from '../next-command.ts';
import { loadSettings } from '../settings.ts';
import { wagtailSource } from '../typed-options.ts';

const POLICY_FILE = 'sailplan.policy.json';

/** Asks both ends what they have and writes a set-up that works; nothing is written before both have answered. */
export async function run(args: Args, io: Io): Promise<number> {
  if (exists(CONFIG_FILE) && !flagArg(args, 'force'))
    throw new Failure(
      'usage',
      `${CONFIG_FILE} is there already`,
      'Edit it, or say --force to write a new one.',
    );
  const http = openHttp(io);
  const source = await askedSource(args, io);
  assertNoSecretIn(source.api ?? source.desired);
  const config: Config = {
    $schema: './node_modules/sailplan/schemas/config.schema.json',
    format: 'sailplan-config',
    format_version: '1.0',
    ...(textArg(args, 'contract') === undefined ? {} : { contract: textArg(args, 'contract') as string }),
    ...(await shopPart(args, io, http)),
    ...(source.api === null
      ? { desired: source.desired }
      : { desired: 'api-v2', wagtail: await wagtailPart(source.api, args, io, http) }),
  };
  if (source.api === null) await checkSource({ ...args, desired: source.desired }, io, http);
  const forge = await askedForge(args, io);
  writeText(CONFIG_FILE, `${JSON.stringify(config, null, 2)}\n`);
  const written = [
    CONFIG_FILE,
    ...policyPart(),
    ...ignorePart(),
    ...attributesPart(),
    ...forgePart(forge, io),
  ];
  io.out(`Written: ${written.join(', ')}.`);
  printNext(environmentText(config), args, io);
  printNext(nextSteps('sailplan lint', 'sailplan doctor', 'sailplan plan --create-missing'), args, io);
  return 0;
}

/** What a new terminal and CI need: a config file alone sends a token nowhere. */
function environmentText({ saleor_api_url, desired, wagtail }: Config): string {
  const addresses = [saleor_api_url, wagtail?.base_url, desired].flatMap((one) =>
    one === undefined ? [] : (parseWebAddress(one)?.origin ?? []),
  );
  const origins = [...new Set(addresses)].join(',');
  return `In every new terminal, and in CI, set SALEOR_TOKEN (WAGTAIL_TOKEN for a private site) and\n  SAILPLAN_ALLOWED_ORIGINS=${origins}`;
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
      '--desired and --wagtail-url are two sources at once',
      'Leave one out: an export, or API v2.',
    );
  const api = url ?? (given === undefined ? io.env['WAGTAIL_URL'] || undefined : undefined);
  if (api !== undefined) return { api, desired: null };
  const desired =
    given ?? (await io.ask('Where is the export (path or URL), or API v2 (ends in /api/v2/)? '));
  if (desired === null || desired === '')
    throw new Failure(
      'usage',
      'init needs to know where the desired state is',
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

function forgePart(forge: Forge | null, io: Io): readonly string[] {
  if (forge === null) return [];
  const { written, kept } = writeForge(forge);
  if (kept.length > 0) io.err(`left alone, since it is there already: ${kept.join(', ')}`);
  return written;
}

async function checkSource(args: Args, io: Io, http: Http): Promise<void> {
  const settings = loadSettings(args, io);
  const source = wagtailSource(settings, args, io);
  const { desired } = await readDesiredState(source, settings.contract, http, progressTo(notesOf(io)));
  io.err(
    `Wagtail: ${desired.offerings.length} offerings, ${Object.keys(desired.taxonomies).length} taxonomies`,
  );
}

function policyPart(): readonly string[] {
  if (exists(POLICY_FILE)) return [];
  const policy = {
    format: 'sailplan-policy',
    format_version: '1.0',
    default: { approvals: 1, max_age_hours: 72 },
  };
  writeText(POLICY_FILE, `${JSON.stringify(policy, null, 2)}\n`);
  return [POLICY_FILE];
}

/** Locks are of this machine; everything else under plans/ belongs into git. */
const ignorePart = (): readonly string[] => linesPart('.gitignore', ['plans/.lock-*']);

/** Digests are of bytes: git must not convert line ends at checkout (core.autocrlf). */
const attributesPart = (): readonly string[] =>
  linesPart('.gitattributes', ['plans/** -text', 'sailplan.*.json -text', 'allowed_signers -text']);

/** Adds the lines that a file lacks. */
function linesPart(path: string, wanted: readonly string[]): readonly string[] {
  const before = exists(path) ? readText(path) : '';
  const has = new Set(before.split(/\r?\n/).map((line) => line.trim()));
  const missing = wanted.filter((line) => !has.has(line));
  if (missing.length === 0) return [];
  writeText(path, `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`);
  return [path];
}
