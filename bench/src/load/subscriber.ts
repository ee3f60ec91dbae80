import { connect, type Socket } from 'node:net';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, MessageType, stringifyMessage } from 'graphql-ws';
import { FINAL, FrameReader, OPCODE } from './frame-reader.ts';

export interface SubscriberOptions {
  readonly port: number;
  /** Its own address, on the loopback net. */
  readonly localAddress: string;
  /** Each client has one operation. */
  readonly query: string;
}

export interface SubscriberEvents {
  readonly arrived: (deliveries: number) => void;
  /** Something came that should not have, or the connection has ended: told once. */
  readonly failed: (error: Error) => void;
}

export const OPERATION_ID = '1';

/** All sockets read into it: what was read is dealt with before the next socket is. */
const READ_BUFFER = Buffer.alloc(256 * 1024);

const END_OF_HEADERS = '\r\n\r\n';

const MASKED = 0x80;
const MASK = Buffer.alloc(4);

/**
 * A client that costs next to nothing, so that thousands fit into one process: it counts what
 * arrives and never parses it. It answers pings, and fails on all that is not a delivery.
 */
export class Subscriber implements Disposable {
  readonly #socket: Socket;
  readonly #reader = new FrameReader((opcode, payload) => this.#other(opcode, payload));
  readonly #query: string;
  readonly #events: SubscriberEvents;
  readonly #subscribed = Promise.withResolvers<void>();
  #state: 'upgrading' | 'open' | 'ended' = 'upgrading';
  #head = '';

  constructor({ port, localAddress, query }: SubscriberOptions, events: SubscriberEvents) {
    this.#query = query;
    this.#events = events;
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
      .on('connect', () => this.#socket.write(upgradeRequest(port)))
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

  #read(bytes: Buffer): void {
    if (this.#state === 'ended') return;
    if (this.#state === 'open') {
      this.#events.arrived(this.#reader.read(bytes));
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
    this.#send(OPCODE.text, stringifyMessage({ type: MessageType.ConnectionInit }));
  }

  #other(opcode: number, payload: Buffer): void {
    const text = payload.toString('latin1');
    if (opcode === OPCODE.ping) {
      this.#send(OPCODE.pong, payload);
    } else if (opcode === OPCODE.close) {
      const code = payload.length < 2 ? 'no code' : payload.readUInt16BE(0);
      this.#fail(`was closed by the server with ${code}`);
    } else if (text.includes(`"type":"${MessageType.ConnectionAck}"`)) {
      this.#send(OPCODE.text, subscribeMessage(this.#query));
      this.#subscribed.resolve();
    } else if (!text.includes(`"type":"${MessageType.Ping}"`)) {
      this.#fail(`got a message that it did not expect: ${text.slice(0, 200)}`);
    }
  }

  #send(opcode: number, payload: string | Buffer): void {
    this.#socket.write(maskedFrame(opcode, Buffer.from(payload)));
  }

  #fail(reason: string): void {
    if (this.#state === 'ended') return;
    this[Symbol.dispose]();
    const error = new Error(`a subscriber ${reason}`);
    this.#subscribed.reject(error);
    this.#events.failed(error);
  }
}

const upgradeRequest = (port: number): string =>
  [
    'GET /graphql HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Sec-WebSocket-Protocol: ${GRAPHQL_TRANSPORT_WS_PROTOCOL}`,
    '',
    '',
  ].join('\r\n');

const subscribeMessage = (query: string): string =>
  stringifyMessage({ id: OPERATION_ID, type: MessageType.Subscribe, payload: { query } });

/**
 * A message of up to 64 KiB as a client writes it. A mask of zeros is a mask: the payload stays
 * what it is, and no time is spent on what is not measured.
 */
function maskedFrame(opcode: number, payload: Buffer): Buffer {
  const header = Buffer.from([FINAL | opcode, MASKED | payload.length, 0, 0]);
  if (payload.length < 126) return Buffer.concat([header.subarray(0, 2), MASK, payload]);
  header[1] = MASKED | 126;
  header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, MASK, payload]);
}
