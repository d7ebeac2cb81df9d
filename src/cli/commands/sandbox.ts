import { readSnapshot } from '../../app/read-snapshot.ts';
import { Failure } from '../../core/failure.ts';
import { withoutByteOrderMark } from '../../core/text/utf8.ts';
import { printJsonLine } from '../../plan/file/print.ts';
import { readText } from '../../platform/files.ts';
import { demoExport, demoShop } from '../../sandbox/demo/demo-shop.ts';
import { parseFaults } from '../../sandbox/server/fault-injection.ts';
import { measuredLatency } from '../../sandbox/server/latency.ts';
import { startSandbox } from '../../sandbox/server/server.ts';
import { type Args, flagArg, type Io, numberArg, textArg } from '../io.ts';
import { replicaOf } from '../sandbox-seed.ts';

/** Runs the embedded shop until it is asked to stop. */
export async function run(args: Args, io: Io): Promise<number> {
  const site = textArg(args, 'site');
  const faults = textArg(args, 'faults');
  const port = numberArg(args, 'port') ?? 0;
  const isDemo = flagArg(args, 'demo');
  if (isDemo && site !== undefined)
    throw new Failure(
      'usage',
      '--demo has a site of its own, and --site names another',
      'Leave one of them out.',
    );
  const shop = textArg(args, 'shop');
  if (isDemo && shop !== undefined)
    throw new Failure(
      'usage',
      '--demo has a shop of its own, and --shop names another',
      'Leave one of them out.',
    );
  const latency = flagArg(args, 'latency');
  const workers = numberArg(args, 'workers');
  if (workers !== undefined && !latency)
    throw new Failure(
      'usage',
      '--workers says how many slow requests are worked on at once, and without --latency none is slow',
      'Say --latency too.',
    );
  const snapshot = shop === undefined ? null : readSnapshot(shop).read;
  const content = site === undefined ? null : readText(site);
  const given =
    content === null
      ? null
      : await asUsageError(`${site} is not JSON`, () => JSON.parse(withoutByteOrderMark(content)));
  const document = isDemo ? demoExport() : given;
  const plan =
    faults === undefined
      ? null
      : await asUsageError('--faults', () => parseFaults(faults, numberArg(args, 'seed') ?? 1));
  const sandbox = await asUsageError(
    shop === undefined ? `port ${port} cannot be used` : `${shop} on port ${port}`,
    () =>
      startSandbox({
        port,
        ...(isDemo ? { seed: demoShop() } : {}),
        ...(snapshot === null ? {} : { seed: replicaOf(snapshot, Date.now()) }),
        ...(document === null ? {} : { site: { document } }),
        ...(plan === null ? {} : { faults: plan }),
        ...(latency
          ? { latency: { ...measuredLatency, ...(workers === undefined ? {} : { workers }) } }
          : {}),
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
    io.err(`The embedded shop answers at ${sandbox.url}; it forgets everything when it ends (Ctrl-C).`);
  }
  const isStopping = io.stopOnSignal(null, () => undefined);
  while (!isStopping()) await new Promise((resolve) => setTimeout(resolve, 100));
  await sandbox.close();
  return 0;
}

/** The sandbox throws plain errors, for it is a toy of tests too; here a person made the mistake. */
async function asUsageError<T>(what: string, make: () => T | Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    throw new Failure(
      'usage',
      `${what}: ${error instanceof Error ? error.message : String(error)}`,
      'sailplan sandbox --help shows how.',
    );
  }
}
