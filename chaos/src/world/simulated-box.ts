import {
  type GivenRecognition,
  Random,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '@se5/simulator';
import type { Direction, MemoryFault } from '../plan/fault.ts';
import { BoxNetwork } from './box-network.ts';
import { PERSONS } from './persons.ts';
import type { SentEvent } from './sent-event.ts';
import type { TcpProxy } from './tcp-proxy.ts';

export interface BoxKind {
  readonly siteId: string;
  readonly boxId: string;
  readonly options: SimulatorOptions & { readonly seed: number };
  /** Old firmware: what it has stored can't be asked for. */
  readonly hasMemory: boolean;
}

/**
 * Of one box; so many that no device sees one of them twice within a ms, which nobody could tell,
 * nor by a clock that is set back.
 */
const IDENTITIES = 1_000_000;

/** One event in so many is of one of `PERSONS`: of each of them in turn. */
const OF_A_PERSON = 25;

/** More than by which the gateway takes two times for one, and than a call takes, in ms. */
const APART_MS = 20;

/** One of each in the last word of a box, so that every filter lets some of it through. */
const PERSON_TYPES = [1, 2, 3, 4, 5];

/** Above what any client asks for. */
const HIGH_SCORE = 0.99;

/** A simulated box, behind a network of its own for each gateway. */
export class SimulatedBox implements AsyncDisposable {
  readonly kind: BoxKind;
  readonly #networks: readonly BoxNetwork[];
  readonly #simulator: Simulator;
  readonly #sent: SentEvent[];
  readonly #random: Random;
  #timer: NodeJS.Timeout | undefined;
  #repeats = false;
  /** When it said something of one of `PERSONS`, by its own clock. */
  readonly #personTimes = new Set<number>();
  #clockMs: number;
  #restarted: Promise<void> = Promise.resolve();

  private constructor(
    kind: BoxKind,
    simulator: Simulator,
    networks: readonly BoxNetwork[],
    sent: SentEvent[],
  ) {
    this.kind = kind;
    this.#clockMs = kind.options.clockOffsetMs ?? 0;
    this.#simulator = simulator;
    this.#networks = networks;
    this.#sent = sent;
    this.#random = new Random(kind.options.seed, 'traffic of chaos');
  }

  /**
   * @param sent takes what this box says; an event's serial number is its index there.
   * @param gateways that may connect to it. Default 1.
   */
  static async start(kind: BoxKind, sent: SentEvent[], gateways = 1): Promise<SimulatedBox> {
    await using parts = new AsyncDisposableStack();
    const simulator = parts.use(await startSimulator(kind.options));
    const networks: BoxNetwork[] = [];
    while (networks.length < gateways) networks.push(parts.use(await BoxNetwork.start(simulator)));
    const box = new SimulatedBox(kind, simulator, networks, sent);
    box.forget(undefined);
    parts.move();
    return box;
  }

  /** Between it and the gateway with this number. */
  network(gateway: number): BoxNetwork {
    const network = this.#networks[gateway];
    if (!network) throw new RangeError(`no gateway ${gateway} may connect to the box`);
    return network;
  }

  /** Of all its networks. */
  get proxies(): readonly TcpProxy[] {
    return this.#networks.flatMap(({ proxies }) => proxies);
  }

  get deviceIds(): readonly string[] {
    return this.#simulator.devices.map(({ deviceId }) => deviceId);
  }

  /** At random times that average to so many a second; 0 stops. */
  speak(perSecond: number): void {
    clearTimeout(this.#timer);
    if (perSecond === 0) return;
    this.#timer = setTimeout(
      () => {
        this.#emit({}, this.#nextPerson());
        this.speak(perSecond);
      },
      this.#random.exponential(1_000 / perSecond),
    );
  }

  /** Of each device, one event of each type of person: every filter lets some of them through. */
  speakLast(): void {
    for (const deviceId of this.deviceIds) {
      for (const personType of PERSON_TYPES)
        this.#emit({ deviceId, personType, score: HIGH_SCORE });
    }
  }

  /** Settles when the gateway listens to all devices. */
  listened(signal: AbortSignal): Promise<void> {
    return this.#simulator.until(
      ({ connections, configurations, devices }) =>
        connections > 0 && configurations.at(-1)?.eventList.length === devices.length,
      { signal },
    );
  }

  /** Settles when it is back. */
  restart(downMs: number): Promise<void> {
    this.#restarted = this.#restarted.then(() => this.#simulator.faults.restart(downMs));
    return this.#restarted;
  }

  /** How asking for what is stored fails; undefined: as it always does with this box, if it does. */
  forget(how: MemoryFault | undefined): void {
    this.#simulator.faults.storedEvents(how ?? (this.kind.hasMemory ? undefined : 'missing'));
  }

  /** Its clock is further ahead than it always is, by so many ms; negative: behind that. */
  setClock(aheadMs: number): void {
    this.#clockMs = (this.kind.options.clockOffsetMs ?? 0) + aheadMs;
    this.#simulator.faults.clock(this.#clockMs);
  }

  /** RST on every connection for events. */
  cut(): void {
    for (const { events } of this.#networks) events.cut();
  }

  /** The connections for events that are open now bring nothing more. @returns resets them. */
  halfOpen(direction: Direction): () => void {
    const resets = this.#networks.map(({ events }) => events.halfOpen(direction));
    return () => {
      for (const reset of resets) reset();
    };
  }

  repeat(on: boolean): void {
    this.#repeats = on;
    this.#simulator.faults.duplicate(on);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    await this.#restarted;
    await Promise.all(this.#networks.map((network) => network[Symbol.asyncDispose]()));
    await this.#simulator[Symbol.asyncDispose]();
  }

  /**
   * Whom the next event is of, where it is of one of `PERSONS`. A box sees none of them twice within
   * some ms, which nobody could tell, nor by a clock that is set back.
   */
  #nextPerson(): number | undefined {
    const serial = this.#sent.length;
    if (serial % OF_A_PERSON !== 0) return undefined;
    const time = Date.now() + this.#clockMs;
    for (let near = time - APART_MS; near <= time + APART_MS; near += 1) {
      if (this.#personTimes.has(near)) return undefined;
    }
    this.#personTimes.add(time);
    return (serial / OF_A_PERSON) % PERSONS.length;
  }

  #emit(given: GivenRecognition, person?: number): void {
    const { siteId, boxId } = this.kind;
    const serial = this.#sent.length;
    const at = Date.now();
    const { deviceId, personType, score, connections } = this.#simulator.emit({
      ...given,
      ...(person === undefined
        ? { identityId: `${boxId}-${serial % IDENTITIES}` }
        : PERSONS[person]),
      extra: { serial },
    });
    this.#sent.push({
      serial,
      siteId,
      boxId,
      deviceId,
      at,
      personType,
      person,
      score,
      listeners: connections,
      isRepeated: this.#repeats,
    });
  }
}
