import { setTimeout as pause } from 'node:timers/promises';
import { type Picture, pictureOf } from '@se5/core';
import { z } from 'zod';
import type { ClusterKeys } from '../../privacy/cluster-keys.ts';
import type { ErasureTarget } from '../../privacy/erasure-target.ts';
import type { Subject } from '../../privacy/keyring.ts';
import { opened, seal } from '../../privacy/sealing.ts';
import { heldTargetsOf } from '../erasable-in.ts';
import { isKeyLike } from '../image-keys.ts';
import type {
  ErasureElsewhere,
  ImageFigures,
  ImageKey,
  ImageStore,
  PictureOrigin,
  StoredPicture,
} from '../image-store.ts';
import { IN_FLIGHT, PictureWindow } from '../picture-window.ts';
import type { PictureStream } from './picture-stream.ts';

/** Between two attempts to store a picture, in ms. */
const RETRY_MS = 500;

/** So long a picture may wait to be stored for all; its event goes without it then, in ms. */
const GIVE_UP_MS = 60_000;

/** Pictures that wait to be stored for all, by their base64. */
const MAX_WAITING_BYTES = 64 * 2 ** 20;

/** Keys that are known to be in the stream. */
const MAX_KNOWN = 10_000;

const headSchema = z.object({
  v: z.literal(1),
  at: z.number(),
  owner: z.string(),
  sealedBy: z.object({ day: z.int(), person: z.string() }),
});

/** Sealed together with the picture. */
const subjectSchema = z.object({
  identityId: z.string(),
  personType: z.string().transform((type) => type as Subject['personType']),
  occurredAt: z.number(),
  receivedAt: z.number(),
});

export interface SharedPicturesObserver {
  /** A picture could not be stored for all; must not throw. */
  unshared(error: unknown): void;
}

export interface SharedImageStoreOptions {
  /** The pictures that this gateway keeps by itself. */
  readonly local: ImageStore;
  readonly stream: PictureStream;
  readonly keys: ClusterKeys;
  /** Whether pictures are kept at all. */
  readonly isKeeping: boolean;
  readonly keepMs: number;
  readonly observer: SharedPicturesObserver;
}

/**
 * The pictures of a gateway, and through NATS those of all others that share its log: a picture is
 * stored for all before its event is written into the log, so that it can be had everywhere from
 * the delivery on, and after the gateway that put it has died.
 */
export class SharedImageStore implements ImageStore {
  readonly #options: SharedImageStoreOptions;
  readonly #local: ImageStore;
  /** What was put or fetched a moment ago: delivery asks for it again and again. */
  readonly #window = new PictureWindow(IN_FLIGHT);
  readonly #storing = new Map<string, Promise<void>>();
  readonly #fetching = new Map<string, Promise<StoredPicture | undefined>>();
  readonly #known = new Set<string>();
  readonly #closing = new AbortController();
  #waitingBytes = 0;
  #lost = 0;

  constructor(options: SharedImageStoreOptions) {
    this.#options = options;
    this.#local = options.local;
  }

  get figures(): ImageFigures {
    const { lost, ...figures } = this.#local.figures;
    return { ...figures, lost: lost + this.#lost };
  }

  get secret(): ImageStore['secret'] {
    return this.#local.secret;
  }

  keyOf(eventId: string, slot: string): ImageKey {
    return this.#local.keyOf(eventId, slot);
  }

  put(key: ImageKey, picture: Picture, of: PictureOrigin): void {
    const { isKeeping } = this.#options;
    const isRoom = this.#waitingBytes + picture.base64.length <= MAX_WAITING_BYTES;
    this.#window.put(key, picture, of, isKeeping && isRoom);
    if (!isKeeping) return;
    if (!isRoom) {
      this.#lose(key, new RangeError('more pictures wait to be stored than may'));
      return;
    }
    const storing = this.#store(key, picture, of);
    this.#storing.set(key, storing);
    void storing.then(() => this.#storing.delete(key));
  }

  /** Resolves when these can be had on every gateway, or are given up; undefined when they can. */
  stored(keys: readonly string[]): Promise<void> | undefined {
    const storing = keys.flatMap((key) => this.#storing.get(key) ?? []);
    return storing.length === 0 ? undefined : Promise.all(storing).then(() => undefined);
  }

  get(key: string): StoredPicture | undefined | Promise<StoredPicture | undefined> {
    const held = this.#window.get(key);
    if (held) return { picture: held.picture, expiresAt: held.at + this.#options.keepMs };
    return isKeyLike(key) ? this.#find(key) : undefined;
  }

  isKept(key: ImageKey): boolean | Promise<boolean> {
    const held = this.#window.get(key);
    if (held) return held.isKept;
    return this.#known.has(key) || this.#isThere(key);
  }

  async erase(target: ErasureTarget, areKeysForgotten?: boolean): Promise<number> {
    for (const key of this.#window.erasable(target)) this.#window.delete(key);
    return this.#local.erase(target, areKeysForgotten);
  }

  async follow(erasure: ErasureElsewhere): Promise<void> {
    for (const target of heldTargetsOf(erasure)) {
      for (const key of this.#window.erasable(target)) this.#window.delete(key);
    }
    this.#known.clear();
    await this.#local.follow(erasure);
  }

  hasClear(): Promise<boolean> {
    return this.#local.hasClear();
  }

  async delete(keys: readonly ImageKey[]): Promise<number> {
    for (const key of this.#window.sharing(keys)) this.#window.delete(key);
    return this.#local.delete(keys);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#storing.values());
    this.#window[Symbol.dispose]();
    await this.#local[Symbol.asyncDispose]();
  }

  /** Never rejects. */
  async #store(key: ImageKey, picture: Picture, of: PictureOrigin): Promise<void> {
    const { keys, stream } = this.#options;
    const { signal } = this.#closing;
    const bytes = picture.base64.length;
    const since = performance.now();
    this.#waitingBytes += bytes;
    try {
      await keys.prepare([of.subject]);
      keys.keyring.refresh();
      this.#local.put(key, picture, of);
      const sealed = this.#seal(picture, of);
      for (;;) {
        try {
          await stream.put(key, sealed);
          this.#know(key);
          return;
        } catch (error) {
          if (signal.aborted || performance.now() - since > GIVE_UP_MS) throw error;
          await pause(RETRY_MS, undefined, { ref: false, signal });
        }
      }
    } catch (error) {
      this.#lose(key, error);
    } finally {
      this.#waitingBytes -= bytes;
    }
  }

  #lose(key: string, error: unknown): void {
    this.#window.notKept(key);
    this.#lost += 1;
    this.#options.observer.unshared(error);
  }

  async #find(key: string): Promise<StoredPicture | undefined> {
    return (await this.#local.get(key)) ?? this.#fetch(key);
  }

  #fetch(key: string): Promise<StoredPicture | undefined> {
    const fetching = this.#fetching.get(key);
    if (fetching) return fetching;
    const begun = this.#fetchAnew(key).catch(() => undefined);
    this.#fetching.set(key, begun);
    void begun.then(() => this.#fetching.delete(key));
    return begun;
  }

  async #fetchAnew(key: string): Promise<StoredPicture | undefined> {
    const { stream, keys, keepMs } = this.#options;
    const message = await stream.get(key);
    if (!message) return undefined;
    const end = message.indexOf('\n');
    const { at, owner, sealedBy } = headSchema.parse(JSON.parse(message.toString('utf8', 0, end)));
    if (!(await keys.fetch(sealedBy))) return undefined;
    keys.keyring.refresh();
    const opening = keys.keyring.openingKey(sealedBy);
    const content = opening && opened(opening, message.subarray(end + 1));
    if (!content) return undefined;
    const split = content.indexOf('\n');
    const subject = subjectSchema.parse(JSON.parse(content.toString('utf8', 0, split)));
    if (keys.erased.hasPicture(subject, at)) return undefined;
    const picture = pictureOf(content.subarray(split + 1));
    this.#window.put(key, picture, { owner, subject });
    this.#know(key);
    return { picture, expiresAt: at + keepMs };
  }

  async #isThere(key: ImageKey): Promise<boolean> {
    if (!this.#options.isKeeping) return false;
    if (await this.#local.isKept(key)) return true;
    const isThere = await this.#options.stream.has(key).catch(() => false);
    if (isThere) this.#know(key);
    return isThere;
  }

  #know(key: string): void {
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.add(key);
  }

  #seal({ base64 }: Picture, { owner, subject }: PictureOrigin): Buffer {
    const { identityId, personType, occurredAt, receivedAt } = subject;
    const { key, day, person } = this.#options.keys.keyring.sealingKey(subject);
    const head = { v: 1, at: Date.now(), owner, sealedBy: { day, person } };
    const shown = JSON.stringify({ identityId, personType, occurredAt, receivedAt });
    return Buffer.concat([
      Buffer.from(`${JSON.stringify(head)}\n`),
      seal(key, Buffer.concat([Buffer.from(`${shown}\n`), base64])),
    ]);
  }
}
