// PEER=1: what a user could take instead, @saleor/configurator, beside `plan` on the same shop through the same proxy. It reads the
// whole shop, wants https and a token with every permission (PEER_TOKEN), and is installed into a temporary folder from npm.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { everyNode } from '../../test/slow/saleor/remove.mjs';
import { writeCatalogueOf } from './catalogue.mjs';
import { median, timed } from './process.mjs';
import { causal, record } from './recorder.mjs';

const CLI = resolve('dist/cli.mjs');
const REPLAY = resolve('scripts/bench/replay.mjs');
const PACKAGE = '@saleor/configurator';
const VERSION = '3.23.2';

/** Meanwhile this process goes on, and sees that the shop closes its connections. */
async function must(command, words, cwd) {
  const child = spawn(command, words, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (part) => {
    said += part;
  });
  const status = await new Promise((ended, failed) => child.on('close', ended).on('error', failed));
  if (status !== 0) throw new Error(`${command} ${words.join(' ')} ended with ${status}: ${said}`);
}

async function certificate(at) {
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(at, name));
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  await must(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, '-keyout', key, '-out', cert],
    at,
  );
  return { path: cert, tls: { key: readFileSync(key), cert: readFileSync(cert) } };
}

/** Plan, the bare client and the peer's `diff` of a shop in turns, each a process, through one proxy with TLS. */
export async function peer({ folder, rounds }) {
  const { SALEOR_API_URL: url, SALEOR_TOKEN: token, PEER_TOKEN = token } = process.env;
  if (!url || !token)
    throw new Error('PEER=1 needs SALEOR_API_URL and SALEOR_TOKEN, and PEER_TOKEN with all permissions');
  const at = join(folder, 'peer');
  mkdirSync(at);
  await must('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${PACKAGE}@${VERSION}`], at);
  const tool = join(at, 'node_modules', PACKAGE, 'bin/cli.mjs');
  const { path, tls } = await certificate(at);
  const products = await everyNode(url, token, 'products');
  const files = { desired: join(at, 'catalog.json'), actual: join(at, 'seed.json') };
  writeCatalogueOf(products, files);
  const proxy = await record(url, tls);
  const requests = join(at, 'requests.json');
  const env = { SALEOR_API_URL: proxy.url, SALEOR_TOKEN: token, NODE_EXTRA_CA_CERTS: path };
  const shop = ['--url', proxy.url, '--token', PEER_TOKEN, '--config', join(at, 'config.yml')];
  const runs = {
    ours: async () => {
      rmSync(join(at, 'plans'), { recursive: true, force: true });
      return timed([CLI, 'plan', '--desired', files.desired], at, env);
    },
    bare: () => timed([REPLAY, requests], at, env),
    theirs: () => timed([tool, 'diff', ...shop, '--quiet'], at, env),
  };
  try {
    await timed([tool, 'introspect', ...shop, '--quiet'], at, env);
    const taken = { ours: [], bare: [], theirs: [] };
    const asked = {};
    for (let round = 0; round <= rounds; round += 1)
      for (const [name, run] of Object.entries(runs)) {
        proxy.exchanges.splice(0);
        const one = await run();
        asked[name] = proxy.exchanges.length;
        if (name === 'ours') writeFileSync(requests, JSON.stringify(causal(proxy.exchanges)));
        // The first of each does not count.
        if (round > 0) taken[name].push(one);
      }
    const names = {
      ours: 'plan',
      bare: 'a bare client with the same requests',
      theirs: `${PACKAGE} ${VERSION} diff`,
    };
    return Object.entries(names).map(([name, title]) => ({
      name: `${title}, through one TLS proxy`,
      shop: products.length,
      requests: asked[name],
      median_ms: Math.round(median(taken[name].map((run) => run.wall_ms))),
      worst_ms: Math.round(Math.max(...taken[name].map((run) => run.wall_ms))),
      cpu_ms: Math.round(median(taken[name].map((run) => run.cpu_ms))),
      peak_mib: Math.round(median(taken[name].map((run) => run.peak_mib))),
      ratio: Number(
        median(taken[name].map((run, round) => run.wall_ms / taken.bare[round].wall_ms)).toFixed(2),
      ),
    }));
  } finally {
    await proxy.close();
  }
}
