import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
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

  constructor(host: string, port: number, handlers: Handlers) {
    this.#host = host;
    this.#port = port;
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      // A peer that resets its connection is no fault of the box; `close` follows.
      socket.on('error', () => undefined);
    });
    this.#server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (this.#refusal === 'unanswered') return;
      if (this.#refusal === undefined) handlers.request(request, response);
      else response.writeHead(503, { connection: 'close' }).end();
    });
    const { upgrade } = handlers;
    if (upgrade === undefined) return;
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (this.#refusal === 'unanswered') return;
      if (this.#refusal === undefined) upgrade(request, socket, head);
      else socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
    });
  }

  /** The port, from the first `serve` on a fixed number. */
  get port(): number {
    return this.#port;
  }

  /** @throws the error of `listen`, with `code` `EADDRINUSE` when somebody else has the port. */
  async serve(): Promise<void> {
    await this.#listen();
    this.#refusal = undefined;
  }

  async refuse(refusal: Refusal): Promise<void> {
    if (refusal === 'closed') this.#stopListening();
    else await this.#listen();
    this.#refusal = refusal;
    this.#server.closeIdleConnections();
  }

  /** Ends every connection at once, without a word. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopListening();
    const closed = [...this.#sockets].map((socket) => once(socket, 'close'));
    this.dropConnections();
    await Promise.all(closed);
  }

  async #listen(): Promise<void> {
    if (this.#server.listening) return;
    this.#server.listen(this.#port, this.#host);
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  #stopListening(): void {
    if (this.#server.listening) this.#server.close();
  }
}
