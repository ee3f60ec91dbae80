import { FailoverJournal } from '../../src/journal/failover/failover-journal.ts';
import type { Cursor, JournalRecord, Position } from '../../src/journal/journal.ts';
import { JournalError } from '../../src/journal/journal-error.ts';
import type { SqliteJournal } from '../../src/journal/sqlite/sqlite-journal.ts';
import { backUp, putBack } from './copies.ts';
import { ToldJournal } from './failover.ts';
import { appendAll, entries, eventsIn, journalFile, openAt, readAll } from './journals.ts';

/** A record as its readers know it. */
interface Seen {
  readonly position: number;
  readonly id: string;
}

interface Copy {
  readonly path: string;
  readonly log: readonly Seen[];
}

/** Somebody who has seen all records up to a cursor, and none beyond it. */
interface Holder {
  readonly cursor: Cursor;
  readonly seen: readonly Seen[];
}

const DISK_FAILED = new JournalError('UNAVAILABLE', 'the disk failed');

const seenOf = (records: readonly JournalRecord[]): Seen[] =>
  records.flatMap((record) =>
    record.kind === 'event' ? [{ position: record.position, id: record.event.id }] : [],
  );

/**
 * A failover journal whose file is copied, rolled back to a copy, and taken away, with a model of
 * what is in it and of what the holders of its cursors have seen.
 */
export class RolledJournal implements AsyncDisposable {
  readonly #parts: AsyncDisposableStack;
  readonly #path: string;
  readonly #told = new ToldJournal();
  readonly #copies: Copy[] = [];
  readonly holders: Holder[] = [];
  /** All events of the journal, oldest first. */
  log: readonly Seen[] = [];
  #journal: FailoverJournal | undefined;
  #file: SqliteJournal | undefined;
  /** While the file is away: where memory goes on. */
  #outageStart: number | undefined;
  #isAway = false;
  #wasTried = Promise.withResolvers<void>();

  static async open(): Promise<RolledJournal> {
    const parts = new AsyncDisposableStack();
    const { path } = parts.use(await journalFile());
    const rolled = new RolledJournal(parts, path);
    await rolled.#open();
    await rolled.append(1);
    return rolled;
  }

  private constructor(parts: AsyncDisposableStack, path: string) {
    this.#parts = parts;
    this.#path = path;
  }

  get journal(): FailoverJournal {
    if (!this.#journal) throw new Error('it is not open');
    return this.#journal;
  }

  get isInOutage(): boolean {
    return this.#outageStart !== undefined;
  }

  async append(count: number): Promise<void> {
    this.log = [...this.log, ...seenOf(await appendAll(this.journal, entries(count)))];
  }

  /** Gives out a cursor: of any record, of the time before the first one, or of now. */
  hold(choice: number): void {
    const positions = [0, ...this.log.map(({ position }) => position), this.journal.newest];
    // A process that began without the file knows nothing of what is in it.
    const least = this.#file === undefined ? (this.#outageStart ?? 0) : 0;
    const given = positions.filter((position) => position >= least);
    this.holdAt(given[choice % given.length] ?? 0);
  }

  holdAt(at: number): void {
    const seen = this.log.filter(({ position }) => position <= at);
    this.holders.push({ cursor: this.journal.cursorAt(at as Position), seen });
  }

  async copy(): Promise<void> {
    const path = `${this.#path}.copy-${this.#copies.length}`;
    await backUp(this.#path, path);
    const end = this.#outageStart ?? Infinity;
    this.#copies.push({ path, log: this.log.filter(({ position }) => position <= end) });
  }

  /** Puts a copy in the place of the file: between two processes, or while the file is away. */
  async rollBack(choice: number): Promise<void> {
    const start = this.#outageStart ?? Infinity;
    // Who reads during an outage is told a gap for what its file lacks: nobody waits for it to come.
    const end = this.isInOutage
      ? (this.log.findLast(({ position }) => position <= start)?.position ?? 0)
      : Infinity;
    const fitting = this.#copies.filter(({ log }) => (log.at(-1)?.position ?? 0) <= end);
    const copy = fitting[choice % fitting.length];
    if (!copy) return;
    if (this.isInOutage) {
      const inMemory = this.log.filter(({ position }) => position > start);
      await putBack(copy.path, this.#path);
      this.log = [...copy.log, ...inMemory];
      return;
    }
    await this.journal[Symbol.asyncDispose]();
    await putBack(copy.path, this.#path);
    this.log = copy.log;
    await this.#open();
  }

  /** The file fails, and can't be opened again. */
  async fail(): Promise<void> {
    if (this.isInOutage || !this.#file) return;
    const start = this.journal.newest;
    this.#isAway = true;
    this.#wasTried = Promise.withResolvers();
    await this.#file.abandon(DISK_FAILED);
    this.#outageStart = start;
    await this.append(1);
    // From now on, nobody has it open.
    await this.#wasTried.promise;
  }

  /** The next process begins without the file. */
  async restartWithoutFile(): Promise<void> {
    await this.recover();
    await this.journal[Symbol.asyncDispose]();
    this.#isAway = true;
    this.#file = undefined;
    await this.#open();
    this.#outageStart = this.journal.newest;
    await this.append(1);
  }

  async recover(): Promise<void> {
    if (!this.isInOutage) return;
    const { recovery } = this.#told;
    this.#isAway = false;
    await recovery;
    this.#outageStart = undefined;
  }

  /** What is in memory only is lost. */
  async restart(): Promise<void> {
    await this.journal[Symbol.asyncDispose]();
    const end = this.#outageStart ?? Infinity;
    this.log = this.log.filter(({ position }) => position <= end);
    this.#outageStart = undefined;
    this.#isAway = false;
    await this.#open();
  }

  /** All events that can be read, and those that each holder gets, with whether a gap is declared. */
  async read() {
    const ids = async (after: number) =>
      eventsIn((await readAll(this.journal, after)).records).map(({ id }): string => id);
    return {
      all: await ids(0),
      holders: await Promise.all(
        this.holders.map(async ({ cursor, seen }) => {
          const { position, gap } = this.journal.resume(cursor);
          return { seen: seen.map(({ id }) => id), gets: await ids(position), gap };
        }),
      ),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#journal?.[Symbol.asyncDispose]();
    await this.#parts.disposeAsync();
  }

  async #open(): Promise<void> {
    this.#journal = await FailoverJournal.open({
      open: async () => {
        if (this.#isAway) {
          this.#wasTried.resolve();
          throw DISK_FAILED;
        }
        this.#file = await openAt(this.#path);
        return this.#file;
      },
      observer: this.#told,
      retryMs: 1,
    });
  }
}
