import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

const NONE: ReadonlySet<ServerResponse> = new Set();

/** The responses that have not closed yet, by connection. */
export class OpenResponses implements Iterable<ServerResponse> {
  readonly #bySocket = new Map<Duplex, Set<ServerResponse>>();

  /** Those of one connection, in the order of their requests. */
  on(socket: Duplex): ReadonlySet<ServerResponse> {
    return this.#bySocket.get(socket) ?? NONE;
  }

  /** Adds a response until it closes. It closes with its connection at the latest. */
  add(response: ServerResponse): void {
    const responses = this.#of(response.req.socket);
    responses.add(response);
    response.once('close', () => responses.delete(response));
  }

  *[Symbol.iterator](): Iterator<ServerResponse> {
    for (const responses of this.#bySocket.values()) yield* responses;
  }

  #of(socket: Duplex): Set<ServerResponse> {
    const known = this.#bySocket.get(socket);
    if (known) return known;
    const responses = new Set<ServerResponse>();
    this.#bySocket.set(socket, responses);
    socket.once('close', () => {
      this.#bySocket.delete(socket);
      // Node closes queued responses by a listener that it removes at an upgrade or a CONNECT.
      for (const response of responses) response.destroy();
    });
    return responses;
  }
}
