import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boxKinds } from '../world/box-kinds.ts';
import { MachineClock } from '../world/machine-clock.ts';
import type { SentEvent } from '../world/sent-event.ts';
import { type BoxKind, SimulatedBox } from '../world/simulated-box.ts';
import { Timeline } from '../world/timeline.ts';
import { ClusterGateway } from './cluster-gateway.ts';
import { NatsHost } from './nats-host.ts';

export interface ClusterSize {
  readonly gateways: number;
  readonly servers: number;
}

/** Boxes, gateways that share a log, the NATS servers with the log, and the networks between. */
export class ClusterWorld implements AsyncDisposable {
  readonly timeline: Timeline;
  readonly boxes: readonly SimulatedBox[];
  /** All that all boxes said; an event's serial number is its index. */
  readonly sent: readonly SentEvent[];
  /** Of all machines. Nobody sets it. */
  readonly clock: MachineClock;
  /** Where the gateways keep all that they keep, with their logs. */
  readonly folder: string;
  readonly nats: NatsHost;
  readonly gateways: readonly ClusterGateway[];
  readonly #parts: AsyncDisposableStack;
  /** Counts the connections that were sent to some gateway. */
  #sentOn = 0;

  private constructor(
    parts: AsyncDisposableStack,
    own: Pick<
      ClusterWorld,
      'timeline' | 'boxes' | 'sent' | 'clock' | 'folder' | 'nats' | 'gateways'
    >,
  ) {
    this.#parts = parts;
    this.timeline = own.timeline;
    this.boxes = own.boxes;
    this.sent = own.sent;
    this.clock = own.clock;
    this.folder = own.folder;
    this.nats = own.nats;
    this.gateways = own.gateways;
  }

  /** Settles when some gateway listens to each box, which says nothing yet. */
  static async start(
    seed: number,
    { gateways: count, servers }: ClusterSize,
    signal: AbortSignal,
  ): Promise<ClusterWorld> {
    await using parts = new AsyncDisposableStack();
    const timeline = new Timeline();
    const clock = new MachineClock();
    const nats = parts.use(await NatsHost.start(servers, timeline));
    const sent: SentEvent[] = [];
    const boxes: SimulatedBox[] = [];
    for (const kind of kinds(seed)) {
      boxes.push(parts.use(await SimulatedBox.start(kind, sent, count)));
    }
    const folder = await mkdtemp(join(tmpdir(), 'se5-chaos-cluster-'));
    parts.defer(() => rm(folder, { recursive: true, force: true }));
    const gateways: ClusterGateway[] = [];
    while (gateways.length < count) {
      const number = gateways.length;
      const own = { number, folder: join(folder, String(number)) };
      const gateway = await ClusterGateway.start({ ...own, boxes, nats, clock, timeline });
      gateways.push(parts.use(gateway));
    }
    await Promise.all(boxes.map((box) => box.listened(signal)));
    const world = { timeline, boxes, sent, clock, folder, nats, gateways };
    return new ClusterWorld(parts.move(), world);
  }

  /** What a load balancer does: each connection goes to the next gateway that runs. */
  get nextPort(): number | undefined {
    const ports = this.gateways.flatMap(({ host: { port } }) => port ?? []);
    this.#sentOn += 1;
    return ports[this.#sentOn % ports.length];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync();
  }
}

/** One more than with one gateway: with three gateways each is likely to have some. */
const kinds = (seed: number): readonly BoxKind[] => [
  ...boxKinds(seed),
  { siteId: 'south', boxId: 'another', options: { seed: seed + 5 }, hasMemory: true },
];
