import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { ClientShares } from '../client-shares.ts';
import type { LimitsConfig } from '../config/limits.ts';
import type { SlowClientsConfig } from '../config/slow-clients.ts';
import { SharedTimeout } from '../shared-timeout.ts';
import { errorBody, sendJson } from './answer.ts';
import { ClientAddresses } from './client-addresses.ts';

type Limits = Pick<LimitsConfig, 'unreadBytes' | 'unreadBytesPerAddress' | 'proxies'>;

interface Answer {
  readonly status: number;
  /** Beside those that are set already. */
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Whose unread answers leave no room for another. */
type Whose = 'all clients' | 'this address';

/**
 * Bounds the bytes of the answers that wait in memory for their clients to read them: in all, and
 * by the address of the client. An answer that would exceed a bound is replaced by an error; one
 * that nothing waits beside is always sent. Counts answers over HTTP, which it sends, and answers
 * to queries over WebSocket.
 */
export class UnreadAnswers implements Disposable {
  readonly #limits: Limits;
  readonly #clients: ClientAddresses;
  readonly #byAddress: ClientShares;
  /** What gives up each answer that waits. */
  readonly #unfinished: SharedTimeout<() => void>;
  #bytes = 0;

  constructor(limits: Limits, { answerWithinMs }: Pick<SlowClientsConfig, 'answerWithinMs'>) {
    this.#limits = limits;
    this.#clients = new ClientAddresses(limits.proxies);
    this.#byAddress = new ClientShares(limits.unreadBytesPerAddress);
    this.#unfinished = new SharedTimeout(answerWithinMs, (giveUp) => giveUp());
  }

  /** Of all answers that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes a share for one answer, which is given back by disposing.
   *
   * @param address undefined for a client that is not counted by address.
   * @param bytes of the answer.
   * @param giveUp is called when the share has not been given back after `slowClients.answerWithin`.
   * @returns whose unread answers leave no room, when the answer must not be sent.
   */
  acquire(address: string | undefined, bytes: number, giveUp: () => void): Disposable | Whose {
    if (this.#bytes > 0 && this.#bytes + bytes > this.#limits.unreadBytes) return 'all clients';
    const own = this.#byAddress.taken(address);
    if (own > 0 && own + bytes > this.#limits.unreadBytesPerAddress) return 'this address';
    const share = this.#byAddress.take(address, bytes);
    this.#bytes += bytes;
    this.#unfinished.start(giveUp);
    return {
      [Symbol.dispose]: () => {
        this.#bytes -= bytes;
        share[Symbol.dispose]();
        this.#unfinished.cancel(giveUp);
      },
    };
  }

  send(
    request: IncomingMessage,
    response: ServerResponse,
    { status, headers, body }: Answer,
  ): void {
    // A client that has gone meanwhile takes nothing, and its close is not told again.
    if (response.destroyed) return;
    const { length } = body;
    const share = this.acquire(this.#clients.of(request), length, () => response.destroy());
    if (typeof share === 'string') {
      refuse(response, share);
      return;
    }
    response.setHeader('Content-Length', length);
    response.writeHead(status, headers).end(body);
    // Mostly the network has taken all of it by now.
    if (response.writableLength === 0) share[Symbol.dispose]();
    else response.once('close', () => share[Symbol.dispose]());
  }

  [Symbol.dispose](): void {
    this.#unfinished[Symbol.dispose]();
  }
}

/** Seconds after which a client that was refused may ask again. */
const RETRY_AFTER_S = 1;

/** The message of TOO_MANY_UNREAD_ANSWERS. */
export const tooManyUnread = (whose: Whose): string =>
  `Too many bytes of answers to ${whose} have not been read yet. Read them, and ask again.`;

function refuse(response: ServerResponse, whose: Whose): void {
  const status = whose === 'all clients' ? 503 : 429;
  sendJson(response, status, errorBody('TOO_MANY_UNREAD_ANSWERS', tooManyUnread(whose)), {
    'Retry-After': RETRY_AFTER_S,
  });
}
