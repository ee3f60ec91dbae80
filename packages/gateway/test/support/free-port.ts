import { once } from 'node:events';
import { createServer } from 'node:net';
import { z } from 'zod';

const addressSchema = z.object({ port: z.number() });

/** A port of loopback on which nobody listens, for a process that can't say which it took. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = addressSchema.parse(server.address());
  server.close();
  await once(server, 'close');
  return port;
}
