import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, request as send } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { ODD_REPLIES } from '../support/misbehaving-proxy.ts';
import { createWorkspace, removeWorkspaces, singleErrorOf, type Workspace } from '../support/workspace.ts';

/** A shop behind TLS of a company's own authority, reached through the company's proxy: real sockets, real certificates. */

jest.setTimeout(60_000);
let at: Workspace;
let sandbox: Sandbox;
let shop: Server;
let proxy: Server;
/** What the proxy was asked: `CONNECT host:port` or `POST http://…`, and everything that it could read. */
let asked: string[] = [];
let read = '';
/** Sent in place of the answer to the first request that updates a product; null: nothing is. */
let oddReply: string | null = null;
const sockets = new Set<Socket>();

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listen = (server: Server) =>
  new Promise<void>((resolve) => {
    server.on('connection', (socket: Socket) => sockets.add(socket));
    server.listen(0, '127.0.0.1', resolve);
  });

function authority(): void {
  const openssl = (...words: readonly string[]) =>
    execFileSync('openssl', words, { cwd: at.path, stdio: 'pipe' });
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=Company',
  );
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'shop.key',
    '-out',
    'shop.csr',
    '-subj',
    '/CN=shop.example.com',
  );
  at.write('names.txt', 'subjectAltName=DNS:shop.example.com\n');
  openssl(
    'x509',
    '-req',
    '-in',
    'shop.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-out',
    'shop.pem',
    '-days',
    '2',
    '-extfile',
    'names.txt',
  );
}

/** To the sandbox, whatever the address says, unless `intercept` has answered already. */
async function forward(
  incoming: IncomingMessage,
  answer: (status: number, headers: object) => NodeJS.WritableStream,
  intercept: (body: string) => boolean = () => false,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { host: _, ...headers } = incoming.headers;
  const to = send(sandbox.url, { method: incoming.method ?? 'GET', headers }, (reply) => {
    if (!intercept(body.toString())) return reply.pipe(answer(reply.statusCode ?? 500, reply.headers));
    return reply.resume();
  });
  to.end(body);
}

beforeAll(async () => {
  at = createWorkspace();
  at.write('catalog.json', JSON.stringify(demoExport()));
  authority();
  sandbox = await startSandbox({ seed: demoShop() });
  const keys = {
    key: readFileSync(join(at.path, 'shop.key')),
    cert: readFileSync(join(at.path, 'shop.pem')),
  };
  shop = createTlsServer(keys, (incoming, reply) =>
    forward(incoming, (status, headers) => reply.writeHead(status, headers as never)),
  ) as never;
  await listen(shop);
  proxy = createServer((incoming, reply) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    forward(
      incoming,
      (status, headers) => reply.writeHead(status, headers as never),
      (body) => {
        if (oddReply === null || !body.includes('productUpdate(')) return false;
        reply.socket?.end(Buffer.from(oddReply, 'latin1'));
        oddReply = null;
        return true;
      },
    );
  });
  proxy.on('connect', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    asked.push(`CONNECT ${incoming.url}`);
    if (incoming.url?.startsWith('forbidden.')) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const to = connect(portOf(shop), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      to.write(head);
      socket.on('data', (chunk) => {
        read += chunk.toString('latin1');
      });
      socket.pipe(to).pipe(socket);
    });
    to.on('error', () => socket.destroy());
    socket.on('error', () => to.destroy());
  });
  await listen(proxy);
});
afterEach(() => {
  asked = [];
  read = '';
});
afterAll(async () => {
  removeWorkspaces();
  for (const socket of sockets) socket.destroy();
  shop.close();
  proxy.close();
  await sandbox.close();
});

const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  SALEOR_API_URL: 'https://shop.example.com/graphql/',
  SALEOR_TOKEN: sandbox.tokens.full,
  HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}`,
  NODE_EXTRA_CA_CERTS: join(at.path, 'ca.pem'),
  ...more,
});
const PLAN = ['plan', '--desired', 'catalog.json', '--create-missing', '--json'];

test('plan and apply go through HTTPS_PROXY, which sees neither token nor answer', async () => {
  const planned = await at.callBin(PLAN, { env: env() });
  expect({ code: planned.code, err: planned.code === 0 ? '' : planned.stderr }).toEqual({ code: 0, err: '' });
  const { id } = JSON.parse(planned.stdout);
  await at.call(['approve', id, '--as', 'ada@example.com', '--yes']);
  expect((await at.callBin(['apply', id, '--no-policy'], { env: env() })).code).toBe(0);
  expect(asked.length).toBeGreaterThan(0);
  expect(new Set(asked)).toEqual(new Set(['CONNECT shop.example.com:443']));
  expect(read).not.toContain(sandbox.tokens.full);
  expect(at.json(`plans/${id}/report.json`)).toMatchObject({ converged: true });
});

test('without the company’s authority the certificate is refused, with the variable to set', async () => {
  const run = await at.callBin(PLAN, { env: env({ NODE_EXTRA_CA_CERTS: '' }) });
  expect([run.code, singleErrorOf(run)]).toEqual([1, expect.stringContaining('NODE_EXTRA_CA_CERTS')]);
});

test('NO_PROXY and loopback go directly', async () => {
  const run = await at.callBin(PLAN, { env: env({ NO_PROXY: 'shop.example.com' }) });
  // There is no such host: what counts is that the proxy was not asked.
  expect([run.code, asked]).toEqual([1, []]);
  const here = await at.callBin(PLAN, {
    env: env({ SALEOR_API_URL: sandbox.url, HTTP_PROXY: env()['HTTPS_PROXY'], NO_PROXY: '' }),
  });
  expect([here.code, asked]).toEqual([0, []]);
});

test('HTTP_PROXY is for plain http, which still needs --allow-http', async () => {
  const plain = env({
    SALEOR_API_URL: 'http://shop.example.com/graphql/',
    HTTP_PROXY: env()['HTTPS_PROXY'],
  });
  const refused = await at.callBin(PLAN, { env: plain });
  expect([refused.code, singleErrorOf(refused), asked]).toEqual([
    1,
    expect.stringContaining('--allow-http'),
    [],
  ]);
  expect((await at.callBin([...PLAN, '--allow-http'], { env: plain })).code).toBe(0);
  expect(new Set(asked)).toEqual(new Set(['POST http://shop.example.com/graphql/']));
});

test('a proxy that refuses, and one that is not there, are named', async () => {
  const refused = await at.callBin(PLAN, {
    env: env({ SALEOR_API_URL: 'https://forbidden.example.com/graphql/' }),
  });
  expect([refused.code, singleErrorOf(refused)]).toEqual([1, expect.stringContaining('407')]);
  const absent = await at.callBin(PLAN, {
    env: env({ HTTPS_PROXY: 'http://ada:hunter2-secret@127.0.0.1:9' }),
  });
  const said = singleErrorOf(absent);
  expect([absent.code, said]).toEqual([1, expect.stringContaining('through the proxy http://127.0.0.1:9')]);
  expect(said).not.toContain('hunter2');
});

describe('an odd reply of the proxy in the middle of an apply does not end the process', () => {
  test.each([
    'a status above 599',
    'gzip that is none',
    'an encoding named like a member of every object',
    '407 with a body',
    'nothing',
  ])('%s', async (name) => {
    const company = createWorkspace();
    const own = await startSandbox({ seed: demoShop() });
    const plain = env({
      SALEOR_API_URL: 'http://shop.example.com/graphql/',
      HTTP_PROXY: env()['HTTPS_PROXY'],
    });
    const shopBefore = sandbox;
    sandbox = own;
    try {
      company.write('catalog.json', JSON.stringify(demoExport()));
      const options = { env: { ...plain, SALEOR_TOKEN: own.tokens.full } };
      const planned = await company.call([...PLAN, '--allow-http'], options);
      const { id } = JSON.parse(planned.stdout);
      await company.call(['approve', id, '--as', 'ada@example.com', '--yes']);
      oddReply = ODD_REPLIES[name] ?? '';
      const run = await company.callBin(['apply', id, '--allow-http', '--no-policy'], options);
      expect(oddReply).toBe(null);
      expect(run.stderr).not.toMatch(/internal error|^\s+at |Error:/m);
      // What became of the request is found by reading: the report is written and says so.
      const report = company.json(`plans/${id}/report.json`);
      expect([run.code, report.converged]).toEqual(report.converged ? [0, true] : [5, false]);
      expect(company.files().filter((file) => file.startsWith('plans/.lock'))).toEqual([]);
    } finally {
      sandbox = shopBefore;
      await own.close();
    }
  });
});
