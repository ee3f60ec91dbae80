import { setTimeout as delay } from 'node:timers/promises';
import { answerApi } from './api-server.ts';
import { Bounded } from './bounded.ts';
import { type Conditions, healthy } from './conditions.ts';
import { DeviceFactory, type SimulatedDevice } from './devices.ts';
import {
  EventServer,
  type InvalidConfiguration,
  type ReceivedConfiguration,
} from './event-server.ts';
import { Faults } from './faults.ts';
import { Listener, type Refusal } from './listener.ts';
import { peopleOf } from './people.ts';
import { loadPortraits, type Portraits } from './portraits.ts';
import type { Recognition, SentEvent } from './recognition.ts';
import { Traffic } from './traffic.ts';
import { Waiters } from './waiters.ts';
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
  /** What the stream and the device ids are drawn from. Default 1. */
  readonly seed?: number;
  /** By how much the box's clock is ahead of ours, in ms. Default 0. */
  readonly clockOffsetMs?: number;
}

/** How many entries `sent` and the two lists of configurations keep. */
const MAX_RECORDED = 10_000;

/** A box that does what the protocol says, on real sockets, and goes wrong when told to. */
export class Simulator implements AsyncDisposable {
  readonly host: string;
  readonly faults: Faults;
  readonly #events: EventServer;
  readonly #eventListener: Listener;
  readonly #apiListener: Listener;
  readonly #conditions: Conditions;
  readonly #factory: DeviceFactory;
  readonly #world: World;
  readonly #traffic: Traffic;
  readonly #waiters = new Waiters(() => this.#describe());
  readonly #configurations = new Bounded<ReceivedConfiguration>(MAX_RECORDED);
  readonly #invalidConfigurations = new Bounded<InvalidConfiguration>(MAX_RECORDED);
  readonly #sent = new Bounded<SentEvent>(MAX_RECORDED);
  readonly #disposed = new AbortController();
  #devices: readonly SimulatedDevice[];
  #deviceRequests = 0;
  #lastEventId = 0;
  #recognitions = 0;

  /** @internal Use `startSimulator`. */
  constructor(options: SimulatorOptions, portraits: Portraits) {
    const { host = '127.0.0.1', devices = 4, seed = 1, clockOffsetMs = 0 } = options;
    this.host = host;
    this.#conditions = healthy(clockOffsetMs);
    this.#factory = new DeviceFactory(seed);
    this.#world = new World(seed, peopleOf(portraits));
    this.#traffic = new Traffic(seed, () => this.emit());
    this.#devices =
      typeof devices === 'number'
        ? Array.from({ length: devices }, () => this.#factory.make())
        : devices;
    this.#events = new EventServer(this.#conditions, {
      connected: () => this.#waiters.changed(),
      disconnected: () => this.#waiters.changed(),
      configured: (configuration) => {
        this.#configurations.push(configuration);
        this.#waiters.changed();
      },
      misconfigured: (configuration) => {
        this.#invalidConfigurations.push(configuration);
        this.#waiters.changed();
      },
    });
    this.#eventListener = new Listener(host, options.eventPort ?? 0, {
      request: (_request, response) => response.writeHead(426, { connection: 'close' }).end(),
      upgrade: (request, socket, head) => this.#events.upgrade(request, socket, head),
    });
    this.#apiListener = new Listener(host, options.apiPort ?? 0, {
      request: (request, response) =>
        answerApi(
          {
            devices: this.#devices,
            conditions: this.#conditions,
            deviceRequested: () => {
              this.#deviceRequests += 1;
              this.#waiters.changed();
            },
          },
          request,
          response,
        ),
    });
    this.faults = new Faults({
      conditions: this.#conditions,
      clockOffsetMs,
      refuse: (refusal) => this.#refuse(refusal),
      restart: (downMs) => this.#restart(downMs),
      drop: () => this.#events.drop(),
      halfOpen: () => this.#events.halfOpen(),
      flush: () => {
        for (const { outbox } of this.#events.connections) outbox.flush();
      },
      sendMalformed: () => this.emitRaw('{"reg_pic":"","ext_data":{person_type:1},'),
      sendTruncated: () => this.emitRaw(this.#unsent({}).subarray(0, -40)),
      sendHuge: (bytes) => this.emitRaw(this.#unsent({ padding: 'x'.repeat(bytes) })),
    });
  }

  /** @internal */
  async open(): Promise<void> {
    await this.#eventListener.serve();
    await this.#apiListener.serve();
  }

  get eventPort(): number {
    return this.#eventListener.port;
  }

  get apiPort(): number {
    return this.#apiListener.port;
  }

  /** The devices that the box lists now. */
  get devices(): readonly SimulatedDevice[] {
    return this.#devices;
  }

  /** Event connections open now. */
  get connections(): number {
    return this.#events.connections.length;
  }

  /** Event connections since the start. */
  get connectionsAccepted(): number {
    return this.#events.accepted;
  }

  /** Every configuration that was taken, newest last; the last 10,000. */
  get configurations(): readonly ReceivedConfiguration[] {
    return this.#configurations.entries;
  }

  /** Every message of a client that was ignored, newest last; the last 10,000. */
  get invalidConfigurations(): readonly InvalidConfiguration[] {
    return this.#invalidConfigurations.entries;
  }

  /** How often the device list was asked for. */
  get deviceRequests(): number {
    return this.#deviceRequests;
  }

  /** Recognitions since the start, told to somebody or not. */
  get recognitions(): number {
    return this.#recognitions;
  }

  /** Every recognition, told to somebody or not, newest last; the last 10,000. */
  get sent(): readonly SentEvent[] {
    return this.#sent.entries;
  }

  addDevice(device: Partial<SimulatedDevice> = {}): SimulatedDevice {
    const added = this.#factory.make(device);
    this.#devices = [...this.#devices, added];
    return added;
  }

  removeDevice(deviceId: string): void {
    this.#devices = this.#devices.filter((device) => device.deviceId !== deviceId);
  }

  /** Recognitions per second, on average over all devices; 0 stops. @throws {RangeError} */
  setRate(perSecond: number): void {
    this.#traffic.setRate(perSecond);
  }

  /**
   * A recognition, now: told to every connection whose `event_list` has the device, with the
   * pictures that its configuration asks for. What is not given is drawn from the seed.
   *
   * @throws {RangeError} when the box has no device and none is given.
   */
  emit(given: Partial<Recognition> = {}): SentEvent {
    this.#lastEventId += 1;
    this.#recognitions += 1;
    const event = { ...this.#recognise(given), eventId: String(this.#lastEventId) };
    const listeners = this.#conditions.silent
      ? []
      : this.#events.connections.filter(({ configuration }) =>
          configuration?.eventList.includes(event.deviceId),
        );
    const encoded = new Map<string, Buffer>();
    for (const { configuration, outbox } of listeners) {
      if (configuration === undefined) continue;
      const shape = `${configuration.needFace} ${configuration.needRegister}`;
      const message = encoded.get(shape) ?? encodeEvent(event, configuration);
      encoded.set(shape, message);
      outbox.send(message);
    }
    const sent = { ...event, connections: listeners.length };
    this.#sent.push(sent);
    this.#waiters.changed();
    return sent;
  }

  /** Sends a message as it is to every connection that has configured itself. Returns how many. */
  emitRaw(
    message: string | Uint8Array,
    { binary = false }: { readonly binary?: boolean } = {},
  ): number {
    const bytes = Buffer.from(message);
    const configured = this.#events.connections.filter((one) => one.configuration !== undefined);
    for (const { outbox } of configured) outbox.send(bytes, binary);
    return configured.length;
  }

  /**
   * Settles when the condition holds. It is asked at once, and again whenever a connection,
   * a configuration, a device request or a recognition came or a connection went.
   *
   * @throws {Error} that tells the state, when the signal aborts or the simulator is disposed first.
   */
  until(
    condition: (simulator: Simulator) => boolean,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    return this.#waiters.until(() => condition(this), signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed.abort();
    this.#traffic[Symbol.dispose]();
    this.#events[Symbol.dispose]();
    await Promise.all([
      this.#eventListener[Symbol.asyncDispose](),
      this.#apiListener[Symbol.asyncDispose](),
    ]);
    this.#waiters[Symbol.dispose]();
  }

  #recognise(given: Partial<Recognition>): Recognition {
    const { device, subject, score } = this.#world.next(this.#devices, {
      device: this.#devices.find(({ deviceId }) => deviceId === given.deviceId),
      identityId: given.identityId,
      personType: given.personType,
    });
    return {
      deviceId: device.deviceId,
      timestamp: Date.now() + this.#conditions.clockOffsetMs,
      identityId: subject.identityId,
      identityName: subject.identityName,
      groupName: subject.groupName,
      identityInfo: subject.identityInfo,
      personType: subject.personType,
      score,
      deviceIp: device.ip,
      deviceType: device.eventType,
      extra: {},
      pictures: subject.portrait,
      ...given,
    };
  }

  #unsent(extra: Recognition['extra']): Buffer {
    const event = { ...this.#recognise({ extra }), eventId: String(this.#lastEventId + 1) };
    return encodeEvent(event, { needFace: false, needRegister: false });
  }

  async #refuse(refusal: Refusal | undefined): Promise<void> {
    for (const listener of [this.#eventListener, this.#apiListener]) {
      await (refusal === undefined ? listener.serve() : listener.refuse(refusal));
    }
  }

  async #restart(downMs: number): Promise<void> {
    const { signal } = this.#disposed;
    await this.#refuse('closed');
    for (const listener of [this.#eventListener, this.#apiListener]) listener.dropConnections();
    this.#lastEventId = 0;
    await delay(downMs, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await this.#refuse(undefined);
  }

  #describe(): string {
    const last = this.configurations.at(-1);
    const asked =
      last === undefined
        ? 'no configuration'
        : `last configuration need_face ${last.needFace}, need_register ${last.needRegister}, ${last.eventList.length} devices`;
    return `${this.connections} connections of ${this.connectionsAccepted} ever, ${this.configurations.length} configurations (${asked}), ${this.invalidConfigurations.length} invalid, ${this.deviceRequests} device requests, ${this.sent.length} recognitions`;
  }
}

/** @throws the error of `listen`, with `code` `EADDRINUSE` when a port is taken. */
export const startSimulator = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  const simulator = new Simulator(options, await loadPortraits());
  try {
    await simulator.open();
    simulator.setRate(options.ratePerSecond ?? 0);
  } catch (error) {
    await simulator[Symbol.asyncDispose]();
    throw error;
  }
  return simulator;
};
