import { randomBytes } from 'node:crypto';
import type { BoxId } from '../../config/ids.ts';
import { GatewayError } from '../../errors.ts';
import { Listeners } from '../../listeners.ts';
import type { NotedTime } from '../../noted-time.ts';
import type { ClusterKeys } from '../../privacy/cluster-keys.ts';
import type { ErasureTarget } from '../../privacy/erasure-target.ts';
import type { Alarm, AlarmId } from '../alarm/alarm.ts';
import type { AlarmPage, AlarmQuery } from '../alarm/alarm-query.ts';
import type { CursorKey } from '../cursor.ts';
import type { Detail } from '../detail.ts';
import type { EventFilter } from '../filter.ts';
import type {
  AppendedRecord,
  Cursor,
  ErasedEvents,
  EventRecord,
  HistoryPage,
  HistoryQuery,
  Journal,
  JournalEntry,
  JournalRecord,
  Position,
  ReadPage,
  ResumePoint,
} from '../journal.ts';
import { JournalError } from '../journal-error.ts';
import type { PeoplePage, PeopleQuery } from '../people.ts';
import type { EventId, Recognition } from '../recognition.ts';
import type { SqliteJournal } from '../sqlite/sqlite-journal.ts';
import type { Tally, TallyBy } from '../tally.ts';
import { Desk } from './desk.ts';
import { type FollowedMessage, Follower } from './follower.ts';
import type { Incarnation, Log } from './log.ts';
import {
  type Ask,
  boxOfToken,
  decodeMessage,
  type LogMessage,
  openMessage,
} from './log-message.ts';
import { type Arrival, type LostBox, Publishers } from './publishers.ts';

/** Who is told of the log; synchronous, must not throw. */
export interface LogObserver {
  /** The log can't be reached, or not be followed: told after each attempt. */
  unavailable(error: unknown): void;
  /** The file of this gateway can't be written: told after each attempt. */
  stalled(error: JournalError): void;
  /** The log was reached. */
  available(): void;
  /** A message of the log can't be read by this gateway, and is left out. */
  unreadable(position: Position, error: unknown): void;
  /** Told of all that was written to the file, with how far it is still behind what the log had at the start. */
  followed(behind: number): void;
  listenerFailed(error: unknown): void;
}

export interface NatsJournalOptions {
  readonly log: Log;
  /** Whether a server can be reached. */
  readonly isConnected: () => boolean;
  readonly model: SqliteJournal;
  readonly keys: ClusterKeys;
  readonly cursorKey: CursorKey;
  /** The name of this gateway. */
  readonly gateway: string;
  readonly observer: LogObserver;
  /** Resolves when what an event shows can be had on every gateway. */
  readonly picturesStored?: (event: Recognition) => Promise<void> | undefined;
}

/**
 * A log on NATS JetStream that several gateways share, and of each gateway a file that follows it.
 *
 * What is appended goes into the log; from there it comes back to this gateway as to all others,
 * in one order, into the file and to the listeners. History, replay and cursors are answered from
 * the file, at the log's positions: so a cursor is good on every gateway.
 */
export class NatsJournal implements Journal {
  readonly #options: NatsJournalOptions;
  readonly #log: Log;
  readonly #model: SqliteJournal;
  /** Random: names this process in the log. */
  readonly process = randomBytes(9).toString('base64url');
  readonly #publishers: Publishers;
  readonly #desk: Desk;
  readonly #listeners: Listeners<JournalRecord>;
  /** Told of each position that the file has reached. */
  readonly #reached = new Listeners<number>();
  #follower: Follower | undefined;
  #incarnation: Incarnation | undefined;
  /** The newest position of the log when this gateway began. */
  #levelAt = 0;
  #isStalled = false;
  #isClosed = false;

  private constructor(options: NatsJournalOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#model = options.model;
    const { listenerFailed } = options.observer;
    this.#listeners = new Listeners(listenerFailed);
    this.#publishers = new Publishers({
      ...{ log: options.log, gateway: options.gateway, process: this.process },
      ...{ keys: options.keys, listenerFailed },
      picturesStored: options.picturesStored ?? (() => undefined),
      reached: (sequence, signal) => this.reached(sequence, signal),
      failed: (error) => options.observer.unavailable(error),
      // Nothing else is noted in a file that follows a log.
      gapEnds: options.model.settled,
    });
    this.#desk = new Desk({
      ...{ log: options.log, gateway: options.gateway, process: this.process },
      keyring: options.keys.keyring,
      sealedBy: (alarm) => options.model.alarmSealedBy(alarm),
    });
    options.model.onAppend((record) => this.#listeners.tell(record));
  }

  /**
   * Begins to follow the log. History is not complete before `isLevel`.
   *
   * @throws {JournalError} OTHER_LOG when the file and the log do not fit together.
   */
  static async open(options: NatsJournalOptions): Promise<NatsJournal> {
    const journal = new NatsJournal(options);
    const { newest } = await journal.#begin();
    journal.#levelAt = newest;
    journal.#follower = new Follower({
      log: options.log,
      newest: () => journal.newest,
      take: (messages) => journal.#take(messages),
      begin: async () => void (await journal.#begin()),
      isSame: async () => {
        // By the time of the answer the file may have what came after it.
        const { newest: followed } = journal;
        const { epoch, newest } = await options.log.incarnation();
        options.observer.available();
        return epoch === journal.#incarnation?.epoch && newest >= followed;
      },
      failed: (error) => journal.#failed(error),
    });
    return journal;
  }

  get newest(): Position {
    return this.#model.newest;
  }

  /** Whether the log can be reached. */
  get isConnected(): boolean {
    return this.#options.isConnected();
  }

  /** Whether the file has everything that the log had when this gateway began. */
  get isLevel(): boolean {
    return this.newest >= this.#levelAt;
  }

  /** By how many positions the file was behind the log when this gateway began, as far as it still is. */
  get behind(): number {
    return Math.max(0, this.#levelAt - this.newest);
  }

  /** Whether the file can't take what the log has: clients of this gateway get nothing new. */
  get isStalled(): boolean {
    return this.#isStalled;
  }

  /** How many entries wait for the log. */
  get waiting(): number {
    return this.#publishers.waiting;
  }

  async append(entry: JournalEntry): Promise<AppendedRecord> {
    if (this.#isClosed) throw new GatewayError('SHUTTING_DOWN', 'the journal has been closed');
    return entry.kind === 'act' ? this.#desk.append(entry.act) : this.#publishers.append(entry);
  }

  read(after: Position, limit: number, detail?: Detail): Promise<ReadPage> {
    return this.#model.read(after, limit, detail);
  }

  onAppend(listener: (record: JournalRecord) => void): Disposable {
    return this.#listeners.add(listener);
  }

  history(query: HistoryQuery, signal?: AbortSignal): Promise<HistoryPage> {
    return this.#model.history(query, signal);
  }

  count(filter: EventFilter, signal?: AbortSignal): Promise<number> {
    return this.#model.count(filter, signal);
  }

  tally(filter: EventFilter, by: TallyBy, signal?: AbortSignal): Promise<readonly Tally[]> {
    return this.#model.tally(filter, by, signal);
  }

  people(query: PeopleQuery, signal?: AbortSignal): Promise<PeoplePage> {
    return this.#model.people(query, signal);
  }

  countPeople(
    filter: EventFilter,
    identityIds: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly number[]> {
    return this.#model.countPeople(filter, identityIds, signal);
  }

  find(id: EventId, signal?: AbortSignal): Promise<EventRecord | undefined> {
    return this.#model.find(id, signal);
  }

  alarms(query: AlarmQuery, signal?: AbortSignal): Promise<AlarmPage> {
    return this.#model.alarms(query, signal);
  }

  alarm(id: AlarmId): Promise<Alarm | undefined> {
    return this.#model.alarm(id);
  }

  settle(boxId: BoxId, to: NotedTime): void {
    this.#publishers.settle(boxId, to);
  }

  get settled(): ReadonlyMap<BoxId, NotedTime> {
    return this.#publishers.settled;
  }

  async erase(target: ErasureTarget): Promise<ErasedEvents> {
    const { keys } = this.#options;
    // Once the keys are gone, nobody finds them.
    const events = await this.#model.countErasable(target);
    const rows = await keys.forget(target);
    await this.#model.followErasure({ uncovered: [rows] });
    return { events, hasClear: this.#model.hasClear, areKeysForgotten: true };
  }

  cursorAt(position: Position): Cursor {
    return this.#model.cursorAt(position);
  }

  resume(cursor: string): ResumePoint {
    return this.#model.resume(cursor);
  }

  /** Told when another gateway owns a box that this one owned. */
  onLost(listener: (lost: LostBox) => void): Disposable {
    return this.#publishers.onLost(listener);
  }

  /**
   * Prepares to own the box: from now on what it says is taken, and waits. Resolves when it is known
   * up to when it was heard.
   */
  expect(boxId: BoxId): Promise<void> {
    return this.#publishers.expect(boxId);
  }

  /**
   * Owns the box: resolves when this gateway alone writes what it says.
   *
   * @param ask With which this gateway asked the owner before for the box, if it did.
   * @returns whether that one handed the box over: it heard the box until after the request, and the
   *   file of this gateway has all that the box said until then, or a gap.
   */
  own(boxId: BoxId, ask?: Ask): Promise<boolean> {
    return this.#publishers.own(boxId, ask);
  }

  /**
   * Hands the box over to the gateway that asked for it, once all that was appended is in the log.
   * To be called only when all that the box said until after the request was appended.
   */
  handOver(boxId: BoxId, ask: Ask): void {
    this.#publishers.handOver(boxId, ask);
  }

  /** What the box says is written no more. */
  release(boxId: BoxId): void {
    this.#publishers.release(boxId);
  }

  /** Resolves when all that was appended for the box is in the log. */
  drained(boxId: BoxId): Promise<void> {
    return this.#publishers.drained(boxId);
  }

  /** Resolves when the file has everything up to the position. */
  async reached(position: number, signal?: AbortSignal): Promise<void> {
    if (this.newest >= position) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort);
    using _listening = this.#reached.add((newest) => {
      if (newest >= position) resolve();
    });
    try {
      await promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#publishers.end();
    this.#desk.end();
    await this.#follower?.[Symbol.asyncDispose]();
    await this.#model[Symbol.asyncDispose]();
    this.#listeners.clear();
  }

  #failed(error: unknown): void {
    const { observer } = this.#options;
    // The log itself says UNAVAILABLE.
    if (!(error instanceof JournalError) || error.code === 'UNAVAILABLE') {
      observer.unavailable(error);
      return;
    }
    this.#isStalled = true;
    observer.stalled(error);
  }

  async #begin(): Promise<Incarnation> {
    const incarnation = await this.#log.incarnation();
    const { cursorKey } = this.#options;
    await this.#model.followLog({ ...incarnation, cursorKey });
    const isNew = this.#incarnation && this.#incarnation.epoch !== incarnation.epoch;
    this.#incarnation = incarnation;
    if (isNew) this.#publishers.writeAgain();
    this.#reached.tell(this.newest);
    this.#options.observer.followed(Math.max(0, incarnation.newest - this.newest));
    return incarnation;
  }

  async #take(messages: readonly FollowedMessage[]): Promise<void> {
    this.#options.keys.keyring.refresh();
    const read: ReadMessage[] = [];
    for (const followed of messages) {
      const { sequence } = followed;
      const decoded = this.#decode(followed);
      if (!decoded) continue;
      const { boxId, message } = decoded;
      if (message.kind === 'owned') {
        this.#publishers.overtaken(boxId, sequence, message.author);
        continue;
      }
      const position = sequence as Position;
      const record = await this.#recordOf(position, message);
      const isOwn = message.author.process === this.process;
      const number = isOwn ? message.author.number : 0;
      read.push({ kind: message.kind, boxId, position, record, number });
    }
    // In the turn of `follow`: the file hides the rows of later erasures by itself.
    for (const each of read) if (this.#isErased(each.record)) each.record = undefined;
    const records = read.flatMap(({ record }) => record ?? []);
    const upTo = (messages.at(-1)?.sequence ?? this.newest) as Position;
    const followed = await this.#model.follow(records, upTo);
    this.#isStalled = false;
    const found = new Map(records.map(({ position }, index) => [position, followed[index]]));
    for (const each of read) {
      if (each.record) this.#came(each.record, each.number === 0);
      if (each.number > 0) this.#arrived(each, found.get(each.position));
    }
    this.#reached.tell(upTo);
    this.#options.observer.followed(this.behind);
  }

  #came(record: JournalRecord, isOfAnother: boolean): void {
    if (record.kind === 'gap') this.#publishers.gapCame(record.gap);
    if (record.kind !== 'event' || !isOfAnother) return;
    if (record.event.delivery === 'BACKFILLED') this.#publishers.readBackCame(record.event);
  }

  #arrived(own: ReadMessage, found: AppendedRecord | Error | undefined): void {
    if (own.kind === 'act') this.#desk.arrived(own.number, found);
    else {
      this.#publishers.arrived({ ...own, found: found instanceof Error ? undefined : found });
    }
  }

  #isErased(record: JournalRecord | undefined): boolean {
    const { erased } = this.#options.keys;
    return record?.kind === 'event' && erased.hasEvent(record.event, record.position);
  }

  #decode({
    token,
    sequence,
    data,
  }: FollowedMessage): { readonly boxId: BoxId; readonly message: LogMessage } | undefined {
    try {
      return { boxId: boxOfToken(token), message: decodeMessage(data) };
    } catch (error) {
      this.#options.observer.unreadable(sequence as Position, error);
      return undefined;
    }
  }

  async #recordOf(
    position: Position,
    message: Exclude<LogMessage, { readonly kind: 'owned' }>,
  ): Promise<JournalRecord | undefined> {
    if (message.kind === 'gap') return { kind: 'gap', position, gap: message.gap };
    const { keys, observer } = this.#options;
    const { keyring } = keys;
    if (!keyring.openingKey(message.sealedBy) && (await keys.fetch(message.sealedBy))) {
      keyring.refresh();
    }
    try {
      const entry = openMessage(message, keyring);
      return entry && { ...entry, position };
    } catch (error) {
      observer.unreadable(position, error);
      return undefined;
    }
  }
}

/** What was read of a message. */
interface ReadMessage extends Omit<Arrival, 'found' | 'record'> {
  readonly kind: JournalEntry['kind'];
  /** Undefined when it can't be read, or what it is of was erased. */
  record: JournalRecord | undefined;
}
