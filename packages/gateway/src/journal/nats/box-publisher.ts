import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { BoxId } from '../../config/ids.ts';
import type { NotedTime } from '../../noted-time.ts';
import type { AppendedRecord, BoxEntry, Position } from '../journal.ts';
import { JournalError } from '../journal-error.ts';
import type { Recognition } from '../recognition.ts';
import { BoxQueue, type WaitingEntry, type WaitingNote } from './box-queue.ts';
import { FencedError, type LastMessage } from './log.ts';
import type { Ask, Author, Note } from './log-message.ts';
import { ReadBack } from './read-back.ts';

/**
 * An event that waited longer for this gateway to own the box, in ms, may be older than what the
 * owner before wrote meanwhile, unless that one handed the box over.
 */
const TAKING_MS = 1_000;

/** Between two attempts while the log can't be reached, in ms. */
const RETRY_MS = 250;

/** The part of the log that a publisher writes. */
export interface BoxLog {
  /** How many messages `append` takes at once. */
  readonly most: number;
  append(boxId: BoxId, messages: readonly Uint8Array[], expected: number): Promise<number>;
  note(boxId: BoxId, data: Uint8Array, expected: number): Promise<number>;
  lastOf(boxId: BoxId): Promise<LastMessage | undefined>;
  noteOf(boxId: BoxId): Promise<LastMessage | undefined>;
}

export interface BoxPublisherOptions {
  readonly log: BoxLog;
  /** Names the next message of this process. */
  readonly nextAuthor: () => Author;
  /** Whether the message was written by this process under this number. */
  readonly isBy: (message: LastMessage, author: Author) => boolean;
  readonly owned: (author: Author, boxId: BoxId) => Uint8Array;
  /**
   * Makes the message of an entry. It may wait for keys and pictures.
   *
   * @param waitedMs How long the entry has waited. Infinity: others may have come before it.
   */
  readonly message: (author: Author, entry: BoxEntry, waitedMs: number) => Promise<Uint8Array>;
  readonly noteIn: (message: LastMessage) => Note;
  readonly note: (author: Author, note: Note) => Uint8Array;
  /** The end of the newest gap of the box in the file of this gateway: it may be later than the note. */
  readonly gapEnd: (boxId: BoxId) => NotedTime | undefined;
  /** Resolves when the records up to the sequence are in the file of this gateway. */
  readonly reached: (sequence: number, signal: AbortSignal) => Promise<void>;
  /** Another gateway writes what the box says. Called once, with its name if that is known. */
  readonly lost: (boxId: BoxId, to: string | undefined) => void;
  /** The log can't be reached: told after each attempt. */
  readonly failed: (error: unknown) => void;
  /** Between two attempts, in ms. Default 250. */
  readonly retryMs?: number;
}

/**
 * Writes what one box says into the log, one message after the other, for as long as this gateway
 * owns the box.
 *
 * The fence is the box's own subject: each message names the one that it stands behind. Whoever
 * takes the box over writes a message `owned`, and from then on the log refuses what the owner
 * before writes. What is appended before this gateway owns the box waits.
 */
export class BoxPublisher {
  readonly #boxId: BoxId;
  readonly #options: BoxPublisherOptions;
  readonly #ended = new AbortController();
  readonly #queue = new BoxQueue();
  readonly #readBack = new ReadBack();
  /** The sequence of the newest message of the box; undefined before this gateway owns it. */
  #last: number | undefined;
  /** The sequence of the message with which this gateway took the box over. */
  #ownedAt: number | undefined;
  /** The newest message with which another gateway did. */
  #overtakenAt = 0;
  #lastNote = 0;
  #noted: NotedTime | undefined;
  #pump: Promise<void> | undefined;
  #hasToWriteAgain = false;
  /** The instant at which this gateway began to write what the box says. */
  #ownedSince = 0;
  /** The owner before heard the box until this gateway did, and wrote what it heard. */
  #isHanded = false;
  /** This gateway hands the box over. */
  #isLeaving = false;

  constructor(boxId: BoxId, options: BoxPublisherOptions) {
    this.#boxId = boxId;
    this.#options = options;
  }

  get isOwning(): boolean {
    return this.#last !== undefined && !this.#ended.signal.aborted;
  }

  /** How many entries wait for the log. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** What is noted of the box, here or by the owner before. */
  get noted(): NotedTime | undefined {
    return this.#noted;
  }

  /** Reads what is noted of the box. Rejects when the publisher ends first. */
  async readNote(): Promise<void> {
    const note = await this.#persist(() => this.#options.log.noteOf(this.#boxId));
    this.#noted = this.#later(note && this.#options.noteIn(note).to);
  }

  /**
   * Takes the box over: resolves when no other gateway can write what it says, and the file of this
   * gateway has all that they wrote. Rejects when the publisher ends first.
   *
   * @param ask With which this gateway asked the owner before for the box, if it did.
   * @returns whether that one handed the box over, as `Note.handedTo` says.
   */
  async own(ask?: Ask): Promise<boolean> {
    const { log, nextAuthor, owned, note, noteIn, reached } = this.#options;
    const last = await this.#outrun(async () => {
      const newest = await log.lastOf(this.#boxId);
      return log.append(this.#boxId, [owned(nextAuthor(), this.#boxId)], newest?.sequence ?? 0);
    });
    this.#lastNote = await this.#outrun(async () => {
      const newest = await log.noteOf(this.#boxId);
      // The owner before wrote it when it let the box go, later than this gateway read it.
      const { to, handedTo } = newest ? noteIn(newest) : UNKNOWN;
      this.#noted = to;
      // An earlier attempt without an answer may have replaced the note that says so.
      this.#isHanded ||= handedTo !== undefined && isDeepStrictEqual(handedTo, ask);
      return log.note(this.#boxId, note(nextAuthor(), { to }), newest?.sequence ?? 0);
    });
    this.#ownedAt = last;
    await reached(last, this.#ended.signal);
    this.#noted = this.#later(this.#noted);
    if (this.#overtakenAt > last) throw new FencedError('another gateway was faster');
    this.#queue.compare(this.#readBack);
    this.#last = last;
    this.#ownedSince = performance.now();
    this.#start();
    return this.#isHanded;
  }

  /** The log says that another gateway took the box over. */
  overtaken(sequence: number, gateway: string): void {
    this.#overtakenAt = sequence;
    if (this.#last !== undefined && sequence > (this.#ownedAt ?? 0)) this.#lose(gateway);
  }

  append(entry: BoxEntry): Promise<AppendedRecord> {
    if (this.#ended.signal.aborted || this.#isLeaving) {
      return Promise.reject(notOwner(this.#boxId));
    }
    // It may have been under way when this gateway came to own the box.
    const isReadBack = this.isOwning && this.#readBack.take(entry);
    const appended = this.#queue.append(entry, isReadBack);
    this.#start();
    return appended;
  }

  /**
   * Notes the time once all that was appended before is in the log. Before this gateway owns the box
   * it notes nothing: the owner before knows more.
   */
  settle(to: NotedTime): void {
    if (!this.isOwning || this.#isLeaving) return;
    this.#noted = to;
    this.#note({ to });
  }

  /**
   * Hands the box over to the gateway that asked for it, once all that was appended before is in the
   * log. What is appended afterwards fails with NOT_OWNER.
   */
  handOver(handedTo: Ask): void {
    if (this.#ended.signal.aborted || this.#isLeaving) return;
    this.#isLeaving = true;
    this.#note({ to: this.#noted, handedTo });
  }

  /** A gap that the log has notes its end. */
  settledBy(to: NotedTime): void {
    if (this.#noted && this.#noted.at >= to.at) return;
    this.settle(to);
  }

  /** The file of this gateway has an event that another one read back. */
  readBack(event: Recognition): void {
    if (this.#last === undefined) this.#readBack.add(event);
  }

  /** The file of this gateway has the message: its record, or why it can't have it. */
  arrived(number: number, record: AppendedRecord | undefined): void {
    const waiting = this.#queue.arrived(number);
    if (record) waiting?.resolve(record);
    else waiting?.reject(new TypeError('the journal can’t keep an entry'));
  }

  /** The message is in the log, but its event was erased before it came back. */
  dropped(number: number, position: Position): void {
    const waiting = this.#queue.arrived(number);
    waiting?.resolve({ ...waiting.entry, position, isDuplicate: true });
  }

  /**
   * The log was made anew: what was written to it and has not come back is written again. What had
   * come into the new one already has an id that is there.
   */
  writeAgain(): void {
    this.#hasToWriteAgain = true;
    this.#start();
  }

  /** Nothing more is written. What waits fails with NOT_OWNER: whoever owns the box has heard it. */
  end(): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    this.#queue.rejectAll(notOwner(this.#boxId));
  }

  /** Resolves when nothing waits, or the publisher has ended. */
  async drained(): Promise<void> {
    while (this.#pump) await this.#pump;
  }

  /** An owner that died may have written a gap, and no note of its end. */
  #later(noted: NotedTime | undefined): NotedTime | undefined {
    const end = this.#options.gapEnd(this.#boxId);
    return end && (!noted || end.at > noted.at) ? end : noted;
  }

  #note(note: Note): void {
    this.#queue.note(note);
    this.#start();
  }

  #start(): void {
    if (this.#last === undefined || this.#pump || this.#ended.signal.aborted) return;
    this.#pump = this.#run().finally(() => {
      this.#pump = undefined;
      if (this.#queue.length > 0 || this.#hasToWriteAgain) this.#start();
    });
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    try {
      while (!this.#ended.signal.aborted) {
        if (this.#hasToWriteAgain) {
          // Between two writes all that was sent is written, and has not come back.
          this.#hasToWriteAgain = false;
          this.#queue.putBack();
        }
        const { first } = this.#queue;
        if (!first) return;
        if (first.kind === 'note') await this.#writeNote(first);
        else if (first.isReadBack) await this.#drop(first);
        else await this.#write(this.#queue.entries(this.#options.log.most));
      }
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      if (!(error instanceof FencedError)) this.#options.failed(error);
      this.#lose(undefined);
    }
  }

  #lose(to: string | undefined): void {
    if (this.#ended.signal.aborted) return;
    this.end();
    this.#options.lost(this.#boxId, to);
  }

  /** The log has it. Told behind all that was appended before it. */
  async #drop({ entry, resolve }: WaitingEntry): Promise<void> {
    const last = this.#last ?? 0;
    await this.#options.reached(last, this.#ended.signal);
    this.#queue.written(1);
    resolve({ ...entry, position: last as Position, isDuplicate: true });
  }

  /** @throws {FencedError} when this gateway owns the box no more. */
  async #write(batch: readonly WaitingEntry[]): Promise<void> {
    const { log, nextAuthor, message } = this.#options;
    const authored = batch.map((waiting) => ({ waiting, author: nextAuthor() }));
    for (const { waiting, author } of authored) this.#queue.sending(author.number, waiting);
    this.#last = await this.#persist(async () => {
      const messages = await Promise.all(
        authored.map(({ waiting, author }) =>
          message(author, waiting.entry, this.#waitedMs(waiting)),
        ),
      );
      try {
        return await log.append(this.#boxId, messages, this.#last ?? 0);
      } catch (error) {
        if (!(error instanceof FencedError)) throw error;
        return this.#find(
          authored.map(({ author }) => author),
          error,
        );
      }
    });
    this.#queue.written(batch.length);
  }

  #waitedMs({ since }: WaitingEntry): number {
    if (!this.#isHanded && since < this.#ownedSince - TAKING_MS) return Number.POSITIVE_INFINITY;
    return performance.now() - since;
  }

  /** An earlier attempt without an answer may have written the messages. */
  async #find(authors: readonly Author[], fenced: FencedError): Promise<number> {
    const newest = await this.#options.log.lastOf(this.#boxId);
    const last = authors.at(-1);
    if (newest && last && this.#options.isBy(newest, last)) return newest.sequence;
    if (newest) throw fenced;
    // The newest message has gone for its age: the next one stands behind nothing.
    this.#last = 0;
    throw new Error('the log has no message of the box any more');
  }

  async #writeNote(waiting: WaitingNote): Promise<void> {
    const { log, nextAuthor, note, isBy } = this.#options;
    const author = nextAuthor();
    this.#queue.writing(waiting);
    const data = note(author, waiting.note);
    this.#lastNote = await this.#persist(async () => {
      try {
        return await log.note(this.#boxId, data, this.#lastNote);
      } catch (error) {
        if (!(error instanceof FencedError)) throw error;
        const newest = await log.noteOf(this.#boxId);
        // A stream that was made anew has no notes.
        if (!newest) return log.note(this.#boxId, data, 0);
        if (isBy(newest, author)) return newest.sequence;
        throw error;
      }
    });
    this.#queue.written(1);
  }

  /** Tries again, with what is the newest message then, when another gateway was faster. */
  async #outrun(attempt: () => Promise<number>): Promise<number> {
    return this.#persist(async () => {
      for (;;) {
        try {
          return await attempt();
        } catch (error) {
          if (!(error instanceof FencedError)) throw error;
        }
      }
    });
  }

  /** Tries until it succeeds, the box is lost or the publisher ends. */
  async #persist<Result>(attempt: () => Promise<Result>): Promise<Result> {
    const { signal } = this.#ended;
    for (;;) {
      signal.throwIfAborted();
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof FencedError) throw error;
        signal.throwIfAborted();
        this.#options.failed(error);
        await pause(this.#options.retryMs ?? RETRY_MS, undefined, { signal, ref: false });
      }
    }
  }
}

const UNKNOWN: Note = { to: undefined };

const notOwner = (boxId: BoxId): JournalError =>
  new JournalError('NOT_OWNER', `another gateway writes what box "${boxId}" says`);
