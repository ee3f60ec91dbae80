import type { Clock } from '@se5/core';

/** Lines that wait for the disk, those that are being written among them. */
const MAX_LINES = 10_000;
const MAX_BYTES = 8 * 2 ** 20;

/** Most bytes that are written at once, one line at least. */
const BATCH_BYTES = 2 ** 18;

/** Between two attempts while nothing can be written, in ms. */
const RETRY_MS = 1_000;

/** For what waits to be written when the gateway stops, in ms. */
const CLOSING_GRACE_MS = 2_000;

export interface AuditOutput {
  /**
   * Writes lines, each with its end, in one piece: all of them or, when it rejects, none.
   *
   * @param at the wall time of the first, ms since the Unix epoch.
   */
  append(lines: string, at: number): Promise<void>;
  /** Whether lines of these two times may be in one piece. */
  joins(one: number, other: number): boolean;
}

/** Told how the writing goes; synchronous, must not throw. */
export interface AuditQueueObserver {
  unavailable(error: unknown): void;
  available(): void;
  /** A line is lost: too many wait. */
  lost(): void;
}

interface Entry {
  readonly text: string;
  readonly bytes: number;
  readonly at: number;
}

/**
 * Lines on their way to an output, which may be slow or fail: whoever writes one never waits. While
 * nothing can be written, lines wait and are tried again. Above 10,000 lines or 8 MiB, new ones are
 * lost and counted, and the next line says how many.
 *
 * Disposing writes what waits, as far as that is done in 2 s.
 */
export class AuditQueue implements AsyncDisposable {
  readonly #output: AuditOutput;
  readonly #observer: AuditQueueObserver;
  readonly #clock: Pick<Clock, 'now' | 'sleep'>;
  readonly #stop = new AbortController();
  #waiting: Entry[] = [];
  #lines = 0;
  #bytes = 0;
  #lost = 0;
  #unannounced = 0;
  #isFailing = false;
  #writing: Promise<void> | undefined;

  constructor(
    output: AuditOutput,
    observer: AuditQueueObserver,
    clock: Pick<Clock, 'now' | 'sleep'>,
  ) {
    this.#output = output;
    this.#observer = observer;
    this.#clock = clock;
  }

  /** Lines that were lost since the start. */
  get lost(): number {
    return this.#lost;
  }

  /** Something is being written, by a disk that hangs maybe. */
  get isWriting(): boolean {
    return this.#writing !== undefined;
  }

  /** @param line without its end. */
  write(line: string, at: number): void {
    const text = `${line}\n`;
    const bytes = Buffer.byteLength(text);
    if (this.#lines >= MAX_LINES || this.#bytes + bytes > MAX_BYTES) {
      this.#lost += 1;
      this.#unannounced += 1;
      this.#observer.lost();
      return;
    }
    this.#push({ text, bytes, at });
    this.#writing ??= this.#writeAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    if (!this.#writing) return;
    const impatience = new AbortController();
    const patience = this.#clock.sleep(CLOSING_GRACE_MS, impatience.signal).catch(() => {});
    await Promise.race([this.#writing, patience]);
    impatience.abort();
    this.#lost += this.#lines;
  }

  #push(entry: Entry): void {
    this.#waiting.push(entry);
    this.#lines += 1;
    this.#bytes += entry.bytes;
  }

  async #writeAll(): Promise<void> {
    // All lines of this turn go together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      if (!(await this.#written(batch))) break;
      for (const { bytes } of batch) {
        this.#lines -= 1;
        this.#bytes -= bytes;
      }
      this.#announce();
    }
    this.#writing = undefined;
  }

  /** False when the gateway stops, and the last attempt failed. */
  async #written(batch: readonly Entry[]): Promise<boolean> {
    const text = batch.map((entry) => entry.text).join('');
    for (;;) {
      try {
        await this.#output.append(text, batch[0]?.at ?? 0);
        if (this.#isFailing) this.#observer.available();
        this.#isFailing = false;
        return true;
      } catch (error) {
        this.#isFailing = true;
        this.#observer.unavailable(error);
        if (this.#stop.signal.aborted) return false;
        await this.#clock.sleep(RETRY_MS, this.#stop.signal).catch(() => {});
      }
    }
  }

  #take(): readonly Entry[] {
    const first = this.#waiting[0];
    let bytes = 0;
    const end = this.#waiting.findIndex((entry, index) => {
      bytes += entry.bytes;
      return index > 0 && (bytes > BATCH_BYTES || !this.#output.joins(first?.at ?? 0, entry.at));
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  /** There is room again: lines were lost behind all that wait, and before all that come. */
  #announce(): void {
    if (this.#unannounced === 0) return;
    const at = this.#clock.now();
    const time = new Date(at).toISOString();
    const text = `${droppedLine(time, this.#unannounced)}\n`;
    this.#unannounced = 0;
    this.#push({ text, bytes: Buffer.byteLength(text), at });
  }
}

/** The line that says how many are missing. */
export const droppedLine = (time: string, lines: number): string =>
  JSON.stringify({ time, kind: 'dropped', lines });
