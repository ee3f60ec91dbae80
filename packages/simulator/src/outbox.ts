import type { WebSocket } from 'ws';
import type { Conditions } from './conditions.ts';

interface Message {
  readonly data: Buffer;
  readonly binary: boolean;
}

/** While more than this waits to be sent on a connection, further messages are lost. */
const MAX_WAITING_BYTES = 64 * 2 ** 20;
const TRICKLES_PER_SECOND = 50;

/** What goes out on one connection, and in which state it arrives: twice, swapped, slowly. */
export class Outbox implements Disposable {
  readonly #socket: WebSocket;
  readonly #conditions: Readonly<Conditions>;
  readonly #waiting: Message[] = [];
  #waitingBytes = 0;
  /** How much of the first of the waiting is out already. */
  #sentBytes = 0;
  #held: Message | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, conditions: Readonly<Conditions>) {
    this.#socket = socket;
    this.#conditions = conditions;
  }

  send(data: Buffer, binary = false): void {
    const message = { data, binary };
    if (this.#conditions.outOfOrder && this.#held === undefined) {
      this.#held = message;
      return;
    }
    this.#put(message);
    this.flush();
  }

  /** Sends what is held to be swapped with its successor. */
  flush(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#put(held);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
    this.#held = undefined;
  }

  #put(message: Message): void {
    this.#transmit(message);
    if (this.#conditions.duplicate) this.#transmit(message);
  }

  #transmit(message: Message): void {
    if (this.#socket.bufferedAmount + this.#waitingBytes > MAX_WAITING_BYTES) return;
    if (this.#conditions.bytesPerSecond === undefined && this.#waiting.length === 0) {
      this.#socket.send(message.data, { binary: message.binary });
      return;
    }
    this.#waiting.push(message);
    this.#waitingBytes += message.data.length;
    if (this.#waiting.length === 1) this.#trickle();
  }

  // As fragments of one message: a whole frame would wait in the kernel and arrive at once.
  #trickle(): void {
    const [message] = this.#waiting;
    if (message === undefined) return;
    const pace = this.#conditions.bytesPerSecond ?? Number.POSITIVE_INFINITY;
    const size = Math.max(1, Math.floor(pace / TRICKLES_PER_SECOND));
    const drop = message.data.subarray(this.#sentBytes, this.#sentBytes + size);
    this.#sentBytes += drop.length;
    const fin = this.#sentBytes === message.data.length;
    this.#socket.send(drop, { binary: message.binary, fin });
    if (fin) {
      this.#waiting.shift();
      this.#waitingBytes -= message.data.length;
      this.#sentBytes = 0;
    }
    this.#timer = setTimeout(() => this.#trickle(), (1000 * drop.length) / pace);
  }
}
