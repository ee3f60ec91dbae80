import { constants, fstatSync, openSync, writeSync } from 'node:fs';

/** Most bytes of lines that wait for a reader that stands still. */
const MAX_WAITING_BYTES = 1_048_576;

/** Between two attempts to go on with what waits, in ms. */
const RETRY_MS = 100;

interface Entry {
  readonly bytes: Buffer;
  /** How many lost lines it tells of. */
  readonly announced: number;
  written: number;
}

/**
 * Writes lines to a descriptor. It never throws and never waits: lines that can't be written are
 * lost and counted, and once writing works again one line says how many.
 */
export class LogOutput {
  readonly #fd: number;
  readonly #notice: (lost: number) => string;
  #waiting: Entry[] = [];
  #waitingBytes = 0;
  #lost = 0;
  #unannounced = 0;
  /** The last line in the file has no end. */
  #isTorn = false;
  #retry: NodeJS.Timeout | undefined;

  /** @param notice The line that tells of so many lost ones. */
  constructor(fd: number, notice: (lost: number) => string) {
    this.#fd = nonBlocking(fd);
    this.#notice = notice;
  }

  /** Lines that were lost since the start. */
  get lost(): number {
    return this.#lost;
  }

  /** @param line With its end. */
  write(line: string): void {
    const announced = this.#unannounced;
    const bytes = Buffer.from(announced > 0 ? this.#notice(announced) + line : line);
    if (this.#waitingBytes + bytes.length > MAX_WAITING_BYTES) {
      this.#lose(0);
      return;
    }
    this.#unannounced = 0;
    this.#waiting.push({ bytes, announced, written: 0 });
    this.#waitingBytes += bytes.length;
    if (this.#retry === undefined) this.flush();
  }

  /** Writes as much of what waits as is taken at once. */
  flush(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    let done = 0;
    for (const entry of this.#waiting) {
      if (!this.#settle(entry)) break;
      this.#waitingBytes -= entry.bytes.length;
      done += 1;
    }
    this.#waiting = this.#waiting.slice(done);
    if (this.#waiting.length > 0) this.#retry = setTimeout(() => this.flush(), RETRY_MS).unref();
  }

  /** False when the reader stands still. */
  #settle(entry: Entry): boolean {
    try {
      if (this.#isTorn) writeSync(this.#fd, '\n');
      this.#isTorn = false;
      while (entry.written < entry.bytes.length) {
        entry.written += writeSync(this.#fd, entry.bytes, entry.written);
      }
    } catch (error) {
      if (isBusy(error)) return false;
      if (entry.written > 0) this.#isTorn = true;
      this.#lose(entry.announced);
    }
    return true;
  }

  #lose(announced: number): void {
    this.#lost += 1;
    this.#unannounced += announced + 1;
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EAGAIN';

/**
 * The same pipe or terminal, in a way that does not wait for a reader that stands still. A file
 * stays what it is: opened anew, it would be written from its beginning.
 *
 * A socket can't be opened, nor another user's pipe; Node has made these non-blocking itself
 * once `process.stdout` was looked at.
 */
function nonBlocking(fd: number): number {
  if (fstatSync(fd).isFile()) return fd;
  const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
  try {
    return openSync(`/dev/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return fd;
  }
}
