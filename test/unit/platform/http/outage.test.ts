import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { createHttp } from '../../../../src/platform/http/client.ts';
import { createOutage } from '../../../../src/platform/http/outage.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** A server that can go away and come back at the same address. The clock moves by sleeping only. */
async function restartable(waitMs: number) {
  const seen: string[] = [];
  const notes: string[] = [];
  const at = { nowMs: 0, stopping: false, status: 200, onSleep: async () => {} };
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/graphql/`;

  async function listen(onPort: number): Promise<Server> {
    const started = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        seen.push(body);
        response.writeHead(body === 'probe' ? 200 : at.status).end('{}');
      });
    });
    open.push(started);
    await new Promise<void>((done) => started.listen(onPort, '127.0.0.1', done));
    return started;
  }
  const clock = {
    now: () => at.nowMs,
    sleep: async (ms: number) => {
      at.nowMs += ms;
      await at.onSleep();
    },
  };
  const request = (body: string) => ({
    method: 'POST' as const,
    url,
    headers: {},
    body,
    timeoutMs: 2_000,
    maxBytes: 1_000,
    isRepeatable: true,
  });
  const outage = createOutage({
    clock,
    waitMs,
    probe: request('probe'),
    isHealthy: ({ status }) => status < 500,
    isStopping: () => at.stopping,
    note: (text) => notes.push(text),
  });
  const http = createHttp({ clock, random: () => 1, outage });
  const kill = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  const start = async () => {
    server = await listen(port);
  };
  return { at, seen, notes, read: () => http.send(request('read')), kill, start };
}

test('a server that is away for a minute: the read waits for it, and is sent again from the same budget', async () => {
  const { at, seen, notes, read, kill, start } = await restartable(120_000);
  await read();
  await kill();
  let isBack = false;
  at.onSleep = async () => {
    if (isBack || at.nowMs < 60_000) return;
    isBack = true;
    await start();
  };
  expect(await Promise.all([read(), read(), read()])).toMatchObject([
    { status: 200, retries: 1 },
    { status: 200, retries: 1 },
    { status: 200, retries: 1 },
  ]);
  expect(seen.filter((body) => body === 'probe').length).toBe(1);
  expect(notes).toEqual([
    expect.stringMatching(
      /^note: the shop does not answer \(connection refused\); waiting for it for up to 120 s/,
    ),
    expect.stringMatching(/^note: the shop answers again, after \d\d s$/),
  ]);
});

test('after the time to wait the read fails; later reads are retried, and not held up again', async () => {
  const { at, notes, read, kill } = await restartable(120_000);
  await read();
  await kill();
  await expect(read()).rejects.toThrow(/connection refused, and the server did not come back$/);
  expect(at.nowMs).toBeGreaterThanOrEqual(120_000);
  expect(at.nowMs).toBeLessThan(125_000);
  const before = at.nowMs;
  await expect(read()).rejects.toThrow('after 5 attempts');
  expect(at.nowMs - before).toBe(7_500);
  expect(notes.at(-1)).toMatch(/^note: the shop did not come back within 12\d s$/);
});

test('a stop signal ends the wait', async () => {
  const { at, read, kill } = await restartable(120_000);
  await read();
  await kill();
  at.onSleep = async () => {
    at.stopping = at.nowMs > 10_000;
  };
  await expect(read()).rejects.toThrow('did not come back');
  expect(at.nowMs).toBeLessThan(15_000);
});

test('one read that fails while the server is there is sent five times and no more', async () => {
  const { at, seen, notes, read } = await restartable(120_000);
  await read();
  at.status = 503;
  seen.length = 0;
  expect(await read()).toMatchObject({ status: 503, retries: 4 });
  expect(seen.filter((body) => body === 'read')).toHaveLength(5);
  expect(notes).toEqual([]);
});

test('0: no wait', async () => {
  const { at, notes, read, kill } = await restartable(0);
  await read();
  await kill();
  await expect(read()).rejects.toThrow('connection refused, after 5 attempts');
  expect([at.nowMs, notes]).toEqual([7_500, []]);
});
