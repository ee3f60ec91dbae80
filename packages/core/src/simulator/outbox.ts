import type { WebSocket } from 'ws';
import type { Conditions } from './conditions.ts';

interface Message {
  readonly data: Buffer;
  readonly binary: boolean;
}

/** How much may wait on a slow connection; a message beyond it is lost. */
const MAX_WAITING_BYTES = 64 * 2 ** 20;
const TRICKLES_PER_SECOND = 50;

/** What goes out on one connection, and in which state it arrives: twice, swapped, slowly. */
export class Outbox implements Disposable {
  readonly #socket: WebSocket;
  readonly #conditions: Readonly<Conditions>;
  readonly #waiting: Message[] = [];
  #waitingBytes = 0;
  #held: Message | undefined;
  #sentOfFirst = 0;
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

  /** Sends what waits for a successor to be swapped with. */
  flush(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#put(held);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#held = undefined;
    this.#waiting.length = 0;
  }

  #put(message: Message): void {
    this.#transmit(message);
    if (this.#conditions.duplicate) this.#transmit(message);
  }

  #transmit(message: Message): void {
    if (this.#conditions.bytesPerSecond === undefined && this.#waiting.length === 0) {
      this.#socket.send(message.data, { binary: message.binary });
      return;
    }
    if (this.#waitingBytes + message.data.length > MAX_WAITING_BYTES) return;
    this.#waiting.push(message);
    this.#waitingBytes += message.data.length;
    if (this.#timer === undefined) this.#trickle();
  }

  // As fragments of one message, so that the bytes really come drop by drop on the wire.
  #trickle(): void {
    this.#timer = undefined;
    const [message] = this.#waiting;
    if (message === undefined) return;
    const pace = this.#conditions.bytesPerSecond;
    const size = pace === undefined ? message.data.length : Math.ceil(pace / TRICKLES_PER_SECOND);
    const end = Math.min(this.#sentOfFirst + size, message.data.length);
    const fin = end === message.data.length;
    const drop = message.data.subarray(this.#sentOfFirst, end);
    this.#socket.send(drop, { binary: message.binary, fin });
    this.#sentOfFirst = end;
    if (fin) {
      this.#waiting.shift();
      this.#waitingBytes -= message.data.length;
      this.#sentOfFirst = 0;
    }
    const wait = pace === undefined ? 0 : (drop.length / pace) * 1000;
    this.#timer = setTimeout(() => this.#trickle(), wait);
  }
}
