import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { z } from 'zod';
import type { NatsLink } from './connect.ts';

/*
 * What gateways tell each other, as JSON over core NATS: it may get lost, so each message is said
 * again. Readers ignore fields that they do not know, and messages of a version that they do not
 * know.
 */
const VERSION = 1;

const envelopeSchema = z.object({ v: z.int() });

/** One kind of message: as it is read, and as it is sent. */
export interface Channel<Message, Sent = Message> {
  readonly name: string;
  readonly schema: z.ZodType<Message, Sent>;
}

/** Carries the messages of the gateways that share a stream. */
export class Bus implements Disposable {
  readonly #connection: NatsConnection;
  readonly #isUp: () => boolean;
  readonly #prefix: string;
  readonly #failed: (error: unknown) => void;
  readonly #subscriptions = new Set<Subscription>();

  /** @param failed is told of messages that can't be read; must not throw. */
  constructor(
    { connection, isUp }: Pick<NatsLink, 'connection' | 'isUp'>,
    stream: string,
    failed: (error: unknown) => void,
  ) {
    this.#connection = connection;
    this.#isUp = isUp;
    this.#prefix = `${stream}_cluster`;
    this.#failed = failed;
  }

  /** Says something to all, this gateway included. What can't be sent now is not sent. */
  tell<Sent extends object>({ name }: Channel<unknown, Sent>, message: Sent): void {
    if (!this.#isUp()) return;
    this.#connection.publish(`${this.#prefix}.${name}`, JSON.stringify({ ...message, v: VERSION }));
  }

  listen<Message, Sent>(
    { name, schema }: Channel<Message, Sent>,
    listener: (message: Message) => void,
  ): void {
    const subscription = this.#connection.subscribe(`${this.#prefix}.${name}`, {
      callback: (error, received) => {
        try {
          if (error) throw error;
          const json: unknown = received.json();
          if (envelopeSchema.parse(json).v === VERSION) listener(schema.parse(json));
        } catch (failure) {
          this.#failed(failure);
        }
      },
    });
    this.#subscriptions.add(subscription);
  }

  [Symbol.dispose](): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#subscriptions.clear();
  }
}
