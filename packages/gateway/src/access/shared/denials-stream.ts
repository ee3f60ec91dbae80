import { hash } from 'node:crypto';
import {
  type ConsumerMessages,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { ensureStream } from '../../nats/streams.ts';

/** Readers ignore fields that they do not know, and refuse messages of another version. */
const VERSION = 1;

const denialSchema = z.object({
  v: z.literal(VERSION),
  /** The name of the gateway whose deny list it is. */
  gateway: z.string(),
  /** A `jti`, a `sub` or the name of a token. */
  entry: z.string(),
  /** False: the entry has gone from the list. */
  isDenied: z.boolean(),
});

/** That an entry is on the deny list of a gateway, or has gone from it. */
export type Denial = Omit<z.infer<typeof denialSchema>, 'v'>;

/** Longest wait for an answer of JetStream, in ms. */
const REQUEST_MS = 5_000;

/** How long the stream says that an entry has gone: for gateways that read on after an outage. */
const GONE_TTL = '168h';

/**
 * How a reader asks for messages: up to so many at a time, anew after so many ms. A server that is
 * silent for two heartbeats (ms) has forgotten the reader.
 */
const READING = {
  max_messages: 500,
  expires: 2_000,
  idle_heartbeat: 1_000,
  abort_on_missing_resource: true,
};

export interface DenialsStreamOptions {
  readonly connection: NatsConnection;
  /** Whether a server can be reached. What is sent meanwhile would be sent later, unasked. */
  readonly isUp: () => boolean;
  readonly stream: string;
  readonly replicas: number;
}

/** The newest message of each entry of each gateway. */
export class DenialsStream {
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #options: DenialsStreamOptions;

  private constructor(
    client: JetStreamClient,
    manager: JetStreamManager,
    options: DenialsStreamOptions,
  ) {
    this.#client = client;
    this.#manager = manager;
    this.#options = options;
  }

  /** Makes the stream when there is none. */
  static async open(options: DenialsStreamOptions): Promise<DenialsStream> {
    const { connection } = options;
    const manager = await jetstreamManager(connection, { timeout: REQUEST_MS });
    const client = jetstream(connection, { timeout: REQUEST_MS });
    const stream = new DenialsStream(client, manager, options);
    await stream.#ensure();
    return stream;
  }

  /**
   * Stores the message in place of an earlier one of this entry of this gateway.
   *
   * @returns its sequence number.
   */
  async put(denial: Denial): Promise<number> {
    const { isUp, stream } = this.#options;
    if (!isUp()) throw new Error('NATS can’t be reached');
    const subject = hash('sha256', JSON.stringify([denial.gateway, denial.entry]), 'base64url');
    const message: z.input<typeof denialSchema> = { v: VERSION, ...denial };
    const { seq } = await this.#client.publish(`${stream}.${subject}`, JSON.stringify(message), {
      timeout: REQUEST_MS,
      retries: 0,
      ...(!denial.isDenied && { ttl: GONE_TTL }),
    });
    return seq;
  }

  /** All messages, then each new one; from a new stream when it has gone. Ends, or throws, when it goes. */
  async follow(): Promise<ConsumerMessages> {
    await this.#ensure();
    const consumer = await this.#client.consumers.get(this.#options.stream);
    return consumer.consume(READING);
  }

  async #ensure(): Promise<void> {
    const { stream, replicas } = this.#options;
    await ensureStream(this.#manager, {
      name: stream,
      subjects: [`${stream}.*`],
      num_replicas: replicas,
      max_msgs_per_subject: 1,
      allow_msg_ttl: true,
    });
  }
}

/** @throws {Error} for what no gateway of this version writes, without a word of it. */
export function denialIn(message: JsMsg): Denial {
  try {
    return denialSchema.parse(message.json());
  } catch {
    throw new Error(
      'a message can’t be read; a newer gateway may have written it: update this one',
    );
  }
}
