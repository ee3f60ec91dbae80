import type { BoxId } from '../../config/ids.ts';
import { GatewayError } from '../../errors.ts';
import { Listeners } from '../../listeners.ts';
import type { NotedTime } from '../../noted-time.ts';
import type { ErasureTarget } from '../../privacy/erasure-target.ts';
import type { Alarm, AlarmId } from '../alarm/alarm.ts';
import type { AlarmPage, AlarmQuery } from '../alarm/alarm-query.ts';
import type { Detail } from '../detail.ts';
import type { DurableJournal } from '../durable-journal.ts';
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
import { JournalError, type JournalErrorCode } from '../journal-error.ts';
import type { MemoryJournalOptions } from '../memory-journal.ts';
import type { PeoplePage, PeopleQuery } from '../people.ts';
import type { EventId } from '../recognition.ts';
import type { Tally, TallyBy } from '../tally.ts';
import { bringBack } from './bring-back.ts';
import { beginFileOutage, type FileOutage, resumeInOutage } from './file-outage.ts';
import { joinedAlarm, joinedAlarms } from './joined-alarms.ts';
import {
  joinedCount,
  joinedFind,
  joinedHistory,
  joinedTally,
  type Part,
} from './joined-history.ts';
import { joinedCountsOfPeople, joinedPeople } from './joined-people.ts';
import { gapSince } from './unavailable.ts';

/** Who is told how the journal stands; synchronous, must not throw. */
export interface JournalObserver {
  /** Events are kept in memory only: told when that begins, and after each attempt to end it. */
  unavailable(error: JournalError): void;
  /** The file is written again. How many records came into it from memory, and how many did not. */
  available(records: { readonly restored: number; readonly lost: number }): void;
  /** A listener threw; the record is in the journal. Default: it is thrown where nobody catches it. */
  listenerFailed(error: unknown): void;
}

export interface FailoverJournalOptions {
  /** Opens the durable journal; again after it failed in a way that makes it of no more use. */
  readonly open: (after: JournalError | undefined) => Promise<DurableJournal>;
  readonly observer: JournalObserver;
  /** Between two attempts to come back, in ms. Default 5,000. */
  readonly retryMs?: number;
  /** What is kept in memory meanwhile. Default: as the memory journal's. */
  readonly memory?: Pick<MemoryJournalOptions, 'maxRecords' | 'maxBytes'>;
}

/**
 * A durable journal, and for while it can't be written, one in memory.
 *
 * Both count positions in one row, so that who reads on notices nothing: memory goes on where
 * the file stopped, under an epoch of its own. Once the file can be written again, what memory
 * still has is put into it at the same positions, and the file goes on from there. What memory
 * had to let go of meanwhile becomes a gap JOURNAL_UNAVAILABLE in the file; and whoever resumes
 * from before the outage while it lasts is told that gap, since nobody can promise yet that
 * what went through memory will be there.
 */
export class FailoverJournal implements Journal {
  readonly #options: FailoverJournalOptions;
  readonly #listeners: Listeners<JournalRecord>;
  readonly #retryMs: number;
  #durable: DurableJournal | undefined;
  #outage: FileOutage | undefined;
  /** Takes appends already, behind what memory has, which is on its way into it. */
  #successor: DurableJournal | undefined;
  #retry: NodeJS.Timeout | undefined;
  #recovery: Promise<void> | undefined;
  #erasure: Promise<void> | undefined;
  #failure: JournalError | undefined;
  #isClosed = false;

  private constructor(options: FailoverJournalOptions) {
    this.#options = options;
    this.#listeners = new Listeners(options.observer.listenerFailed);
    this.#retryMs = options.retryMs ?? 5_000;
  }

  /** @throws {JournalError} that is final: somebody has to see to the file or the configuration. */
  static async open(options: FailoverJournalOptions): Promise<FailoverJournal> {
    const journal = new FailoverJournal(options);
    try {
      journal.#adopt(await options.open(undefined));
    } catch (error) {
      if (!(error instanceof JournalError) || error.isFinal) throw error;
      journal.#failOver(error);
    }
    return journal;
  }

  get newest(): Position {
    return this.#current.newest;
  }

  async append(entry: JournalEntry): Promise<AppendedRecord> {
    if (this.#isClosed) throw new GatewayError('SHUTTING_DOWN', 'the journal has been closed');
    try {
      return await this.#append(this.#successor ?? this.#current, entry);
    } catch (error) {
      if (!(error instanceof JournalError) || error.code === 'OVERLOADED') throw error;
      // They fail in the order in which they were appended, so in that order they come here.
      return this.#append(this.#failOver(error).memory, entry);
    }
  }

  async #append(journal: Journal, entry: JournalEntry): Promise<AppendedRecord> {
    const isFile = journal === this.#durable;
    try {
      return await journal.append(entry);
    } catch (error) {
      // Memory does not know the alarms of the file: nobody can judge an act on them meanwhile.
      const isUnknown = error instanceof GatewayError && error.code === 'ALARM_NOT_FOUND';
      if (isFile || !isUnknown) throw error;
      throw new GatewayError(
        'OVERLOADED',
        'an alarm from before can’t be changed while the journal’s file can’t be written: try again in a moment',
        { cause: error },
      );
    }
  }

  async read(after: Position, limit: number, detail?: Detail): Promise<ReadPage> {
    const outage = this.#outage;
    const durable = this.#durable;
    const inFile = outage ? Math.min(outage.start, durable?.newest ?? 0) : Infinity;
    if (durable && after < inFile) {
      try {
        return await durable.read(after, limit, detail);
      } catch (error) {
        if (!(error instanceof JournalError)) throw error;
        await this.#notReadable(durable, error);
        const { start = durable.newest, since = null } = this.#outage ?? {};
        return { records: [], position: start, gap: gapSince(since) };
      }
    }
    if (!outage) return { records: [], position: after, gap: undefined };
    // The records in between are in a file that can't be read, or that a copy has replaced.
    if (after < outage.start && !(durable && outage.isFirst)) {
      return { records: [], position: outage.start, gap: gapSince(null) };
    }
    return outage.memory.read(max(after, outage.start), limit);
  }

  onAppend(listener: (record: JournalRecord) => void): Disposable {
    return this.#listeners.add(listener);
  }

  async history(query: HistoryQuery, signal?: AbortSignal): Promise<HistoryPage> {
    if (!this.#outage) return this.#watching(this.#current.history(query, signal));
    const positionOf = (cursor: Cursor | undefined) => cursor && this.resume(cursor).position;
    const [after, before] = [positionOf(query.after), positionOf(query.before)];
    return this.#watching(joinedHistory(this.#parts(), { ...query, after, before, signal }));
  }

  async count(filter: EventFilter, signal?: AbortSignal): Promise<number> {
    return this.#watching(
      this.#outage
        ? joinedCount(this.#parts(), filter, signal)
        : this.#current.count(filter, signal),
    );
  }

  async tally(filter: EventFilter, by: TallyBy, signal?: AbortSignal): Promise<readonly Tally[]> {
    return this.#watching(
      this.#outage
        ? joinedTally(this.#parts(), filter, by, signal)
        : this.#current.tally(filter, by, signal),
    );
  }

  async people(query: PeopleQuery, signal?: AbortSignal): Promise<PeoplePage> {
    return this.#watching(
      this.#outage
        ? joinedPeople(this.#parts(), query, signal)
        : this.#current.people(query, signal),
    );
  }

  async countPeople(
    filter: EventFilter,
    identityIds: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly number[]> {
    return this.#watching(
      this.#outage
        ? joinedCountsOfPeople(this.#parts(), filter, identityIds, signal)
        : this.#current.countPeople(filter, identityIds, signal),
    );
  }

  async find(id: EventId, signal?: AbortSignal): Promise<EventRecord | undefined> {
    return this.#watching(
      this.#outage ? joinedFind(this.#parts(), id, signal) : this.#current.find(id, signal),
    );
  }

  async alarms(query: AlarmQuery, signal?: AbortSignal): Promise<AlarmPage> {
    return this.#watching(
      this.#outage
        ? joinedAlarms(this.#parts(), query, signal)
        : this.#current.alarms(query, signal),
    );
  }

  async alarm(id: AlarmId): Promise<Alarm | undefined> {
    return this.#watching(this.#outage ? joinedAlarm(this.#parts(), id) : this.#current.alarm(id));
  }

  settle(boxId: BoxId, to: NotedTime): void {
    this.#current.settle(boxId, to);
    this.#successor?.settle(boxId, to);
  }

  get settled(): ReadonlyMap<BoxId, NotedTime> {
    return new Map([...(this.#durable?.settled ?? []), ...(this.#outage?.memory.settled ?? [])]);
  }

  async erase(target: ErasureTarget): Promise<ErasedEvents> {
    // While memory is brought to the file, records are in neither.
    await this.#recovery;
    const { promise, resolve } = Promise.withResolvers<void>();
    const earlier = this.#erasure;
    this.#erasure = promise.then(() => earlier);
    try {
      const outage = this.#outage;
      const inMemory = (await outage?.memory.erase(target))?.events ?? 0;
      if (!this.#durable)
        throw this.#failure ?? new TypeError('there is neither a file nor a failure');
      const erased = await this.#durable.erase(target);
      // What waited for the file may have come into memory instead; no outage ends meanwhile.
      const begun = outage ? undefined : this.#outage;
      const since = (await begun?.memory.erase(target))?.events ?? 0;
      return { ...erased, events: inMemory + erased.events + since };
    } finally {
      resolve();
    }
  }

  cursorAt(position: Position): Cursor {
    const outage = this.#outage;
    const durable = this.#durable;
    if (!outage) return this.#current.cursorAt(position);
    if (durable && position <= Math.min(outage.start, durable.newest)) {
      return durable.cursorAt(position);
    }
    // The file is closed, or a copy is in its place: what it gave out stays as it was.
    const { memory, start, cursorBefore } = outage;
    return position <= start && cursorBefore ? cursorBefore(position) : memory.cursorAt(position);
  }

  resume(cursor: string): ResumePoint {
    const outage = this.#outage;
    return outage ? resumeInOutage(outage, this.#durable, cursor) : this.#current.resume(cursor);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await this.#recovery;
    // What is in memory goes with the process: one more attempt, whenever the last one was.
    if (this.#outage) await this.#recover();
    await this.#durable?.[Symbol.asyncDispose]();
    await this.#outage?.memory[Symbol.asyncDispose]();
    this.#listeners.clear();
  }

  /** Whoever takes appends now. */
  get #current(): Journal {
    const current = this.#outage?.memory ?? this.#durable;
    if (!current) throw new TypeError('there is neither a file nor an outage');
    return current;
  }

  #adopt(durable: DurableJournal): DurableJournal {
    durable.onAppend((record) => this.#listeners.tell(record));
    this.#durable = durable;
    return durable;
  }

  #failOver(error: JournalError): FileOutage {
    if (this.#outage) return this.#outage;
    const outage = beginFileOutage(this.#durable, this.#options.memory);
    outage.memory.onAppend((record) => this.#listeners.tell(record));
    this.#outage = outage;
    this.#failure = error;
    this.#options.observer.unavailable(error);
    this.#retryLater();
    return outage;
  }

  /** What a query fails with may be news of the file. */
  async #watching<Result>(query: Promise<Result>): Promise<Result> {
    const durable = this.#durable;
    try {
      return await query;
    } catch (error) {
      if (durable && error instanceof JournalError) await this.#notReadable(durable, error);
      throw error;
    }
  }

  /**
   * What can be written may be damaged all the same, where only reading meets it. What is under
   * way to the file is awaited, or comes here in its order: nobody else may get its positions.
   */
  async #notReadable(durable: DurableJournal, error: JournalError): Promise<void> {
    if (!NEEDS_OPENING.has(error.code)) return;
    await durable.abandon(error);
    if (this.#isClosed || durable !== this.#durable) return;
    if (this.#outage) this.#failure = error;
    else this.#failOver(error);
  }

  #retryLater(): void {
    if (this.#isClosed) return;
    this.#retry = setTimeout(() => {
      this.#recovery = this.#recover();
    }, this.#retryMs).unref();
  }

  /** Never rejects. */
  async #recover(): Promise<void> {
    await this.#erasure;
    try {
      if (this.#failure && NEEDS_OPENING.has(this.#failure.code)) await this.#letGo();
      const durable = this.#durable ?? this.#adopt(await this.#options.open(this.#failure));
      const outage = this.#outage;
      if (outage) {
        await bringBack(outage, durable, {
          begin: () => {
            this.#successor = durable;
          },
          done: () => this.#recovered(outage),
        });
      }
    } catch (error) {
      this.#successor = undefined;
      this.#failure =
        error instanceof JournalError
          ? error
          : new JournalError('UNAVAILABLE', 'the journal could not be brought back', {
              cause: error,
            });
      this.#options.observer.unavailable(this.#failure);
      this.#retryLater();
    }
  }

  #recovered({ memory, broughtBack }: FileOutage): void {
    this.#outage = undefined;
    this.#successor = undefined;
    this.#failure = undefined;
    this.#options.observer.available(broughtBack);
    void memory[Symbol.asyncDispose]();
  }

  async #letGo(): Promise<void> {
    const broken = this.#durable;
    this.#durable = undefined;
    await broken?.[Symbol.asyncDispose]();
  }

  /** The file and the memory, each with the positions that are its own. */
  #parts(): Part[] {
    const [outage, durable] = [this.#outage, this.#durable];
    const last = Math.min(outage?.start ?? Infinity, durable?.newest ?? 0);
    return [
      ...(durable ? [{ journal: durable, first: 1, last }] : []),
      ...(outage
        ? [{ journal: outage.memory, first: outage.start + 1, last: outage.memory.newest }]
        : []),
    ];
  }
}

/** After these failures the file has to be opened anew. */
const NEEDS_OPENING: ReadonlySet<JournalErrorCode> = new Set([
  'DAMAGED',
  'UNAVAILABLE',
  'KEYS_UNUSABLE',
]);

const max = (a: Position, b: Position): Position => (a > b ? a : b);
