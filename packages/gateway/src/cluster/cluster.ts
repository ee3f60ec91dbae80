import { setTimeout as pause } from 'node:timers/promises';
import type { Clock, PictureDemand } from '@se5/core';
import type { ClusterConfig } from '../config/config.ts';
import type { BoxId } from '../config/ids.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { FleetSink } from '../fleet/fleet-sink.ts';
import type { NatsJournal } from '../journal/nats/nats-journal.ts';
import { Bus } from './bus.ts';
import type { NatsLink } from './connect.ts';
import { HandOver } from './hand-over.ts';
import { Members } from './members.ts';
import { Ownership, type OwnershipObserver } from './ownership.ts';
import { SharedDemand } from './shared-demand.ts';
import { SharedDirectory } from './shared-directory.ts';

/** How this gateway stands in the cluster. */
export interface ClusterFigures {
  /** Gateways that are alive, this one included. */
  readonly gateways: number;
  /** Boxes that this gateway listens to, or is about to. */
  readonly boxes: number;
  /** Entries that wait for the log. */
  readonly waiting: number;
  /** Positions that the file was behind the log at the start, as far as it still is. */
  readonly behind: number;
  /** Whether the log can be reached. */
  readonly isUp: boolean;
}

/**
 * So long a gateway that ends waits for others to take its boxes, in ms. The command ends it after
 * 4.5 s, and clients are still to be told.
 */
const HAND_OVER_MS = 3_000;

/** How often it looks whether they have, in ms. */
const LOOK_MS = 50;

export interface ClusterObserver extends OwnershipObserver {
  joined(gateway: string): void;
  left(gateway: string): void;
  /** A message of another gateway can't be read. */
  unreadable(error: unknown): void;
}

export interface ClusterOptions {
  readonly config: ClusterConfig;
  readonly stream: string;
  readonly link: Pick<NatsLink, 'connection' | 'isUp'>;
  readonly journal: NatsJournal;
  readonly fleet: Fleet;
  readonly version: string;
  readonly clock: Clock;
  readonly observer: ClusterObserver;
  /** Told of a box that this gateway listens to no more. @returns see `Intake.released`. */
  readonly released: (boxId: BoxId) => boolean;
}

/** This gateway among those that share its log. */
export class Cluster implements AsyncDisposable {
  readonly #options: ClusterOptions;
  readonly #parts = new AsyncDisposableStack();
  readonly #members: Members;
  readonly #ownership: Ownership;
  readonly #demand: SharedDemand;
  readonly #directory: SharedDirectory;
  #isDraining = false;

  constructor(options: ClusterOptions) {
    this.#options = options;
    const { config, stream, link, journal, fleet, version, clock, observer } = options;
    const { directory } = fleet;
    const process = journal.process;
    const bus = this.#parts.use(new Bus(link, stream, (error) => observer.unreadable(error)));
    const sites = config.sites ? [...config.sites] : null;
    const members = this.#parts.use(
      new Members({
        bus,
        clock,
        isConnected: () => link.isUp() && journal.isLevel,
        self: () => ({
          ...{ name: config.name, process, version, sites },
          // Its boxes go to gateways whose clients get what they say.
          isDraining: this.#isDraining || journal.isStalled,
          isLeaving: false,
          boxes: this.#ownership.size,
          newest: journal.newest,
          waiting: journal.waiting,
        }),
      }),
    );
    this.#members = members;
    this.#ownership = this.#parts.use(
      new Ownership({
        boxes: directory.boxes.filter(({ siteId }) => sites?.includes(siteId) ?? true),
        journal,
        members,
        connect: (boxId) => fleet.connect(boxId),
        disconnect: async (boxId) => {
          const isHeard = await fleet.disconnect(boxId);
          return options.released(boxId) && isHeard;
        },
        clock,
        handOver: new HandOver({
          ...{ bus, process },
          isHeldElsewhere: (boxId) => this.#directory.isHeldElsewhere(boxId),
          released: (boxId) => this.#directory.released(boxId),
        }),
        linked: (boxId, signal) => linked(directory, boxId, signal),
        observer: {
          ...observer,
          taken: (boxId) => {
            this.#directory.released(boxId);
            observer.taken(boxId);
          },
        },
      }),
    );
    const ownership = this.#ownership;
    const holds = (boxId: BoxId) => ownership.holds(boxId);
    const owns = (boxId: BoxId) => ownership.owns(boxId);
    this.#demand = this.#parts.use(new SharedDemand({ bus, members, fleet, process }));
    this.#directory = this.#parts.use(
      new SharedDirectory({
        ...{ bus, members, directory, fleet, gateway: config.name, process, holds, owns },
      }),
    );
    members.onJoin(({ name }) => observer.joined(name));
    members.onLeave(({ name }) => observer.left(name));
    journal.onAppend((record) => {
      if (record.kind !== 'event' || record.event.delivery !== 'LIVE') return;
      const { boxId, deviceId, receivedAt } = record.event;
      fleet.heardElsewhere(boxId, deviceId, receivedAt);
    });
    members.start();
  }

  get figures(): ClusterFigures {
    const { journal, link } = this.#options;
    return {
      gateways: this.#members.others.length + 1,
      boxes: this.#ownership.size,
      waiting: journal.waiting,
      behind: journal.behind,
      isUp: link.isUp(),
    };
  }

  /** The clients of this gateway want other pictures of the box. */
  demanded(boxId: BoxId, demand: PictureDemand): void {
    this.#demand.demanded(boxId, demand);
  }

  /** Resolves when this gateway alone writes what the box says. @returns see `Ownership.ready`. */
  ready(boxId: BoxId): Promise<number | undefined> {
    return this.#ownership.ready(boxId);
  }

  /** Hands all boxes over to the others, as far as these can reach them and take them within 3 s. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    this.#members.tell();
    const { clock } = this.#options;
    const until = clock.elapsed() + HAND_OVER_MS;
    while (this.#canHandOver && clock.elapsed() < until) {
      await pause(LOOK_MS, undefined, { ref: false });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync();
  }

  get #canHandOver(): boolean {
    return this.#options.link.isUp() && this.#ownership.canGoTo(this.#members.others);
  }
}

/** What is read back of a box is compared with the log, so this waits until the box is owned. */
export const ownedSink = (
  sink: FleetSink,
  ready: (boxId: BoxId) => Promise<number | undefined> | undefined,
): FleetSink => ({
  event: (...args) => sink.event(...args),
  outage: (...args) => sink.outage(...args),
  settled: (...args) => sink.settled(...args),
  settledTo: (boxId) => sink.settledTo(boxId),
  known: async (boxId, before) => {
    const handedAt = await ready(boxId);
    const known = await sink.known(boxId, before);
    return { ...known, heardTo: sink.settledTo(boxId)?.at, handedAt };
  },
  fillIn: (boxId) => sink.fillIn(boxId),
});

async function linked(
  directory: Fleet['directory'],
  boxId: BoxId,
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const isDecided = () => DECIDED.has(directory.status(boxId).link.name);
  using _watch = directory.onStatus((status) => {
    if (status.boxId === boxId && isDecided()) resolve();
  });
  const abort = () => resolve();
  signal.addEventListener('abort', abort);
  try {
    if (!signal.aborted && !isDecided()) await promise;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The link is up, or the box can't be reached for now: then waiting helps nobody. */
const DECIDED: ReadonlySet<string> = new Set(['LIVE', 'SILENT', 'BACKING_OFF']);
