import { matches } from '../event-filter.ts';
import type { Operation } from '../operation.ts';
import type { PreparedEvent } from './event-pool.ts';
import { Subscriber, type SubscriberOptions } from './subscriber.ts';
import { Tally } from './tally.ts';
import { type Expectation, VerifyingSubscriber } from './verifying-subscriber.ts';

export interface AudienceOptions {
  readonly port: number;
  readonly subscribers: number;
  /** The nth subscriber has the nth of them, over and over. */
  readonly operations: readonly Operation[];
  /** What the first subscriber checks each delivery against. */
  readonly expectation: Expectation;
}

/** Sockets that are opened at the same time. */
const CONCURRENCY = 100;

/** A server may bound the sockets of one address: every few clients have an address of their own. */
const CLIENTS_PER_ADDRESS = 50;

/** All who subscribe to one server; the first of them looks at what it gets, all are counted. */
export class Audience implements Disposable {
  readonly tally: Tally;
  readonly #operations: readonly Operation[];
  readonly #members: (Subscriber | VerifyingSubscriber)[] = [];
  readonly #verifier: VerifyingSubscriber;
  #failure: Error | undefined;

  /** Settles when all have sent their operation. */
  static async connect(options: AudienceOptions): Promise<Audience> {
    const audience = new Audience(options);
    try {
      await audience.#fill(options);
    } catch (error) {
      audience[Symbol.dispose]();
      throw error;
    }
    return audience;
  }

  private constructor(options: AudienceOptions) {
    this.tally = new Tally(options.subscribers);
    this.#operations = options.operations;
    this.#verifier = new VerifyingSubscriber(
      subscriberOptions(options, 0),
      options.expectation,
      this.#eventsOf(0),
    );
    this.#members.push(this.#verifier);
  }

  /** A delivery as it came; empty before the first. */
  get sample(): string {
    return this.#verifier.sample;
  }

  /** @throws what went wrong with any of the subscribers, even if it was counted out since. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** By prepared event, who wants it. */
  wanting(events: readonly PreparedEvent[]): Uint8Array[] {
    return events.map(({ facts }) =>
      Uint8Array.from(this.#members, (_, member) => {
        const { filter } = operationOf(this.#operations, member);
        return filter === undefined || matches(filter, facts) ? 1 : 0;
      }),
    );
  }

  [Symbol.dispose](): void {
    for (const member of this.#members) member[Symbol.dispose]();
  }

  async #fill(options: AudienceOptions): Promise<void> {
    await this.#verifier.subscribed;
    let next = 1;
    const openOneByOne = async () => {
      while (next < options.subscribers) {
        const member = next;
        next += 1;
        const subscriber = new Subscriber(
          subscriberOptions(options, member),
          this.#eventsOf(member),
        );
        this.#members.push(subscriber);
        await subscriber.subscribed;
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, openOneByOne));
  }

  #eventsOf(member: number) {
    return {
      arrived: (deliveries: number, bytes: number) => this.tally.arrived(member, deliveries, bytes),
      failed: (error: Error) => {
        this.#failure ??= error;
        this.tally.fail(error);
      },
    };
  }
}

/** One that subscribes like the others, and then reads nothing. */
export async function connectStalled(port: number, operation: Operation): Promise<Disposable> {
  const subscriber = new Subscriber(
    { port, localAddress: addressOf(0), operation },
    // Nobody counts on it any more: the server may well close it.
    { arrived: () => undefined, failed: () => undefined },
  );
  await subscriber.subscribed;
  subscriber.stall();
  return subscriber;
}

const subscriberOptions = (
  { port, operations }: AudienceOptions,
  member: number,
): SubscriberOptions => ({
  port,
  localAddress: addressOf(member),
  operation: operationOf(operations, member),
});

function operationOf(operations: readonly Operation[], member: number): Operation {
  const operation = operations[member % operations.length];
  if (!operation) throw new RangeError('an audience needs at least one operation');
  return operation;
}

/** All of 127.0.0.0/8 is this machine. */
export function addressOf(member: number): string {
  const address = Math.floor(member / CLIENTS_PER_ADDRESS);
  return `127.0.${1 + Math.floor(address / 250)}.${1 + (address % 250)}`;
}
