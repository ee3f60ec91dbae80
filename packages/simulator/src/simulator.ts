import { setTimeout as delay } from 'node:timers/promises';
import { answerApi } from './api-server.ts';
import { Archive, type ArchiveOptions } from './archive.ts';
import { type Conditions, healthy } from './conditions.ts';
import { DeviceFactory, type SimulatedDevice } from './devices.ts';
import {
  EventServer,
  type InvalidConfiguration,
  type ReceivedConfiguration,
} from './event-server.ts';
import { Faults } from './faults.ts';
import { Ledger } from './ledger.ts';
import { peopleOf } from './people.ts';
import { loadPortraits, type Portraits } from './portraits.ts';
import { Ports } from './ports.ts';
import {
  type GivenRecognition,
  type Recognition,
  recognise,
  type SentEvent,
} from './recognition.ts';
import { Traffic } from './traffic.ts';
import { encodeEvent } from './wire.ts';
import { World } from './world.ts';

export interface SimulatorOptions {
  /** Where both ports listen. Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly eventPort?: number;
  /** Default 0: any free port. */
  readonly apiPort?: number;
  /** How many devices, or which. Default 4. */
  readonly devices?: number | readonly SimulatedDevice[];
  /** Recognitions per second, on average over all devices. Default 0: only what `emit` is asked for. */
  readonly ratePerSecond?: number;
  /** What the stream and the device ids are drawn from; its lower 32 bits count. Default 1. */
  readonly seed?: number;
  /** By how much the box's clock is ahead of ours, in ms. Default 0. */
  readonly clockOffsetMs?: number;
  /** What the box keeps to be asked for later, and how it tells of it. */
  readonly archive?: ArchiveOptions;
}

/** A box that does what the protocol says, on real sockets, and goes wrong when told to. */
export class Simulator implements AsyncDisposable {
  readonly host: string;
  /** What can go wrong, to be switched on and off. */
  readonly faults: Faults;
  readonly #conditions: Conditions;
  readonly #factory: DeviceFactory;
  readonly #world: World;
  readonly #traffic: Traffic;
  readonly #archive: Archive;
  readonly #ledger = new Ledger(() => this.connections);
  readonly #events: EventServer;
  readonly #ports: Ports;
  readonly #disposed = new AbortController();
  #devices: readonly SimulatedDevice[];
  #lastEventId = 0;

  private constructor(options: SimulatorOptions, portraits: Portraits) {
    const { host = '127.0.0.1', devices = 4, seed = 1, clockOffsetMs = 0 } = options;
    this.host = host;
    this.#conditions = healthy(clockOffsetMs);
    this.#factory = new DeviceFactory(seed);
    this.#devices =
      typeof devices === 'number'
        ? Array.from({ length: devices }, () => this.#factory.make())
        : devices;
    this.#archive = new Archive(seed, options.archive);
    this.#world = new World(seed, peopleOf(portraits));
    this.#traffic = new Traffic(seed, () => {
      if (this.#devices.length > 0) this.emit();
    });
    this.#events = new EventServer(this.#conditions, this.#ledger);
    this.#ports = new Ports(
      { host, eventPort: options.eventPort ?? 0, apiPort: options.apiPort ?? 0 },
      {
        event: this.#events,
        api: {
          request: (request, response) => {
            const box = {
              devices: this.#devices,
              archive: this.#archive,
              conditions: this.#conditions,
            };
            answerApi(box, this.#ledger, request, response);
          },
        },
      },
    );
    this.faults = new Faults({
      conditions: this.#conditions,
      clockOffsetMs,
      ports: this.#ports,
      events: this.#events,
      restart: (downMs) => this.#restart(downMs),
      emitRaw: (message) => this.emitRaw(message),
      draw: (extra) => this.#encode(extra),
    });
  }

  /** @throws the error of `listen`, with `code` `EADDRINUSE` when a port is taken. */
  static async start(options: SimulatorOptions = {}): Promise<Simulator> {
    const simulator = new Simulator(options, await loadPortraits());
    try {
      await simulator.#ports.serve();
      simulator.setRate(options.ratePerSecond ?? 0);
    } catch (error) {
      await simulator[Symbol.asyncDispose]();
      throw error;
    }
    return simulator;
  }

  get eventPort(): number {
    return this.#ports.eventPort;
  }

  get apiPort(): number {
    return this.#ports.apiPort;
  }

  /** The devices that the box lists now. */
  get devices(): readonly SimulatedDevice[] {
    return this.#devices;
  }

  /** Event connections open now; a half-open one is not counted. */
  get connections(): number {
    return this.#events.connections;
  }

  /** Event connections since the start. */
  get connectionsAccepted(): number {
    return this.#ledger.connectionsAccepted;
  }

  /** The last 10,000 configurations that were taken, newest last. */
  get configurations(): readonly ReceivedConfiguration[] {
    return this.#ledger.configurations;
  }

  /** The last 10,000 messages of clients that were ignored, newest last. */
  get invalidConfigurations(): readonly InvalidConfiguration[] {
    return this.#ledger.invalidConfigurations;
  }

  /** How often the device list was asked for. */
  get deviceRequests(): number {
    return this.#ledger.deviceRequests;
  }

  /** How often a page of stored events was asked for. */
  get storedRequests(): number {
    return this.#ledger.storedRequests;
  }

  /** How often a picture was asked for. */
  get pictureRequests(): number {
    return this.#ledger.pictureRequests;
  }

  /** Recognitions since the start, told to somebody or not. */
  get recognitions(): number {
    return this.#ledger.recognitions;
  }

  /** The last 10,000 recognitions, told to somebody or not, newest last. */
  get sent(): readonly SentEvent[] {
    return this.#ledger.sent;
  }

  /** What is not given of the device is drawn from the seed. */
  addDevice(device: Partial<SimulatedDevice> = {}): SimulatedDevice {
    const added = this.#factory.make(device);
    this.#devices = [...this.#devices, added];
    return added;
  }

  removeDevice(deviceId: string): void {
    this.#devices = this.#devices.filter((device) => device.deviceId !== deviceId);
  }

  /**
   * Recognitions per second, on average over all devices, at random times. 0 stops.
   *
   * @throws {RangeError} when it is negative or not finite.
   */
  setRate(perSecond: number): void {
    this.#traffic.setRate(perSecond);
  }

  /**
   * A recognition, now: told to every connection whose `event_list` has the device, with the
   * pictures that its configuration asks for, and stored, heard or not. What is not given is drawn from the seed.
   *
   * @throws {RangeError} when the box has no device.
   */
  emit(given: GivenRecognition = {}): SentEvent {
    const recognition = this.store(given);
    this.#lastEventId += 1;
    const event = { ...recognition, eventId: String(this.#lastEventId) };
    const connections = this.#conditions.silent ? 0 : this.#events.send(event);
    const sent = { ...event, connections };
    this.#ledger.recognised(sent);
    return sent;
  }

  /**
   * A recognition that is stored and told to nobody, as of a time at which nobody listened: give its
   * `timestamp`, and the oldest first.
   *
   * @throws {RangeError} when the box has no device.
   */
  store(given: GivenRecognition = {}): Recognition {
    const recognition = recognise(this.#world, this.#devices, this.#conditions, given);
    this.#archive.add(recognition);
    return recognition;
  }

  /** Sends a message as it is to every connection that has configured itself. Returns how many. */
  emitRaw(
    message: string | Uint8Array,
    { binary = false }: { readonly binary?: boolean } = {},
  ): number {
    return this.#events.sendRaw(Buffer.from(message), binary);
  }

  /**
   * Settles when the condition holds. It is asked at once, and again whenever a connection came
   * or went, a configuration or a request over HTTP came, or something was recognised.
   *
   * @throws {Error} that tells the state, when the signal aborts or the simulator is disposed
   *   first; or what the condition throws.
   */
  until(
    condition: (simulator: Simulator) => boolean,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    return this.#ledger.until(() => condition(this), signal);
  }

  /** Settles when both ports are free and no socket or timer is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed.abort();
    this.#traffic[Symbol.dispose]();
    this.#events[Symbol.dispose]();
    await this.#ports[Symbol.asyncDispose]();
    this.#ledger[Symbol.dispose]();
  }

  /** An event that is not counted, without pictures. */
  #encode(extra: GivenRecognition['extra'] = {}): Buffer {
    const recognition = recognise(this.#world, this.#devices, this.#conditions, { extra });
    const event = { ...recognition, eventId: String(this.#lastEventId + 1) };
    return encodeEvent(event, { needFace: false, needRegister: false });
  }

  async #restart(downMs: number): Promise<void> {
    await this.#ports.refuse('closed');
    this.#ports.dropConnections();
    this.#lastEventId = 0;
    const { signal } = this.#disposed;
    await delay(downMs, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await this.#ports.serve();
  }
}

/** @throws the error of `listen`, with `code` `EADDRINUSE` when a port is taken. */
export const startSimulator = (options: SimulatorOptions = {}): Promise<Simulator> =>
  Simulator.start(options);
