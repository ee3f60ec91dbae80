import { type BoxDevice, BoxError, type LinkState, toDeviceId } from '@se5/core';
import { z } from 'zod';
import { type BoxId, boxIdSchema } from '../config/ids.ts';
import type { BoxStatus, DeviceEntry, Directory } from '../fleet/directory.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Bus, Channel } from './bus.ts';
import type { Members } from './members.ts';

/** How often each box is said anew, in ms: who has missed a message, or came later, gets it. */
const REPEAT_MS = 5_000;

const errorSchema = z
  .object({ code: z.string(), message: z.string() })
  .transform(({ code, message }) => new BoxError(code as BoxError['code'], message));

const time = z.number();
const known = time.nullable().transform((at) => at ?? undefined);
const knownError = errorSchema.nullable().transform((error) => error ?? undefined);

const linkSchema = z.discriminatedUnion('name', [
  z.object({
    name: z.literal('CONNECTING'),
    since: time,
    attemptedAt: time,
    attempts: z.int(),
    lastError: knownError,
  }),
  z.object({ name: z.literal('LIVE'), since: time }),
  z.object({ name: z.literal('SILENT'), since: time }),
  z.object({
    name: z.literal('BACKING_OFF'),
    since: time,
    attemptedAt: known,
    attempts: z.int(),
    retryAt: time,
    lastError: errorSchema,
  }),
  z.object({ name: z.literal('STOPPED'), since: time }),
]);

const backfillSchema = z.object({
  state: z.enum(['RUNNING', 'COMPLETE', 'INCOMPLETE']),
  from: time,
  to: time,
  recovered: z.int(),
  missingPictures: z.int(),
  error: knownError,
});

const deviceSchema = z.object({
  deviceId: z.string(),
  name: z.string().nullable(),
  kind: z.string().nullable(),
  ip: z.string().nullable(),
});

const boxSchema = z.object({
  gateway: z.string(),
  process: z.string(),
  boxId: boxIdSchema,
  link: linkSchema,
  upSince: known,
  devicesError: knownError,
  lastEventAt: known,
  clockOffsetMs: known,
  backfill: backfillSchema.nullable().transform((status) => status ?? undefined),
  devices: z.array(deviceSchema),
});

export type SharedBox = z.output<typeof boxSchema>;
type SentBox = z.input<typeof boxSchema>;

/** What the gateway says that listens to the box. */
export const BOX: Channel<SharedBox, SentBox> = { name: 'box', schema: boxSchema };

/** Somebody wants each gateway to say its boxes at once. */
export const ASKED: Channel<object> = { name: 'asked', schema: z.object({}) };

export interface SharedDirectoryOptions {
  readonly bus: Bus;
  readonly members: Members;
  readonly directory: Directory;
  /** Ignores what it is told of a box that it connects to itself. */
  readonly fleet: Pick<Fleet, 'adopt'>;
  /** Of this gateway. */
  readonly gateway: string;
  readonly process: string;
  /** Whether this gateway listens to the box. */
  readonly holds: (boxId: BoxId) => boolean;
  /** Whether it alone writes what the box says. */
  readonly owns: (boxId: BoxId) => boolean;
}

/** What each gateway says of the boxes that it listens to, so that any of them can answer for all. */
export class SharedDirectory implements Disposable {
  readonly #options: SharedDirectoryOptions;
  readonly #watch = new DisposableStack();
  /** By box: the process that said something of it last, alive or not. */
  readonly #saidBy = new Map<BoxId, string>();

  constructor(options: SharedDirectoryOptions) {
    this.#options = options;
    const { bus, members, directory } = options;
    bus.listen(BOX, (box) => this.#heard(box));
    bus.listen(ASKED, () => this.#tellAll());
    this.#watch.use(directory.onStatus(({ boxId }) => this.#tell(boxId)));
    this.#watch.use(directory.onDevices((boxId) => this.#tell(boxId)));
    this.#watch.use(members.onJoin(() => this.#tellAll()));
    this.#watch.use(members.onLeave(({ process }) => this.#forget(process)));
    const repeating = setInterval(() => this.#tellAll(), REPEAT_MS);
    this.#watch.defer(() => clearInterval(repeating));
  }

  /** Whether another gateway that is alive said last that it listens to the box. */
  isHeldElsewhere(boxId: BoxId): boolean {
    const by = this.#saidBy.get(boxId);
    return this.#options.members.others.some(({ process }) => process === by);
  }

  /** The other gateway that listened to the box does no more. */
  released(boxId: BoxId): void {
    this.#saidBy.delete(boxId);
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
  }

  #tellAll(): void {
    for (const { id } of this.#options.directory.boxes) this.#tell(id);
  }

  #tell(boxId: BoxId): void {
    const { bus, directory, gateway, process, holds } = this.#options;
    if (!holds(boxId)) return;
    const devices = directory.devices(boxId).map(toSentDevice);
    bus.tell(BOX, { gateway, process, ...toSent(directory.status(boxId)), devices });
  }

  #heard({ gateway, process, devices, upSince, ...status }: SharedBox): void {
    const { directory, fleet, owns } = this.#options;
    const { boxId } = status;
    if (process === this.#options.process || !directory.box(boxId) || owns(boxId)) return;
    this.#saidBy.set(boxId, process);
    fleet.adopt(
      boxId,
      { gateway, status: { ...status, ...(upSince !== undefined && { upSince }) } },
      devices.map(toDevice),
    );
  }

  /** Nobody is known to listen to its boxes. */
  #forget(process: string): void {
    for (const [boxId, by] of this.#saidBy) {
      // It keeps its boxes when it was only taken for dead.
      if (by === process) this.#options.fleet.adopt(boxId, undefined);
    }
  }
}

/** As JSON: what is not known is null. */
const toSent = (status: BoxStatus): Omit<SentBox, 'gateway' | 'process' | 'devices'> => ({
  boxId: status.boxId,
  link: toSentLink(status.link),
  upSince: status.upSince ?? null,
  devicesError: toSentError(status.devicesError),
  lastEventAt: status.lastEventAt ?? null,
  clockOffsetMs: status.clockOffsetMs ?? null,
  backfill: status.backfill
    ? { ...status.backfill, error: toSentError(status.backfill.error) }
    : null,
});

function toSentLink(link: LinkState): SentBox['link'] {
  switch (link.name) {
    case 'CONNECTING':
      return { ...link, lastError: toSentError(link.lastError) };
    case 'BACKING_OFF': {
      const { code, message } = link.lastError;
      return { ...link, attemptedAt: link.attemptedAt ?? null, lastError: { code, message } };
    }
    case 'LIVE':
    case 'SILENT':
    case 'STOPPED':
      return link;
  }
}

const toSentError = (error: BoxError | undefined): { code: string; message: string } | null =>
  error ? { code: error.code, message: error.message } : null;

const toSentDevice = ({ deviceId, name, kind, ip }: DeviceEntry): SentBox['devices'][number] => ({
  deviceId,
  name: name ?? null,
  kind: kind ?? null,
  ip: ip ?? null,
});

const toDevice = ({ deviceId, name, kind, ip }: SharedBox['devices'][number]): BoxDevice => ({
  deviceId: toDeviceId(deviceId),
  name: name ?? undefined,
  kind: kind ?? undefined,
  ip: ip ?? undefined,
  extra: {},
});
