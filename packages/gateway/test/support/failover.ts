import type { JournalConfig } from '../../src/config/config.ts';
import {
  FailoverJournal,
  type FailoverJournalOptions,
} from '../../src/journal/failover/failover-journal.ts';
import type { Journal, JournalEntry, JournalRecord } from '../../src/journal/journal.ts';
import { JournalError } from '../../src/journal/journal-error.ts';
import { type JournalFileObserver, openJournal } from '../../src/journal/open-journal.ts';
import type { SqliteJournal } from '../../src/journal/sqlite/sqlite-journal.ts';
import { entry, journalFile, keysOf, openAt } from './journals.ts';

type RigOptions = Pick<FailoverJournalOptions, 'retryMs' | 'memory'>;

/** A retry that no test waits for. */
export const NEVER_MS = 1_000_000;

/** So large that a full file has no room for it. */
export const large = (given: Parameters<typeof entry>[0] = {}): JournalEntry =>
  entry({ ...given, extra: { text: 'x'.repeat(20_000) } });

export const larges = (count: number): JournalEntry[] =>
  Array.from({ length: count }, () => large());

/** What was said of a journal's state: error codes once each in a row, new names of files, tallies. */
export class ToldJournal implements JournalFileObserver {
  readonly said: unknown[] = [];
  #recovered = Promise.withResolvers<void>();

  /** Settles when the file is written again the next time. */
  get recovery(): Promise<void> {
    return this.#recovered.promise;
  }

  unavailable({ code }: JournalError): void {
    if (this.said.at(-1) !== code) this.said.push(code);
  }

  available(records: { readonly restored: number; readonly lost: number }): void {
    this.said.push(records);
    this.#recovered.resolve();
    this.#recovered = Promise.withResolvers();
  }

  listenerFailed(error: unknown): void {
    this.said.push(error);
  }

  exposed(): void {}

  clockDistrusted(): void {}

  sealing(): void {}

  sealingFailed(error: unknown): void {
    this.said.push(error);
  }

  setAside(_path: string, newPath: string): void {
    this.said.push(newPath);
  }
}

/** A journal as a gateway has it, that keeps everything and tries again at once. */
export const openJournalAt = (path: string, told = new ToldJournal()): Promise<Journal> => {
  const config: JournalConfig = { path, sync: 'normal', keepMs: 1e13, maxBytes: 1e13 };
  return openJournal(config, told, { keys: keysOf(path), retryMs: 5 });
};

/** A file that can be full, or locked away, and the journal over it that can do without. */
export class FailoverRig implements AsyncDisposable {
  readonly told = new ToldJournal();
  /** All that the journal told its listeners. */
  readonly heard: JournalRecord[] = [];
  readonly path: string;
  readonly #parts: AsyncDisposableStack;
  readonly #options: RigOptions;
  #isLocked = false;
  #file: SqliteJournal | undefined;
  #journal: FailoverJournal | undefined;

  static async with(options: RigOptions = {}): Promise<FailoverRig> {
    const rig = await FailoverRig.#unopened(options);
    await rig.#open();
    return rig;
  }

  /** With a file that can't be opened before `unlock`, and what `before` has put into it. */
  static async locked(before?: (journal: Journal) => Promise<unknown>): Promise<FailoverRig> {
    const rig = await FailoverRig.#unopened({});
    if (before) {
      await using journal = await openAt(rig.path);
      await before(journal);
    }
    rig.#isLocked = true;
    await rig.#open();
    return rig;
  }

  static async #unopened(options: RigOptions): Promise<FailoverRig> {
    const parts = new AsyncDisposableStack();
    const { path } = parts.use(await journalFile());
    return new FailoverRig(path, parts, options);
  }

  private constructor(path: string, parts: AsyncDisposableStack, options: RigOptions) {
    this.path = path;
    this.#parts = parts;
    this.#options = options;
  }

  get journal(): FailoverJournal {
    if (!this.#journal) throw new Error('it is not open');
    return this.#journal;
  }

  /** The next gateway: it opens the file anew. */
  async restart(): Promise<void> {
    await this.journal[Symbol.asyncDispose]();
    await this.#open();
  }

  async fill(): Promise<void> {
    await this.#file?.limitPages(1);
  }

  async unfill(): Promise<void> {
    await this.#file?.limitPages(1_000_000);
  }

  /** Settles when the journal has gone back to its file. */
  async makeRoom(): Promise<void> {
    const { recovery } = this.told;
    await this.unfill();
    await recovery;
  }

  /** Settles when the journal has gone to its file. */
  async unlock(): Promise<void> {
    this.#isLocked = false;
    await this.told.recovery;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#journal?.[Symbol.asyncDispose]();
    await this.#parts.disposeAsync();
  }

  async #open(): Promise<void> {
    this.#journal = await FailoverJournal.open({
      open: async () => {
        if (this.#isLocked) throw new JournalError('READ_ONLY', 'may not be written');
        this.#file = await openAt(this.path);
        return this.#file;
      },
      observer: this.told,
      retryMs: 5,
      ...this.#options,
    });
    this.#journal.onAppend((record) => this.heard.push(record));
  }
}
