import { WebSocket } from 'ws';
import { z } from 'zod';
import type { Operation } from '../operation.ts';
import { textOf } from '../text-of.ts';
import { type EventPictures, identityOf } from './event-pool.ts';
import { ACKNOWLEDGED, INIT, PATH, PING, SUBPROTOCOL, subscribeMessage } from './protocol.ts';
import type { SubscriberEvents, SubscriberOptions } from './subscriber.ts';

const deliverySchema = z.object({
  id: z.literal('1'),
  type: z.literal('next'),
  payload: z.strictObject({
    data: z.object({ recognitionEvents: z.looseObject({ identityId: z.string() }) }),
  }),
});

export interface Expectation {
  /** Each delivery holds exactly these; undefined: pictures are not looked at. */
  readonly pictures: EventPictures | undefined;
  /** The same bytes come each time: a broadcast knows no persons. */
  readonly sameBytes: boolean;
}

const PICTURES = ['faceImage', 'sceneImage', 'registeredImage'] as const;
const imageSchema = z.looseObject({ base64: z.string() });

/**
 * One full client among the lean ones: an independent WebSocket implementation, and a look at
 * every member of every answer. What it gets is what all the others get.
 */
export class VerifyingSubscriber implements Disposable {
  readonly #socket: WebSocket;
  readonly #operation: Operation;
  readonly #expectation: Expectation;
  readonly #events: SubscriberEvents;
  readonly #subscribed = Promise.withResolvers<void>();
  #ended = false;
  #lastIdentity = '';
  #sample = '';

  constructor(
    { port, localAddress, operation }: SubscriberOptions,
    expectation: Expectation,
    events: SubscriberEvents,
  ) {
    this.#operation = operation;
    this.#expectation = expectation;
    this.#events = events;
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}${PATH}`, SUBPROTOCOL, {
      localAddress,
      perMessageDeflate: false,
    });
    this.#socket
      .on('open', () => this.#socket.send(INIT))
      .on('message', (data) => this.#received(textOf(data)))
      .on('error', (error) => this.#fail(error.message))
      .on('close', (code) => this.#fail(`was closed with ${code}`));
  }

  get subscribed(): Promise<void> {
    return this.#subscribed.promise;
  }

  /** The last delivery as it came; empty before the first. */
  get sample(): string {
    return this.#sample;
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    this.#socket.terminate();
  }

  #received(text: string): void {
    if (this.#ended) return;
    const start = text.slice(0, 64);
    if (start.includes(ACKNOWLEDGED)) {
      this.#socket.send(subscribeMessage(this.#operation));
      this.#subscribed.resolve();
    } else if (!start.includes(PING)) {
      this.#delivered(text);
    }
  }

  #delivered(text: string): void {
    try {
      const { recognitionEvents: event } = deliverySchema.parse(JSON.parse(text)).payload.data;
      if (!this.#expectation.sameBytes) this.#verifyOrder(event.identityId);
      this.#verifyPictures(event);
    } catch (error) {
      this.#fail(`got a delivery that is not right: ${text.slice(0, 400)}: ${String(error)}`);
      return;
    }
    this.#sample = text;
    this.#events.arrived(1, Buffer.byteLength(text));
  }

  #verifyOrder(identity: string): void {
    if (identity <= this.#lastIdentity || identity.length !== identityOf(0).length) {
      throw new Error(`${identity} came after ${this.#lastIdentity}`);
    }
    this.#lastIdentity = identity;
  }

  #verifyPictures(event: Readonly<Record<string, unknown>>): void {
    const { pictures } = this.#expectation;
    if (!pictures) return;
    for (const name of PICTURES) {
      const { base64 } = imageSchema.parse(event[name]);
      if (base64 !== pictures[name]) throw new Error(`${name} is not the one that was sent`);
    }
  }

  #fail(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.terminate();
    const error = new Error(`the verifying subscriber ${reason}`);
    this.#subscribed.reject(error);
    this.#events.failed(error);
  }
}
