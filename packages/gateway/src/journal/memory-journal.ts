import type { BoxId } from '../config/ids.ts';
import { GatewayError } from '../errors.ts';
import { Listeners } from '../listeners.ts';
import type { NotedTime } from '../noted-time.ts';
import { type ErasureTarget, isErasable } from '../privacy/erasure-target.ts';
import type { Alarm, AlarmId } from './alarm/alarm.ts';
import { type AlarmAct, refusalError } from './alarm/alarm-act.ts';
import { AlarmBook } from './alarm/alarm-book.ts';
import type { AlarmPage, AlarmQuery } from './alarm/alarm-query.ts';
import { Cursors, type Epoch, newCursorKey, newEpoch } from './cursor.ts';
import { entryBytes } from './entry-bytes.ts';
import { compileFilter, type EventFilter } from './filter.ts';
import { type Gap, type GapReason, settledBy } from './gap.ts';
import { type GoneMark, goneSince, MARK_MS, MAX_MARKS } from './gone.ts';
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
} from './journal.ts';
import { countsOf, type PeoplePage, type PeopleQuery, peopleOf } from './people.ts';
import type { EventId } from './recognition.ts';
import { type Tally, type TallyBy, tallyEvents } from './tally.ts';

export interface MemoryJournalOptions {
  /** Records kept, at least 1; the oldest go first. Default 10,000. */
  readonly maxRecords?: number;
  /** Of all records kept, by `entryBytes`; one record is kept whatever its size. Default 128 MiB. */
  readonly maxBytes?: number;
  /** Default: a new one. */
  readonly epoch?: Epoch;
  /** Make and read its cursors. Default: with a new key. */
  readonly cursors?: Cursors;
  /** The first record gets the position behind this one. Default 0. */
  readonly startAfter?: number;
  /** What the gap is called where records had to go for want of room. Default `RETENTION`. */
  readonly evictedAs?: GapReason;
  /** Told of what a listener threw; must not throw. Default: it is thrown where nobody catches it. */
  readonly listenerFailed?: (error: unknown) => void;
}

/** A journal that forgets: a ring of the newest records, and a new epoch and cursor key with each process. */
export const createMemoryJournal = (options: MemoryJournalOptions = {}): Journal =>
  new MemoryJournal(options);

class MemoryJournal implements Journal {
  readonly #epoch: Epoch;
  readonly #cursors: Cursors;
  readonly #maxRecords: number;
  readonly #maxBytes: number;
  readonly #evictedAs: GapReason;
  /** The record at position p stands at p modulo `maxRecords`. */
  readonly #ring: (JournalRecord | undefined)[] = [];
  /** In bytes, at the same places. */
  readonly #sizes: number[] = [];
  #bytes = 0;
  readonly #listeners: Listeners<JournalRecord>;
  /** The positions of the events kept. */
  readonly #events = new Map<EventId, number>();
  #newest: number;
  /** The position of the oldest record kept, or that of the first one to come. */
  #oldest: number;
  /** Up to here, all that has gone is older than a time of which all was to be erased. */
  #erasedTo = 0;
  /** The newest record that was no event among those that have gone; 0 when there was none. */
  #newestGoneGap = 0;
  /** When what has gone came. */
  readonly #gone: GoneMark[] = [];
  readonly #settled = new Map<BoxId, NotedTime>();
  readonly #alarms = new AlarmBook();
  #closed = false;

  constructor({
    maxRecords = 10_000,
    maxBytes = 128 * 1024 * 1024,
    epoch = newEpoch(),
    cursors = new Cursors(newCursorKey()),
    startAfter = 0,
    evictedAs = 'RETENTION',
    listenerFailed,
  }: MemoryJournalOptions) {
    if (!Number.isInteger(maxRecords) || maxRecords < 1) {
      throw new RangeError(`maxRecords is ${maxRecords}; it must be a whole number from 1`);
    }
    this.#listeners = new Listeners(listenerFailed);
    this.#maxRecords = maxRecords;
    this.#maxBytes = maxBytes;
    this.#evictedAs = evictedAs;
    this.#epoch = epoch;
    this.#cursors = cursors;
    this.#newest = startAfter;
    this.#oldest = startAfter + 1;
  }

  get newest(): Position {
    return this.#newest as Position;
  }

  async append(entry: JournalEntry): Promise<AppendedRecord> {
    if (this.#closed) throw new GatewayError('SHUTTING_DOWN', 'the journal has been closed');
    const there = entry.kind === 'act' ? this.#apply(entry.act) : this.#known(entry);
    if (there) return { ...there, isDuplicate: true };
    if (this.#newest - this.#oldest + 1 === this.#maxRecords) this.#evictOldest();
    const size = entryBytes(entry);
    this.#newest += 1;
    const slot = this.#newest % this.#maxRecords;
    const record = { ...entry, position: this.newest, ...this.#alarmsOf(entry) };
    this.#ring[slot] = record;
    this.#sizes[slot] = size;
    this.#bytes += size;
    if (entry.kind === 'event') this.#events.set(entry.event.id, this.#newest);
    const end = entry.kind === 'gap' && settledBy(entry.gap);
    if (end) this.#settled.set(...end);
    while (this.#bytes > this.#maxBytes && this.#oldest < this.#newest) {
      this.#evictOldest();
    }
    this.#listeners.tell(record);
    return record;
  }

  async alarms(query: AlarmQuery): Promise<AlarmPage> {
    return this.#alarms.page(query, this.newest);
  }

  async alarm(id: AlarmId): Promise<Alarm | undefined> {
    return this.#alarms.find(id);
  }

  settle(boxId: BoxId, to: NotedTime): void {
    this.#settled.set(boxId, to);
  }

  get settled(): ReadonlyMap<BoxId, NotedTime> {
    return this.#settled;
  }

  async read(after: Position, limit: number): Promise<ReadPage> {
    const { position, gap } = this.#resumeAt(after);
    const records = [...this.#walk(position + 1, position + limit)];
    // Where nothing is left of what was asked for, reading goes on behind it.
    const end = Math.min(position + limit, this.#newest) as Position;
    return { records, gap, position: records.at(-1)?.position ?? end };
  }

  onAppend(listener: (record: JournalRecord) => void): Disposable {
    return this.#listeners.add(listener);
  }

  async history({ filter, after, before, take }: HistoryQuery): Promise<HistoryPage> {
    const matches = this.#compile(filter);
    const first = after === undefined ? this.#oldest : this.resume(after).position + 1;
    const last = before === undefined ? this.#newest : this.resume(before).position - 1;
    const isBefore = after !== undefined && this.#any(this.#oldest, first - 1, matches);
    const isAfter = before !== undefined && this.#any(last + 1, this.#newest, matches);
    const ascending = take.from === 'first';
    // One more than asked for tells whether there is more.
    const records = [...this.#matching(first, last, matches, ascending).take(take.count + 1)];
    const isMore = records.length > take.count;
    if (isMore) records.pop();
    return ascending
      ? { records, hasPreviousPage: isBefore, hasNextPage: isMore }
      : { records: records.toReversed(), hasPreviousPage: isMore, hasNextPage: isAfter };
  }

  async count(filter: EventFilter): Promise<number> {
    const matches = this.#compile(filter);
    let count = 0;
    for (const _ of this.#matching(this.#oldest, this.#newest, matches)) count += 1;
    return count;
  }

  async tally(filter: EventFilter, by: TallyBy): Promise<readonly Tally[]> {
    return tallyEvents(by, this.#matching(this.#oldest, this.#newest, this.#compile(filter)));
  }

  async people({ filter, ...query }: PeopleQuery): Promise<PeoplePage> {
    const matches = this.#compile(filter);
    return peopleOf(this.#matching(this.#oldest, this.#newest, matches, false), query);
  }

  async countPeople(
    filter: EventFilter,
    identityIds: readonly string[],
  ): Promise<readonly number[]> {
    return countsOf(identityIds, this.#matching(this.#oldest, this.#newest, this.#compile(filter)));
  }

  async find(id: EventId): Promise<EventRecord | undefined> {
    const position = this.#events.get(id);
    const record = position === undefined ? undefined : this.#at(position);
    return record?.kind === 'event' ? record : undefined;
  }

  async erase(target: ErasureTarget): Promise<ErasedEvents> {
    const isGoing = ({ event }: EventRecord) => isErasable(target, event);
    const going = [...this.#matching(this.#oldest, this.#newest, isGoing)];
    for (const { position } of going) this.#forget(position);
    if (target.kind === 'before') this.#evictBefore(target.time);
    return { events: going.length, hasClear: false, areKeysForgotten: false };
  }

  cursorAt(position: Position): Cursor {
    return this.#cursors.encode(this.#epoch, position);
  }

  resume(cursor: string): ResumePoint {
    const place = this.#cursors.decode(cursor);
    if (place?.epoch === this.#epoch && place.position <= this.#newest) {
      return this.#resumeAt(place.position);
    }
    const gap: Gap = { reason: 'UNKNOWN_CURSOR', from: null, to: null, boxId: null, count: null };
    return { position: (this.#oldest - 1) as Position, gap };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
  }

  #known(entry: JournalEntry): JournalRecord | undefined {
    const known = entry.kind === 'event' ? this.#events.get(entry.event.id) : undefined;
    return known === undefined ? undefined : this.#at(known);
  }

  /** The record of the act, if it was applied before. @throws {GatewayError} when it is refused. */
  #apply(act: AlarmAct): JournalRecord | undefined {
    const judgement = this.#alarms.judge(act, (this.#newest + 1) as Position);
    switch (judgement.verdict) {
      case 'refused':
        throw refusalError(judgement.code);
      case 'repeated':
        return { kind: 'act', act, position: judgement.position };
      case 'applied':
        this.#alarms.put(judgement.alarm);
        return undefined;
    }
  }

  /** The alarms that the newest record changed. */
  #alarmsOf(entry: JournalEntry): Pick<JournalRecord, 'alarms'> {
    if (entry.kind === 'act') return { alarms: [entry.act.alarm] };
    if (entry.kind === 'gap' || !entry.matches?.length) return {};
    return { alarms: this.#alarms.extend(entry.event, entry.matches, this.newest) };
  }

  #compile(filter: EventFilter): RecordPredicate {
    const matches = compileFilter(filter);
    if (filter.alarm === undefined) return ({ event }) => matches(event);
    const positions = this.#alarms.eventsOf(filter.alarm);
    return ({ event, position }) => positions.has(position) && matches(event);
  }

  #evictOldest(): void {
    const oldest = this.#at(this.#oldest);
    if (oldest?.kind === 'event') this.#mark(oldest.event.receivedAt);
    else this.#newestGoneGap = this.#oldest;
    this.#forget(this.#oldest);
    this.#oldest += 1;
  }

  /** Leaves its place empty. */
  #forget(position: number): void {
    const record = this.#at(position);
    // Another may have its place by now.
    if (record?.position !== position) return;
    if (record.kind === 'event') this.#events.delete(record.event.id);
    this.#alarms.forget(position);
    const slot = position % this.#maxRecords;
    this.#ring[slot] = undefined;
    this.#bytes -= this.#sizes[slot] ?? 0;
  }

  /** Up to the first record that is not older, everything has gone. */
  #evictBefore(time: number): void {
    const isGone = (record: JournalRecord | undefined) =>
      !record || (record.kind !== 'event' && (timeOf(record) ?? 0) < time);
    const before = this.#oldest;
    while (this.#oldest <= this.#newest && isGone(this.#at(this.#oldest))) this.#evictOldest();
    if (this.#oldest > before) this.#erasedTo = this.#oldest - 1;
  }

  #mark(at: number): void {
    // A clock that was ahead would make gaps begin too late.
    if (at > Date.now()) return;
    const last = this.#gone.at(-1);
    if (last && Math.floor(at / MARK_MS) <= Math.floor(last.at / MARK_MS)) return;
    this.#gone.push({ position: this.#oldest, at });
    if (this.#gone.length > MAX_MARKS) this.#gone.shift();
  }

  #resumeAt(position: Position): ResumePoint {
    const oldest = this.#oldest;
    if (position >= oldest - 1) return { position, gap: undefined };
    const gap: Gap = {
      reason: oldest - 1 > this.#erasedTo ? this.#evictedAs : 'RETENTION',
      from: goneSince(this.#gone, position),
      to: this.#timeOf(oldest),
      boxId: null,
      // Positions count records. Those that have gone were events only, as far back as this.
      count: position >= this.#newestGoneGap ? oldest - 1 - position : null,
    };
    return { position: (oldest - 1) as Position, gap };
  }

  /** When the record was made, by our clock. */
  #timeOf(position: number): number | null {
    const record = this.#at(position);
    return record ? timeOf(record) : null;
  }

  #at(position: number): JournalRecord | undefined {
    return this.#ring[position % this.#maxRecords];
  }

  /** The events from `first` to `last`, both included, as far as they are kept. */
  *#matching(
    first: number,
    last: number,
    matches: RecordPredicate,
    ascending = true,
  ): Generator<EventRecord> {
    for (const record of this.#walk(first, last, ascending)) {
      if (record.kind === 'event' && matches(record)) yield record;
    }
  }

  *#walk(first: number, last: number, ascending = true): Generator<JournalRecord> {
    const [low, high] = [Math.max(first, this.#oldest), Math.min(last, this.#newest)];
    for (let i = 0; i <= high - low; i += 1) {
      const record = this.#at(ascending ? low + i : high - i);
      if (record) yield record;
    }
  }

  #any(first: number, last: number, matches: RecordPredicate): boolean {
    return !this.#matching(first, last, matches).next().done;
  }
}

type RecordPredicate = (record: EventRecord) => boolean;

/** When the record was made, by our clock, in ms since the Unix epoch. */
function timeOf(record: JournalRecord): number | null {
  switch (record.kind) {
    case 'event':
      return record.event.receivedAt;
    case 'gap':
      return record.gap.to;
    case 'act':
      return record.act.at;
  }
}
