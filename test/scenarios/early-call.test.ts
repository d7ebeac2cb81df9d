import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { createWorkspace, EXPORT, removeWorkspaces } from '../support/workspace.ts';

// A shop is greeted while the export is read. Whatever it does, the export's own errors are the ones that are told.

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  removeWorkspaces();
});

/** A shop that takes every request and never answers. */
async function silentShop() {
  const server = createServer();
  open.push(server);
  let requests = 0;
  let ended = 0;
  server.on('request', (request) => {
    requests += 1;
    request.resume();
    request.socket.on('close', () => {
      ended += 1;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql/`;
  return {
    env: { SALEOR_API_URL: url, SALEOR_TOKEN: 'a'.repeat(30) },
    counts: () => ({ requests, ended }),
  };
}

test('a broken export is told at once, and the process waits for no answer of the shop', async () => {
  const shop = await silentShop();
  const at = createWorkspace();
  at.write('catalog.json', '{"format":"catalog-export"');
  const { code, stderr } = await at.callBin(['plan', '--desired', 'catalog.json'], { env: shop.env });
  expect(code).toBe(1);
  expect(stderr).toContain('catalog.json is not complete JSON');
  expect(stderr.split('\n').filter((line) => line.startsWith('sailplan: '))).toHaveLength(1);
  const { requests, ended } = shop.counts();
  expect(ended).toBe(requests);
});

test.each<[string, readonly string[], string]>([
  ['an export that is not there', ['--desired', 'missing.json'], 'missing.json cannot be read'],
  [
    'an earlier read that is not there',
    ['--desired', EXPORT, '--refresh', 'changed', '--since', 'missing.json'],
    'missing.json',
  ],
  ['a hazard that is none', ['--desired', EXPORT, '--fail-on', 'nonsense'], 'no hazard "nonsense"'],
  [
    'a list that is not there',
    ['--desired', EXPORT, '--capability-registry', 'missing.json'],
    'missing.json',
  ],
])('%s is told, and nothing is sent', async (_, words, says) => {
  const shop = await silentShop();
  const { code, stderr } = await createWorkspace().call(['plan', ...words], { env: shop.env });
  expect(code).toBe(1);
  expect(stderr).toContain(says);
  expect(shop.counts().requests).toBe(0);
});

test('a shop is greeted before the export is read', async () => {
  const shop = await silentShop();
  const at = createWorkspace();
  const running = at.start(['plan', '--desired', EXPORT], { env: shop.env });
  for (let tick = 0; tick < 500 && shop.counts().requests < 2; tick += 1)
    await new Promise((go) => setTimeout(go, 10));
  expect(shop.counts().requests).toBeGreaterThanOrEqual(2);
  running.kill('SIGKILL');
  await running.done;
});
