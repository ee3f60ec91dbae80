import { once } from 'node:events';
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';
import { GatewayError } from '../../errors.ts';
import { ImageStoreError } from '../../images/image-store-error.ts';
import { JournalError } from '../../journal/journal-error.ts';
import type { ErasureTarget } from '../erasure-target.ts';
import { connectTo } from './ask.ts';
import type { Erasures } from './erasures.ts';
import { linesOf } from './lines.ts';
import { type ErasureAnswer, MAX_REQUEST_BYTES, requestSchema } from './protocol.ts';
import { reachable } from './socket-path.ts';

/** Whoever may not read the data may not open the socket. */
const OWNER_ONLY = 0o600;

/**
 * Erases what it is told to through a socket at the path. Never rejects: a gateway that can't
 * listen there runs all the same.
 *
 * @param unreachable is told why nothing can be erased this way.
 */
export async function listenForErasures(
  path: string,
  erasures: Pick<Erasures, 'erase'>,
  unreachable: (path: string, error: unknown) => void,
): Promise<AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Whoever asked may go: what was begun is brought to its end.
    socket.on('error', () => {});
    void answerTo(socket, erasures).then((answer) => {
      if (socket.writable) socket.end(`${JSON.stringify(answer)}\n`);
    });
  });
  const address = await bind(server, path).catch((error: unknown) => {
    unreachable(path, error);
    return undefined;
  });
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
      address?.[Symbol.dispose]();
    },
  };
}

async function answerTo(socket: Socket, erasures: Pick<Erasures, 'erase'>): Promise<ErasureAnswer> {
  const target = await readRequest(socket).catch(() => undefined);
  if (!target) return { kind: 'failed', message: 'this is not a request to erase' };
  try {
    return { kind: 'done', report: await erasures.erase(target) };
  } catch (error) {
    return { kind: 'failed', message: messageOf(error) };
  }
}

/** Of what we did not write ourselves, the words may be about a person. */
const messageOf = (error: unknown): string =>
  error instanceof JournalError || error instanceof ImageStoreError || error instanceof GatewayError
    ? error.message
    : 'the gateway failed internally; its log has the details';

/** @throws when it is none. */
async function readRequest(socket: Socket): Promise<ErasureTarget> {
  for await (const line of linesOf(socket, MAX_REQUEST_BYTES)) {
    return requestSchema.parse(JSON.parse(line));
  }
  throw new RangeError('it ended before its first line did');
}

/** @throws what the system says. */
async function bind(server: Server, path: string): Promise<Disposable> {
  await removeStale(path);
  using stack = new DisposableStack();
  const address = stack.use(reachable(path));
  // From its first moment; later is too late, for it is made within `listen`.
  const umask = isMainThread ? process.umask(0o777 & ~OWNER_ONLY) : undefined;
  try {
    server.listen(address.path);
  } finally {
    if (umask !== undefined) process.umask(umask);
  }
  await once(server, 'listening');
  chmodSync(address.path, OWNER_ONLY);
  server.unref();
  return stack.move();
}

/** What a gateway that was killed has left. @throws when another one listens there. */
async function removeStale(path: string): Promise<void> {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSocket()) return;
  const other = await connectTo(path);
  if (other) {
    other.destroy();
    throw new Error('another gateway listens there');
  }
  rmSync(path, { force: true });
}
