import { connect, type Socket } from 'node:net';
import type { Operation } from '../operation.ts';
import { FrameReader } from './frame-reader.ts';
import { maskedFrame, OPCODE } from './frames.ts';
import { ACKNOWLEDGED, INIT, PATH, PING, SUBPROTOCOL, subscribeMessage } from './protocol.ts';

export interface SubscriberOptions {
  readonly port: number;
  /** Its own address, on the loopback net. */
  readonly localAddress: string;
  readonly operation: Operation;
}

export interface SubscriberEvents {
  /** So many events have arrived in so many bytes. */
  readonly arrived: (deliveries: number, bytes: number) => void;
  /** Something came that should not have, or the connection has ended: told once. */
  readonly failed: (error: Error) => void;
}

/** All sockets read into it: what was read is dealt with before the next socket is. */
const READ_BUFFER = Buffer.alloc(256 * 1024);

const END_OF_HEADERS = '\r\n\r\n';

/**
 * A client that costs next to nothing, so that thousands fit into one process: it counts what
 * arrives and never parses it. It answers pings, and fails on all that is not a delivery.
 */
export class Subscriber implements Disposable {
  readonly #socket: Socket;
  readonly #reader: FrameReader;
  readonly #options: SubscriberOptions;
  readonly #events: SubscriberEvents;
  readonly #subscribed = Promise.withResolvers<void>();
  #state: 'upgrading' | 'open' | 'ended' = 'upgrading';
  #head = '';

  constructor(options: SubscriberOptions, events: SubscriberEvents) {
    const { port, localAddress } = options;
    this.#options = options;
    this.#events = events;
    this.#reader = new FrameReader({
      ping: (payload) => this.#send(OPCODE.pong, payload),
      other: (start) => this.#other(start),
      closed: (code) => this.#fail(`was closed by the server with ${code ?? 'no code'}`),
    });
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      localAddress,
      noDelay: true,
      onread: {
        buffer: READ_BUFFER,
        callback: (length) => {
          this.#read(READ_BUFFER.subarray(0, length));
          return true;
        },
      },
    });
    this.#socket
      .on('connect', () => this.#upgrade())
      .on('error', (error) => this.#fail(error.message))
      .on('close', () => this.#fail('was disconnected'));
  }

  /** Settles when the operation has been sent; the protocol has no word for its being in force. */
  get subscribed(): Promise<void> {
    return this.#subscribed.promise;
  }

  /** Reads nothing from now on. */
  stall(): void {
    this.#socket.pause();
  }

  /** Leaves without a word; a reset leaves no port behind that is busy for a minute. */
  [Symbol.dispose](): void {
    this.#state = 'ended';
    this.#socket.resetAndDestroy();
  }

  #upgrade(): void {
    this.#socket.write(
      [
        `GET ${PATH} HTTP/1.1`,
        `Host: 127.0.0.1:${this.#options.port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
        `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
        '',
        '',
      ].join('\r\n'),
    );
  }

  #read(bytes: Buffer): void {
    if (this.#state === 'ended') return;
    if (this.#state === 'open') {
      this.#events.arrived(this.#reader.read(bytes), bytes.length);
      return;
    }
    this.#head += bytes.toString('latin1');
    const end = this.#head.indexOf(END_OF_HEADERS);
    if (end === -1) return;
    if (!this.#head.startsWith('HTTP/1.1 101 ')) {
      this.#fail(`was not upgraded: ${this.#head.split('\r\n', 1)[0]}`);
      return;
    }
    this.#state = 'open';
    this.#reader.read(Buffer.from(this.#head.slice(end + END_OF_HEADERS.length), 'latin1'));
    this.#head = '';
    this.#send(OPCODE.text, Buffer.from(INIT));
  }

  #other(start: string): void {
    if (start.includes(ACKNOWLEDGED)) {
      this.#send(OPCODE.text, Buffer.from(subscribeMessage(this.#options.operation)));
      this.#subscribed.resolve();
    } else if (!start.includes(PING)) {
      this.#fail(`was told what it did not expect: ${start}`);
    }
  }

  #send(opcode: number, payload: Buffer): void {
    this.#socket.write(maskedFrame(opcode, payload));
  }

  #fail(reason: string): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#socket.resetAndDestroy();
    const error = new Error(`a subscriber ${reason}`);
    this.#subscribed.reject(error);
    this.#events.failed(error);
  }
}
