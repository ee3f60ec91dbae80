import { GatewayError } from '../errors.ts';
import type { Alarm, AlarmId } from '../journal/alarm/alarm.ts';
import type { AlarmPage, AlarmQuery } from '../journal/alarm/alarm-query.ts';
import type { Detail } from '../journal/detail.ts';
import type { EventFilter } from '../journal/filter.ts';
import type {
  Cursor,
  EventRecord,
  HistoryPage,
  HistoryQuery,
  Position,
  ReadPage,
  ResumePoint,
} from '../journal/journal.ts';
import type { PeoplePage, PeopleQuery } from '../journal/people.ts';
import type { EventId } from '../journal/recognition.ts';
import type { Tally, TallyBy } from '../journal/tally.ts';
import type { SearchableJournal } from '../schema/context.ts';
import { Slots } from '../slots.ts';

/** Searches that take turns in the thread that reads; each holds it for some ms at a time. */
const RUNNING = 8;

/** Of one client: a search may take seconds, and others have theirs beside it. */
const RUNNING_PER_CLIENT = 2;

/** Searches that may wait for one of these to end. */
const MAX_WAITING = 1_000;

/** Of one client: two documents with as many searches as may have an alias. */
const MAX_WAITING_PER_CLIENT = 100;

/**
 * The journal as clients search it: a few searches at a time, so that those who catch up and
 * those who fill in have their turns between them. Of the others some wait, and clients take turns.
 */
export class QueriedJournal implements SearchableJournal {
  readonly #journal: SearchableJournal;
  readonly #slots: Slots;
  readonly #client: object | undefined;

  /** @param maxWaiting Default 1,000; beyond it searches reject with OVERLOADED. */
  static over(journal: SearchableJournal, maxWaiting = MAX_WAITING): QueriedJournal {
    const refusal = () =>
      new GatewayError(
        'OVERLOADED',
        `More than ${maxWaiting} searches of the history are waiting, or ${MAX_WAITING_PER_CLIENT} of this connection; ask again in a moment.`,
      );
    return new QueriedJournal(
      journal,
      new Slots(RUNNING, {
        perClient: RUNNING_PER_CLIENT,
        queue: { maxWaiting, maxWaitingPerClient: MAX_WAITING_PER_CLIENT, refusal },
      }),
    );
  }

  private constructor(journal: SearchableJournal, slots: Slots, client?: object) {
    this.#journal = journal;
    this.#slots = slots;
    this.#client = client;
  }

  /** The same journal, with its searches as those of one client. */
  of(client: object): QueriedJournal {
    return new QueriedJournal(this.#journal, this.#slots, client);
  }

  get newest(): Position {
    return this.#journal.newest;
  }

  cursorAt(position: Position): Cursor {
    return this.#journal.cursorAt(position);
  }

  resume(cursor: string): ResumePoint {
    return this.#journal.resume(cursor);
  }

  read(after: Position, limit: number, detail?: Detail, signal?: AbortSignal): Promise<ReadPage> {
    return this.#slots.run(() => this.#journal.read(after, limit, detail), signal, this.#client);
  }

  history(query: HistoryQuery, signal?: AbortSignal): Promise<HistoryPage> {
    return this.#slots.run(() => this.#journal.history(query, signal), signal, this.#client);
  }

  count(filter: EventFilter, signal?: AbortSignal): Promise<number> {
    return this.#slots.run(() => this.#journal.count(filter, signal), signal, this.#client);
  }

  tally(filter: EventFilter, by: TallyBy, signal?: AbortSignal): Promise<readonly Tally[]> {
    return this.#slots.run(() => this.#journal.tally(filter, by, signal), signal, this.#client);
  }

  people(query: PeopleQuery, signal?: AbortSignal): Promise<PeoplePage> {
    return this.#slots.run(() => this.#journal.people(query, signal), signal, this.#client);
  }

  countPeople(
    filter: EventFilter,
    identityIds: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly number[]> {
    return this.#slots.run(
      () => this.#journal.countPeople(filter, identityIds, signal),
      signal,
      this.#client,
    );
  }

  find(id: EventId, signal?: AbortSignal): Promise<EventRecord | undefined> {
    return this.#slots.run(() => this.#journal.find(id, signal), signal, this.#client);
  }

  alarms(query: AlarmQuery, signal?: AbortSignal): Promise<AlarmPage> {
    return this.#slots.run(() => this.#journal.alarms(query, signal), signal, this.#client);
  }

  alarm(id: AlarmId, signal?: AbortSignal): Promise<Alarm | undefined> {
    return this.#slots.run(() => this.#journal.alarm(id), signal, this.#client);
  }
}
