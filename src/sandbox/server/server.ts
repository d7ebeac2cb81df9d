import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultLimits, type Limits } from '../graphql/query-limits.ts';
import { addApps, callerOf, defaultTokens, type Tokens } from '../store/app-tokens.ts';
import { createEdits, type Edits } from '../store/dashboard-edits.ts';
import { type RisingClock, risingClock } from '../store/rising-clock.ts';
import { recordedSeed, type Seed } from '../store/seed.ts';
import { createStore, type Store } from '../store/store.ts';
import { SITE_PATH, type Site, siteReply } from './export-site.ts';
import { type FaultAction, type FaultPlan, faultIntercept, type Intercept } from './fault-injection.ts';
import {
  encodeReply,
  executeOperations,
  type HttpReply,
  type IncomingRequest,
  type ParsedRequest,
  readRequest,
  tokenOf,
} from './graphql-http.ts';
import { createWorkerQueue, type Latency, REWRITE_MS, serviceMs } from './latency.ts';
import { emptyLog, type Log, logRequest, shapeOf } from './request-log.ts';

export interface SandboxOptions {
  /** 0: any free port. */
  readonly port?: number;
  /** Default: the recorded shop of 302 products. */
  readonly seed?: Seed;
  readonly tokens?: Partial<Tokens>;
  readonly limits?: Partial<Limits>;
  readonly latency?: Latency;
  readonly faults?: FaultPlan;
  /** Called before `faults`. If it returns undefined, the request is answered as usual. */
  readonly intercept?: Intercept;
  readonly site?: Site;
  readonly clock?: RisingClock;
}

export interface Sandbox {
  /** http://127.0.0.1:PORT/graphql/ */
  readonly url: string;
  /** http://127.0.0.1:PORT/catalog-export/; answers only if a site was given. */
  readonly siteUrl: string;
  readonly tokens: Tokens;
  readonly store: Readonly<Store>;
  readonly edit: Edits;
  readonly log: Log;
  /** May be set and removed while the sandbox runs. */
  intercept: Intercept | undefined;
  readonly close: () => Promise<void>;
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

interface RunningSandbox {
  readonly store: Store;
  readonly tokens: Tokens;
  readonly limits: Limits;
  readonly log: Log;
  readonly faults: Intercept;
  readonly options: SandboxOptions;
  readonly queue: ReturnType<typeof createWorkerQueue>;
  intercept: Intercept | undefined;
}

type Operations = Extract<ParsedRequest, { kind: 'operations' }>;

async function executeOnWorker(
  running: RunningSandbox,
  request: IncomingRequest,
  incoming: Operations,
): Promise<HttpReply> {
  const { store, tokens, limits, log, options } = running;
  const scale = options.latency?.scale ?? 0;
  const pause = options.latency ? () => sleep(REWRITE_MS * scale) : null;
  const context = { store, caller: callerOf(store, tokens, tokenOf(request)), pause };
  const shapes = incoming.operations.map(shapeOf);
  const work = async (): Promise<HttpReply> => {
    const ms = incoming.operations.reduce(
      (sum, o, i) => sum + serviceMs(shapes[i] ?? { kind: 'none', fields: [] }, o.query),
      0,
    );
    if (scale > 0) await sleep(ms * scale);
    const { reply, answers } = await executeOperations(incoming, context, limits);
    for (const [i, operation] of incoming.operations.entries()) {
      const answer = answers[i];
      if (answer) logRequest(log, operation, shapes[i] ?? { kind: 'none', fields: [] }, answer);
    }
    return reply;
  };
  return options.latency ? running.queue(work) : work();
}

async function chooseAction(
  running: RunningSandbox,
  number: number,
  incoming: Operations,
): Promise<FaultAction> {
  const [operation] = incoming.operations;
  if (!operation) return { kind: 'answer' };
  const intercepted = {
    number,
    ...shapeOf(operation),
    query: operation.query,
    variables: operation.variables,
  };
  return (
    (await running.intercept?.(intercepted)) ?? (await running.faults(intercepted)) ?? { kind: 'answer' }
  );
}

/** Null: reset the connection. */
async function performAction(
  action: FaultAction,
  answer: () => Promise<HttpReply>,
): Promise<HttpReply | null> {
  switch (action.kind) {
    case 'answer':
      return answer();
    case 'reply': {
      if (action.isExecuted) await answer();
      const headers = { 'content-type': action.contentType ?? 'application/json', ...action.headers };
      return { status: action.status, headers, body: action.body };
    }
    case 'drop':
      if (action.isExecuted) await answer();
      return null;
    case 'late': {
      const reply = await answer();
      await sleep(action.delayMs);
      return reply;
    }
    case 'edit': {
      const reply = await answer();
      return { ...reply, body: JSON.stringify(action.edit(JSON.parse(reply.body))) };
    }
    case 'truncate': {
      const reply = await answer();
      return { ...reply, body: reply.body.slice(0, Math.ceil(reply.body.length / 2)) };
    }
  }
}

async function respond(running: RunningSandbox, request: IncomingRequest): Promise<HttpReply | null> {
  const { site } = running.options;
  if (site && request.path.split('?')[0] === SITE_PATH) return siteReply(site, request);
  running.log.counts.requests += 1;
  const { requests } = running.log.counts;
  const incoming = readRequest(request, running.limits);
  if (incoming.kind === 'reply') return incoming.reply;
  return performAction(await chooseAction(running, requests, incoming), () =>
    executeOnWorker(running, request, incoming),
  );
}

async function handleMessage(
  running: RunningSandbox,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request: IncomingRequest = {
    method: message.method ?? 'GET',
    path: message.url ?? '/',
    headers: message.headers,
    body: await readBody(message),
  };
  const reply = await respond(running, request);
  if (!reply) {
    message.socket.destroy();
    return;
  }
  running.log.counts.bytes += Buffer.byteLength(reply.body);
  const { headers, body } = encodeReply(reply, request);
  response.writeHead(reply.status, headers).end(reply.status === 304 ? undefined : body);
}

/** Answers in plain text, so that a bug of the sandbox does not look like an answer of Saleor. */
function respondWithBug(error: unknown, response: ServerResponse): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
  response.end(`the sandbox itself failed: ${text}\n`);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Starts a shop on 127.0.0.1. Nothing of it survives `close`. Rejects if the port is in use. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const store = createStore(options.seed ?? recordedSeed, options.clock ?? risingClock());
  const tokens = { ...defaultTokens, ...options.tokens };
  addApps(store, tokens);
  const running: RunningSandbox = {
    store,
    tokens,
    limits: { ...defaultLimits, ...options.limits },
    log: emptyLog(),
    faults: options.faults ? faultIntercept(options.faults) : () => undefined,
    options,
    queue: createWorkerQueue(options.latency?.workers ?? 1),
    intercept: options.intercept,
  };
  const server = createServer((message, response) => {
    handleMessage(running, message, response).catch((error: unknown) => respondWithBug(error, response));
  });
  const port = await listen(server, options.port ?? 0);
  store.shop.host = `127.0.0.1:${port}`;
  return {
    url: `http://127.0.0.1:${port}/graphql/`,
    siteUrl: `http://127.0.0.1:${port}${SITE_PATH}`,
    tokens,
    store,
    edit: createEdits(store),
    log: running.log,
    get intercept() {
      return running.intercept;
    },
    set intercept(intercept: Intercept | undefined) {
      running.intercept = intercept;
    },
    close: () =>
      new Promise((resolve, reject) => {
        if (!server.listening) return resolve();
        server.closeAllConnections();
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
}
