import type { AppendedRecord, BoxEntry } from '../journal.ts';
import type { Note } from './log-message.ts';
import type { ReadBack } from './read-back.ts';

/** In its place: it is true once all that was appended before it is in the log. */
export interface WaitingNote {
  readonly kind: 'note';
  note: Note;
}

export interface WaitingEntry {
  readonly kind: 'entry';
  readonly entry: BoxEntry;
  /** The instant at which it was appended. */
  readonly since: number;
  /** The owner before read the event back. */
  isReadBack: boolean;
  readonly resolve: (record: AppendedRecord) => void;
  readonly reject: (error: unknown) => void;
}

/** What is to be written to the log of one box, in order, until it is in the file of this gateway. */
export class BoxQueue {
  /** The first ones may be under way. */
  readonly #waiting: (WaitingEntry | WaitingNote)[] = [];
  /** In the log, and not in the file of this gateway yet; by number. */
  readonly #sent = new Map<number, WaitingEntry>();
  /** The note that is under way, if the first that waits is one. */
  #writing: WaitingNote | undefined;

  /** How many wait for the log. */
  get length(): number {
    return this.#waiting.length;
  }

  get first(): WaitingEntry | WaitingNote | undefined {
    return this.#waiting[0];
  }

  /** Settles when the entry has arrived or all are rejected. */
  append(entry: BoxEntry, isReadBack: boolean): Promise<AppendedRecord> {
    const { promise, resolve, reject } = Promise.withResolvers<AppendedRecord>();
    const since = performance.now();
    this.#waiting.push({ kind: 'entry', entry, since, isReadBack, resolve, reject });
    return promise;
  }

  /** In the place of a note that nothing was appended behind, unless that is under way. */
  note(note: Note): void {
    const last = this.#waiting.at(-1);
    if (last?.kind === 'note' && last !== this.#writing) last.note = note;
    else this.#waiting.push({ kind: 'note', note });
  }

  /** Finds those that the owner before read back. */
  compare(readBack: ReadBack): void {
    for (const waiting of this.#waiting) {
      if (waiting.kind === 'entry') waiting.isReadBack = readBack.take(waiting.entry);
    }
  }

  /** Those that can be written before the next note, so many at most. */
  entries(most: number): readonly WaitingEntry[] {
    const entries: WaitingEntry[] = [];
    for (const waiting of this.#waiting) {
      if (waiting.kind === 'note' || waiting.isReadBack || entries.length === most) break;
      entries.push(waiting);
    }
    return entries;
  }

  /** The note, which is the first, is under way. */
  writing(note: WaitingNote): void {
    this.#writing = note;
  }

  /** The entry, one of the first, goes to the log under the number. */
  sending(number: number, waiting: WaitingEntry): void {
    this.#sent.set(number, waiting);
  }

  /** So many of the first wait no more. */
  written(count: number): void {
    this.#waiting.splice(0, count);
  }

  /** Takes the entry that went to the log under the number. */
  arrived(number: number): WaitingEntry | undefined {
    const waiting = this.#sent.get(number);
    this.#sent.delete(number);
    return waiting;
  }

  /** What went to the log and has not arrived waits again. To be called while nothing is under way. */
  putBack(): void {
    this.#waiting.unshift(...this.#sent.values());
    this.#sent.clear();
  }

  rejectAll(error: unknown): void {
    for (const waiting of [...this.#sent.values(), ...this.#waiting.splice(0)]) {
      if (waiting.kind === 'entry') waiting.reject(error);
    }
    this.#sent.clear();
  }
}
