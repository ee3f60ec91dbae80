import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * How a port that does not serve meets newcomers; those connected already are left alone.
 *
 * - `closed`: the port is not listened on, TCP is refused.
 * - `unavailable`: HTTP 503 to every request and upgrade.
 * - `unanswered`: TCP is accepted, and nothing is ever said.
 */
export type Refusal = 'closed' | 'unavailable' | 'unanswered';

export interface Handlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** One port of the box: it can stop serving and serve again, always on the same number. */
export class Listener implements AsyncDisposable {
  readonly #server = createServer();
  readonly #sockets = new Set<Socket>();
  readonly #host: string;
  #port: number;
  #refusal: Refusal | undefined = 'closed';
  #closed: Promise<void> = Promise.resolve();

  /** `port` 0 takes a free one at the first `serve` and stays with it. */
  constructor(host: string, port: number, handlers: Handlers) {
    this.#host = host;
    this.#port = port;
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      // A peer that resets its connection is no fault of the box; `close` follows.
      socket.on('error', () => undefined);
    });
    this.#server.on('request', (request, response) => {
      if (this.#refusal === 'unanswered') return;
      if (this.#refusal === undefined) handlers.request(request, response);
      else response.writeHead(503, { connection: 'close' }).end();
    });
    if (handlers.upgrade === undefined) return;
    this.#server.on('upgrade', (request, socket, head) => {
      if (this.#refusal === 'unanswered') return;
      if (this.#refusal === undefined) handlers.upgrade?.(request, socket, head);
      else socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
    });
  }

  get port(): number {
    return this.#port;
  }

  /** @throws the error of `listen`, with `code` `EADDRINUSE` when somebody else has the port. */
  async serve(): Promise<void> {
    await this.#listen();
    this.#refusal = undefined;
  }

  async refuse(refusal: Refusal): Promise<void> {
    this.#refusal = refusal;
    if (refusal === 'closed') this.#stopListening();
    else await this.#listen();
  }

  /** Ends every connection at once, without a word. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Settles when the port is free and no socket is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopListening();
    this.dropConnections();
    await this.#closed;
  }

  async #listen(): Promise<void> {
    if (this.#server.listening) return;
    this.#server.listen(this.#port, this.#host);
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  #stopListening(): void {
    if (!this.#server.listening) return;
    this.#closed = new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
