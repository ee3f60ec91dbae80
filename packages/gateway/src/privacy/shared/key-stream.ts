import {
  type ConsumerMessages,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  jetstream,
  jetstreamManager,
  type StreamExpectations,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  contentOf,
  type KeyMessage,
  ownerSubject,
  readMessage,
  subjectOf,
} from './key-messages.ts';
import { SharedKeysError } from './shared-keys-error.ts';

/** With other settings the stream would lose keys, or keep forgotten ones. */
const SETTINGS = {
  storage: 'file',
  retention: 'limits',
  max_msgs_per_subject: 1,
  max_msgs: -1,
  max_bytes: -1,
  max_age: 0,
  allow_msg_ttl: true,
  deny_delete: false,
  sealed: false,
} as const;

/** Codes of the server: https://github.com/nats-io/nats-server/blob/main/server/errors.json */
const { StreamNotFound, StreamWrongLastSequence, StreamWrongLastSequenceUnknown } =
  JetStreamApiCodes;
/** The message was deleted before. */
const SEQUENCE_NOT_FOUND = 10043;

/** Longest wait for an answer of JetStream, in ms. */
const REQUEST_MS = 5_000;

/** The server sends a heartbeat so often while there is nothing new, in ms: so a lost consumer shows within 2 s. */
const HEARTBEAT_MS = 1_000;

/** After so long the client asks for more messages; or for the consumer again, while nothing answers. */
const ASK_AGAIN_MS = 2_000;

/** How long the server keeps a consumer that nobody reads from, in ms. */
const CONSUMER_KEPT_MS = 30_000;

/** Messages that the server sends before it is asked for more. */
const MAX_MESSAGES = 1_000;

/** The stream of shared keys: requests to JetStream. Each throws what the client of NATS throws. */
export class KeyStream {
  readonly #name: string;
  readonly #replicas: number;
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;

  private constructor(
    { stream, replicas }: { readonly stream: string; readonly replicas: number },
    client: JetStreamClient,
    manager: JetStreamManager,
  ) {
    this.#name = stream;
    this.#replicas = replicas;
    this.#client = client;
    this.#manager = manager;
  }

  /**
   * Creates the stream when it is missing. An existing one keeps its number of replicas.
   *
   * @throws {SharedKeysError} STREAM_SETTINGS.
   */
  static async open(
    connection: NatsConnection,
    options: { readonly stream: string; readonly replicas: number },
  ): Promise<KeyStream> {
    const timeout = REQUEST_MS;
    const manager = await jetstreamManager(connection, { timeout, checkAPI: false });
    const stream = new KeyStream(options, jetstream(connection, { timeout }), manager);
    await stream.#ensure();
    return stream;
  }

  /** Stores the message in place of an earlier one with its subject. Resolves to its sequence number. */
  async put(message: KeyMessage, ttlSeconds?: number): Promise<number> {
    const ttl = ttlSeconds === undefined ? {} : { ttl: `${ttlSeconds}s` };
    const { seq } = await this.#client.publish(
      this.#subject(subjectOf(message)),
      contentOf(message),
      ttl,
    );
    return seq;
  }

  /** Stores the message if its subject has none. Resolves to its sequence number, or undefined. */
  add(message: KeyMessage): Promise<number | undefined> {
    return this.replace(message, 0);
  }

  /**
   * Stores the message in place of the one with this sequence number, 0 for none. Resolves to its
   * sequence number; undefined when its subject has another message.
   */
  replace(message: KeyMessage, last: number): Promise<number | undefined> {
    return this.#putIf(message, { lastSubjectSequence: last });
  }

  /** Stores the key if its owner has none. Resolves to its sequence number, or undefined. */
  addFirst(message: KeyMessage & { readonly kind: 'key' }): Promise<number | undefined> {
    return this.#putIf(message, {
      lastSubjectSequence: 0,
      lastSubjectSequenceSubject: this.#subject(`${ownerSubject(message.key.owner)}.*`),
    });
  }

  /** The message with this subject that every server of the cluster agrees on. */
  async find(subject: string): Promise<KeyMessage | undefined> {
    const found = await this.#manager.streams.getMessage(this.#name, {
      last_by_subj: this.#subject(subject),
    });
    return found ? readMessage(subject, found.string()) : undefined;
  }

  /** Deletes the message, and overwrites its bytes on the disks of the servers. */
  async erase(sequence: number): Promise<void> {
    const { streams } = this.#manager;
    try {
      await streams.deleteMessage(this.#name, sequence, true);
    } catch (error) {
      if (isCoded(error, SEQUENCE_NOT_FOUND)) return;
      if ((await streams.getMessage(this.#name, { seq: sequence })) !== null) throw error;
    }
  }

  /** All messages from the first one, then each new one. Ends with an error when the stream goes. */
  async follow(): Promise<ConsumerMessages> {
    const consumer = await this.#client.consumers.get(this.#name, {
      inactive_threshold: CONSUMER_KEPT_MS,
    });
    return consumer.consume({
      max_messages: MAX_MESSAGES,
      idle_heartbeat: HEARTBEAT_MS,
      expires: ASK_AGAIN_MS,
      abort_on_missing_resource: true,
    });
  }

  /** @throws {SharedKeysError} BAD_MESSAGE, NEWER_VERSION. */
  read(message: JsMsg): KeyMessage {
    return readMessage(message.subject.slice(this.#name.length + 1), message.string());
  }

  #subject(rest: string): string {
    return `${this.#name}.${rest}`;
  }

  async #putIf(
    message: KeyMessage,
    expect: Partial<StreamExpectations>,
  ): Promise<number | undefined> {
    try {
      const { seq } = await this.#client.publish(
        this.#subject(subjectOf(message)),
        contentOf(message),
        { expect },
      );
      return seq;
    } catch (error) {
      if (isCoded(error, StreamWrongLastSequence, StreamWrongLastSequenceUnknown)) return undefined;
      throw error;
    }
  }

  async #ensure(): Promise<void> {
    const { streams } = this.#manager;
    const { config } = await streams.info(this.#name).catch((error: unknown) => {
      if (!isCoded(error, StreamNotFound)) throw error;
      return streams.add({
        ...{ name: this.#name, subjects: [`${this.#name}.>`], num_replicas: this.#replicas },
        ...SETTINGS,
      });
    });
    const wrong = Object.entries(SETTINGS).filter(
      ([name, value]) => (config[name as keyof typeof SETTINGS] ?? false) !== value,
    );
    if (wrong.length === 0) return;
    throw new SharedKeysError(
      'STREAM_SETTINGS',
      `the stream ${this.#name} of shared keys needs ${wrong.map(([name, value]) => `${name}: ${value}`).join(', ')}; ` +
        'edit it, or delete it: a gateway creates it again from its key file',
    );
  }
}

const isCoded = (error: unknown, ...codes: readonly number[]): boolean =>
  error instanceof JetStreamApiError && codes.includes(error.code);
