import {
  Box,
  type BoxDevice,
  type BoxOptions,
  type LinkState,
  type PictureDemand,
} from '@se5/core';
import type { BoxConfig } from '../config/config.ts';
import type { BoxId } from '../config/ids.ts';
import { ClockOffset } from './clock-offset.ts';
import type { BoxStatus } from './directory.ts';
import type { FleetSink } from './sink.ts';

/** What the fleet itself has to know of a box, beside what goes on to its sink. */
export interface SessionObserver extends FleetSink {
  devices(boxId: BoxId, devices: readonly BoxDevice[]): void;
}

/** One box for as long as the process lives: its link, and what is measured on it. */
export class BoxSession implements AsyncDisposable {
  readonly #boxId: BoxId;
  readonly #box: Box;
  readonly #observer: SessionObserver;
  readonly #clockOffset = new ClockOffset();
  #link: LinkState;
  #lastEventAt: number | undefined;
  /** The last sign of life before the outage that lasts now. */
  #lostAt: number | undefined;

  constructor(config: BoxConfig, overrides: Partial<BoxOptions>, observer: SessionObserver) {
    const boxId = config.id;
    this.#boxId = boxId;
    this.#observer = observer;
    this.#box = new Box(
      { ...boxOptions(config), ...overrides },
      {
        event: (event, receivedAt) => {
          this.#lastEventAt = receivedAt;
          this.#clockOffset.sample(event.occurredAt, receivedAt);
          observer.event(boxId, event, receivedAt);
        },
        devices: ({ devices }) => observer.devices(boxId, devices),
        link: (state, previous) => this.#onLink(state, previous),
        unreadable: (error) => observer.unreadable(boxId, error),
        devicesFailed: (error) => observer.devicesFailed(boxId, error),
        fault: (error) => observer.fault(boxId, error),
      },
    );
    this.#link = this.#box.link;
  }

  get status(): BoxStatus {
    return {
      boxId: this.#boxId,
      link: this.#link,
      lastEventAt: this.#lastEventAt,
      clockOffsetMs: this.#clockOffset.estimateMs,
    };
  }

  start(): void {
    this.#box.start();
  }

  ask(demand: PictureDemand): void {
    this.#box.setDemand(demand);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#box[Symbol.asyncDispose]();
  }

  #onLink(state: LinkState, previous: LinkState): void {
    this.#link = state;
    if (isUp(previous) && !isUp(state)) this.#lostAt = state.since;
    if (isUp(state) && this.#lostAt !== undefined) {
      this.#observer.outage(this.#boxId, this.#lostAt, state.since);
      this.#lostAt = undefined;
    }
    this.#observer.link(this.#boxId, state, previous);
  }
}

const isUp = ({ name }: LinkState): boolean => name === 'LIVE' || name === 'SILENT';

function boxOptions(config: BoxConfig): BoxOptions {
  const { host, eventPort, apiPort, dialect, reconfigure, silentAfterMs, devices } = config;
  const options = { host, eventPort, apiPort, dialect, reconfigure, silentAfterMs };
  return devices ? { ...options, devices } : options;
}
