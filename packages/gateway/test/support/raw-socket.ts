import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type ClientOptions, WebSocket } from 'ws';

export interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: Record<string, unknown>;
}

/** A client of graphql-transport-ws that does nothing by itself. */
export class RawSocket implements AsyncDisposable {
  readonly socket: WebSocket;
  /** All messages, in the order in which they came. */
  readonly received: Message[] = [];
  readonly closeCode: Promise<number>;
  /** Called with each message as it comes. */
  onMessage: (message: Message) => void = () => {};
  #stream: Socket | undefined;
  #read = 0;
  #news = Promise.withResolvers<void>();

  private constructor(url: string, options: ClientOptions, protocols: readonly string[]) {
    this.socket = new WebSocket(url, [...protocols], options);
    this.closeCode = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.on('error', () => {});
    this.socket.once('upgrade', ({ socket }) => {
      this.#stream = socket;
    });
    this.socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as Message;
      this.received.push(message);
      this.onMessage(message);
      this.#news.resolve();
    });
  }

  static async open(
    url: string,
    options: ClientOptions = {},
    protocols: readonly string[] = ['graphql-transport-ws'],
  ): Promise<RawSocket> {
    const socket = new RawSocket(url, options, protocols);
    await once(socket.socket, 'open');
    return socket;
  }

  /** One whose connection_init was accepted. */
  static async connected(url: string, options?: ClientOptions): Promise<RawSocket> {
    const socket = await RawSocket.open(url, options);
    const { type } = await socket.initialise();
    if (type !== 'connection_ack') throw new Error(`answered with ${type}`);
    return socket;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Sends bytes beside the frames of `ws`. */
  write(bytes: Buffer): void {
    if (!this.#stream) throw new Error('the socket is not open yet');
    this.#stream.write(bytes);
  }

  /** Sends what `write` sends in one piece, so that the server gets all of it in one turn. */
  atOnce(write: () => void): void {
    if (!this.#stream) throw new Error('the socket is not open yet');
    this.#stream.cork();
    write();
    this.#stream.uncork();
  }

  initialise(payload?: Record<string, unknown>): Promise<Message> {
    this.send({ type: 'connection_init', payload });
    return this.next();
  }

  subscribe(id: string, query: string, variables?: Record<string, unknown>): void {
    this.send({ type: 'subscribe', id, payload: { query, variables } });
  }

  complete(id: string): void {
    this.send({ type: 'complete', id });
  }

  /** Settles when the server has dealt with everything that was sent before. */
  async untilHeard(): Promise<void> {
    this.send({ type: 'ping' });
    await this.next(({ type }) => type === 'pong');
  }

  /** The next message that is wanted; those before it are passed over. */
  async next(isWanted: (message: Message) => boolean = () => true): Promise<Message> {
    for (;;) {
      const message = this.received[this.#read];
      if (message) {
        this.#read += 1;
        if (isWanted(message)) return message;
      } else {
        this.#news = Promise.withResolvers();
        const closed = this.closeCode.then((code) => {
          throw new Error(`the socket was closed with ${code}`);
        });
        await Promise.race([this.#news.promise, closed]);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate();
    await this.closeCode;
  }
}
