import {
  Box,
  type BoxDevice,
  type BoxOptions,
  type Clock,
  type DeviceId,
  type LinkState,
  type PictureDemand,
} from '@se5/core';
import type { BoxConfig } from '../config/config.ts';
import type { BoxId } from '../config/ids.ts';
import { Backfill } from './backfill.ts';
import type { BackfillOptions } from './backfill-options.ts';
import type { FleetDirectory } from './fleet-directory.ts';
import { HeardUntil } from './heard-until.ts';
import type { FleetSink } from './sink.ts';
import type { Slots } from './slots.ts';

/** What the sessions of a fleet share. */
export interface SessionContext {
  readonly clock: Clock;
  readonly overrides: Partial<BoxOptions>;
  readonly directory: FleetDirectory;
  readonly sink: FleetSink;
  readonly slots: Slots;
  readonly backfill: BackfillOptions;
  readonly wantedPictures: (boxId: BoxId) => PictureDemand;
}

/**
 * One box for as long as the process lives. The directory knows before the sink does, so that
 * whoever is told of something can look it up.
 */
export class BoxSession implements AsyncDisposable {
  readonly #boxId: BoxId;
  readonly #box: Box;
  readonly #directory: FleetDirectory;
  readonly #sink: FleetSink;
  readonly #backfill: Backfill;
  readonly #heard: HeardUntil;
  /** Up to when the box was heard before the last outage, that of a gateway that was not there too. */
  #lostAt: number | undefined;
  /** What the sink knows of how far the box was listened to. */
  #settledTo: number | undefined;

  constructor(config: BoxConfig, context: SessionContext) {
    const boxId = config.id;
    const { clock, overrides, directory, sink, slots, backfill: options } = context;
    this.#boxId = boxId;
    this.#directory = directory;
    this.#sink = sink;
    if (config.devices) directory.list(boxId, listenedTo(config, []));
    this.#heard = new HeardUntil(() => directory.status(boxId).clockOffsetMs);
    this.#box = new Box(
      { ...boxOptions(config), clock, ...overrides },
      {
        event: (event, receivedAt) => {
          directory.heard(boxId, event, receivedAt);
          if (!this.#box.isHandingOver) this.#heard.event(event.occurredAt, receivedAt);
          sink.event(boxId, event, receivedAt);
        },
        devices: ({ devices }) => directory.list(boxId, listenedTo(config, devices)),
        link: (state, previous) => this.#onLink(state, previous),
        unreadable: (error) => sink.unreadable(boxId, error),
        devicesFailed: (error) => sink.devicesFailed(boxId, error),
        fault: (error) => sink.fault(boxId, error),
      },
    );
    this.#backfill = new Backfill(options.retryMs, {
      known: (before) => sink.known(boxId, before),
      context: (handlers) => ({
        ...handlers,
        box: this.#box,
        devices: config.devices,
        sink: sink.fillIn(boxId),
        slots,
        options,
        wantedPictures: () => context.wantedPictures(boxId),
        unreadable: (error) => sink.unreadable(boxId, error),
      }),
      status: (status) => {
        directory.backfilled(boxId, status);
        sink.backfill(boxId, status);
      },
      lost: (from, to) => sink.outage(boxId, from, to),
      fault: (error) => sink.fault(boxId, error),
    });
  }

  start(): void {
    this.#settledTo = this.#sink.settledTo(this.#boxId);
    this.#lostAt = this.#settledTo;
    this.#box.start();
  }

  ask(demand: PictureDemand): void {
    this.#box.setDemand(demand);
  }

  /** Tells the sink how far the box was listened to, where that has changed. */
  settle(): void {
    const heardAt = isUp(this.#box.link) ? this.#heard.until(this.#box.heardUntil) : this.#lostAt;
    const to = this.#backfill.settledTo(heardAt);
    if (to === undefined || to === this.#settledTo) return;
    this.#settledTo = to;
    this.#sink.settled(this.#boxId, to);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#backfill[Symbol.asyncDispose]();
    await this.#box[Symbol.asyncDispose]();
    this.settle();
  }

  #onLink(state: LinkState, previous: LinkState): void {
    if (isUp(previous) && !isUp(state)) {
      this.#lostAt = this.#heard.until(this.#box.heardUntil);
      this.#backfill.pause();
    }
    if (isUp(state) && !isUp(previous)) {
      this.#heard.linked();
      const { clockOffsetMs, lastEventAt } = this.#directory.status(this.#boxId);
      this.#backfill.missed(
        { from: this.#lostAt, to: state.since },
        { clockOffsetMs, isHeard: lastEventAt !== undefined },
      );
    }
    this.#directory.linked(this.#boxId, state);
    this.#sink.link(this.#boxId, state, previous);
  }
}

const isUp = ({ name }: LinkState): boolean => name === 'LIVE' || name === 'SILENT';

/** Of configured devices, what the box says about them; whether it lists them or not, they are heard. */
function listenedTo(config: BoxConfig, listed: readonly BoxDevice[]): readonly BoxDevice[] {
  if (!config.devices) return listed;
  const known = new Map(listed.map((device) => [device.deviceId, device]));
  return config.devices.map((deviceId) => known.get(deviceId) ?? bareDevice(deviceId));
}

const bareDevice = (deviceId: DeviceId): BoxDevice => ({
  deviceId,
  name: undefined,
  kind: undefined,
  ip: undefined,
  extra: {},
});

function boxOptions(config: BoxConfig): BoxOptions {
  const { id: _id, name: _name, scoreScale: _scale, devices, ...options } = config;
  return devices ? { ...options, devices } : options;
}
