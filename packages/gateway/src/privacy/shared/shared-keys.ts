import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { Backoff, type Clock, systemClock } from '@se5/core';
import { ErasedRows } from '../erased-rows.ts';
import type { ErasureNotice, UncoveredRows } from '../erasure-notice.ts';
import type { ErasureTarget } from '../erasure-target.ts';
import { type Day, dayOf, keyedHash, type PersonTag } from '../key-file.ts';
import { KeyFileError } from '../key-file-error.ts';
import { isOfPerson, keyDayOf, type SealedBy, type Subject } from '../keyring.ts';
import { Following } from './following.ts';
import type { KeyId, KeyOwner } from './key-messages.ts';
import { KeyStream } from './key-stream.ts';
import { LocalKeys } from './local-keys.ts';
import { Notices, RETRY_MS } from './notices.ts';
import { SharedKeysError } from './shared-keys-error.ts';

/** How long `fetch` waits for another gateway to bring a key that the cluster has lost, in ms. */
const LOST_AFTER_MS = 60_000;

/** Names of persons that are held ready; when full, all are made again. A box may invent any number of persons. */
const MAX_NAMES = 20_000;

/** Longest life of the message of an erasure, in s. */
const MAX_TTL_S = 10 * 365 * 86_400;

/** The newest position of the log, and its retention. */
export interface LogExtent {
  /** The position of its newest message. */
  readonly newest: number;
  /** How long it keeps messages, in ms. Infinity: for ever. */
  readonly keepMs: number;
}

export interface SharedKeysOptions {
  /** With `maxReconnectAttempts: -1`. It stays open when the keys are closed. */
  readonly connection: NatsConnection;
  /** The stream of the keys, such as `se5_keys`. Its messages have subjects below this name. */
  readonly stream: string;
  /** Copies of a stream that is missing. */
  readonly replicas: number;
  /** The key file of this gateway. It is created when it is missing. */
  readonly path: string;
  /** The longest that any gateway keeps events and pictures, in ms. A gateway that was away for longer has none that an erasure must reach. */
  readonly keepMs: number;
  /** The log whose events the keys seal, as it is now. Rejects while NATS can't be used. */
  readonly log: () => Promise<LogExtent>;
  /**
   * Told of each erasure anywhere in the cluster, also of those before this gateway started, once
   * the keys are gone from the key file. Told again later when it rejects; twice when the process
   * ends meanwhile.
   */
  readonly forgotten: (notice: ErasureNotice) => void | Promise<void>;
  /** Told of each failure; must not throw. Everything is tried again until it succeeds. */
  readonly fault: (error: unknown) => void;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/**
 * The keys that the gateways of a cluster share. A JetStream stream has them all, and the key file
 * of each gateway is a copy of it: whatever changes is published first, and each gateway writes
 * into its file what it reads from the stream.
 *
 * A key is there or forgotten, and forgotten keys never come back. So gateways that were apart
 * agree again by adding up what they have; see docs/decisions/keys-are-shared.md.
 *
 * The cluster knows the last use of each key only roughly: a gateway tells it of a use when the last
 * one that it knows of is older than a quarter of `keepMs`. So a key that is unused for one and a
 * quarter of that time can be collected.
 */
export class SharedKeys implements AsyncDisposable {
  /** The erased events and pictures that NATS still has; complete as soon as the keys are open. */
  readonly erased = new ErasedRows((identityId) => this.#strangerTagOf(identityId));
  readonly #options: SharedKeysOptions;
  /** A use of a key that is older counts for nothing; the cluster is told of the next one. */
  readonly #useDays: number;
  readonly #clock: Clock;
  readonly #local: LocalKeys;
  readonly #stop = new AbortController();
  readonly #backoff = new Backoff(RETRY_MS);
  readonly #notices: Notices;
  /** Names by the persons' ids. */
  readonly #names = new Map<string, string>();
  readonly #preparing = new Map<KeyOwner, Promise<void>>();
  readonly #said = new Set<string>();
  #following: Following | undefined;
  /** Resolves to the next following that has caught up. */
  #next = Promise.withResolvers<Following>();
  #running: Promise<void> = Promise.resolve();

  private constructor(options: SharedKeysOptions, local: LocalKeys) {
    this.#options = options;
    this.#useDays = Math.max(1, Math.floor(options.keepMs / 4 / 86_400_000));
    this.#clock = options.clock ?? systemClock;
    this.#local = local;
    this.#notices = new Notices({
      tell: options.forgotten,
      followed: (erasures) => local.followed(erasures),
      fault: options.fault,
      clock: this.#clock,
      signal: this.#stop.signal,
    });
    this.#next.promise.catch(() => {});
  }

  /**
   * Resolves when the key file has all keys that the cluster has now. The first gateway of a
   * cluster brings the keys of its file along. Waits while NATS can't be used.
   *
   * @throws {KeyFileError} OTHER_KEYS when the file was used outside of this cluster.
   * @throws {SharedKeysError} STREAM_SETTINGS, NEWER_VERSION, BAD_MESSAGE; CLOSED when the
   *   connection was closed.
   */
  static async open(options: SharedKeysOptions): Promise<SharedKeys> {
    const keys = new SharedKeys(options, await LocalKeys.open(options.path, options.keepMs));
    keys.#running = keys.#follow();
    void keys.#closeWithConnection();
    try {
      await keys.#level();
      return keys;
    } catch (error) {
      await keys[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * Resolves when the cluster and the key file have the keys of the subjects. Returns undefined
   * when they do already. Waits while NATS can't be used.
   *
   * @throws {SharedKeysError} CLOSED.
   */
  prepare(subjects: readonly Subject[]): Promise<void> | undefined {
    const { known } = this.#local;
    let stale: Map<KeyOwner, Day> | undefined;
    for (const subject of subjects) {
      // A clock that was set back must not make a key look unused.
      const usedOn = Math.max(dayOf(subject.receivedAt), known.newestUse);
      const day = keyDayOf(subject);
      if (this.#isStale(day, usedOn)) stale = (stale ?? new Map()).set(day, usedOn);
      if (!isOfPerson(subject)) continue;
      const name = this.#nameOf(subject.identityId);
      if (this.#isStale(name, usedOn)) stale = (stale ?? new Map()).set(name, usedOn);
    }
    return stale && this.#makeAllReady(stale);
  }

  /**
   * Resolves to whether the key file has the keys that sealed something, once it has all that the
   * cluster has. False when one is forgotten. A key that no gateway has counts as forgotten after a
   * minute, and is reported as the fault KEY_LOST.
   *
   * @throws {SharedKeysError} CLOSED.
   */
  async fetch({ day, person }: SealedBy): Promise<boolean> {
    const ids = person === '' ? [day] : [day, person];
    return (
      this.#isThere(ids) ??
      (await this.#whileLevel(async (following) => {
        await following.level();
        return this.#isThere(ids) ?? this.#appears(ids, following);
      }))
    );
  }

  /**
   * Forgets the keys of a person, or of all days before the one of a time, on all gateways.
   * Resolves when the cluster has them no more, and neither has the key file. Other gateways
   * follow, also those that are away. When repeated, it completes an interrupted call. Waits while
   * NATS can't be used.
   *
   * @returns the rows that no key covers. They are to be deleted from this gateway's stores.
   * @throws {SharedKeysError} CLOSED.
   */
  async forget(target: ErasureTarget): Promise<UncoveredRows> {
    const { known } = this.#local;
    const id = randomUUID();
    return this.#whileLevel(async (following) => {
      await following.level();
      const log = await this.#options.log();
      const until = { position: log.newest, at: this.#clock.now() };
      const rows: UncoveredRows = { ...this.#uncoveredBy(target), until };
      // A gateway that reads the whole log has to know what of it was erased.
      const keepMs = Math.max(this.#options.keepMs, log.keepMs);
      const ttlSeconds = Math.min(Math.ceil(keepMs / 1_000) + 86_400, MAX_TTL_S);
      const ids =
        target.kind === 'identity'
          ? known.idsOf(this.#nameOf(target.identityId))
          : known.idsBefore(dayOf(target.time));
      await following.forget(ids, { id, rows }, ttlSeconds);
      return rows;
    });
  }

  /**
   * Forgets the keys that nothing was sealed with since a time, ms since the Unix epoch, by the
   * clock of retention: all data that they could open is deleted already. Some are forgotten later,
   * by up to a quarter of `keepMs`. Each gateway may call this at any time. Waits while NATS can't
   * be used.
   *
   * @throws {SharedKeysError} CLOSED.
   */
  async collect(usedBefore: number): Promise<void> {
    const { known } = this.#local;
    const since = dayOf(usedBefore) - this.#useDays;
    if (known.unusedSince(since).length === 0) return;
    await this.#whileLevel(async (following) => {
      await following.level();
      await following.collect(known.unusedSince(since));
    });
  }

  /** Closes the key file. Calls that wait reject with CLOSED. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    await this.#running;
    await this.#local[Symbol.asyncDispose]();
  }

  /** Follows the stream until this is closed. */
  async #follow(): Promise<void> {
    let wasLevel = false;
    while (!this.#isClosed) {
      const since = this.#clock.elapsed();
      try {
        const following = await this.#begin();
        const ended = following.run();
        try {
          await following.during(() => following.catchUp());
          wasLevel = true;
          this.#next.resolve(following);
          this.#next = Promise.withResolvers();
          this.#next.promise.catch(() => {});
        } catch (error) {
          following.end(error);
        }
        throw await ended;
      } catch (error) {
        if (this.#isClosed) return;
        if (!wasLevel && isFinal(error)) return this.#close(error);
        this.#options.fault(error);
        if (this.#clock.elapsed() - since > RETRY_MS.max) this.#backoff.reset();
        await this.#pause();
      }
    }
  }

  async #begin(): Promise<Following> {
    const { connection, stream: name, replicas } = this.#options;
    const stream = await KeyStream.open(connection, { stream: name, replicas });
    await this.#agreeOnFile(stream);
    this.#following = await Following.begin(stream, this.#local, {
      erased: ({ rows }) => this.erased.add(rows),
      forgotten: (forgotten, erasures) => this.#notices.add(forgotten, erasures),
      unreadable: (error) => this.#sayOnce(error),
    });
    if (this.#isClosed) this.#following.end(this.#closed());
    return this.#following;
  }

  /** All key files of the cluster have the id and the secret of the first. */
  async #agreeOnFile(stream: KeyStream): Promise<void> {
    await stream.add({ kind: 'file', file: this.#local.file });
    const found = await stream.find('file');
    if (found?.kind !== 'file') return;
    await this.#local.share(this.#options.stream, found.file);
    this.#names.clear();
  }

  /** Nothing reconnects a connection that was closed. */
  async #closeWithConnection(): Promise<void> {
    await this.#options.connection.closed();
    if (this.#isClosed) return;
    const error = this.#closed();
    this.#options.fault(error);
    this.#close(error);
  }

  /** The following that has caught up, once there is one. */
  #level(): Following | Promise<Following> {
    return this.#following?.isLevel ? this.#following : this.#next.promise;
  }

  /** Does the work with a following that has caught up; again when something failed meanwhile. */
  async #whileLevel<Result>(work: (following: Following) => Promise<Result>): Promise<Result> {
    for (;;) {
      const following = await this.#level();
      try {
        return await following.during(work);
      } catch (error) {
        // This ends `run`, which reports the error.
        following.end(error);
      }
    }
  }

  #isStale(owner: KeyOwner, usedOn: Day): boolean {
    const lastUse = this.#local.known.usedOn(owner);
    return lastUse === undefined || lastUse < usedOn - this.#useDays;
  }

  async #makeAllReady(stale: ReadonlyMap<KeyOwner, Day>): Promise<void> {
    await Promise.all([...stale].map(([owner, usedOn]) => this.#makeReady(owner, usedOn)));
  }

  #makeReady(owner: KeyOwner, usedOn: Day): Promise<void> {
    const running = this.#preparing.get(owner);
    if (running) return running;
    const preparing = this.#whileLevel((following) =>
      following.ready(owner, usedOn, usedOn - this.#useDays),
    ).finally(() => this.#preparing.delete(owner));
    this.#preparing.set(owner, preparing);
    return preparing;
  }

  #isThere(ids: readonly KeyId[]): boolean | undefined {
    const { known } = this.#local;
    if (ids.some((id) => known.isForgotten(id))) return false;
    return ids.every((id) => known.has(id)) || undefined;
  }

  /** Waits for a gateway that has the keys, and has not added them to a stream that lost them. */
  async #appears(ids: readonly KeyId[], following: Following): Promise<boolean> {
    const done = new AbortController();
    const lost = this.#clock.sleep(LOST_AFTER_MS, done.signal).then(
      () => true,
      () => true,
    );
    try {
      for (;;) {
        const isLost = await Promise.race([following.next(), lost]);
        const isThere = this.#isThere(ids);
        if (isThere !== undefined) return isThere;
        if (isLost !== true) continue;
        const { stream } = this.#options;
        this.#options.fault(
          new SharedKeysError(
            'KEY_LOST',
            `no gateway of the stream ${stream} has the key of an event, which nobody can read now; restore the stream, or start the gateway that recorded the event`,
          ),
        );
        return false;
      }
    } finally {
      done.abort();
    }
  }

  #uncoveredBy(target: ErasureTarget): UncoveredRows {
    if (target.kind === 'before') return target;
    return { kind: 'stranger', stranger: this.#strangerTagOf(target.identityId) };
  }

  #strangerTagOf(identityId: string): PersonTag {
    return keyedHash(this.#local.file.secret, 'stranger', identityId);
  }

  #nameOf(identityId: string): string {
    let name = this.#names.get(identityId);
    if (name === undefined) {
      name = keyedHash(this.#local.file.secret, 'person', identityId);
      if (this.#names.size >= MAX_NAMES) this.#names.clear();
      this.#names.set(identityId, name);
    }
    return name;
  }

  #sayOnce(error: unknown): void {
    const message = String(error);
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.#options.fault(error);
  }

  async #pause(): Promise<void> {
    await this.#clock.sleep(this.#backoff.failed(), this.#stop.signal).catch(() => {});
  }

  get #isClosed(): boolean {
    return this.#stop.signal.aborted;
  }

  #close(error: unknown = this.#closed()): void {
    this.#stop.abort();
    this.#following?.end(error);
    this.#next.reject(error);
  }

  #closed(): SharedKeysError {
    return new SharedKeysError(
      'CLOSED',
      `the keys of the stream ${this.#options.stream} are closed, or their connection to NATS is`,
    );
  }
}

/** Whether an attempt to start again would fail in the same way. */
const isFinal = (error: unknown): boolean =>
  error instanceof KeyFileError ||
  (error instanceof SharedKeysError && error.code !== 'STREAM_CHANGED');
