import type { BoxDevice } from '../protocol/device.ts';
import { readDevices } from '../protocol/devices.ts';
import type { BoxRequest, PictureDemand, StoredDialect } from '../protocol/dialect.ts';
import { dialectNamed } from '../protocol/dialects/index.ts';
import { BoxError } from '../protocol/errors.ts';
import type { DeviceId } from '../protocol/ids.ts';
import type { Picture } from '../protocol/picture.ts';
import type { PictureReference, StoredEvent } from '../protocol/stored-event.ts';
import { deviceChange } from './device-change.ts';
import { DevicePoll } from './device-poll.ts';
import { EventLink } from './event-link.ts';
import { GuardedObserver } from './guarded-observer.ts';
import { HttpClient } from './http-client.ts';
import type { LinkState } from './link-state.ts';
import type { BoxObserver } from './observer.ts';
import type { BoxOptions } from './options.ts';
import { type BoxSettings, withDefaults } from './settings.ts';
import { isAbsent, type StoredEventsQuery, storedEvents } from './stored-events.ts';

/**
 * One box: its devices and its events as one thing.
 *
 * Once started, it asks for the devices from time to time and at each attempt to connect,
 * keeps the event connection configured for (devices known × pictures in demand), and comes
 * back by itself from whatever goes wrong. It never throws for what a box does: the observer
 * is told.
 *
 * Which devices are listened to: `options.devices` if given, else those that the box listed
 * last, else `options.lastKnownDevices`. A list that can't be had changes nothing; an empty
 * one is believed, and then there are no events [assumed]. As long as nobody can say which
 * devices it has, a box is not configured, and its link stays CONNECTING: nothing is heard of it.
 */
export class Box implements AsyncDisposable {
  readonly #settings: BoxSettings;
  readonly #observer: BoxObserver;
  readonly #stored: StoredDialect;
  readonly #http: HttpClient;
  readonly #poll: DevicePoll;
  readonly #link: EventLink;
  #demand: PictureDemand;
  #devices: readonly BoxDevice[] | undefined;
  #disposing: Promise<void> | undefined;

  /** @throws {Error} when `host` can't be the host of an address. */
  constructor(options: BoxOptions, observer: BoxObserver) {
    const settings = withDefaults(options);
    const dialect = dialectNamed(settings.dialect);
    this.#settings = settings;
    this.#stored = dialect.stored;
    this.#observer = new GuardedObserver(observer);
    this.#demand = settings.demand;
    this.#http = new HttpClient({
      host: settings.host,
      port: settings.apiPort,
      timeoutMs: settings.httpTimeoutMs,
      readJson: dialect.readJson,
    });
    this.#poll = new DevicePoll({
      ask: async () => readDevices(await this.#http.json(dialect.devicesRequest), dialect),
      everyMs: settings.devicePollMs,
      backoffMs: settings.backoffMs,
      answered: ({ devices, skipped }) => {
        this.#link.polled();
        this.#takeDevices(devices);
        this.#observer.devicesRead(skipped);
      },
      failed: (error) => {
        this.#link.polled(error);
        this.#observer.devicesFailed(error);
      },
    });
    this.#link = new EventLink(settings, dialect, {
      event: (event, receivedAt, instant) => this.#observer.event(event, receivedAt, instant),
      unreadable: (error) => this.#observer.unreadable(error),
      spoiltPicture: (deviceId, picture) => this.#observer.spoiltPicture(deviceId, picture),
      link: (state, previous) => {
        if (state.name === 'CONNECTING' && previous.name !== 'CONNECTING') this.#connecting();
        this.#observer.link(state, previous);
      },
    });
  }

  /** As the box listed them last; none before it has. */
  get devices(): readonly BoxDevice[] {
    return this.#devices ?? [];
  }

  get link(): LinkState {
    return this.#link.state;
  }

  /**
   * All that the box said up to this instant (of `BoxOptions.clock`) on its event connection has
   * been heard: it is when the newest ping was sent that has been answered, or when the link became
   * live. Undefined before that.
   *
   * What an event says of its own time may prove more, by the box's clock. That something came
   * proves nothing of when it was said: a network that stood still brings it late. Nor does it
   * while `isHandingOver`.
   */
  get heardUntil(): number | undefined {
    return this.#link.heardUntil;
  }

  /**
   * Whether one event connection takes over from another: events may come over the new one while
   * older ones are still on their way over the old one, or lost with it. `heardUntil` stands still.
   */
  get isHandingOver(): boolean {
    return this.#link.isHandingOver;
  }

  /** Begins to connect. Does nothing when started already, or disposed. */
  start(): void {
    this.#link.start();
  }

  /**
   * Reads no events until `resume`, but for the few that have come already. The box has to wait
   * with what it says, and nothing of it is lost. A connection that is made anew is read.
   */
  pause(): void {
    this.#link.pause();
  }

  resume(): void {
    this.#link.resume();
  }

  /**
   * Closes the event connection when all that is on its way has been heard, within some seconds.
   * Nothing is heard afterwards; dispose of the box then.
   *
   * @returns whether all that the box said was heard, up to an instant after this call: the link was
   *   up, and the box answered the closing handshake.
   */
  drain(): Promise<boolean> {
    return this.#link.drain();
  }

  /** Changes which pictures the box is asked for; takes effect within a turn of the event loop. */
  setDemand(demand: PictureDemand): void {
    this.#demand = demand;
    this.#configure();
  }

  /** Asks for the devices now. Settles, and never rejects, when the observer was told. */
  refreshDevices(): Promise<void> {
    return this.#poll.refresh();
  }

  /**
   * What the box has stored of a span: each event once, in the box's order, which may be any.
   * Pages are asked for as they are needed, each within `httpTimeoutMs`; a question that fails
   * is not asked again. Biometric templates are dropped while an answer is read.
   *
   * @throws {BoxError} while it is iterated: NOT_SUPPORTED when the firmware has no such
   *   endpoint, INCOMPLETE when the box gives less than it says it has or there is too much for
   *   one question (more than 50,000), else UNREACHABLE, TIMEOUT, CLOSED, BOX_REFUSED, PROTOCOL.
   */
  storedEvents(query: StoredEventsQuery): AsyncGenerator<StoredEvent, void> {
    const ask = (request: BoxRequest, signal?: AbortSignal) => this.#http.json(request, signal);
    return storedEvents(ask, this.#stored, query);
  }

  /**
   * A picture that a stored event names; undefined when the box has it no more.
   *
   * @param signal ends it: its reason is thrown.
   * @throws {BoxError} UNREACHABLE, TIMEOUT, CLOSED, BOX_REFUSED, or PROTOCOL, also for what is
   *   longer than 4 MiB or no picture of a known format.
   */
  async picture(reference: PictureReference, signal?: AbortSignal): Promise<Picture | undefined> {
    try {
      return await this.#http.picture(this.#stored.pictureRequest(reference), signal);
    } catch (error) {
      if (error instanceof BoxError && isAbsent(error, this.#stored)) return undefined;
      throw error;
    }
  }

  /** Settles when every socket and timer is gone. The observer hears of STOPPED, and no more. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#disposing ??= this.#dispose();
    return this.#disposing;
  }

  async #dispose(): Promise<void> {
    this.#poll[Symbol.dispose]();
    await Promise.all([this.#link[Symbol.asyncDispose](), this.#http[Symbol.asyncDispose]()]);
  }

  #connecting(): void {
    this.#configure();
    void this.#poll.refresh();
  }

  #takeDevices(devices: readonly BoxDevice[]): void {
    const change = deviceChange(this.#devices, devices);
    if (change === undefined) return;
    this.#devices = change.devices;
    this.#configure();
    this.#observer.devices(change);
  }

  #configure(): void {
    const devices = this.#listenedDevices();
    this.#link.want(devices && { devices, demand: this.#demand });
  }

  #listenedDevices(): readonly DeviceId[] | undefined {
    const { devices, lastKnownDevices } = this.#settings;
    const listed = this.#devices?.map(({ deviceId }) => deviceId);
    return devices ?? listed ?? lastKnownDevices;
  }
}
