import type { BoxError } from '../protocol/errors.ts';
import type { BoxEvent, SpoiltPicture } from '../protocol/event.ts';
import type { DeviceId } from '../protocol/ids.ts';
import type { LinkState } from './link-state.ts';
import type { BoxObserver, DeviceChange } from './observer.ts';

/** Stands before a user's observer: what that throws goes to its `fault` and no further. */
export class GuardedObserver implements BoxObserver {
  readonly #observer: BoxObserver;

  constructor(observer: BoxObserver) {
    this.#observer = observer;
  }

  event(event: BoxEvent, receivedAt: number, instant: number): void {
    try {
      this.#observer.event(event, receivedAt, instant);
    } catch (error) {
      this.fault(error);
    }
  }

  devices(change: DeviceChange): void {
    try {
      this.#observer.devices(change);
    } catch (error) {
      this.fault(error);
    }
  }

  link(state: LinkState, previous: LinkState): void {
    try {
      this.#observer.link(state, previous);
    } catch (error) {
      this.fault(error);
    }
  }

  unreadable(error: BoxError): void {
    try {
      this.#observer.unreadable(error);
    } catch (thrown) {
      this.fault(thrown);
    }
  }

  spoiltPicture(deviceId: DeviceId, picture: SpoiltPicture): void {
    try {
      this.#observer.spoiltPicture(deviceId, picture);
    } catch (error) {
      this.fault(error);
    }
  }

  devicesRead(skipped: readonly BoxError[]): void {
    try {
      this.#observer.devicesRead(skipped);
    } catch (error) {
      this.fault(error);
    }
  }

  devicesFailed(error: BoxError): void {
    try {
      this.#observer.devicesFailed(error);
    } catch (thrown) {
      this.fault(thrown);
    }
  }

  fault(error: unknown): void {
    try {
      this.#observer.fault(error);
    } catch {
      // Nobody is left to tell; what was thrown may hold an event, so it is not repeated here.
      process.emitWarning('BoxObserver.fault threw an error itself', 'BoxObserverWarning');
    }
  }
}
