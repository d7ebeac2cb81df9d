import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ForgeState, newState } from './forge-state.ts';
import { answerAsGithub } from './github-api.ts';
import { answerAsGitlab } from './gitlab-api.ts';

/** GitHub's and GitLab's API over HTTP on loopback, for one repository. */
export interface StandInForge {
  readonly state: ForgeState;
  /** Base address of the API, as jobs get it in GITHUB_API_URL or CI_API_V4_URL. */
  readonly address: string;
  close(): Promise<void>;
}

export async function startForge(kind: 'github' | 'gitlab', bare: string): Promise<StandInForge> {
  const state = newState(bare);
  const prefix = kind === 'github' ? '/' : '/api/v4/';
  const server = createServer(async (message, response) => {
    let text = '';
    for await (const part of message) text += part;
    const url = new URL(message.url ?? '/', 'http://forge');
    const call = `${message.method} ${url.pathname}`;
    state.calls.push(call);
    const at = state.faults.findIndex(({ on }) => on.test(call));
    const [fault] = at === -1 ? [] : state.faults.splice(at, 1);
    if (fault !== undefined) {
      response.writeHead(fault.status, { 'content-type': 'text/plain', ...fault.headers });
      response.end(fault.body);
      return;
    }
    const received = {
      method: message.method ?? '',
      path: url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : url.pathname,
      query: url.searchParams,
      headers: message.headers,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
    const { status, body } = (kind === 'github' ? answerAsGithub : answerAsGitlab)(state, received);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    state,
    address: `http://127.0.0.1:${port}${prefix.replace(/\/$/, '')}`,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
