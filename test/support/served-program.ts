import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callMain, type MainResult } from './call-main.ts';

/**
 * The program for shells, in this process: a script sends words, folder and environment to it, prints what it says and ends with
 * its code. A start of the built program takes a fifth of a second of CPU. Standard input is empty, and no signal reaches it.
 */
export interface ServedProgram {
  script(bin: 'cli' | 'sync'): string;
  close(): Promise<void>;
}

export async function serveProgram(): Promise<ServedProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'served-'));
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    void answer(socket, join(folder, String(calls)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    script: (bin) => `#!/bin/bash
exec 3<>/dev/tcp/127.0.0.1/${port} || exit 70
{ printf '%s\\0' ${bin} "$PWD" "$#" "$@"; env -0; printf '\\0'; } >&3
IFS=$'\\t' read -r code out err <&3 || exit 70
[ ! -s "$err" ] || cat "$err" >&2
[ ! -s "$out" ] || cat "$out"
exit "$code"
`,
    close: async () => {
      server.close();
      await once(server, 'close');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Answers with `code TAB file of stdout TAB file of stderr`. */
async function answer(socket: Socket, place: string): Promise<void> {
  const text = await requestOf(socket);
  const [out, err] = [`${place}.out`, `${place}.err`];
  const { code, stdout, stderr } = await run(text).catch(
    (error: unknown): MainResult => ({ code: 70, stdout: '', stderr: String(error) }),
  );
  writeFileSync(out, stdout);
  writeFileSync(err, stderr);
  socket.end(`${code}\t${out}\t${err}\n`);
}

/** An empty string ends the request. The socket stays open for the answer. */
const requestOf = (socket: Socket): Promise<string> =>
  new Promise((done, failed) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.endsWith('\0\0')) done(text);
    });
    socket.on('error', failed);
  });

function run(request: string): Promise<MainResult> {
  const [bin = '', folder = '', count = '', ...rest] = request.split('\0');
  const words = rest.slice(0, Number(count));
  const variables = rest.slice(words.length).filter((line) => line !== '');
  const env = Object.fromEntries(
    variables.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return callMain(words, { folder, env, timeoutMs: 60_000, bin: bin === 'sync' ? 'sync' : 'cli' });
}
