import { inspect } from 'node:util';
import { type Client, createClient } from 'graphql-ws';
import { z } from 'zod';
import { type EventPictures, sequenceOf } from './prepared-event.ts';
import { OPERATION_ID, type SubscriberEvents, type SubscriberOptions } from './subscriber.ts';

export interface Expectation {
  /** Each delivery holds exactly these; undefined: pictures are not looked at. */
  readonly pictures: EventPictures | undefined;
  /** The events of so many boxes come in each box's order; undefined: all are the same. */
  readonly boxes: number | undefined;
}

const image = z.looseObject({ base64: z.string() }).optional();

const deliverySchema = z.strictObject({
  data: z.object({
    recognitionEvents: z.looseObject({
      identityId: z.string(),
      faceImage: image,
      sceneImage: image,
      registeredImage: image,
    }),
  }),
});

/**
 * One full client among the lean ones: an independent implementation of the protocol, and a look
 * at every answer. What it gets is what all the others get.
 */
export class VerifyingSubscriber implements Disposable {
  readonly #client: Client;
  readonly #events: SubscriberEvents;
  readonly #expectation: Expectation;
  readonly #subscribed = Promise.withResolvers<void>();
  #isEnded = false;
  /** The number of the last event, by box. */
  readonly #last: number[] = [];
  #sample = '';

  constructor(
    { port, query }: Omit<SubscriberOptions, 'localAddress'>,
    events: SubscriberEvents,
    expectation: Expectation,
  ) {
    this.#events = events;
    this.#expectation = expectation;
    this.#client = createClient({
      url: `ws://127.0.0.1:${port}/graphql`,
      retryAttempts: 0,
      generateID: () => OPERATION_ID,
      on: {
        opened: (socket) => this.#keepSample(socket),
        connected: () => this.#subscribed.resolve(),
      },
    });
    this.#client.subscribe(
      { query },
      {
        next: (result) => this.#delivered(result),
        error: (error) => this.#fail(`got an error: ${reasonOf(error)}`),
        complete: () => this.#fail('was completed'),
      },
    );
  }

  /** Settles when the operation is being sent. */
  get subscribed(): Promise<void> {
    return this.#subscribed.promise;
  }

  /** The last message as it came; empty before the first. */
  get sample(): string {
    return this.#sample;
  }

  [Symbol.dispose](): void {
    this.#isEnded = true;
    this.#client.terminate();
  }

  #keepSample(socket: unknown): void {
    if (!(socket instanceof WebSocket)) throw new TypeError('the client has no WebSocket');
    socket.addEventListener('message', ({ data }) => {
      this.#sample = String(data);
    });
  }

  #delivered(result: unknown): void {
    if (this.#isEnded) return;
    try {
      this.#verify(deliverySchema.parse(result).data.recognitionEvents);
      this.#events.arrived(1);
    } catch (error) {
      const received = this.#sample.slice(0, 400);
      this.#fail(`got a delivery that is not right: ${received}: ${String(error)}`);
    }
  }

  #verify(event: z.infer<typeof deliverySchema>['data']['recognitionEvents']): void {
    const { boxes, pictures } = this.#expectation;
    if (boxes !== undefined) {
      const sequence = sequenceOf(event.identityId);
      const last = this.#last[sequence % boxes] ?? -1;
      if (!(sequence > last)) throw new Error(`event ${sequence} came after ${last}`);
      this.#last[sequence % boxes] = sequence;
    }
    for (const name of ['faceImage', 'sceneImage', 'registeredImage'] as const) {
      if (pictures && event[name]?.base64 !== pictures[name]) {
        throw new Error(`${name} is not the picture that was sent`);
      }
    }
  }

  #fail(reason: string): void {
    if (this.#isEnded) return;
    this[Symbol.dispose]();
    const error = new Error(`the verifying subscriber ${reason}`);
    this.#subscribed.reject(error);
    this.#events.failed(error);
  }
}

/** What a sink is told of: an Error, the event of a close, or errors of GraphQL. */
const reasonOf = (error: unknown): string =>
  error instanceof CloseEvent ? `closed with ${error.code}` : inspect(error);
