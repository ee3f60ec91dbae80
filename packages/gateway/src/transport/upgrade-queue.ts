import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpFault } from './http-fault.ts';
import { closeWithFault } from './raw-answer.ts';
import type { UpgradeListener } from './upgrade.ts';

/** How long newcomers are let in during one turn of the event loop, in ms. */
const SLICE_MS = 2;

/** What a newcomer takes beside the text of its request, in bytes: the socket, the objects. */
const NEWCOMER_BYTES = 4_096;

const EARLY: HttpFault = {
  status: 400,
  code: 'BAD_USER_INPUT',
  message: 'A WebSocket client may send nothing before the handshake is answered (RFC 6455, 4.1).',
};

const FULL: HttpFault = {
  status: 503,
  code: 'OVERLOADED',
  message: 'Too many WebSockets are waiting to be accepted; try again in a moment.',
};

const CLOSED: HttpFault = {
  status: 503,
  code: 'SHUTTING_DOWN',
  message: 'The gateway is shutting down; reconnect.',
};

export interface UpgradeQueueOptions {
  /** That wait. Default 20,000. */
  readonly maxSockets?: number;
  /** Of those that wait, with the text of their requests. Default 128 MiB. */
  readonly maxBytes?: number;
  /** Calls back in a later turn of the event loop. Default `setImmediate`. */
  readonly nextTurn?: (goOn: () => void) => void;
}

interface Newcomer {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly bytes: number;
  /** Takes our listeners off the socket. */
  readonly leave: () => void;
}

/**
 * Lets newcomers in one after the other, a few in each turn of the event loop: when all clients
 * come back at once, live delivery goes on between them. Each of them brings more work once it is
 * in, so they wait here, where they cost little. A newcomer that goes away leaves the queue.
 *
 * Beyond the bounds newcomers are refused with 503 OVERLOADED; those that send before they are
 * answered with 400 BAD_USER_INPUT. Disposing refuses all, and all to come, with 503 SHUTTING_DOWN.
 */
export class UpgradeQueue implements Disposable {
  readonly #accept: UpgradeListener;
  readonly #maxSockets: number;
  readonly #maxBytes: number;
  readonly #nextTurn: (goOn: () => void) => void;
  /** In the order in which they came. */
  readonly #waiting = new Set<Newcomer>();
  #bytes = 0;
  #spentMs = 0;
  #isNextTurnAsked = false;
  #isClosed = false;

  constructor(
    accept: UpgradeListener,
    {
      maxSockets = 20_000,
      maxBytes = 128 * 1024 * 1024,
      nextTurn = setImmediate,
    }: UpgradeQueueOptions = {},
  ) {
    this.#accept = accept;
    this.#maxSockets = maxSockets;
    this.#maxBytes = maxBytes;
    this.#nextTurn = nextTurn;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Lets the newcomer in, at once or in a later turn, or refuses it. */
  readonly upgrade: UpgradeListener = (request, socket, head) => {
    if (this.#isClosed) {
      closeWithFault(socket, CLOSED);
    } else if (head.length > 0) {
      closeWithFault(socket, EARLY);
    } else if (this.#waiting.size === 0 && this.#spentMs < SLICE_MS) {
      this.#letIn(request, socket);
    } else {
      this.#queue(request, socket);
    }
  };

  [Symbol.dispose](): void {
    this.#isClosed = true;
    for (const newcomer of this.#waiting) {
      this.#remove(newcomer);
      closeWithFault(newcomer.socket, CLOSED);
    }
  }

  #letIn(request: IncomingMessage, socket: Duplex): void {
    const start = performance.now();
    this.#accept(request, socket, NO_HEAD);
    this.#spentMs += performance.now() - start;
    if (!this.#isNextTurnAsked) this.#nextTurn(() => this.#goOn());
    this.#isNextTurnAsked = true;
  }

  #goOn(): void {
    this.#spentMs = 0;
    this.#isNextTurnAsked = false;
    for (const newcomer of this.#waiting) {
      if (this.#spentMs >= SLICE_MS) return;
      this.#remove(newcomer);
      this.#letIn(newcomer.request, newcomer.socket);
    }
  }

  #queue(request: IncomingMessage, socket: Duplex): void {
    const bytes = NEWCOMER_BYTES + textLength(request);
    if (this.#waiting.size >= this.#maxSockets || this.#bytes + bytes > this.#maxBytes) {
      closeWithFault(socket, FULL);
      return;
    }
    const gone = (): void => {
      this.#remove(newcomer);
      socket.destroy();
    };
    const early = (): void => {
      this.#remove(newcomer);
      closeWithFault(socket, EARLY);
    };
    const leave = (): void => {
      socket.off('close', gone).off('end', gone).off('error', gone).off('data', early);
    };
    const newcomer: Newcomer = { request, socket, bytes, leave };
    this.#waiting.add(newcomer);
    this.#bytes += bytes;
    // Nobody else listens to it yet; that the client has ended shows only to one who reads.
    socket.on('close', gone).on('end', gone).on('error', gone).on('data', early);
  }

  #remove(newcomer: Newcomer): void {
    if (!this.#waiting.delete(newcomer)) return;
    this.#bytes -= newcomer.bytes;
    newcomer.leave();
  }
}

const NO_HEAD = Buffer.alloc(0);

/** Of the request as Node keeps it, in characters. */
const textLength = ({ url = '', rawHeaders }: IncomingMessage): number =>
  rawHeaders.reduce((sum, text) => sum + text.length, url.length);
