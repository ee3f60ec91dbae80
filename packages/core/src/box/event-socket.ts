import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { BoxError } from '../protocol/errors.ts';
import { judgeEvery } from './judge-every.ts';
import { networkError } from './network-error.ts';

/** After so long without traffic, the system probes the peer: ten times, once a second. */
const KEEP_ALIVE_AFTER_MS = 15_000;

/** A box that has not answered a closing handshake by then, or says no more, is not waited for. */
const CLOSE_GRACE_MS = 1_000;

/** What stands for the code of a closing handshake that there was not: RFC 6455, 7.1.5. */
const NO_HANDSHAKE = 1006;

/** What Node reads of a socket at once: a read that brings as much says that more waits. */
const FULL_READ_BYTES = 65_536;

/** Fragments of one message: each is an object, however short it is. */
const MAX_FRAGMENTS = 16_384;

/** Pongs that a box does not read may wait in so many bytes; to further pings none is sent. */
const MAX_UNSENT_BYTES = 65_536;

export interface EventSocketOptions {
  readonly url: string;
  readonly connectTimeoutMs: number;
  readonly maxMessageBytes: number;
}

export interface EventSocketHandlers {
  /** A message or a control frame has come, of so many bytes: before anything else is told of it. */
  readonly frame: (bytes: number) => void;
  /** A whole message, text and binary alike; not checked to be UTF-8. */
  readonly message: (data: Buffer) => void;
  /** @param payload of the ping that it answers. */
  readonly pong: (payload: Buffer) => void;
  /** Told once, with the first cause. Messages may follow while a closing handshake lasts. */
  readonly ended: (error: BoxError) => void;
}

/** A WebSocket to a box that says in BoxErrors why it did not open, or ended. */
export class EventSocket implements AsyncDisposable {
  readonly #ws: WebSocket;
  readonly #url: string;
  readonly #handlers: EventSocketHandlers;
  readonly #signal: AbortSignal;
  readonly #opened = Promise.withResolvers<void>();
  /** With the code of the closing handshake. */
  readonly #closed = Promise.withResolvers<number>();
  #stream: Socket | undefined;
  #ended = false;
  #isPaused = false;
  /** Why it is not read for a moment. */
  #rests = 0;
  #hasFailed = false;

  /** @param signal closes the socket, whether it is open yet or not. */
  constructor(options: EventSocketOptions, handlers: EventSocketHandlers, signal: AbortSignal) {
    const { url, connectTimeoutMs, maxMessageBytes } = options;
    this.#url = url;
    this.#handlers = handlers;
    this.#signal = signal;
    this.#ws = new WebSocket(url, {
      maxPayload: maxMessageBytes,
      // A box is not known to compress, and pictures would not become smaller.
      perMessageDeflate: false,
      maxFragments: MAX_FRAGMENTS,
      autoPong: false,
      // Done once, where the message is decoded.
      skipUTF8Validation: true,
      // Embedded servers end lines with a lone LF. The connection carries one answer only, so there
      // is no second reader to disagree with on where it ends.
      insecureHTTPParser: true,
    });
    const timer = setTimeout(() => {
      const message = `${url} did not open a WebSocket within ${connectTimeoutMs} ms`;
      this.fail(new BoxError('TIMEOUT', message));
    }, connectTimeoutMs);
    const stop = () => this.#closeNow();
    signal.addEventListener('abort', stop, { once: true });

    this.#ws
      .on('upgrade', ({ socket }) => {
        this.#stream = socket;
        socket.setKeepAlive(true, KEEP_ALIVE_AFTER_MS);
        // ws says only that the socket has closed, not that the keep-alive ended it.
        socket.once('error', (error) => this.#end(networkError(error, url)));
      })
      .on('unexpected-response', (_request, { statusCode = 0 }) => {
        const message = `${url} answered HTTP ${statusCode} instead of opening a WebSocket`;
        this.fail(new BoxError('PROTOCOL', message, { status: statusCode }));
      })
      .on('open', () => {
        clearTimeout(timer);
        this.#stream?.on('data', ({ length }: Buffer) => {
          // Else Node reads on, up to 32 times, before it turns to anybody else.
          if (length >= FULL_READ_BYTES) this.rest(nextTurn());
        });
        this.#opened.resolve();
      })
      .on('message', (data) => {
        // What had come with the message that was too much is told by ws all the same.
        if (!Buffer.isBuffer(data) || this.#hasFailed) return;
        handlers.frame(data.length);
        handlers.message(data);
      })
      .on('ping', (payload) => {
        handlers.frame(payload.length);
        // Not every ping has to be answered: RFC 6455, 5.5.3.
        if (!this.#ended && this.#ws.bufferedAmount < MAX_UNSENT_BYTES) this.#ws.pong(payload);
      })
      .on('pong', (payload) => {
        handlers.frame(payload.length);
        handlers.pong(payload);
      })
      .on('error', (error) => this.#end(this.#toBoxError(error, maxMessageBytes)))
      .on('close', (status) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        const message = `${url} closed the connection (WebSocket code ${status})`;
        this.#end(new BoxError('CLOSED', message, { status }));
        this.#closed.resolve(status);
      });
    if (signal.aborted) stop();
  }

  /** Settles when the socket is open, or has ended without ever being so. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /** So far, frames and all. */
  get bytesRead(): number {
    return this.#stream?.bytesRead ?? 0;
  }

  send(text: string): void {
    this.#ws.send(text);
  }

  ping(payload: string): void {
    this.#ws.ping(payload);
  }

  /** Reads nothing until `resume`, but for what has been read already; one that ends is read. */
  pause(): void {
    this.#isPaused = true;
    this.#readOn();
  }

  resume(): void {
    this.#isPaused = false;
    this.#readOn();
  }

  /** Reads nothing until this settles, as if paused meanwhile. */
  rest(over: Promise<void>): void {
    this.#rests += 1;
    this.#readOn();
    void over.finally(() => {
      this.#rests -= 1;
      this.#readOn();
    });
  }

  /** Whether it is not read now, for whatever reason. */
  get isPaused(): boolean {
    return this.#isPaused || this.#rests > 0;
  }

  /** Destroys the socket: `error` is why it ended. */
  fail(error: BoxError): void {
    this.#hasFailed = true;
    this.#end(error);
    this.#ws.terminate();
  }

  /**
   * Closes by handshake, and hears all that was on its way: gives up only when nothing has come
   * for `CLOSE_GRACE_MS`, or when the signal asks for the end.
   *
   * @returns why there may be more that was not heard; undefined when the box has closed too.
   */
  async drain(): Promise<BoxError | undefined> {
    this.#closeNow();
    let bytesRead = -1;
    const timer = judgeEvery(CLOSE_GRACE_MS, () => {
      if (this.#signal.aborted || this.bytesRead === bytesRead) this.#ws.terminate();
      bytesRead = this.bytesRead;
    });
    const status = await this.#closed.promise;
    clearInterval(timer);
    if (status !== NO_HANDSHAKE) return undefined;
    return new BoxError('CLOSED', `${this.#url} ended without a closing handshake`, { status });
  }

  /** Closes by handshake, or for want of an answer within `CLOSE_GRACE_MS` without. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closeNow();
    const timer = setTimeout(() => this.#ws.terminate(), CLOSE_GRACE_MS);
    await this.#closed.promise;
    clearTimeout(timer);
  }

  #closeNow(): void {
    this.#end(new BoxError('CLOSED', `${this.#url} was closed from our side`));
    // Else the box's answer would not be read.
    this.#readOn();
    this.#ws.close(1000);
  }

  /** Reads, or does not, as is due now. */
  #readOn(): void {
    if (this.isPaused && !this.#ended) this.#ws.pause();
    else if (this.#ws.isPaused) this.#ws.resume();
  }

  #end(cause: BoxError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#handlers.ended(cause);
    this.#opened.resolve();
  }

  #toBoxError(error: Error, maxMessageBytes: number): BoxError {
    if ('code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
      const message =
        `${this.#url} sent a message above the limit of ${maxMessageBytes} bytes; ` +
        'raise the limit if its pictures are that large';
      return new BoxError('MESSAGE_TOO_LARGE', message, { status: 1009 });
    }
    return networkError(error, this.#url);
  }
}
