import {
  type BoxOptions,
  type Clock,
  type DeviceId,
  type LinkState,
  type SpoiltPicture,
  systemClock,
} from '@se5/core';
import { type Simulator, type SimulatorOptions, startSimulator } from '@se5/simulator';
import { ownedSink } from '../../src/cluster/cluster.ts';
import type { BoxConfig } from '../../src/config/config.ts';
import type { BoxId } from '../../src/config/ids.ts';
import { Fanout } from '../../src/fanout/fanout.ts';
import type { BackfillOptions } from '../../src/fleet/backfill/options.ts';
import type { BackfillStatus } from '../../src/fleet/directory.ts';
import { Fleet, type FleetOptions } from '../../src/fleet/fleet.ts';
import {
  createMemoryImageStore,
  type MemoryImageStore,
} from '../../src/images/memory-image-store.ts';
import { Intake } from '../../src/intake/intake.ts';
import type { Gap } from '../../src/journal/gap.ts';
import type { Journal, JournalRecord } from '../../src/journal/journal.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import type { Recognition } from '../../src/journal/recognition.ts';
import { eventsIn, gapsIn } from './journals.ts';
import { addressesOf } from './picture-addresses.ts';
import { boxConfig, boxId, siteConfig } from './recognitions.ts';
import { Subscriber, type SubscriberRequest } from './subscriber.ts';

/** How to reach simulated boxes: as usual, only with less patience. */
const IMPATIENT = {
  backoffMs: { min: 5, max: 20 },
  connectTimeoutMs: 60_000,
  httpTimeoutMs: 60_000,
} satisfies Partial<BoxOptions>;

/** What was missed is read back as usual, only without waiting for what can't come here. */
export const AT_ONCE = {
  clockMarginMs: 120,
  unknownClockMarginMs: 120,
  unseenClockMs: 0,
  settleMs: 20,
  pagePauseMs: 0,
  retryMs: [5, 5],
} satisfies Partial<BackfillOptions>;

/** An event may be under way for so long: from so much earlier on something may be lost. */
export const UNDER_WAY_MS = AT_ONCE.settleMs;

export interface RigOptions {
  /** Names of the boxes, each simulated. Default: one, `lobby`. */
  readonly boxes?: readonly string[];
  readonly simulator?: SimulatorOptions;
  readonly config?: (simulator: Simulator) => Partial<BoxConfig>;
  readonly alwaysPictures?: boolean;
  readonly keepPictures?: boolean;
  readonly backfill?: Partial<BackfillOptions>;
  /** Records that the journal keeps. Default 10,000. */
  readonly maxRecords?: number;
  /** What the journal holds before anybody connects. */
  readonly before?: (journal: Journal) => Promise<unknown>;
  readonly box?: FleetOptions['box'];
  readonly clock?: Clock;
  /** Default: one of its own, in memory. */
  readonly journal?: Journal;
  /** The instant up to which another gateway heard each box before it handed it over. Default: none did. */
  readonly handedAt?: number | Promise<number>;
}

/** Simulated boxes on real sockets, and everything of a gateway between them and its subscribers. */
export class Rig implements AsyncDisposable {
  readonly simulators: ReadonlyMap<string, Simulator>;
  readonly fleet: Fleet;
  readonly journal: Journal;
  readonly fanout: Fanout;
  readonly images: MemoryImageStore;
  /** Everything in the journal, oldest first. */
  readonly records: JournalRecord[] = [];
  readonly states: [box: BoxId, state: LinkState['name']][] = [];
  readonly backfills: BackfillStatus[] = [];
  readonly duplicates: BoxId[] = [];
  readonly spoilt: [DeviceId, SpoiltPicture][] = [];
  readonly faults: unknown[] = [];
  readonly #parts: AsyncDisposableStack;
  readonly #waiting = new Map<() => boolean, () => void>();

  /** The boxes are up, but nobody connects to them before `fleet.start()`. */
  static async with(options: RigOptions = {}): Promise<Rig> {
    await using parts = new AsyncDisposableStack();
    const simulators = new Map<string, Simulator>();
    for (const name of options.boxes ?? ['lobby']) {
      const simulator = await startSimulator({ seed: simulators.size + 1, ...options.simulator });
      simulators.set(name, parts.use(simulator));
    }
    const rig = new Rig(simulators, parts.move(), options);
    await options.before?.(rig.journal);
    return rig;
  }

  private constructor(
    simulators: ReadonlyMap<string, Simulator>,
    parts: AsyncDisposableStack,
    options: RigOptions,
  ) {
    const {
      config,
      alwaysPictures = false,
      keepPictures = true,
      box,
      backfill,
      maxRecords,
    } = options;
    const { clock = systemClock } = options;
    this.simulators = simulators;
    this.#parts = parts;
    const boxes = [...simulators].map(([name, simulator]) =>
      boxConfig({
        id: boxId(name),
        eventPort: simulator.eventPort,
        apiPort: simulator.apiPort,
        ...config?.(simulator),
      }),
    );
    const sites = [siteConfig('hq', boxes)];
    this.journal = parts.use(
      options.journal ?? createMemoryJournal(maxRecords === undefined ? {} : { maxRecords }),
    );
    const pictures = { capture: 'on-demand', keepMs: 86_400_000, maxBytes: 2 ** 24 } as const;
    this.images = parts.use(createMemoryImageStore(pictures));
    const intake = new Intake(sites, this.journal, this.images, {
      observer: {
        event: () => this.#told(),
        duplicate: (id) => this.#told(this.duplicates.push(id)),
        lost: (_, error) => this.faults.push(error),
      },
      clock,
    });
    const { handedAt } = options;
    this.fleet = new Fleet(
      sites,
      handedAt === undefined ? intake : ownedSink(intake, async () => handedAt),
      {
        backfill: (_, status) => this.#told(this.backfills.push(status)),
        link: (id, { name }) => this.#told(this.states.push([id, name])),
        unreadable: () => this.#told(),
        spoiltPicture: (_, device, picture) => this.#told(this.spoilt.push([device, picture])),
        devicesFailed: () => this.#told(),
        fault: (_, error) => this.faults.push(error),
      },
      {
        alwaysPictures,
        keepPictures,
        box: { ...IMPATIENT, ...box },
        backfill: { ...AT_ONCE, ...backfill },
        clock,
      },
    );
    parts.use(this.fleet);
    this.fanout = parts.use(new Fanout({ ...this.fleet, journal: this.journal }));
    parts.use(this.journal.onAppend((record) => this.#told(this.records.push(record))));
    parts.use(this.fleet.directory.onDevices(() => this.#told()));
    parts.use(this.fleet.directory.onStatus(() => this.#told()));
  }

  /** The events among the records. */
  get events(): Recognition[] {
    return eventsIn(this.records);
  }

  /** The gaps among the records. */
  get gaps(): Gap[] {
    return gapsIn(this.records);
  }

  /** The only box, or the one of that name. */
  simulator(name?: string): Simulator {
    const simulator =
      name === undefined ? this.simulators.values().next().value : this.simulators.get(name);
    if (!simulator) throw new Error(`no box is called ${name}`);
    return simulator;
  }

  /** Starts the fleet, and waits until every box has read which devices it is to tell of. */
  async start(): Promise<void> {
    this.fleet.start();
    await Promise.all([...this.simulators.values()].map((each) => each.until(isListenedTo)));
    await Promise.all([...this.simulators.keys()].map((name) => this.untilLink(name, 'LIVE')));
  }

  subscribe(request: SubscriberRequest = {}): Subscriber {
    const { directory } = this.fleet;
    const { journal, images } = this;
    const services = {
      directory,
      journal,
      images,
      pictureAddresses: addressesOf(images),
      newestFor: () => journal.newest,
      now: Date.now,
    };
    return new Subscriber(this.fanout, services, request);
  }

  /** Settles when the condition holds, now or after something was told. */
  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(condition, resolve);
    return promise;
  }

  /** Settles when a fill-in has ended, for the `times`th time. */
  async untilFilledIn(times = 1): Promise<BackfillStatus> {
    const ended = () => this.backfills.filter(({ state }) => state !== 'RUNNING');
    await this.until(() => ended().length >= times);
    const last = ended().at(-1);
    if (!last) throw new Error('nothing was filled in');
    return last;
  }

  /** Settles when the box has been in this state for the `times`th time. */
  untilLink(name: string, state: LinkState['name'], times = 1): Promise<void> {
    const isIt = ([id, entered]: readonly [string, string]) => id === name && entered === state;
    return this.until(() => this.states.filter(isIt).length >= times);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.disposeAsync();
  }

  #told(_?: number): void {
    for (const [condition, resolve] of this.#waiting) {
      if (!condition()) continue;
      this.#waiting.delete(condition);
      resolve();
    }
  }
}

/** The box has read which of its devices are listened to; before, its events go to nobody. */
export const isListenedTo = ({ configurations }: Simulator): boolean =>
  (configurations.at(-1)?.eventList.length ?? 0) > 0;
