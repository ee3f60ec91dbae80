import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, systemClock } from '@se5/core';
import type { BoxId } from '../../config/ids.ts';
import { GatewayError } from '../../errors.ts';
import { Listeners } from '../../listeners.ts';
import type { NotedTime } from '../../noted-time.ts';
import type { ErasureNotice } from '../../privacy/erasure-notice.ts';
import type { ErasureTarget } from '../../privacy/erasure-target.ts';
import { dayOf } from '../../privacy/key-file.ts';
import type { SealedBy } from '../../privacy/keyring.ts';
import { RetentionClock } from '../../storage/retention-clock.ts';
import type { Thread } from '../../thread/thread.ts';
import type { Alarm, AlarmId } from '../alarm/alarm.ts';
import type { AlarmPage, AlarmQuery } from '../alarm/alarm-query.ts';
import { type CursorKey, Cursors, type Epoch } from '../cursor.ts';
import { closeRest, type Detail } from '../detail.ts';
import type { DurableJournal, LentCursors, Stretch } from '../durable-journal.ts';
import { entryBytes } from '../entry-bytes.ts';
import type { EventFilter } from '../filter.ts';
import type {
  AppendedRecord,
  Cursor,
  ErasedEvents,
  EventRecord,
  HistoryPage,
  HistoryQuery,
  JournalEntry,
  JournalRecord,
  Position,
  ReadPage,
  ResumePoint,
} from '../journal.ts';
import { asJournalError, JournalError } from '../journal-error.ts';
import type { PeoplePage, PeopleQuery } from '../people.ts';
import type { EventId } from '../recognition.ts';
import type { Tally, TallyBy } from '../tally.ts';
import { recordOf } from './appended.ts';
import { Checkpoints } from './checkpoints.ts';
import type { CursorKeys } from './cursor-keys.ts';
import { epochAt } from './epochs.ts';
import { type FileObserver, UNOBSERVED } from './file-observer.ts';
import type { LogPlace } from './followed-log.ts';
import { GroupCommit } from './group-commit.ts';
import { openJournalThread } from './journal-thread.ts';
import type { ReaderMethods, ReaderOptions } from './reader-thread.ts';
import { resumeAt, resumeFrom } from './resume.ts';
import type { Limits } from './retention.ts';
import { RetentionRounds } from './retention-rounds.ts';
import type { JournalState } from './state.ts';
import type { WaitingBounds } from './waiting-entries.ts';
import type { WriterMethods, WriterOptions } from './writer-thread.ts';

/** Steps of retention in one round, of 200 records each: what goes by mistake goes slowly. */
const ROUND_STEPS = 100;

/** Between two steps of sealing old rows, in ms: a half of the writer's time is for others. */
const SEALING_PAUSE_MS = 5;

/** After one that failed, in ms. */
const SEALING_RETRY_MS = 60_000;

export interface SqliteJournalOptions {
  /** Default: nobody is told. */
  readonly observer?: FileObserver;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
  /** Of an earlier opening by this process. Default: a new one, that begins with the newest event. */
  readonly retentionClock?: RetentionClock | undefined;
  /** So long a key is kept after something was sealed with it last, in ms. Default: for ever. */
  readonly keysKeepMs?: number | undefined;
  /** What may wait to be written. Default: see `WaitingBounds`. */
  readonly bounds?: WaitingBounds;
}

/**
 * A journal in a file. One thread writes it and another reads it, so that neither a disk that
 * takes its time nor a long query holds up what is live.
 *
 * @throws {JournalError} when the file can't be opened.
 */
export async function openSqliteJournal(
  options: WriterOptions,
  { observer = UNOBSERVED, clock = systemClock, bounds, ...given }: SqliteJournalOptions = {},
): Promise<SqliteJournal> {
  await using threads = new AsyncDisposableStack();
  const writer = threads.use(openJournalThread<WriterMethods>('writer-thread', options));
  const { path, keys } = options;
  const reader = threads.use(
    openJournalThread<ReaderMethods>('reader-thread', { path, keys } satisfies ReaderOptions),
  );
  const opened = await writer.call('open');
  await reader.call('open');
  threads.move();
  if (opened.exposed.length > 0) observer.exposed(opened.exposed);
  const notedAt = opened.settled.values().map(({ at }) => at);
  const lastAt = Math.max(opened.newestAt ?? -Infinity, ...notedAt);
  const retentionClock =
    given.retentionClock ??
    new RetentionClock(clock, Number.isFinite(lastAt) ? lastAt : undefined, (aheadMs) =>
      observer.clockDistrusted(aheadMs),
    );
  const { keysKeepMs } = given;
  const journal = new SqliteJournal(writer, reader, opened, { retentionClock, keysKeepMs, bounds });
  if (!opened.sealing.isDone) journal.sealClear(observer);
  return journal;
}

/** The file as its threads tell of it: what it holds is theirs, what is said of it is here. */
export class SqliteJournal implements DurableJournal {
  readonly #writer: Thread<WriterMethods>;
  readonly #reader: Thread<ReaderMethods>;
  readonly #listeners = new Listeners<JournalRecord>();
  readonly #checkpoints: Checkpoints;
  readonly #commits: GroupCommit;
  readonly #retention: RetentionRounds;
  /** By which old events go. */
  readonly retentionClock: RetentionClock;
  #state: JournalState;
  #reserved: Epoch | undefined;
  #cursors: Cursors;
  #newest: number;
  /** The epoch of the log that the file follows. */
  #log: Epoch | undefined;
  readonly #keysKeepMs: number | undefined;
  /** The day on which keys were collected last. */
  #collectedOn: number | undefined;
  readonly #closing = new AbortController();
  /** Never rejects. */
  #sealing: Promise<void> | undefined;
  #hasClear: boolean;

  /** @internal */
  constructor(
    writer: Thread<WriterMethods>,
    reader: Thread<ReaderMethods>,
    { state, reserved, cursorKeys, settled, sealing }: Awaited<ReturnType<WriterMethods['open']>>,
    {
      retentionClock,
      keysKeepMs,
      bounds,
    }: {
      readonly retentionClock: RetentionClock;
      readonly keysKeepMs: number | undefined;
      readonly bounds: WaitingBounds | undefined;
    },
  ) {
    this.retentionClock = retentionClock;
    this.#keysKeepMs = keysKeepMs;
    this.#writer = writer;
    this.#reader = reader;
    this.#state = state;
    this.#reserved = reserved;
    this.#cursors = cursorsOf(cursorKeys);
    this.#newest = state.newest;
    this.#hasClear = !sealing.isDone;
    this.#checkpoints = new Checkpoints(() => reader.call('checkpoint'));
    this.#commits = new GroupCommit({
      write: (entries, notes) => writer.call('append', entries, notes),
      written: (record) => this.#tell(record),
      committed: (entries, bytes) => this.#checkpoints.appended(entries, bytes),
      settled,
      bounds,
    });
    this.#retention = new RetentionRounds(
      () => this.retain(),
      (error) => {
        // A file that can't be written shows at the next append; damage to what is old would not.
        if (error instanceof JournalError && error.code === 'DAMAGED') void this.abandon(error);
      },
    );
  }

  get newest(): Position {
    return this.#newest as Position;
  }

  append(entry: JournalEntry): Promise<AppendedRecord> {
    if (!this.#closing.signal.aborted) return this.#commits.append(entry);
    return Promise.reject(new GatewayError('SHUTTING_DOWN', 'the journal has been closed'));
  }

  settle(boxId: BoxId, to: NotedTime): void {
    if (!this.#closing.signal.aborted) this.#commits.settle(boxId, to);
  }

  get settled(): ReadonlyMap<BoxId, NotedTime> {
    return this.#commits.settled;
  }

  get reservedEpoch(): Epoch | undefined {
    return this.#reserved;
  }

  get cursorKey(): CursorKey {
    return this.#cursors.key;
  }

  abandon(failure: JournalError): Promise<void> {
    return this.#commits.end(failure);
  }

  async restore(lent: LentCursors, stretch: Stretch, isLast = false): Promise<void> {
    const failed = this.#commits.failure;
    if (isLast) this.#commits.hold();
    try {
      await this.#commits.drained();
      // On a full disk it is the log that can't grow, and may not have to.
      if (failed) await this.#checkpoints.now();
      this.#adopt(await this.#writer.call('restore', lent, stretch));
    } catch (error) {
      const failure = asJournalError(error);
      if (isLast) await this.#commits.end(failure);
      throw failure;
    }
    // Somebody has found the file damaged: what was taken meanwhile has failed.
    if (isLast && this.#commits.failure) throw this.#commits.failure;
    this.#commits.goOn();
  }

  /**
   * From now on the file holds the records of a log, which come by `follow` alone. Listeners are told
   * of a gap when the file missed some.
   *
   * @throws {JournalError} OTHER_LOG when the log would give out positions of the file anew.
   */
  async followLog(log: LogPlace): Promise<void> {
    const adopted = await this.#writer.call('followLog', log);
    this.#log = log.epoch;
    this.#adopt(adopted);
    if (adopted.missed) this.#tell({ kind: 'gap', position: this.newest, gap: adopted.missed });
  }

  /**
   * Takes the records of the log behind the newest one, as far as a position. Listeners are told of
   * each but those whose event is there already.
   *
   * @returns of each record what is in the file now, or why it is not.
   * @throws {JournalError} when nothing was written.
   */
  async follow(
    records: readonly JournalRecord[],
    upTo: Position,
  ): Promise<(AppendedRecord | Error)[]> {
    const results = await this.#writer.call('follow', records, upTo);
    const followed = records.map((record, index) => recordOf(record, results[index]));
    for (const record of followed) {
      if (!(record instanceof Error || record.isDuplicate)) this.#tell(record);
    }
    this.#newest = upTo;
    this.#checkpoints.appended(
      records.length,
      records.reduce((sum, each) => sum + entryBytes(each), 0),
    );
    return followed;
  }

  async read(after: Position, limit: number, detail: Detail = 'full'): Promise<ReadPage> {
    if (after >= this.#newest) return { records: [], gap: undefined, position: after };
    const newest = this.newest;
    const { records, end, state } = await this.#reader.call('read', after, newest, limit, detail);
    if (detail === 'plain') closeRest(records);
    const gap = state && this.#uncounted(resumeAt(state, after)).gap;
    // Behind the last record nothing may be left but what was erased.
    return { records, gap, position: records.at(-1)?.position ?? (end as Position) };
  }

  onAppend(listener: (record: JournalRecord) => void): Disposable {
    return this.#listeners.add(listener);
  }

  async history(
    { filter, after, before, take, detail = 'full' }: HistoryQuery,
    signal?: AbortSignal,
  ): Promise<HistoryPage> {
    const page = await this.#reader.callUntil(signal, 'history', {
      filter,
      take,
      detail,
      after: after === undefined ? undefined : this.resume(after).position,
      before: before === undefined ? undefined : this.resume(before).position,
      newest: this.#newest,
    });
    if (detail === 'plain') closeRest(page.records);
    return page;
  }

  count(filter: EventFilter, signal?: AbortSignal): Promise<number> {
    return this.#reader.callUntil(signal, 'count', filter, this.#newest);
  }

  tally(filter: EventFilter, by: TallyBy, signal?: AbortSignal): Promise<readonly Tally[]> {
    return this.#reader.callUntil(signal, 'tally', filter, by, this.#newest);
  }

  async people(query: PeopleQuery, signal?: AbortSignal): Promise<PeoplePage> {
    const page = await this.#reader.callUntil(signal, 'people', query, this.#newest);
    if (query.detail === 'plain') closeRest(page.records);
    return page;
  }

  countPeople(
    filter: EventFilter,
    identityIds: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly number[]> {
    return this.#reader.callUntil(signal, 'countPeople', filter, identityIds, this.#newest);
  }

  find(id: EventId, signal?: AbortSignal): Promise<EventRecord | undefined> {
    return this.#reader.callUntil(signal, 'find', id, this.#newest);
  }

  alarms(query: AlarmQuery, signal?: AbortSignal): Promise<AlarmPage> {
    return this.#reader.callUntil(signal, 'alarms', query, this.newest);
  }

  alarm(id: AlarmId): Promise<Alarm | undefined> {
    return this.#reader.call('alarm', id);
  }

  /** Names the keys of the event that opened an alarm. Undefined when there is no such alarm. */
  alarmSealedBy(id: AlarmId): Promise<SealedBy | undefined> {
    return this.#reader.call('alarmSealedBy', id);
  }

  cursorAt(position: Position): Cursor {
    return this.#cursors.encode(epochAt(this.#state.openings, position), position);
  }

  resume(cursor: string): ResumePoint {
    const place = this.#cursors.decode(cursor);
    // Another gateway has this record already, and so will this one.
    if (place && place.epoch === this.#log && place.position > this.#newest) {
      return { position: place.position, gap: undefined };
    }
    return this.#uncounted(resumeFrom(this.#state, this.#newest, place));
  }

  async erase(target: ErasureTarget): Promise<ErasedEvents> {
    // What was appended before may still wait to be written.
    await this.#commits.caughtUp();
    const events = await this.countErasable(target);
    await this.#writer.call('erase', target);
    if (target.kind === 'before') await this.#settleErasure();
    return { events, hasClear: this.#hasClear, areKeysForgotten: true };
  }

  /** How many events an erasure would take. */
  countErasable(target: ErasureTarget): Promise<number> {
    return this.#reader.call('countErasable', target, this.#newest);
  }

  /** Whether the file holds what an older gateway wrote in clear. */
  get hasClear(): boolean {
    return this.#hasClear;
  }

  /** From when this resolves nobody reads what was erased in the cluster, whose keys are gone. */
  async followErasure({ uncovered }: Pick<ErasureNotice, 'uncovered'>): Promise<void> {
    await this.#writer.call('followErasure', uncovered);
    if (uncovered.some(({ kind }) => kind === 'before')) await this.#settleErasure();
  }

  /** Deletes now what was erased, and is deleted sooner or later by itself. */
  async deleteErased(): Promise<void> {
    while (await this.#writer.call('deleteErased'));
  }

  /** Seals what an older gateway wrote in clear, in steps between which others have their turns. */
  sealClear(observer: Pick<FileObserver, 'sealing' | 'sealingFailed'>): void {
    const { signal } = this.#closing;
    const run = async () => {
      while (!signal.aborted && this.#hasClear) {
        try {
          const progress = await this.#writer.call('sealClear');
          this.#hasClear = !progress.isDone;
          observer.sealing(progress);
          await pause(SEALING_PAUSE_MS, undefined, { signal, ref: false });
        } catch (error) {
          if (signal.aborted) return;
          observer.sealingFailed(error);
          await pause(SEALING_RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined);
        }
      }
    };
    this.#sealing ??= run();
  }

  /**
   * Lets go of what is beyond the limits, of up to 20,000 records. It happens by itself sooner or
   * later, in rounds.
   */
  async retain(own: Partial<Limits> = {}): Promise<void> {
    await this.#collectKeys();
    for (let steps = 0; steps < ROUND_STEPS && !this.#closing.signal.aborted; steps += 1) {
      const step = await this.#writer.call('retain', this.retentionClock.now(), own);
      this.#state = step.state ?? this.#state;
      if (!step.isMore) return;
    }
  }

  /** Bounds the file, in pages of 4 KiB: what a full disk does, at will. */
  async limitPages(pages: number): Promise<void> {
    await this.#writer.call('limitPages', pages);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#retention[Symbol.dispose]();
    await this.#sealing;
    await this.#commits.drained();
    this.#listeners.clear();
    // Whatever the file is like: nothing may stay open. Who closes last empties the log.
    await Promise.allSettled([this.#reader.call('close')]);
    await Promise.allSettled([this.#writer.call('close')]);
    await Promise.all([this.#reader[Symbol.asyncDispose](), this.#writer[Symbol.asyncDispose]()]);
  }

  /** Once a day: keys go some time after the last thing that they sealed. */
  async #collectKeys(): Promise<void> {
    const now = this.retentionClock.now();
    if (this.#keysKeepMs === undefined) return;
    if (this.#collectedOn === dayOf(now) || this.#closing.signal.aborted) return;
    this.#collectedOn = dayOf(now);
    await this.#writer.call('collectKeys', now - this.#keysKeepMs);
  }

  /** Not each position of a log is a record of this file. */
  #uncounted(resumed: ResumePoint): ResumePoint {
    const { gap } = resumed;
    return gap && this.#log !== undefined ? { ...resumed, gap: { ...gap, count: null } } : resumed;
  }

  /** All up to the first record that stays is gone as by retention. */
  async #settleErasure(): Promise<void> {
    const newest = this.#newest;
    const first = await this.#reader.call('firstStaying', newest);
    this.#state = await this.#writer.call('settleErasure', (first ?? newest + 1) - 1);
  }

  #adopt({ state, reserved, cursorKeys }: Awaited<ReturnType<WriterMethods['restore']>>): void {
    this.#state = state;
    this.#reserved = reserved;
    this.#cursors = cursorsOf(cursorKeys);
    this.#newest = state.newest;
  }

  #tell(record: JournalRecord): void {
    this.#newest = record.position;
    this.#listeners.tell(record);
  }
}

const cursorsOf = ([own, ...others]: CursorKeys): Cursors => new Cursors(own, others);
