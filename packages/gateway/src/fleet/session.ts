import {
  Box,
  type BoxDevice,
  type BoxOptions,
  type DeviceId,
  type LinkState,
  type PictureDemand,
} from '@se5/core';
import type { BoxConfig } from '../config/config.ts';
import type { BoxId } from '../config/ids.ts';
import type { FleetDirectory } from './fleet-directory.ts';
import type { FleetSink } from './sink.ts';

/**
 * One box for as long as the process lives. The directory knows before the sink does, so that
 * whoever is told of something can look it up.
 */
export class BoxSession implements AsyncDisposable {
  readonly #boxId: BoxId;
  readonly #box: Box;
  readonly #directory: FleetDirectory;
  readonly #sink: FleetSink;
  /** The last sign of life before the outage that lasts now. */
  #lostAt: number | undefined;

  constructor(
    config: BoxConfig,
    overrides: Partial<BoxOptions>,
    directory: FleetDirectory,
    sink: FleetSink,
  ) {
    const boxId = config.id;
    this.#boxId = boxId;
    this.#directory = directory;
    this.#sink = sink;
    if (config.devices) directory.list(boxId, listenedTo(config, []));
    this.#box = new Box(
      { ...boxOptions(config), ...overrides },
      {
        event: (event, receivedAt) => {
          directory.heard(boxId, event, receivedAt);
          sink.event(boxId, event, receivedAt);
        },
        devices: ({ devices }) => directory.list(boxId, listenedTo(config, devices)),
        link: (state, previous) => this.#onLink(state, previous),
        unreadable: (error) => sink.unreadable(boxId, error),
        devicesFailed: (error) => sink.devicesFailed(boxId, error),
        fault: (error) => sink.fault(boxId, error),
      },
    );
  }

  start(): void {
    this.#box.start();
  }

  ask(demand: PictureDemand): void {
    this.#box.setDemand(demand);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#box[Symbol.asyncDispose]();
  }

  #onLink(state: LinkState, previous: LinkState): void {
    if (isUp(previous) && !isUp(state)) this.#lostAt = this.#box.lastHeardAt;
    if (isUp(state) && this.#lostAt !== undefined) {
      this.#sink.outage(this.#boxId, this.#lostAt, state.since);
      this.#lostAt = undefined;
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
