import { setTimeout as delay } from 'node:timers/promises';
import type { Operation } from '../operation.ts';
import { answerParent } from '../process/answer.ts';
import { Audience, connectStalled } from './audience.ts';
import { BoxGroup, type BoxGroupOptions } from './box-group.ts';
import type { Pace } from './pace.ts';
import { Reunion, type ReunionOptions } from './reunion.ts';
import { type RunReport, runTraffic } from './run.ts';
import { Sender } from './sender.ts';
import { synchronise } from './sync.ts';

/** A group of boxes, by the number that `openBoxes` gave it. */
export interface OpenedBoxes {
  readonly group: number;
  readonly eventPorts: readonly number[];
  readonly apiPort: number;
}

export interface AudienceRequest {
  readonly group: number;
  readonly port: number;
  readonly subscribers: number;
  readonly operations: readonly Operation[];
  /** Whether the boxes are asked for pictures once these have subscribed. */
  readonly picturesAsked: boolean;
  /** Whether all three pictures are in each delivery. */
  readonly picturesShown: boolean;
  /** Whether the same bytes come each time. */
  readonly sameBytes: boolean;
}

const groups = new Map<number, BoxGroup>();
let nextGroup = 1;
let audience: Audience | undefined;
let sender: Sender | undefined;
let stalled: Disposable | undefined;
let reunion: Reunion | undefined;

function groupOf(id: number): BoxGroup {
  const group = groups.get(id);
  if (!group) throw new RangeError(`there is no group of boxes ${id}`);
  return group;
}

function whoIsThere(): { readonly audience: Audience; readonly sender: Sender } {
  if (!audience || !sender) throw new Error('nobody has subscribed');
  return { audience, sender };
}

const methods = {
  /** Boxes that listen, each for one client. */
  async openBoxes(options: BoxGroupOptions): Promise<OpenedBoxes> {
    const group = await BoxGroup.listen(options);
    const id = nextGroup;
    nextGroup += 1;
    groups.set(id, group);
    return { group: id, eventPorts: group.boxes.map(({ port }) => port), apiPort: group.apiPort };
  },

  async closeBoxes(group: number): Promise<void> {
    await groupOf(group)[Symbol.asyncDispose]();
    groups.delete(group);
  },

  /** Settles when the boxes have been asked for all their events. */
  configured: ({ group, pictures }: { group: number; pictures: boolean }): Promise<void> =>
    groupOf(group).configured(pictures),

  /** Settles when all have sent their operation, and the boxes have heard of it. */
  async subscribe(request: AudienceRequest): Promise<void> {
    const group = groupOf(request.group);
    const checksPictures = request.picturesShown && !request.sameBytes;
    const pictures = checksPictures ? group.events[0]?.pictures : undefined;
    audience = await Audience.connect({
      ...request,
      expectation: { pictures, sameBytes: request.sameBytes },
    });
    await group.configured(request.picturesAsked);
    sender = new Sender(group, audience.wanting(group.events));
  },

  /** Settles when all subscriptions are in force: each of them has got what it should. */
  synchronise(): Promise<void> {
    const there = whoIsThere();
    return synchronise(there.audience, there.sender);
  },

  /** One more subscriber, which reads nothing, and is not counted. */
  async subscribeStalled(request: { port: number; operation: Operation }): Promise<void> {
    stalled = await connectStalled(request.port, request.operation);
  },

  /** A delivery as it came to the audience there is. */
  sample: (): string => audience?.sample ?? '',

  run({ pace, latency }: { pace: Pace; latency: boolean }): Promise<RunReport> {
    const there = whoIsThere();
    return runTraffic(pace, there.sender, there.audience, latency);
  },

  /** Sends events that nobody is counted on to get, by the clock or, with 0, as fast as they are taken. */
  async feed(request: { group: number; events: number; intervalMs: number }): Promise<void> {
    const { group, events, intervalMs } = request;
    const feeding = new Sender(groupOf(group), []);
    const start = performance.now();
    while (feeding.events < events) {
      const dueMs = start + feeding.events * intervalMs - performance.now();
      if (dueMs > 0) await delay(dueMs);
      feeding.send(1);
      await feeding.drained();
    }
  },

  /** The number of the next event of the group. */
  sequence: (group: number): number => groupOf(group).sequence,

  /** Clients that come back all at once. @returns until each has what is due to it, in ms. */
  async reunite({ due, ...options }: ReunionOptions & { due: number }): Promise<number> {
    const start = performance.now();
    reunion = new Reunion(options);
    await reunion.reach(due);
    return performance.now() - start;
  },

  /** Settles when each of those has got so many events. @throws when one of them has more. */
  async attendance(events: number): Promise<void> {
    await reunion?.reach(events);
    reunion?.check(events);
  },

  /** All subscribers leave. */
  leave(): void {
    reunion?.[Symbol.dispose]();
    reunion = undefined;
    audience?.[Symbol.dispose]();
    stalled?.[Symbol.dispose]();
    audience = undefined;
    sender = undefined;
    stalled = undefined;
  },
};

export type LoadMethods = typeof methods;

answerParent(methods);
