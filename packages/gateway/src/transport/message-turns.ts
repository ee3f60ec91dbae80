import type { RawData } from 'ws';

/** How long messages are dealt with in one turn of the event loop, in ms. */
const SLICE_MS = 3;

export interface MessageTurnsOptions {
  /** In ms, and only grows. Default `performance.now`. */
  readonly now?: () => number;
  /** Calls back in a later turn of the event loop. Default `setImmediate`. */
  readonly nextTurn?: (goOn: () => void) => void;
}

/** Can be kept from reading, until what it is given is disposed of. */
interface Readable {
  hold(): Disposable;
}

interface Inbox {
  readonly messages: RawData[];
  readonly hold: Disposable;
  next: number;
}

/**
 * Deals with the messages of all sockets, those of one socket in their order. In each turn of the
 * event loop they have a slice of time. Messages beyond it wait for later turns, in which the sockets
 * take turns with one message each: a socket that sends at full speed delays itself.
 *
 * A socket whose messages wait is not read, so that at most one read of it waits here, 64 KiB.
 */
export class MessageTurns<Socket extends Readable> implements Disposable {
  readonly #receive: (socket: Socket, message: RawData) => void;
  readonly #now: () => number;
  readonly #nextTurn: (goOn: () => void) => void;
  /** In the order in which their turn comes. */
  readonly #waiting = new Map<Socket, Inbox>();
  #spentMs = 0;
  #isNextTurnAsked = false;

  constructor(
    receive: (socket: Socket, message: RawData) => void,
    { now = () => performance.now(), nextTurn = setImmediate }: MessageTurnsOptions = {},
  ) {
    this.#receive = receive;
    this.#now = now;
    this.#nextTurn = nextTurn;
  }

  /** Deals with a message now or in a later turn. */
  take(socket: Socket, message: RawData): void {
    const inbox = this.#waiting.get(socket);
    if (inbox) inbox.messages.push(message);
    else if (this.#waiting.size === 0 && this.#spentMs < SLICE_MS) this.#deal(socket, message);
    else this.#waiting.set(socket, { messages: [message], hold: socket.hold(), next: 0 });
  }

  /** A socket is gone, and its messages with it. */
  forget(socket: Socket): void {
    this.#waiting.get(socket)?.hold[Symbol.dispose]();
    this.#waiting.delete(socket);
  }

  [Symbol.dispose](): void {
    for (const socket of this.#waiting.keys()) this.forget(socket);
  }

  #deal(socket: Socket, message: RawData): void {
    const start = this.#now();
    this.#askNextTurn();
    this.#receive(socket, message);
    this.#spentMs += this.#now() - start;
  }

  #askNextTurn(): void {
    if (this.#isNextTurnAsked) return;
    this.#isNextTurnAsked = true;
    this.#nextTurn(() => this.#goOn());
  }

  #goOn(): void {
    this.#spentMs = 0;
    this.#isNextTurnAsked = false;
    // One that is put in again while this goes on comes last.
    for (const [socket, inbox] of this.#waiting) {
      if (this.#spentMs >= SLICE_MS) return;
      this.#waiting.delete(socket);
      const message = inbox.messages[inbox.next];
      inbox.next += 1;
      if (inbox.next < inbox.messages.length) this.#waiting.set(socket, inbox);
      else inbox.hold[Symbol.dispose]();
      if (message !== undefined) this.#deal(socket, message);
    }
  }
}
