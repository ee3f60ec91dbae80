import type { ServerResponse } from 'node:http';
import { Framer, type Framing } from '../fanout/framing.ts';
import {
  Outbox,
  type OutboxHost,
  type OutboxSettings,
  type OutboxStream,
} from '../fanout/outbox.ts';
import type { Payload } from '../fanout/payload.ts';
import type { SubscriptionSink } from '../fanout/subscription-sink.ts';
import { type Answer, textOf } from '../graphql/answer-text.ts';
import type { ConnectionCursor } from '../graphql/connection-cursor.ts';
import type { ToPublicError } from '../graphql/errors.ts';
import type { ResultStream } from '../graphql/public-stream.ts';
import type { Cursor, Journal, Position } from '../journal/journal.ts';
import { SharedTimeout } from '../shared-timeout.ts';
import type { GraphQLServer } from './graphql.ts';

export const EVENT_STREAM = 'text/event-stream';

export const EVENT_STREAM_HEADERS = {
  'Content-Type': EVENT_STREAM,
  // A proxy that compressed a stream would hold events back until it has enough of them.
  'Cache-Control': 'no-cache, no-store, no-transform',
  // nginx would collect events before it passes them on.
  'X-Accel-Buffering': 'no',
} as const;

/** Each message says itself where it ends, and HTTP has its own framing below. */
const EVENT_STREAM_FRAMING: Framing = { headerLength: () => 0, writeHeader: () => {} };

const END_OF_EVENT = Buffer.from('\n\n');

export const nextEvent = (result: Answer): string => `event: next\ndata: ${textOf(result)}\n\n`;

export const COMPLETE_EVENT = 'event: complete\ndata:\n\n';

/** What all event streams have in common. */
export class EventStreams implements Disposable {
  readonly settings: OutboxSettings;
  readonly signs: SharedTimeout<EventStream>;
  readonly toPublicError: ToPublicError;
  readonly #journal: Pick<Journal, 'cursorAt'>;
  readonly #stalls: SharedTimeout<Outbox>;
  /** Of the newest event: one that goes to many streams begins with the same bytes in each. */
  #position: Position | undefined;
  #before = END_OF_EVENT;

  /** @param keepAliveMs between signs of life, in ms. */
  constructor(
    {
      journal,
      toPublicError,
      slowClients,
    }: Pick<GraphQLServer, 'journal' | 'toPublicError' | 'slowClients'>,
    keepAliveMs: number,
  ) {
    this.#journal = journal;
    this.toPublicError = toPublicError;
    this.signs = new SharedTimeout(keepAliveMs, (stream) => stream.signOfLife());
    this.#stalls = new SharedTimeout(slowClients.stalledAfterMs, (outbox) => outbox.stalled());
    this.settings = {
      framer: new Framer(EVENT_STREAM_FRAMING),
      budget: slowClients,
      stalls: this.#stalls,
    };
  }

  /** What an event begins with, up to its data. */
  before(position: Position): Buffer {
    if (position !== this.#position) {
      this.#position = position;
      this.#before = Buffer.from(
        `event: next\nid: ${this.#journal.cursorAt(position)}\ndata: `,
        'latin1',
      );
    }
    return this.#before;
  }

  [Symbol.dispose](): void {
    this.signs[Symbol.dispose]();
    this.#stalls[Symbol.dispose]();
  }
}

/**
 * GraphQL over server-sent events in its "distinct connections mode", with a cursor as the id
 * of each event, and now and then an id without an event: the point up to which the client has
 * everything, so that one with a quiet filter can go on from there.
 *
 * `complete` is final to a client, so it follows only the answer to what was no subscription,
 * or could not become one. A subscription's stream ends without it: then the gateway goes
 * away, and the client shall come back.
 */
export class EventStream implements OutboxHost, SubscriptionSink {
  readonly stream: OutboxStream;
  readonly outbox: Outbox;
  readonly #response: ServerResponse;
  readonly #streams: EventStreams;
  readonly #cursor: ConnectionCursor;
  #told: Cursor | undefined;

  constructor(response: ServerResponse, cursor: ConnectionCursor, streams: EventStreams) {
    this.#response = response;
    this.stream = new UncorkedResponse(response);
    this.#cursor = cursor;
    this.#streams = streams;
    this.outbox = new Outbox(this, streams.settings);
    // Events may come before it is known that the answer is a stream.
    this.outbox.hold();
  }

  get isOpen(): boolean {
    return !(this.#response.writableEnded || this.#response.destroyed);
  }

  event(payload: Payload): void {
    this.outbox.event(this.#streams.before(payload.position), payload, END_OF_EVENT);
  }

  stalled(): void {
    this.#response.destroy();
  }

  /** Sends results until there are no more, or the client has gone. */
  open(results: ResultStream): void {
    this.#response.once('close', () => {
      this.#streams.signs.cancel(this);
      this.outbox.release();
      void results.return();
    });
    if (this.#response.destroyed) {
      void results.return();
      return;
    }
    // The outbox finds out by itself whether the client reads.
    this.#response.setTimeout(0);
    this.#response.writeHead(200, EVENT_STREAM_HEADERS);
    this.outbox.resume();
    this.signOfLife();
    void this.#sendAll(results);
  }

  /** Where the client can go on, if that is news; else only that we are there. */
  signOfLife(): void {
    const { current = this.#told } = this.#cursor;
    // A client that is behind sees us live.
    if (this.outbox.level === 'clear') {
      void this.outbox.text(current === this.#told ? ':\n\n' : `id: ${current}\n\n`);
      this.#told = current;
    }
    this.#streams.signs.start(this);
  }

  async #sendAll(results: ResultStream): Promise<void> {
    try {
      for await (const result of results) await this.outbox.text(nextEvent(result));
    } catch (error) {
      // What was subscribed to has ended, and says no more how far it came.
      this.#streams.signs.cancel(this);
      await this.outbox.text(nextEvent({ errors: [this.#streams.toPublicError(error)] }));
    }
    this.#response.end();
  }
}

/**
 * Node holds all that is written to a response in one turn, and sends it at once. To cork the
 * response as well would undo that: it lets go of what it held piece by piece.
 */
class UncorkedResponse implements OutboxStream {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get writableLength(): number {
    return this.#response.writableLength;
  }

  write(bytes: Buffer, written?: (error?: Error | null) => void): boolean {
    return this.#response.write(bytes, written);
  }

  cork(): void {}

  uncork(): void {}
}
