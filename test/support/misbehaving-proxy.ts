import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

const JSON_TYPE = 'content-type: application/json\r\n';

/** What a proxy may send in place of an answer: a name and the bytes. */
export const ODD_REPLIES: Readonly<Record<string, string>> = {
  'a status above 599': 'HTTP/1.1 999 X\r\ncontent-length: 2\r\n\r\n{}',
  'a status of three zeros': 'HTTP/1.1 000 X\r\ncontent-length: 2\r\n\r\n{}',
  'a status below 200 with a body': 'HTTP/1.1 199 X\r\ncontent-length: 2\r\n\r\n{}',
  'a switch of protocols': 'HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nfoo',
  'a second header block': 'HTTP/1.1 103 X\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}',
  'two answers':
    'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}',
  'gzip that is none': `HTTP/1.1 200 OK\r\n${JSON_TYPE}content-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello`,
  'brotli that is none': 'HTTP/1.1 500 X\r\ncontent-encoding: br\r\ncontent-length: 5\r\n\r\nhello',
  'a redirect with gzip that is none':
    'HTTP/1.1 301 X\r\nlocation: /x\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello',
  'a redirect to no address': 'HTTP/1.1 302 X\r\nlocation: http://[::1\r\ncontent-length: 0\r\n\r\n',
  'an encoding named like a member of every object': `HTTP/1.1 200 OK\r\n${JSON_TYPE}content-encoding: constructor\r\ncontent-length: 2\r\n\r\n{}`,
  'ten encodings': `HTTP/1.1 200 OK\r\ncontent-encoding: ${'gzip,'.repeat(9)}gzip\r\ncontent-length: 2\r\n\r\n{}`,
  'no content, but encoded': 'HTTP/1.1 204 X\r\ncontent-encoding: gzip\r\n\r\n',
  'header names that are no names':
    'HTTP/1.1 200 OK\r\n__proto__: x\r\nx-\xe9: 1\r\ncontent-length: 2\r\n\r\n{}',
  'a NUL in a header': 'HTTP/1.1 200 OK\r\nx: a\0b\r\ncontent-length: 2\r\n\r\n{}',
  'endless headers': `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`,
  'a chunk without a size': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n',
  'two lengths': 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 5\r\n\r\n{}',
  'a body that stops short': `HTTP/1.1 200 OK\r\n${JSON_TYPE}content-length: 50\r\n\r\nhello`,
  'a header block that stops short': 'HTTP/1.1 200 OK\r\nconte',
  'a page without a header block': '<html>hello</html>',
  'bytes of another protocol': '\0\x01\x02\r\n\r\n',
  '407 with a body': 'HTTP/1.1 407 X\r\nproxy-authenticate: Basic\r\ncontent-length: 5\r\n\r\nhello',
  '407 without one': 'HTTP/1.1 407 X\r\ncontent-length: 0\r\n\r\n',
  '403 with a page': 'HTTP/1.1 403 X\r\ncontent-type: text/html\r\ncontent-length: 5\r\n\r\nhello',
  '503 with a page': 'HTTP/1.1 503 X\r\ncontent-type: text/html\r\ncontent-length: 5\r\n\r\nhello',
  nothing: '',
};

export interface MisbehavingProxy {
  readonly url: string;
  /** Connections so far. */
  readonly connections: () => number;
  close(): void;
}

/** A proxy that answers whatever it is asked with these bytes and then ends the connection; null: it resets it. */
export async function startMisbehavingProxy(reply: string | null): Promise<MisbehavingProxy> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    connections += 1;
    socket.on('error', () => undefined);
    socket.once('data', () => {
      if (reply === null) socket.resetAndDestroy();
      else socket.end(Buffer.from(reply, 'latin1'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
