import type { Simulator } from '@se5/simulator';
import type { LinkState } from '../../src/box/link-state.ts';
import type { BoxObserver, DeviceChange } from '../../src/box/observer.ts';
import type { BoxOptions } from '../../src/box/options.ts';
import type { BoxDevice } from '../../src/protocol/device.ts';
import type { BoxError } from '../../src/protocol/errors.ts';
import type { BoxEvent, SpoiltPicture } from '../../src/protocol/event.ts';
import type { DeviceId } from '../../src/protocol/ids.ts';

/** An observer that keeps what it is told, and lets a test wait for it. */
export class Recorder implements BoxObserver {
  readonly events: BoxEvent[] = [];
  readonly receivedAt: number[] = [];
  readonly changes: DeviceChange[] = [];
  readonly states: LinkState[] = [];
  readonly unreadables: BoxError[] = [];
  readonly spoilt: [DeviceId, SpoiltPicture][] = [];
  readonly listsRead: (readonly BoxError[])[] = [];
  readonly devicesFailures: BoxError[] = [];
  readonly faults: unknown[] = [];
  readonly #waiting = new Map<() => boolean, () => void>();

  event(event: BoxEvent, receivedAt: number): void {
    this.events.push(event);
    this.receivedAt.push(receivedAt);
    this.#told();
  }

  devices(change: DeviceChange): void {
    this.changes.push(change);
    this.#told();
  }

  link(state: LinkState): void {
    this.states.push(state);
    this.#told();
  }

  spoiltPicture(deviceId: DeviceId, picture: SpoiltPicture): void {
    this.spoilt.push([deviceId, picture]);
    this.#told();
  }

  unreadable(error: BoxError): void {
    this.unreadables.push(error);
    this.#told();
  }

  devicesRead(skipped: readonly BoxError[]): void {
    this.listsRead.push(skipped);
    this.#told();
  }

  devicesFailed(error: BoxError): void {
    this.devicesFailures.push(error);
    this.#told();
  }

  fault(error: unknown): void {
    this.faults.push(error);
    this.#told();
  }

  /** The names of all states so far. */
  get path(): string {
    return this.states.map(({ name }) => name).join(' ');
  }

  /** Settles when the condition holds, now or after something was told. */
  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(condition, resolve);
    return promise;
  }

  /** Settles when the link is in this state for the `times`th time. */
  untilLink(name: LinkState['name'], times = 1): Promise<void> {
    return this.until(() => this.states.filter((state) => state.name === name).length >= times);
  }

  #told(): void {
    for (const [condition, resolve] of this.#waiting) {
      if (!condition()) continue;
      this.#waiting.delete(condition);
      resolve();
    }
  }
}

/** How to reach a simulated box, with times short enough for a test. */
export const optionsFor = ({
  host,
  eventPort,
  apiPort,
}: Pick<Simulator, 'host' | 'eventPort' | 'apiPort'>) =>
  ({
    host,
    eventPort,
    apiPort,
    backoffMs: { min: 5, max: 20 },
    connectTimeoutMs: 60_000,
    httpTimeoutMs: 60_000,
  }) satisfies BoxOptions;

export const ids = (devices: readonly BoxDevice[] = []) => devices.map(({ deviceId }) => deviceId);
