import type { BoxId } from '../config/ids.ts';
import type { NotedTime } from '../noted-time.ts';
import type { ErasureTarget } from '../privacy/erasure-target.ts';
import type { Alarm, AlarmId, RuleMatch } from './alarm/alarm.ts';
import type { AlarmAct } from './alarm/alarm-act.ts';
import type { AlarmPage, AlarmQuery } from './alarm/alarm-query.ts';
import type { Detail } from './detail.ts';
import type { EventFilter } from './filter.ts';
import type { Gap } from './gap.ts';
import type { PeoplePage, PeopleQuery } from './people.ts';
import type { EventId, Recognition } from './recognition.ts';
import type { Tally, TallyBy } from './tally.ts';

declare const cursor: unique symbol;
/**
 * A position, and the epoch under which it was given out. Only a journal with its key can make or
 * read one: see `Cursors`.
 */
export type Cursor = string & { readonly [cursor]: true };

declare const position: unique symbol;
/** Where a record stands in this journal: whole numbers that only grow, in the order of appending. */
export type Position = number & { readonly [position]: true };

/** What a box says, or does not. */
export type BoxEntry =
  | {
      readonly kind: 'event';
      readonly event: Recognition;
      /** The watch rules that it met. A record that is read may lack them. */
      readonly matches?: readonly RuleMatch[];
    }
  | { readonly kind: 'gap'; readonly gap: Gap };

export type JournalEntry = BoxEntry | { readonly kind: 'act'; readonly act: AlarmAct };

export type JournalRecord = JournalEntry & {
  readonly position: Position;
  /** The alarms that it changed: of an event, one for each match. A record that is read may lack them. */
  readonly alarms?: readonly AlarmId[];
};
export type EventRecord = Extract<JournalRecord, { readonly kind: 'event' }>;
export type GapRecord = Extract<JournalRecord, { readonly kind: 'gap' }>;

/** `isDuplicate`: the event, or the act, was there already, and this is what was found. */
export type AppendedRecord = JournalRecord & { readonly isDuplicate?: true };

/** Where reading on begins, and what lies before that cannot be had any more. */
export interface ResumePoint {
  /** Everything after this position can be read. */
  readonly position: Position;
  /** Undefined when nothing was lost. */
  readonly gap: Gap | undefined;
}

/** What `read` found. `position` is that of the last record, or where to ask again when there is none. */
export interface ReadPage extends ResumePoint {
  readonly records: readonly JournalRecord[];
}

export interface HistoryQuery {
  readonly filter: EventFilter;
  /**
   * Exclusive bounds. Of a cursor that `resume` does not know, everything that can be read is
   * newer: all of it comes `after`, and nothing `before`.
   */
  readonly after?: Cursor;
  readonly before?: Cursor;
  /** `first`: the oldest of the range. `last`: the newest. Records come oldest first in both. */
  readonly take: { readonly from: 'first' | 'last'; readonly count: number };
  /** Default: full. */
  readonly detail?: Detail;
}

export interface HistoryPage {
  readonly records: readonly EventRecord[];
  /**
   * Whether more events match: towards the end that was not taken from, within the range;
   * towards the other end, beyond the bound that was given there, if one was.
   */
  readonly hasPreviousPage: boolean;
  readonly hasNextPage: boolean;
}

/** What an erasure took. */
export interface ErasedEvents {
  readonly events: number;
  /**
   * Whether the journal still holds what an older gateway wrote in clear, in rows or free pages:
   * then keys cover only a part of what was erased, and the rest is only deleted.
   */
  readonly hasClear: boolean;
  /** Whether the keys are forgotten, so that no other store need do it. */
  readonly areKeysForgotten: boolean;
}

/**
 * The order of everything that happened. The only part that gives out cursors.
 *
 * An implementation may be in memory, in a file or in a shared log: nothing outside this
 * room knows which.
 */
export interface Journal extends AsyncDisposable {
  /**
   * Resolves once the record is as durable as this journal makes it; listeners are told before.
   * An event whose id the journal still holds is not appended again: this resolves to the record
   * that is there, marked `isDuplicate`, and nobody is told. So is an act with the position at
   * which it was applied before.
   *
   * @throws {GatewayError} SHUTTING_DOWN when the journal has been disposed of. Of an act that is
   *   refused: ALARM_NOT_FOUND, ALARM_ACKNOWLEDGED, ALARM_CLOSED, ALARM_FULL; OVERLOADED while the
   *   journal can't tell. Nothing is appended then.
   */
  append(entry: JournalEntry): Promise<AppendedRecord>;
  /**
   * The position of the newest record that listeners have been, or are being, told of; or the
   * one before the first.
   */
  readonly newest: Position;
  /**
   * Up to `limit` records after the position, in order; none when there is nothing newer.
   * When retention has taken some of what was asked for, `gap` says so; what it has taken of one
   * box alone, a record of a gap says. Acts may be left out: `alarms` tells what they did.
   *
   * @param detail Default: full.
   */
  read(after: Position, limit: number, detail?: Detail): Promise<ReadPage>;
  /**
   * Called after each append that others may read by now; synchronous, must not throw. A record
   * with `alarms` says that `alarms`, in the order `changed`, has something behind the last position.
   */
  onAppend(listener: (record: JournalRecord) => void): Disposable;
  /**
   * @param signal Aborted when nobody waits for the page any more.
   * @throws {GatewayError} INVALID_CURSOR as `resume` does; the reason of `signal`.
   */
  history(query: HistoryQuery, signal?: AbortSignal): Promise<HistoryPage>;
  /**
   * How many events of the history match, all pages together.
   *
   * @param signal Aborted when nobody waits for the count any more.
   * @throws the reason of `signal`.
   */
  count(filter: EventFilter, signal?: AbortSignal): Promise<number>;
  /**
   * How many events of the history match, by what they have in common.
   *
   * @param signal Aborted when nobody waits for the counts any more.
   * @throws the reason of `signal`.
   */
  tally(filter: EventFilter, by: TallyBy, signal?: AbortSignal): Promise<readonly Tally[]>;
  /**
   * A page of the persons that events of the history show, the one that was seen last first.
   *
   * @param signal Aborted when nobody waits for the page any more.
   * @throws the reason of `signal`.
   */
  people(query: PeopleQuery, signal?: AbortSignal): Promise<PeoplePage>;
  /**
   * How many events each of these persons has, in the same order.
   *
   * @param identityIds Of persons whom the filter lets through.
   * @param signal Aborted when nobody waits for the counts any more.
   * @throws the reason of `signal`.
   */
  countPeople(
    filter: EventFilter,
    identityIds: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly number[]>;
  /**
   * The event with this id; undefined when the journal has none. Recent events are found sooner.
   *
   * @param signal Aborted when nobody waits for the event any more.
   * @throws the reason of `signal`.
   */
  find(id: EventId, signal?: AbortSignal): Promise<EventRecord | undefined>;
  /**
   * A page of alarms. Whoever reads those that changed after a position, and goes on with the
   * `changed` of the last one, gets each alarm as it became; `resume` tells what of it is lost.
   *
   * @param signal Aborted when nobody waits for the page any more.
   * @throws the reason of `signal`.
   */
  alarms(query: AlarmQuery, signal?: AbortSignal): Promise<AlarmPage>;
  /** Undefined when the journal has none with this id. */
  alarm(id: AlarmId): Promise<Alarm | undefined>;
  /**
   * Notes that all a box said up to this time is in the
   * journal, or in a gap. It is kept like what was appended before it, and never without that;
   * it replaces what was noted before. A gap of the box notes its own end, in one with itself.
   * What is noted last may be lost with the process: whoever asks then looks further back.
   */
  settle(boxId: BoxId, to: NotedTime): void;
  /** What was noted of each box; nothing of one that was never listened to. */
  readonly settled: ReadonlyMap<BoxId, NotedTime>;
  /**
   * Erases of the records that were appended before: from when this resolves nobody reads them, and
   * what a key of theirs had sealed can't be read anywhere. An erased person leaves no gap: who
   * resumes is not told that somebody was there. What is erased by time is gone as by retention.
   *
   * @throws {JournalError} when some may be left.
   */
  erase(target: ErasureTarget): Promise<ErasedEvents>;
  cursorAt(position: Position): Cursor;
  /**
   * @throws {GatewayError} INVALID_CURSOR when the text is no cursor at all.
   *
   * A cursor that is older than what is kept gives a gap RETENTION. One whose record is not in
   * this journal gives a gap UNKNOWN_CURSOR: it is of another journal, it was forged, or its record
   * went when this one was rolled back to a copy, whatever was appended since. Reading on begins
   * with the oldest record kept: nobody knows which of them its holder has seen.
   */
  resume(cursor: string): ResumePoint;
}
