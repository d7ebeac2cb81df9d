import { readSnapshot } from '../../app/read-snapshot.ts';
import { Failure } from '../../core/failure.ts';
import { withoutByteOrderMark } from '../../core/text/utf8.ts';
import { printJsonLine } from '../../plan/file/print.ts';
import { readText } from '../../platform/files.ts';
import type { StoredSnapshot } from '../../saleor/snapshot-file.ts';
import { demoExport, demoShop } from '../../sandbox/demo/demo-shop.ts';
import { parseFaults } from '../../sandbox/server/fault-injection.ts';
import { measuredLatency } from '../../sandbox/server/latency.ts';
import { startSandbox } from '../../sandbox/server/server.ts';
import type { Seed } from '../../sandbox/store/seed.ts';
import { type Args, flagArg, type Io, numberArg, textArg } from '../io.ts';
import { replicaOf, shopForSite } from '../sandbox-seed.ts';

const MAX_PORT = 65_535;

/** Runs the embedded shop until a signal stops it. */
export async function run(args: Args, io: Io): Promise<number> {
  const site = textArg(args, 'site');
  const faults = textArg(args, 'faults');
  const port = numberArg(args, 'port') ?? 0;
  if (port > MAX_PORT)
    throw new Failure(
      'usage',
      `there is no port ${port}`,
      `Give a port up to ${MAX_PORT}, or 0 for any free one.`,
    );
  const shop = textArg(args, 'shop');
  const starts = [
    ...(['recorded', 'empty', 'demo'] as const).filter((name) => flagArg(args, name)),
    ...(shop === undefined ? [] : ['shop']),
  ];
  if (starts.length > 1)
    throw new Failure(
      'usage',
      `${starts.map((name) => `--${name}`).join(' and ')} name two shops to start from`,
      'Give one of them, or none for the demo’s shop.',
    );
  const latency = flagArg(args, 'latency');
  const workers = numberArg(args, 'workers');
  if (workers !== undefined && !latency)
    throw new Failure('usage', '--workers needs --latency', 'Give --latency too.');
  const snapshot = shop === undefined ? null : readSnapshot(shop).read;
  const content = site === undefined ? null : readText(site);
  const given =
    content === null
      ? null
      : await asUsageError(`${site} is not JSON`, () => JSON.parse(withoutByteOrderMark(content)));
  // The recorded shop and a snapshot have no pages of ours.
  const document = given ?? (shop === undefined && !flagArg(args, 'recorded') ? demoExport() : null);
  const plan =
    faults === undefined
      ? null
      : await asUsageError('--faults', () => parseFaults(faults, numberArg(args, 'seed') ?? 1));
  const sandbox = await asUsageError(shop ?? (site === undefined ? 'the sandbox' : site), () =>
    startSandbox({
      port,
      ...seedOf(args, snapshot, given),
      ...(document === null ? {} : { site: { document } }),
      ...(plan === null ? {} : { faults: plan }),
      ...(latency ? { latency: { ...measuredLatency, ...(workers === undefined ? {} : { workers }) } } : {}),
    }),
  );
  const answer = {
    saleor_api_url: sandbox.url,
    token: sandbox.tokens.full,
    tokens: sandbox.tokens,
    ...(document === null ? {} : { site_url: sandbox.siteUrl }),
  };
  if (flagArg(args, 'json')) io.out(printJsonLine(answer));
  else {
    io.out(`export SALEOR_API_URL=${sandbox.url}\nexport SALEOR_TOKEN=${sandbox.tokens.full}`);
    if (document !== null) io.err(`The site's export is at ${sandbox.siteUrl}.`);
    const isPublished = !flagArg(args, 'recorded') && !flagArg(args, 'empty');
    const published = isPublished ? ` Its products are published in the channel ${CHANNEL}.` : '';
    io.err(`The embedded shop answers at ${sandbox.url}.${published}`);
    io.err(
      `${document === null ? 'Its data is lost when you stop it' : 'The data of both is lost when you stop them'} (Ctrl-C).`,
    );
  }
  const isStopping = io.stopOnSignal(null, () => undefined);
  while (!isStopping()) await new Promise((resolve) => setTimeout(resolve, 100));
  await sandbox.close();
  return 0;
}

/** The channel in which the products of the shop are published, so that `storefront` shows them. */
const CHANNEL = 'default-channel';

/** The recorded shop is the sandbox’s own default, as it was: nothing in it is published. `site`: the export, or null. */
function seedOf(args: Args, snapshot: StoredSnapshot | null, site: unknown): { readonly seed?: Seed } {
  const open = (seed: Seed) => ({ seed: { ...seed, publishedIn: CHANNEL } });
  if (snapshot !== null) return open(replicaOf(snapshot, Date.now()));
  if (flagArg(args, 'recorded')) return {};
  if (flagArg(args, 'demo') || (site === null && !flagArg(args, 'empty'))) return open(demoShop());
  if (!flagArg(args, 'empty')) return open(shopForSite(site));
  return { seed: { shop: { name: 'Empty shop' }, attributes: [], productTypes: [], products: [] } };
}

/** The sandbox throws plain errors, because tests use it too. Here they are mistakes in the command line or its files. */
async function asUsageError<T>(what: string, make: () => T | Promise<T>): Promise<T> {
  const hint = 'sailplan sandbox --help shows the usage.';
  try {
    return await make();
  } catch (error) {
    const { code, port } = error as { code?: unknown; port?: unknown };
    if (code === 'EADDRINUSE')
      throw new Failure(
        'usage',
        `port ${port} is in use by another program`,
        'Give another --port, or none for any free port.',
      );
    if (code === 'EACCES')
      throw new Failure('usage', `port ${port} needs privileges`, 'Give a --port above 1023.');
    throw new Failure('usage', `${what}: ${error instanceof Error ? error.message : String(error)}`, hint);
  }
}
