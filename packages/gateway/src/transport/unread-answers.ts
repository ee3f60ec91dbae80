import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { LimitsConfig } from '../config/limits.ts';
import type { SlowClientsConfig } from '../config/slow-clients.ts';
import { SharedTimeout } from '../shared-timeout.ts';
import { errorBody, sendJson } from './answer.ts';
import { ClientAddresses } from './client-addresses.ts';
import { SharesByAddress } from './shares-by-address.ts';

type Limits = Pick<LimitsConfig, 'unreadBytes' | 'unreadBytesPerAddress' | 'proxies'>;

interface Answer {
  readonly status: number;
  /** Beside those that are set already. */
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Sends answers that may be large, and bounds the bytes of those that wait in memory for their
 * clients to read them: in all, and by the address of the client. An answer that would exceed a
 * bound is replaced by an error; one that nothing waits beside is always sent.
 */
export class UnreadAnswers implements Disposable {
  readonly #limits: Limits;
  readonly #clients: ClientAddresses;
  readonly #byAddress: SharesByAddress;
  readonly #unfinished: SharedTimeout<ServerResponse>;
  #bytes = 0;

  constructor(limits: Limits, { answerWithinMs }: Pick<SlowClientsConfig, 'answerWithinMs'>) {
    this.#limits = limits;
    this.#clients = new ClientAddresses(limits.proxies);
    this.#byAddress = new SharesByAddress(limits.unreadBytesPerAddress);
    this.#unfinished = new SharedTimeout(answerWithinMs, (response) => response.destroy());
  }

  /** Of all answers that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  send(
    request: IncomingMessage,
    response: ServerResponse,
    { status, headers, body }: Answer,
  ): void {
    // A client that has gone meanwhile takes nothing, and its close is not told again.
    if (response.destroyed) return;
    const { length } = body;
    const address = this.#clients.of(request);
    if (this.#bytes > 0 && this.#bytes + length > this.#limits.unreadBytes) {
      refuse(response, 503, 'all clients');
      return;
    }
    const own = this.#byAddress.taken(address);
    if (own > 0 && own + length > this.#limits.unreadBytesPerAddress) {
      refuse(response, 429, 'this address');
      return;
    }
    response.setHeader('Content-Length', length);
    response.writeHead(status, headers).end(body);
    // Mostly the network has taken all of it by now.
    if (response.writableLength > 0)
      this.#wait(response, this.#byAddress.take(address, length), length);
  }

  [Symbol.dispose](): void {
    this.#unfinished[Symbol.dispose]();
  }

  #wait(response: ServerResponse, share: Disposable, length: number): void {
    this.#bytes += length;
    this.#unfinished.start(response);
    response.once('close', () => {
      this.#bytes -= length;
      share[Symbol.dispose]();
      this.#unfinished.cancel(response);
    });
  }
}

/** Seconds after which a client that was refused may ask again. */
const RETRY_AFTER_S = 1;

function refuse(response: ServerResponse, status: 429 | 503, whose: string): void {
  const message = `Too many bytes of answers to ${whose} have not been read yet. Read them, and ask again.`;
  sendJson(response, status, errorBody('TOO_MANY_UNREAD_ANSWERS', message), {
    'Retry-After': RETRY_AFTER_S,
  });
}
