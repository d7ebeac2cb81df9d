import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands in front of a shop as the shop's own host: while it is down, connections are refused and open ones reset. */
export interface RestartingProxy {
  readonly port: number;
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export async function startRestartingProxy(shopPort: number): Promise<RestartingProxy> {
  const sockets = new Set<Socket>();
  const listen = (port: number): Promise<Server> =>
    new Promise((done) => {
      const server = createServer((client) => {
        const shop = connect(shopPort, '127.0.0.1');
        for (const [from, to] of [
          [client, shop],
          [shop, client],
        ] as const) {
          sockets.add(from);
          from.on('error', () => to.destroy());
          from.on('close', () => sockets.delete(from) && to.destroy());
          from.pipe(to);
        }
      });
      server.listen(port, '127.0.0.1', () => done(server));
    });
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  const down = async () => {
    const closed = new Promise((done) => server.close(done));
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };
  return {
    port,
    down,
    up: async () => {
      server = await listen(port);
    },
    close: () => (server.listening ? down() : Promise.resolve()),
  };
}
