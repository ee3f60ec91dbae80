import type { Operation } from '../operations.ts';
import type { Boxes } from './boxes.ts';
import { Subscriber } from './subscriber.ts';
import { Tally } from './tally.ts';
import { VerifyingSubscriber } from './verifying-subscriber.ts';

/** Where an audience subscribes. */
export interface Subscribable {
  /** GraphQL over WebSocket, on 127.0.0.1, at `/graphql`. */
  readonly port: number;
  readonly boxes: Boxes;
  /** Whether the boxes are asked for pictures even while nobody subscribes to one. */
  readonly asksAlways: boolean;
  /** Whether it sends the same bytes for every event. */
  readonly isBare: boolean;
}

export interface AudienceOptions {
  readonly subscribers: number;
  /** The nth subscriber has the nth of them, over and over. */
  readonly operations: readonly Operation[];
  /** The nth subscriber is at the nth of them, over and over. Default: that of the server. */
  readonly ports?: readonly number[];
  /** All come at the same moment, to get so many events that were sent before. Default: none. */
  readonly missed?: number;
}

/** Sockets that are opened at the same time. */
const CONCURRENCY = 100;

/** A server may bound the sockets of one address: every few clients have an address of their own. */
const CLIENTS_PER_ADDRESS = 50;

/** All who subscribe to one server; the first of them looks at what it gets, all are counted. */
export class Audience implements Disposable {
  readonly server: Subscribable;
  readonly tally: Tally;
  readonly #members = new DisposableStack();
  readonly #verifier: VerifyingSubscriber;

  /** Settles when all have sent their operation, and the boxes have heard of it. */
  static async connect(server: Subscribable, options: AudienceOptions): Promise<Audience> {
    using owned = new DisposableStack();
    const audience = owned.use(new Audience(server, options));
    await audience.#fill(options);
    const showPictures = options.operations.some(({ showsPictures }) => showsPictures);
    await server.boxes.configured(showPictures || server.asksAlways);
    owned.move();
    return audience;
  }

  private constructor(server: Subscribable, { subscribers, operations }: AudienceOptions) {
    const { port, boxes, isBare } = server;
    const operation = operationOf(operations, 0);
    this.server = server;
    this.tally = new Tally(subscribers);
    this.#verifier = this.#members.use(
      new VerifyingSubscriber({ port, query: operation.query }, this.#eventsOf(0), {
        pictures: operation.showsPictures && !isBare ? boxes.event.pictures : undefined,
        boxes: isBare ? undefined : boxes.ports.length,
      }),
    );
  }

  /** A delivery as it came; empty before the first. */
  get sample(): string {
    return this.#verifier.sample;
  }

  [Symbol.dispose](): void {
    this.#members.dispose();
  }

  async #fill({ subscribers, operations, ports, missed = 0 }: AudienceOptions): Promise<void> {
    for (let event = 0; event < missed; event += 1) this.tally.expect();
    await this.#verifier.subscribed;
    let next = 1;
    const openOneByOne = async () => {
      for (let member = next; member < subscribers; member = next) {
        next += 1;
        const port = ports?.[member % ports.length] ?? this.server.port;
        const { query } = operationOf(operations, member);
        const options = { port, query, localAddress: addressOf(member) };
        await this.#members.use(new Subscriber(options, this.#eventsOf(member))).subscribed;
      }
    };
    const concurrency = missed > 0 ? subscribers : CONCURRENCY;
    await Promise.all(Array.from({ length: concurrency }, openOneByOne));
  }

  #eventsOf(member: number) {
    return {
      arrived: (deliveries: number) => this.tally.receive(member, deliveries),
      failed: (error: Error) => this.tally.fail(error),
    };
  }
}

/** One that subscribes like the others, and then reads nothing. */
export async function connectStalled(
  port: number,
  operations: readonly Operation[],
): Promise<Disposable> {
  const { query } = operationOf(operations, 0);
  const subscriber = new Subscriber(
    { port, query, localAddress: addressOf(0) },
    // Nobody counts on it any more: the server may well close it.
    { arrived: () => undefined, failed: () => undefined },
  );
  await subscriber.subscribed;
  subscriber.stall();
  return subscriber;
}

function operationOf(operations: readonly Operation[], member: number): Operation {
  const operation = operations[member % operations.length];
  if (!operation) throw new RangeError('an audience needs at least one operation');
  return operation;
}

/** All of 127.0.0.0/8 is this machine. */
function addressOf(member: number): string {
  const address = Math.floor(member / CLIENTS_PER_ADDRESS);
  return `127.0.${1 + Math.floor(address / 250)}.${1 + (address % 250)}`;
}
