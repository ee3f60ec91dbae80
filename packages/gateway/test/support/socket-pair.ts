import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';

/** Two ends of a real TCP connection. */
export class SocketPair implements AsyncDisposable {
  readonly ours: Socket;
  readonly theirs: Socket;
  /** What was written at our end in one piece each: a write, or what was corked together. */
  readonly writes: number[] = [];
  readonly #received: Buffer[] = [];
  #receivedBytes = 0;
  #news = Promise.withResolvers<void>();

  private constructor(ours: Socket, theirs: Socket) {
    this.ours = ours;
    this.theirs = theirs;
    for (const socket of [ours, theirs]) socket.on('error', () => {});
    countWrites(ours, this.writes);
    theirs.on('data', (chunk: Buffer) => {
      this.#received.push(chunk);
      this.#receivedBytes += chunk.length;
      this.#news.resolve();
    });
  }

  static async open(): Promise<SocketPair> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('listening on no port');
    const theirs = createConnection(address.port, '127.0.0.1');
    const [ours] = (await once(server, 'connection')) as [Socket];
    server.close();
    return new SocketPair(ours, theirs);
  }

  get received(): Buffer {
    return Buffer.concat(this.#received);
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Settles when so many bytes have come to the other end in all. */
  async until(bytes: number): Promise<void> {
    while (this.#receivedBytes < bytes) {
      this.#news = Promise.withResolvers();
      await this.#news.promise;
    }
  }

  /** Writes to a socket whose other end reads nothing, until the network takes no more. */
  async fill(): Promise<number> {
    this.theirs.pause();
    const chunk = Buffer.alloc(64 * 1024);
    let written = 0;
    while (this.ours.writableLength === 0) {
      this.ours.write(chunk);
      written += chunk.length;
      await new Promise(setImmediate);
    }
    this.writes.length = 0;
    return written;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = [this.ours, this.theirs]
      .filter((socket) => !socket.closed)
      .map((socket) => once(socket, 'close'));
    this.ours.destroy();
    this.theirs.destroy();
    await Promise.all(closed);
  }
}

/** Records the bytes of each hand-over to the operating system. */
export function countWrites(socket: Socket, writes: number[]): void {
  const { _write, _writev } = socket;
  socket._write = (chunk: Buffer, ...rest) => {
    if (chunk.length > 0) writes.push(chunk.length);
    return _write.call(socket, chunk, ...rest);
  };
  if (!_writev) throw new Error('a socket that can’t write several buffers at once');
  socket._writev = (chunks, ...rest) => {
    writes.push(chunks.reduce((sum, { chunk }) => sum + chunk.length, 0));
    return _writev.call(socket, chunks, ...rest);
  };
}
