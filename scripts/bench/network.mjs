// Plan and apply over the network, each beside a bare client that replays the very same requests against the same server,
// both as processes, in turns. Without SALEOR_API_URL the server is a sandbox that answers as slowly as a real Saleor with
// two workers was measured (src/sandbox/server/latency.ts).
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ask, everyNode } from '../../test/slow/saleor/remove.mjs';
import { writeCatalogue, writeCatalogueOf } from './catalogue.mjs';
import { corner } from './corner.mjs';
import { median, timed } from './process.mjs';
import { causal, record } from './recorder.mjs';

const CLI = resolve('dist/cli.mjs');
const REPLAY = resolve('scripts/bench/replay.mjs');
const list = (name, otherwise) => (process.env[name] ?? otherwise).split(',').filter((word) => word !== '');

function start(words, folder, env = {}) {
  const child = spawn(process.execPath, [CLI, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (part) => {
      said[name] += part;
    });
  return { child, said, ended: new Promise((ended) => child.on('close', ended)) };
}

async function call(words, folder, env) {
  const { said, ended } = start(words, folder, env);
  const code = await ended;
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${said.stderr}`);
  return said.stdout;
}

/** A sandbox of its own process with the shop of a snapshot: {env, close()}. */
export async function open(folder, snapshot, more = []) {
  const words = ['sandbox', '--shop', snapshot, '--latency', ...more, '--json'];
  const { child, said, ended } = start(words, folder);
  while (!said.stdout.includes('\n')) {
    if (child.exitCode !== null) throw new Error(`the sandbox ended: ${said.stderr}`);
    await new Promise((again) => setTimeout(again, 20));
  }
  const { saleor_api_url, token } = JSON.parse(said.stdout.split('\n')[0]);
  const close = async () => {
    child.kill();
    await ended;
  };
  return { env: { SALEOR_API_URL: saleor_api_url, SALEOR_TOKEN: token }, close };
}

/** What a command asks: runs it once through a recorder. The requests stand in a file for the bare client. */
async function recorded({ env }, folder, words, file) {
  const recorder = await record(env.SALEOR_API_URL);
  try {
    await call(words, folder, { ...env, SALEOR_API_URL: recorder.url });
  } finally {
    await recorder.close();
  }
  writeFileSync(file, JSON.stringify(causal(recorder.exchanges)));
  return {
    requests: recorder.exchanges.length,
    bytes: recorder.exchanges.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

const figures = (name, facts, taken, bare) => {
  const of = (runs, member) => Math.round(median(runs.map((run) => run[member])));
  const wall = of(taken, 'wall_ms');
  const floor = of(bare, 'wall_ms');
  return [
    {
      name,
      ...facts,
      median_ms: wall,
      worst_ms: Math.round(Math.max(...taken.map((run) => run.wall_ms))),
      cpu_ms: of(taken, 'cpu_ms'),
      peak_mib: of(taken, 'peak_mib'),
      ratio: Number(median(taken.map((run, round) => run.wall_ms / bare[round].wall_ms)).toFixed(2)),
    },
    { name: `${name}: a bare client with the same requests`, median_ms: floor, cpu_ms: of(bare, 'cpu_ms') },
  ];
};

/** Interleaved: ours, bare, ours, bare, … after one of each that does not count. */
async function measured(rounds, ours, bare) {
  const taken = { ours: [], bare: [] };
  for (let round = 0; round <= rounds; round += 1)
    for (const [name, run] of [
      ['ours', ours],
      ['bare', bare],
    ]) {
      const one = await run();
      if (round > 0 || rounds === 1) taken[name].push(one);
    }
  return taken;
}

/** One way to plan, read only: against any shop. */
async function planning(name, shop, folder, words, facts, rounds) {
  const requests = join(folder, 'requests.json');
  const out = ['--out', join(folder, 'plans')];
  const fresh = () => rmSync(join(folder, 'plans'), { recursive: true, force: true });
  const asked = await recorded(shop, folder, [...words, ...out], requests);
  const taken = await measured(
    rounds,
    () => {
      fresh();
      return timed([CLI, ...words, ...out], folder, shop.env);
    },
    () => timed([REPLAY, requests], folder, shop.env),
  );
  fresh();
  return figures(name, { ...facts, ...asked }, taken.ours, taken.bare);
}

/** The address under which the recorder stands for the shop is another one than the snapshot's. */
function sinceAt(folder, url) {
  const path = join(folder, 'earlier.json');
  const text = readFileSync(join(folder, 'shop.json'), 'utf8');
  writeFileSync(path, text.replace(/"api_url":"[^"]*"/, `"api_url":"${url}"`));
  return path;
}

const CHANGED = 10;

/** Plans of a catalogue of this size: every product read, and only those that were written since. */
async function ofSize(folder, size, rounds) {
  const at = join(folder, `network-${size}`);
  mkdirSync(at);
  const files = { desired: join(at, 'catalog.json'), actual: join(at, 'seed.json') };
  writeCatalogue(size, 0, files);
  const shop = await open(at, files.actual);
  try {
    const { SALEOR_API_URL: url, SALEOR_TOKEN: token } = shop.env;
    const write = (number, value) =>
      ask(
        url,
        token,
        `mutation($id:ID!,$v:String!){updateMetadata(id:$id,input:[{key:"cp_offering_version_id",value:$v}]){errors{message}}}`,
        { id: btoa(`Product:${number}`), v: value },
      );
    // Somebody works there: else all of it would be as new as its newest product.
    await write(size, 'old');
    await call(['snapshot', 'saleor', '--out', 'shop.json', '--locale', 'en'], at, shop.env);
    for (let number = 1; number < CHANGED; number += 1) await write(number * 7, 'old');
    const facts = { offerings: size, changed: CHANGED };
    const words = ['plan', '--desired', files.desired];
    const whole = await planning('plan over the network', shop, at, words, facts, rounds);
    const refresh = [...words, '--refresh', 'changed', '--since'];
    const some = await refreshing(shop, at, refresh, facts, rounds);
    return [...whole, ...some];
  } finally {
    await shop.close();
    rmSync(at, { recursive: true, force: true });
  }
}

async function refreshing(shop, at, words, facts, rounds) {
  const requests = join(at, 'changed.json');
  const recorder = await record(shop.env.SALEOR_API_URL);
  const out = ['--out', join(at, 'plans')];
  const fresh = () => rmSync(join(at, 'plans'), { recursive: true, force: true });
  try {
    const since = sinceAt(at, recorder.url);
    await call([...words, since, ...out], at, { ...shop.env, SALEOR_API_URL: recorder.url });
  } finally {
    await recorder.close();
  }
  writeFileSync(requests, JSON.stringify(causal(recorder.exchanges)));
  const taken = await measured(
    rounds,
    () => {
      fresh();
      return timed([CLI, ...words, join(at, 'shop.json'), ...out], at, shop.env);
    },
    () => timed([REPLAY, requests], at, shop.env),
  );
  const bytes = recorder.exchanges.reduce((sum, one) => sum + one.bytes, 0);
  return figures(
    'plan --refresh changed',
    { ...facts, requests: recorder.exchanges.length, bytes },
    taken.ours,
    taken.bare,
  );
}

/** `changed/offerings` of each apply. */
const APPLIES = list('APPLIES', '60/300,300/3000').map((one) => one.split('/').map(Number));
/** What several requests in flight are tried on. */
const UPDATED = 60;

/** A term that Saleor lacks and a product type without one attribute: values and assignments are written too. */
function withMore(files) {
  const desired = JSON.parse(readFileSync(files.desired, 'utf8'));
  desired.taxonomies.badges.push({
    key: 'carbon_neutral',
    label: 'carbon_neutral',
    description: '',
    sort_order: 99,
  });
  writeFileSync(files.desired, JSON.stringify(desired));
  const actual = JSON.parse(readFileSync(files.actual, 'utf8'));
  actual.actual.product_types.giftcard.attributes.pop();
  writeFileSync(files.actual, JSON.stringify(actual));
}

/** A catalogue with something to apply, and what gives a plan of it, approved, in a fresh shop. */
function toApply(at, [updated, offerings] = [60, 300]) {
  mkdirSync(at);
  const files = { desired: join(at, 'catalog.json'), actual: join(at, 'seed.json') };
  writeCatalogue(offerings, updated, files);
  withMore(files);
  return async (through, more = []) => {
    const shop = await open(at, files.actual, more);
    const recorder = through ? await record(shop.env.SALEOR_API_URL) : null;
    const env = { ...shop.env, ...(recorder === null ? {} : { SALEOR_API_URL: recorder.url }) };
    rmSync(join(at, 'plans'), { recursive: true, force: true });
    const words = [
      'plan',
      '--desired',
      files.desired,
      '--create-missing',
      '--sync-attributes',
      '--sync-products',
    ];
    const { id, summary } = JSON.parse(await call([...words, '--json'], at, env));
    if (summary.by_kind.product.update !== updated)
      throw new Error(`${summary.by_kind.product.update} products`);
    await call(['approve', id, '--as', 'bench', '--yes'], at, env);
    return { shop, recorder, env, id };
  };
}

/** Apply writes, so each run has a shop of its own that begins alike; ids come out the same in each. */
async function applying(folder, [updated, offerings], rounds) {
  const at = join(folder, `network-apply-${offerings}`);
  const prepared = toApply(at, [updated, offerings]);
  const requests = join(at, 'requests.json');
  const first = await prepared(true);
  first.recorder.exchanges.splice(0);
  await call(['apply', first.id, '--no-policy'], at, first.env);
  const { exchanges } = first.recorder;
  await first.recorder.close();
  await first.shop.close();
  writeFileSync(requests, JSON.stringify(causal(exchanges)));
  const taken = { ours: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['ours', 'bare']) {
      const { shop, id } = await prepared(false);
      const words = name === 'ours' ? [CLI, 'apply', id, '--no-policy'] : [REPLAY, requests];
      try {
        taken[name].push(await timed(words, at, shop.env));
      } finally {
        await shop.close();
      }
    }
  }
  rmSync(at, { recursive: true, force: true });
  const bytes = exchanges.reduce((sum, one) => sum + one.bytes, 0);
  const facts = { offerings, changed: updated, requests: exchanges.length, bytes };
  return figures('apply over the network', facts, taken.ours, taken.bare);
}

/** Two states of a corner of the shop take turns: apply through the tool, then the same requests again by the bare client. */
async function applyingIn(folder, env, updated, rounds) {
  const { at, contract, words, remove } = await corner(folder, env, updated);
  try {
    const prepared = async (turn, more = [], through = env) => {
      rmSync(join(at, 'plans'), { recursive: true, force: true });
      const { id } = JSON.parse(await call([...words(turn), ...more, '--json'], at, through));
      await call(['approve', id, '--as', 'bench', '--yes'], at, through);
      // Without the mark: it would stay in the app's own metadata.
      return ['apply', id, ...contract, '--no-policy', '--no-mark'];
    };
    await call(
      await prepared(0, ['--create-missing', '--sync-attributes', '--create-attributes', '--sync-products']),
      at,
      env,
    );
    const files = [1, 0].map((turn) => ({ turn, file: join(at, `requests-${turn}.json`) }));
    let exchanges = [];
    for (const { turn, file } of files) {
      const recorder = await record(env.SALEOR_API_URL);
      const through = { ...env, SALEOR_API_URL: recorder.url };
      const apply = await prepared(turn, [], through);
      recorder.exchanges.splice(0);
      await call(apply, at, through);
      await recorder.close();
      exchanges = recorder.exchanges;
      writeFileSync(file, JSON.stringify(causal(exchanges)));
    }
    const taken = { ours: [], bare: [] };
    for (let round = 0; round < rounds; round += 1) {
      const { turn, file } = files[round % 2];
      const apply = await prepared(turn);
      taken.ours.push(await timed([CLI, ...apply], at, env));
      taken.bare.push(await timed([REPLAY, file], at, env));
    }
    const bytes = exchanges.reduce((sum, one) => sum + one.bytes, 0);
    const facts = { changed: updated, requests: exchanges.length, bytes };
    return figures('apply over the network', facts, taken.ours, taken.bare);
  } finally {
    await remove();
  }
}

/** Without a policy nothing is applied where this app has applied with one (src/app/shop-apply-record.ts). */
async function assertMayApply({ SALEOR_API_URL: url, SALEOR_TOKEN: token }) {
  const { app } = await ask(url, token, '{app{marks:privateMetafield(key:"sailplan_applied")}}');
  if (JSON.parse(app?.marks ?? '[]').at(-1)?.policy)
    throw new Error(
      'the app of SALEOR_TOKEN has applied to this shop with a policy, and the bench has none: give the token of another app',
    );
}

/** A real shop: its own products are only read, as if pages named each of them, or the first of them. */
async function onShop(folder, env, rounds) {
  await assertMayApply(env);
  const products = await everyNode(env.SALEOR_API_URL, env.SALEOR_TOKEN, 'products');
  const sizes = list('NETWORK_SIZES', String(products.length))
    .map((size) => Math.min(Number(size), products.length))
    .filter((size, index, all) => all.indexOf(size) === index);
  const rows = [];
  for (const size of sizes) rows.push(...(await planningIn(folder, env, products.slice(0, size), rounds)));
  for (const [updated] of APPLIES) rows.push(...(await applyingIn(folder, env, updated, rounds)));
  return rows.map((row) => ({ ...row, shop: products.length }));
}

async function planningIn(folder, env, products, rounds) {
  const at = join(folder, `network-${products.length}`);
  mkdirSync(at);
  const files = { desired: join(at, 'catalog.json'), actual: join(at, 'seed.json') };
  writeCatalogueOf(products, files);
  await call(['snapshot', 'saleor', '--out', 'shop.json', '--locale', 'en'], at, env);
  const facts = { offerings: products.length };
  const words = ['plan', '--desired', files.desired];
  return [
    ...(await planning('plan over the network', { env }, at, words, facts, rounds)),
    ...(await refreshing({ env }, at, [...words, '--refresh', 'changed', '--since'], facts, rounds)),
  ];
}

export async function network({ folder, rounds, applies = APPLIES }) {
  const { SALEOR_API_URL, SALEOR_TOKEN } = process.env;
  if (SALEOR_API_URL) return onShop(folder, { SALEOR_API_URL, SALEOR_TOKEN }, rounds);
  const rows = [];
  for (const size of list('NETWORK_SIZES', '300,3000').map(Number))
    rows.push(...(await ofSize(folder, size, size <= 3000 ? rounds : Math.min(rounds, 3))));
  for (const one of applies) rows.push(...(await applying(folder, one, rounds)));
  return rows;
}

const WORKERS = [1, 2, 4];

/** Apply with several requests in flight, beside one at a time, on shops that work on one, two and four at once. */
export async function flight({ folder, rounds }) {
  const rows = [];
  for (const workers of WORKERS) {
    const at = join(folder, `flight-${workers}`);
    const prepared = toApply(at);
    const taken = { alone: [], several: [] };
    for (let round = 0; round < rounds; round += 1)
      for (const [name, more] of [
        ['alone', ['--parallel', '1']],
        ['several', []],
      ]) {
        const { shop, id } = await prepared(false, ['--workers', String(workers)]);
        try {
          taken[name].push(await timed([CLI, 'apply', id, '--no-policy', ...more], at, shop.env));
        } finally {
          await shop.close();
        }
      }
    rmSync(at, { recursive: true, force: true });
    const [alone, several] = [taken.alone, taken.several].map((runs) =>
      median(runs.map((run) => run.wall_ms)),
    );
    rows.push({
      name: `apply, a shop that works on ${workers} at once`,
      changed: UPDATED,
      median_ms: Math.round(several),
      worst_ms: Math.round(Math.max(...taken.several.map((run) => run.wall_ms))),
      alone_ms: Math.round(alone),
      of_alone: several / alone,
    });
  }
  return rows;
}
