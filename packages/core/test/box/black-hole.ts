import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';

const LISTENER = `
  const { createServer } = require('node:net');
  const { parentPort } = require('node:worker_threads');
  const server = createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

/**
 * A port that answers nothing, not even to the first packet of a connection, as a machine
 * behind a firewall does: its owner accepts nobody, and the queue before it is full.
 */
export async function openBlackHole(): Promise<AsyncDisposable & { readonly port: number }> {
  const worker = new Worker(LISTENER, { eval: true });
  const listening = Promise.withResolvers<number>();
  worker.once('message', (port) => listening.resolve(Number(port)));
  const port = await listening.promise;
  const queue = Array.from({ length: 4 }, () => connect(port, '127.0.0.1'));
  for (const socket of queue) socket.on('error', () => undefined);
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of queue) socket.destroy();
      await worker.terminate();
    },
  };
}
