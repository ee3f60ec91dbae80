import { hash } from 'node:crypto';
import {
  type Consumer,
  type ConsumerMessages,
  DeliverPolicy,
  JetStreamApiCodes,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  type StreamInfo,
} from '@nats-io/jetstream';
import { millis, type NatsConnection, nanos } from '@nats-io/transport-node';
import type { BoxId } from '../../config/ids.ts';
import { ensureStream, hasCode } from '../../nats/streams.ts';
import { Slots } from '../../slots.ts';
import type { Epoch } from '../cursor.ts';
import { JournalError } from '../journal-error.ts';
import { boxToken } from './log-message.ts';

export interface LogOptions {
  /** The name of the stream; that of notes is `<stream>_notes`. */
  readonly stream: string;
  /** On so many servers each message is stored. */
  readonly replicas: number;
  readonly keepMs: number;
  readonly maxBytes: number;
  /** Whether a server can be reached. What is sent meanwhile would be sent later, unasked. */
  readonly isUp: () => boolean;
}

/** One life of the stream: a stream that is deleted and made anew has another one. */
export interface Incarnation {
  readonly epoch: Epoch;
  readonly first: number;
  readonly oldest: number;
  readonly newest: number;
  /** How long it keeps messages, in ms. Infinity: for ever. */
  readonly keepMs: number;
}

/** The newest message of a subject. */
export interface LastMessage {
  readonly sequence: number;
  readonly data: Uint8Array;
}

/** The newest message of the subject is another one than was expected: somebody else writes. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

/**
 * Positions of a stream begin at 64 for each ms since 1970, so those of a stream that is made anew
 * lie beyond all that were given out before. They stay within the 48 bits of a cursor until 2100.
 */
const POSITIONS_PER_MS = 64;

/** How long one request to JetStream may take, in ms. */
const REQUEST_MS = 5_000;

/**
 * Messages of a box that are stored at once, at most. It takes two round trips whatever their
 * number, which is how a box keeps up that says more than one message in a round trip.
 */
const BATCH = 100;

/** So many batches of this gateway are under way. The server takes 50 of all gateways. */
const BATCHES = 10;

/** How long a message may take to be stored, in ms; then the same is tried again. */
const PUBLISH_MS = 2_000;

/**
 * How a reader asks for messages: up to so many at a time, anew after so many ms. A server that is
 * silent for two heartbeats (ms) has forgotten the reader, which then begins anew where it was.
 */
const READING = { max_messages: 500, expires: 4_000, idle_heartbeat: 1_000 };

/** The stream that all gateways share, with a subject for each box and one for acts; and what is noted of boxes. */
export class Log {
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #options: LogOptions;
  /** Whether the server stores several messages at once: all or none. */
  #isAtomic = false;
  /** Whether the stream has the subject of acts: those of older gateways lack it. */
  #takesActs = false;
  readonly #batches = new Slots(BATCHES);

  private constructor(client: JetStreamClient, manager: JetStreamManager, options: LogOptions) {
    this.#client = client;
    this.#manager = manager;
    this.#options = options;
  }

  /** Makes the streams where there are none. */
  static async open(connection: NatsConnection, options: LogOptions): Promise<Log> {
    const manager = await jetstreamManager(connection, { timeout: REQUEST_MS });
    const log = new Log(jetstream(connection, { timeout: REQUEST_MS }), manager, options);
    await log.incarnation();
    return log;
  }

  /** As the stream is now; made if it is not there. */
  async incarnation(): Promise<Incarnation> {
    const { config, created, state } = await this.#ensure(this.#options.stream);
    await this.#ensure(this.#notes);
    // Servers before 2.12 leave the setting out, and would store such messages one by one.
    this.#isAtomic = config.allow_atomic === true;
    this.#takesActs = config.subjects.includes(this.#desk);
    const first = config.first_seq || 1;
    return {
      epoch: hash('sha256', `se5 log ${config.name} ${created}`, 'buffer').readBigUInt64BE(),
      first,
      oldest: Math.max(first, state.first_seq),
      newest: Math.max(first - 1, state.last_seq),
      keepMs: config.max_age > 0 ? millis(config.max_age) : Number.POSITIVE_INFINITY,
    };
  }

  /** How many messages `append` takes at once. */
  get most(): number {
    return this.#isAtomic ? BATCH : 1;
  }

  /**
   * Puts messages behind the one that is expected to be the newest of the box: all or none.
   *
   * @param expected The sequence of that message; 0 for none.
   * @returns the sequence of the last message.
   * @throws {FencedError} when another message is the newest.
   */
  append(boxId: BoxId, messages: readonly Uint8Array[], expected: number): Promise<number> {
    const [first, ...others] = messages;
    const last = others.pop();
    if (first === undefined) return Promise.resolve(expected);
    if (last === undefined) return this.#publish(this.#options.stream, boxId, first, expected);
    return this.#batches.run(() => this.#publishAll(boxId, [first, others, last], expected));
  }

  /**
   * Puts an act on an alarm behind whatever is the newest message: the first in the log wins.
   *
   * @throws {JournalError} UNAVAILABLE when no server can be reached. Any error may come of an act
   *   that is stored.
   */
  async act(data: Uint8Array): Promise<void> {
    this.#assertUp();
    const { stream } = this.#options;
    if (!this.#takesActs) {
      const { config } = await this.#manager.streams.info(stream);
      const subjects = new Set([...config.subjects, this.#desk]);
      await this.#manager.streams.update(stream, { subjects: [...subjects] });
      this.#takesActs = true;
    }
    await this.#client.publish(this.#desk, data, { timeout: PUBLISH_MS, retries: 0 });
  }

  /** Replaces what is noted of a box, as `append`. */
  note(boxId: BoxId, data: Uint8Array, expected: number): Promise<number> {
    return this.#publish(this.#notes, boxId, data, expected);
  }

  /** The newest message of the box. */
  lastOf(boxId: BoxId): Promise<LastMessage | undefined> {
    return this.#last(this.#options.stream, boxId);
  }

  /** What is noted of the box. */
  noteOf(boxId: BoxId): Promise<LastMessage | undefined> {
    return this.#last(this.#notes, boxId);
  }

  /** The messages behind a position, in order, for as long as the iterator is not stopped. */
  async follow(after: number): Promise<ConsumerMessages> {
    const consumer: Consumer = await this.#client.consumers.get(this.#options.stream, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: after + 1,
    });
    return consumer.consume(READING);
  }

  get #desk(): string {
    return `${this.#options.stream}.desk`;
  }

  get #notes(): string {
    return `${this.#options.stream}_notes`;
  }

  async #publish(
    stream: string,
    boxId: BoxId,
    data: Uint8Array,
    expected: number,
  ): Promise<number> {
    return this.#fenced(stream, async () => {
      const { seq } = await this.#client.publish(`${stream}.box.${boxToken(boxId)}`, data, {
        expect: { lastSubjectSequence: expected },
        timeout: PUBLISH_MS,
        retries: 0,
      });
      return seq;
    });
  }

  async #publishAll(
    boxId: BoxId,
    [first, others, last]: readonly [Uint8Array, readonly Uint8Array[], Uint8Array],
    expected: number,
  ): Promise<number> {
    const subject = `${this.#options.stream}.box.${boxToken(boxId)}`;
    const commit = async (): Promise<number> => {
      const batch = await this.#client.startBatch(subject, first, {
        expect: { lastSubjectSequence: expected },
        timeout: PUBLISH_MS,
      });
      for (const each of others) batch.add(subject, each);
      const { seq } = await batch.commit(subject, last, { timeout: PUBLISH_MS });
      return seq;
    };
    return this.#fenced(this.#options.stream, () =>
      commit().catch(async (error: unknown) => {
        // The client does not pass on why the server refused to commit.
        const newest = await this.lastOf(boxId);
        if ((newest?.sequence ?? 0) === expected) throw error;
        throw new FencedError('the box has a newer message', { cause: error });
      }),
    );
  }

  async #fenced(stream: string, publish: () => Promise<number>): Promise<number> {
    this.#assertUp();
    try {
      return await publish();
    } catch (error) {
      if (error instanceof FencedError) throw error;
      const isFenced =
        hasCode(error, JetStreamApiCodes.StreamWrongLastSequence) ||
        hasCode(error, JetStreamApiCodes.StreamWrongLastSequenceUnknown);
      throw isFenced ? new FencedError(`${stream} has a newer message`, { cause: error }) : error;
    }
  }

  #assertUp(): void {
    if (!this.#options.isUp()) throw new JournalError('UNAVAILABLE', 'NATS can’t be reached');
  }

  async #last(stream: string, boxId: BoxId): Promise<LastMessage | undefined> {
    // Of the leader: a replica may not have the newest message yet.
    const message = await this.#manager.streams.getMessage(stream, {
      last_by_subj: `${stream}.box.${boxToken(boxId)}`,
    });
    return message ? { sequence: message.seq, data: message.data } : undefined;
  }

  #ensure(stream: string): Promise<StreamInfo> {
    const { replicas, keepMs, maxBytes } = this.#options;
    const isLog = stream === this.#options.stream;
    return ensureStream(this.#manager, {
      name: stream,
      subjects: [`${stream}.box.*`, ...(isLog ? [this.#desk] : [])],
      num_replicas: replicas,
      ...(isLog
        ? {
            max_age: nanos(keepMs),
            max_bytes: maxBytes,
            first_seq: firstSequence(),
            allow_atomic: true,
          }
        : { max_msgs_per_subject: 1 }),
    });
  }
}

const firstSequence = (): number => Date.now() * POSITIONS_PER_MS;
