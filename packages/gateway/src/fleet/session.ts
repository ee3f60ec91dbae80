import { isDeepStrictEqual } from 'node:util';
import {
  Box,
  type BoxDevice,
  BoxError,
  type BoxOptions,
  type Clock,
  type DeviceId,
  type LinkState,
  type PictureDemand,
} from '@se5/core';
import type { BoxConfig } from '../config/config.ts';
import type { BoxId } from '../config/ids.ts';
import type { NotedTime } from '../noted-time.ts';
import type { Slots } from '../slots.ts';
import { Backfill } from './backfill/backfill.ts';
import { HeardUntil } from './backfill/heard-until.ts';
import type { BackfillOptions } from './backfill/options.ts';
import type { Outage } from './backfill/reading-plan.ts';
import { Backpressure } from './backpressure.ts';
import { rangesOf } from './clock-offset.ts';
import type { FleetDirectory } from './fleet-directory.ts';
import type { FleetObserver } from './fleet-observer.ts';
import type { FleetSink } from './fleet-sink.ts';
import { HeardDevices, MAX_HEARD_DEVICES } from './heard-devices.ts';
import type { WallTime } from './wall-time.ts';

/** By so much, wall time and elapsed time may differ though nobody set a clock, in ms. */
const CLOCK_ERROR_MS = 1_000;

/** By so much two processes may differ in what they take for one instant by the same wall clock, in ms. */
const READING_ERROR_MS = 5;

/** What the sessions of a fleet share. */
export interface SessionContext {
  readonly clock: Clock;
  readonly wallTime: WallTime;
  readonly overrides: Partial<BoxOptions>;
  readonly directory: FleetDirectory;
  readonly sink: FleetSink;
  readonly observer: FleetObserver;
  readonly slots: Slots;
  readonly backfill: BackfillOptions;
  readonly wantedPictures: (boxId: BoxId) => PictureDemand;
}

/**
 * One box for as long as the process lives. All that is kept of when it was heard are instants of
 * the clock, which become wall time where they are noted, shown or declared: nothing moves when
 * the wall clock is set. The directory knows before the sink does, so that
 * whoever is told of something can look it up.
 */
export class BoxSession implements AsyncDisposable {
  readonly #boxId: BoxId;
  readonly #box: Box;
  readonly #directory: FleetDirectory;
  readonly #sink: FleetSink;
  readonly #observer: FleetObserver;
  readonly #backfill: Backfill;
  readonly #heard = new HeardUntil();
  readonly #clock: Clock;
  readonly #wallTime: WallTime;
  readonly #underWayMs: number;
  /** Of the last outage, that of a gateway that was not there too. */
  #lost: Omit<Outage, 'to' | 'sleptMs'> = { from: undefined, noted: undefined, isAhead: false };
  /** The wall time of the instant 0 when the box was heard last. */
  #heardOriginMs: number | undefined;
  /** The instant at which it was heard then. */
  #originHeardAt: number | undefined;
  /** By how much its clock was ahead of the instants, as an earlier process noted; ms. */
  #aheadMs: readonly number[] | undefined;
  /** What the sink was told last of how far the box was listened to. */
  #noted: NotedTime | undefined;

  constructor(config: BoxConfig, context: SessionContext) {
    const boxId = config.id;
    const {
      clock,
      wallTime,
      overrides,
      directory,
      sink,
      observer,
      slots,
      backfill: options,
    } = context;
    this.#boxId = boxId;
    this.#directory = directory;
    this.#sink = sink;
    this.#observer = observer;
    this.#clock = clock;
    this.#wallTime = wallTime;
    this.#underWayMs = options.settleMs;
    const heardDevices = new HeardDevices();
    const backpressure = new Backpressure({
      pause: () => this.#box.pause(),
      resume: () => this.#box.resume(),
    });
    this.#box = new Box(
      { ...boxOptions(config), clock, ...overrides },
      {
        event: (event, receivedAt, instant) => {
          directory.heard(boxId, event, receivedAt, instant);
          if (!this.#box.isHandingOver) this.#heard.event(event.occurredAt, instant);
          this.#backfill.heard(event.occurredAt - instant);
          if (!heardDevices.admits(event.deviceId, instant)) {
            observer.unreadable(boxId, tooManyDevices());
            return;
          }
          const underWay = sink.event(boxId, event, receivedAt, instant);
          if (underWay) backpressure.add(underWay);
        },
        devices: ({ devices }) => directory.list(boxId, listenedTo(config, devices)),
        link: (state, previous) => this.#onLink(state, previous),
        unreadable: (error) => observer.unreadable(boxId, error),
        spoiltPicture: (deviceId, picture) => observer.spoiltPicture(boxId, deviceId, picture),
        devicesRead: (skipped) => {
          directory.devicesPolled(boxId, skipped[0]);
          for (const error of skipped) observer.devicesFailed(boxId, error);
        },
        devicesFailed: (error) => {
          directory.devicesPolled(boxId, error);
          observer.devicesFailed(boxId, error);
        },
        fault: (error) => observer.fault(boxId, error),
      },
    );
    this.#backfill = new Backfill(options.retryMs, clock, {
      known: (outage) => sink.known(boxId, outage.noted?.at),
      originMs: () => wallTime.originMs,
      context: (handlers) => ({
        ...handlers,
        box: this.#box,
        devices: config.devices,
        admits: (deviceId) => heardDevices.admits(deviceId, clock.elapsed()),
        sink: sink.fillIn(boxId),
        slots,
        clock,
        options,
        wantedPictures: () => context.wantedPictures(boxId),
        unreadable: (error) => observer.unreadable(boxId, error),
        spoiltPicture: (deviceId, picture) => observer.spoiltPicture(boxId, deviceId, picture),
        refused: () => observer.unreadable(boxId, tooManyDevices()),
      }),
      // At once: killed before the next note, an earlier outage would be taken for heard.
      begun: () => this.settle(),
      status: ({ from, to, ...rest }) => {
        const status = { ...rest, from: wallTime.of(from), to: wallTime.of(to) };
        directory.backfilled(boxId, status);
        observer.backfill(boxId, status);
      },
      lost: (from, to) => {
        sink.outage(boxId, wallTime.of(from), wallTime.of(to));
        // The gap notes its end by the wall clock alone: the next gateway may have another.
        this.settle();
      },
      fault: (error) => observer.fault(boxId, error),
    });
  }

  start(): void {
    const noted = this.#sink.settledTo(this.#boxId);
    if (noted) {
      this.#lost = outageSince(noted, this.#wallTime, this.#clock.boot);
      this.#heardOriginMs = this.#lost.noted?.originMs;
      if (noted.instant?.boot === this.#clock.boot) this.#aheadMs = noted.instant?.aheadMs;
    }
    this.#box.start();
  }

  ask(demand: PictureDemand): void {
    this.#box.setDemand(demand);
  }

  /** Tells the sink how far the box was listened to, and how its clock stood, where that has changed. */
  settle(): void {
    this.#noteOrigin();
    const heardAt = isUp(this.#box.link) ? this.#heardUntil : this.#lost.from;
    const instant = this.#backfill.settledTo(heardAt);
    if (instant === undefined) return;
    const { boot } = this.#clock;
    const ahead = extremesOf([...this.#offsets, ...this.#backfill.owedOffsets]);
    const aheadMs = ahead.length > 0 && { aheadMs: ahead };
    const noted = {
      at: this.#wallTime.of(instant),
      ...(boot !== undefined && { instant: { boot, ms: instant, ...aheadMs } }),
    };
    if (this.#noted && isSameNote(noted, this.#noted)) return;
    this.#noted = noted;
    this.#sink.settled(this.#boxId, noted);
  }

  /**
   * Hears what is on its way from the box, and ends.
   *
   * @returns whether the sink has all that the box said, or an outage, up to an instant after this call.
   */
  async end(): Promise<boolean> {
    const isHeard = await this.#box.drain();
    const { isSettled } = this.#backfill;
    await this[Symbol.asyncDispose]();
    return isHeard && isSettled;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#backfill[Symbol.asyncDispose]();
    await this.#box[Symbol.asyncDispose]();
    this.settle();
  }

  /**
   * Only where the box was heard since: while the machine slept, its link may have died unnoticed.
   */
  #noteOrigin(): void {
    const { link, heardUntil } = this.#box;
    if (!isUp(link) || heardUntil === this.#originHeardAt) return;
    this.#originHeardAt = heardUntil;
    this.#heardOriginMs = this.#wallTime.originMs;
  }

  /**
   * Up to when all that the box said was heard, but for what was under way: an event bears the time
   * at which its box began to look at a face.
   */
  get #heardUntil(): number | undefined {
    const { samples } = this.#directory.clockOffset(this.#boxId);
    const until = this.#heard.until(this.#box.heardUntil, samples);
    return until === undefined ? undefined : until - this.#underWayMs;
  }

  /** By how much its clock is ahead of the instants, as it has shown in this process or an earlier one; ms. */
  get #offsets(): readonly number[] {
    const { samples } = this.#directory.clockOffset(this.#boxId);
    const { promptestMs } = this.#heard;
    if (promptestMs === undefined) return samples.length > 0 ? samples : (this.#aheadMs ?? []);
    // All the latest may have come late.
    return [promptestMs, ...samples];
  }

  #onLink(state: LinkState, previous: LinkState): void {
    if (isUp(previous) && !isUp(state)) {
      this.#lost = { from: this.#heardUntil, noted: undefined, isAhead: false };
      this.#backfill.pause();
    }
    if (isUp(state) && !isUp(previous)) {
      const { samples } = this.#directory.clockOffset(this.#boxId);
      const { lastAt: newestAt } = this.#heard;
      const offsets = this.#offsets;
      this.#heard.linked(samples);
      this.#backfill.missed(
        {
          ...this.#lost,
          to: this.#box.heardUntil ?? this.#clock.elapsed(),
          sleptMs: sleptMs(this.#heardOriginMs, this.#wallTime.originMs),
        },
        { offsets, newestAt },
      );
      this.#heardOriginMs = this.#wallTime.originMs;
    }
    this.#directory.linked(this.#boxId, state);
    this.#observer.link(this.#boxId, state, previous);
  }
}

/**
 * Since what an earlier process noted. Since the machine was started anew, only the wall clock
 * tells: a note after now says that the clock was set back, by so much at least, and so much
 * before now is all that is known.
 */
function outageSince(
  { at, instant }: NotedTime,
  wallTime: WallTime,
  boot: string | undefined,
): Omit<Outage, 'to' | 'sleptMs'> {
  const { now, originMs } = wallTime;
  if (instant && instant.boot === boot) {
    const noted = { at, originMs: at - instant.ms };
    // To the ms as it was said: the end of one gap is where the next begins.
    const isSet = Math.abs(noted.originMs - originMs) > READING_ERROR_MS;
    return { from: isSet ? instant.ms : at - originMs, noted, isAhead: false };
  }
  if (at <= now) return { from: at - originMs, noted: { at, originMs }, isAhead: false };
  return { from: 2 * now - at - originMs, noted: undefined, isAhead: true };
}

/** The same time by the wall clock, and the same clocks of the box. */
const isSameNote = (one: NotedTime, other: NotedTime): boolean =>
  one.at === other.at && isDeepStrictEqual(one.instant?.aheadMs, other.instant?.aheadMs);

/** The ends of the ranges that the offsets leave possible, ascending. */
const extremesOf = (offsets: readonly number[]): readonly number[] =>
  rangesOf(offsets).flatMap(({ min, max }) => (min === max ? [min] : [min, max]));

/** @param heard The wall time of the instant 0 when the box was heard last; `now`, as it is now. */
function sleptMs(heard: number | undefined, now: number): number {
  const ms = now - (heard ?? now);
  return ms > CLOCK_ERROR_MS ? ms : 0;
}

const isUp = ({ name }: LinkState): boolean => name === 'LIVE' || name === 'SILENT';

/** Of configured devices, what the box says about them; whether it lists them or not, they are heard. */
export function listenedTo(config: BoxConfig, listed: readonly BoxDevice[]): readonly BoxDevice[] {
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
  const { id: _id, name: _name, scoreScale: _scale, storageShare: _share, ...rest } = config;
  const { devices, ...options } = rest;
  return devices ? { ...options, devices } : options;
}

const tooManyDevices = (): BoxError =>
  new BoxError(
    'INVALID_EVENT',
    `An event was dropped: this box named more than ${MAX_HEARD_DEVICES} devices within a day`,
    { field: 'device_id' },
  );
