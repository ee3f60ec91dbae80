import { parse, validateSubscriptionArgs } from 'graphql';
import type { PermissionClass } from '../../src/access/permission-class.ts';
import { UNLIMITED } from '../../src/access/roles.ts';
import type { Fanout } from '../../src/fanout/fanout.ts';
import type { Payload } from '../../src/fanout/payload.ts';
import type { ResponseExecutor } from '../../src/fanout/shape.ts';
import type { ConnectionSubscriptions, Subscription } from '../../src/fanout/subscription.ts';
import type { SubscriptionRequest } from '../../src/fanout/subscription-request.ts';
import type { OutboxLevel, Outlet, SubscriptionSink } from '../../src/fanout/subscription-sink.ts';
import type { Gap } from '../../src/journal/gap.ts';
import type { Position } from '../../src/journal/journal.ts';
import type { GraphQLServices } from '../../src/schema/context.ts';
import { buildSchema } from '../../src/schema/schema.ts';

export const NO_PICTURES = [] as const;
export const LIVE_PICTURES = ['face', 'scene'] as const;

const NO_CONNECTION: ConnectionSubscriptions = { add: () => {}, delete: () => {} };

/** An outbox whose client reads as the test says. */
export class ScriptedOutbox implements Outlet {
  level: OutboxLevel = 'clear';
  isUnflushed = false;
  flushes = 0;
  readonly #listeners = new Set<() => void>();

  get listeners(): number {
    return this.#listeners.size;
  }

  flush(): void {
    this.isUnflushed = false;
    this.flushes += 1;
  }

  onClear(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** The client has read all there was. */
  clear(): void {
    this.level = 'clear';
    for (const listener of this.#listeners) listener();
  }
}

/** Collects what comes out of the fan-out. */
export class PayloadQueue implements SubscriptionSink {
  readonly outbox: ScriptedOutbox;
  readonly all: Payload[] = [];
  /** Called with each payload, before the fan-out goes on. */
  onEvent: (payload: Payload) => void = () => {};
  #taken = 0;
  readonly #waiting: ((payload: Payload) => void)[] = [];

  constructor(outbox = new ScriptedOutbox()) {
    this.outbox = outbox;
  }

  event(payload: Payload): void {
    this.outbox.isUnflushed = true;
    this.all.push(payload);
    const waiting = this.#waiting.shift();
    if (waiting) {
      this.#taken += 1;
      waiting(payload);
    }
    this.onEvent(payload);
  }

  /** The next that was not taken. */
  next(): Promise<Payload> {
    const payload = this.all[this.#taken];
    if (payload === undefined) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#taken += 1;
    return Promise.resolve(payload);
  }
}

export const textOf = ({ parts }: Payload): string => Buffer.concat([...parts]).toString();

/** An event as a subscriber got it. */
export interface Received {
  readonly id: string;
  readonly position: Position;
  readonly identityId: string;
  readonly replayed: boolean;
  readonly imagesOmitted: boolean;
  readonly gapsBefore: readonly Gap[];
  readonly faceImage?: { readonly base64: string | null } | null;
}

export interface SubscriberRequest extends Partial<SubscriptionRequest> {
  /** What is selected beside what a `Received` has. */
  readonly selection?: string;
  readonly permissionClass?: PermissionClass;
  readonly outbox?: ScriptedOutbox;
  readonly connectionSubscriptions?: ConnectionSubscriptions;
}

/** One subscription of a fan-out, and what it got. */
export class Subscriber {
  readonly subscription: Subscription;
  readonly queue: PayloadQueue;

  constructor(fanout: Fanout, services: GraphQLServices, request: SubscriberRequest) {
    const {
      selection,
      permissionClass = UNLIMITED,
      outbox,
      connectionSubscriptions,
      ...rest
    } = request;
    this.queue = new PayloadQueue(outbox);
    const asked = { withImages: false, pictures: NO_PICTURES, ...rest };
    this.subscription = fanout.attach({
      ...asked,
      permissionClass,
      executor: executorOf(services, documentOf(asked, selection)),
      sink: this.queue,
      connectionSubscriptions: connectionSubscriptions ?? NO_CONNECTION,
    });
  }

  get position(): Position | undefined {
    return this.subscription.position;
  }

  get outbox(): ScriptedOutbox {
    return this.queue.outbox;
  }

  /** Everything so far. */
  get received(): Received[] {
    return this.queue.all.map(receivedOf);
  }

  /** From now on each event brings its outbox to this level, until that is cleared. */
  readsOneByOne(level: OutboxLevel = 'soft'): void {
    this.queue.onEvent = () => {
      this.outbox.level = level;
    };
  }

  async next(): Promise<Received> {
    return receivedOf(await this.queue.next());
  }

  async take(count: number): Promise<Received[]> {
    const taken: Received[] = [];
    while (taken.length < count) taken.push(await this.next());
    return taken;
  }

  return(): Promise<IteratorResult<never, void>> {
    return this.subscription.return();
  }
}

const schema = buildSchema();

/** An operation as the pipeline would have it. */
export function executorOf(
  services: GraphQLServices,
  document: string,
  variableValues: Record<string, unknown> = {},
): ResponseExecutor {
  const operation = validateSubscriptionArgs({ schema, document: parse(document), variableValues });
  if (!('schema' in operation)) throw new Error(String(operation[0]));
  return {
    operation,
    contextFor: (pictureText) => ({
      ...services,
      permissionClass: UNLIMITED,
      pictureText,
      isImmediate: true,
    }),
    publicError: (error) => ({ message: String(error) }),
  };
}

const documentOf = ({ withImages, pictures }: SubscriptionRequest, selection = '') =>
  `subscription {
    recognitionEvents(withImages: ${withImages}) {
      id cursor identityId replayed imagesOmitted gapsBefore { reason from to boxId count }
      ${pictures.includes('face') ? 'faceImage { base64 }' : ''}
      ${pictures.includes('registered') ? 'registeredImage { base64 }' : ''}
      ${selection}
    }
  }`;

function receivedOf(payload: Payload): Received {
  const { data, errors } = JSON.parse(textOf(payload));
  if (errors) throw new Error(JSON.stringify(errors));
  const { gapsBefore, cursor: _, ...event } = data.recognitionEvents;
  const inMs = (time: string | null) => time && Date.parse(time);
  return {
    ...event,
    position: payload.position,
    gapsBefore: gapsBefore.map((gap: { from: string | null; to: string | null }) => ({
      ...gap,
      from: inMs(gap.from),
      to: inMs(gap.to),
    })),
  };
}
