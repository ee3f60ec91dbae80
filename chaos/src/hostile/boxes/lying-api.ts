import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Another answer than the box's own, in JSON; undefined: the box's own. */
export type Lie = (path: string) => string | undefined;

/** The HTTP side of a box that answers what it is told to, and otherwise what its simulator says. */
export class LyingApi implements AsyncDisposable {
  readonly #server = createServer((request, response) => {
    void this.#answer(request, response).catch(() => response.destroy());
  });
  readonly #truthPort: number;
  /** What it answers instead of the truth. */
  lie: Lie | undefined;

  private constructor(truthPort: number) {
    this.#truthPort = truthPort;
  }

  /** @param truthPort of the simulator's HTTP side. */
  static async start(truthPort: number): Promise<LyingApi> {
    const api = new LyingApi(truthPort);
    api.#server.listen(0, '127.0.0.1');
    await once(api.#server, 'listening');
    return api;
  }

  get port(): number {
    // A server that listens on TCP has no other kind of address.
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer({ url = '/' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const lie = this.lie?.(url);
    if (lie !== undefined) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(lie);
      return;
    }
    const truth = await fetch(`http://127.0.0.1:${this.#truthPort}${url}`);
    const body = Buffer.from(await truth.arrayBuffer());
    const contentType = truth.headers.get('content-type') ?? 'application/json';
    response.writeHead(truth.status, { 'content-type': contentType }).end(body);
  }
}
