import type { Shop } from '../apply/ports.ts';
import type { Io } from '../cli/io.ts';

/** The shop's words go into journal and report, which are committed: a token that it echoes is taken out before. */
export const redacting = (shop: Shop, io: Io): Shop => ({
  ...shop,
  send: async (batch) =>
    (await shop.send(batch)).map((reply) =>
      reply.state === 'done' ? reply : { ...reply, message: io.redact(reply.message) },
    ),
});
