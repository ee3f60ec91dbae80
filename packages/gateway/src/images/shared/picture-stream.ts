import {
  DiscardPolicy,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import { type NatsConnection, nanos } from '@nats-io/transport-node';
import { ensureStream } from '../../nats/streams.ts';

/** How long one request may take, in ms. */
const REQUEST_MS = 5_000;

/** What a message holds beside its content, in bytes at most. */
const HEADERS_BYTES = 1_024;

export interface PictureStreamOptions {
  readonly connection: NatsConnection;
  readonly isUp: () => boolean;
  readonly stream: string;
  readonly replicas: number;
  readonly keepMs: number;
  readonly maxBytes: number;
}

/** Sealed pictures by their keys, each for as long as pictures are kept. Large ones are in pieces. */
export class PictureStream {
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #options: PictureStreamOptions;

  private constructor(
    client: JetStreamClient,
    manager: JetStreamManager,
    options: PictureStreamOptions,
  ) {
    this.#client = client;
    this.#manager = manager;
    this.#options = options;
  }

  /** Makes the stream when there is none. */
  static async open(options: PictureStreamOptions): Promise<PictureStream> {
    const { connection } = options;
    const manager = await jetstreamManager(connection, { timeout: REQUEST_MS });
    const client = jetstream(connection, { timeout: REQUEST_MS });
    const stream = new PictureStream(client, manager, options);
    await stream.#ensure();
    return stream;
  }

  /** Resolves when the picture is stored. Rejects when it is not known to be. */
  async put(key: string, sealed: Buffer): Promise<void> {
    if (!this.#options.isUp()) throw new Error('NATS can’t be reached');
    try {
      await this.#put(key, sealed);
    } catch {
      // Where the stream is gone, nobody answers.
      await this.#ensure();
      await this.#put(key, sealed);
    }
  }

  /** Undefined when there is none, or not all of it. */
  async get(key: string): Promise<Buffer | undefined> {
    const first = await this.#piece(key, 0);
    const [count] = first ?? [];
    if (!first || count === undefined) return undefined;
    const pieces: Buffer[] = [first.subarray(1)];
    for (let index = 1; index < count; index += 1) {
      const piece = await this.#piece(key, index);
      if (!piece) return undefined;
      pieces.push(piece.subarray(1));
    }
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  }

  async has(key: string): Promise<boolean> {
    const subject = this.#subject(key, 0);
    const { state } = await this.#manager.streams.info(this.#options.stream, {
      subjects_filter: subject,
    });
    return (state.subjects?.[subject] ?? 0) > 0;
  }

  async #put(key: string, sealed: Buffer): Promise<void> {
    const { info } = this.#options.connection;
    const most = (info?.max_payload ?? 2 ** 20) - HEADERS_BYTES;
    const count = Math.max(1, Math.ceil(sealed.length / most));
    if (count > MAX_PIECES)
      throw new RangeError(`a picture of ${sealed.length} bytes is too large`);
    // The first piece comes last: who finds it finds all.
    for (let index = count - 1; index >= 0; index -= 1) {
      const piece = sealed.subarray(index * most, (index + 1) * most);
      const data = Buffer.concat([Buffer.of(count), piece]);
      await this.#client.publish(this.#subject(key, index), data, {
        timeout: REQUEST_MS,
        retries: 0,
      });
    }
  }

  async #piece(key: string, index: number): Promise<Buffer | undefined> {
    const message = await this.#manager.direct.getMessage(this.#options.stream, {
      last_by_subj: this.#subject(key, index),
    });
    return message ? Buffer.from(message.data) : undefined;
  }

  #subject(key: string, index: number): string {
    return `${this.#options.stream}.${key}.${index}`;
  }

  async #ensure(): Promise<void> {
    const { stream, replicas, keepMs, maxBytes } = this.#options;
    await ensureStream(this.#manager, {
      name: stream,
      subjects: [`${stream}.*.*`],
      num_replicas: replicas,
      discard: DiscardPolicy.Old,
      max_age: nanos(keepMs),
      max_bytes: maxBytes,
      max_msgs_per_subject: 1,
      allow_direct: true,
    });
  }
}

/** The first byte of each piece says how many there are. */
const MAX_PIECES = 255;
