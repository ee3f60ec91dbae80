import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@se5/core';
import { closeToOthers } from '../storage/private-file.ts';
import { RetentionClock } from '../storage/retention-clock.ts';
import type { AuditOutput } from './audit-queue.ts';

const DAY_MS = 86_400_000;
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const LINE_FEED = 10;
const NAME = /^audit-(\d{4}-\d{2}-\d{2})\.jsonl$/;

export interface DailyFilesOptions {
  readonly folder: string;
  /** A file is deleted when its day ended so long ago, in ms. */
  readonly keepMs: number;
  readonly clock: Clock;
  /** Told once of each step of the clock by which nothing is deleted yet, in ms. */
  readonly clockDistrusted: (aheadMs: number) => void;
}

interface DayFile {
  readonly day: string;
  readonly handle: FileHandle;
  /** Of whole lines, in bytes. */
  size: number;
}

/** A file for each day in UTC, `audit-2027-01-31.jsonl`, in a folder that is its owner's alone. */
export class DailyFiles implements AuditOutput, AsyncDisposable {
  readonly #options: DailyFilesOptions;
  #file: DayFile | undefined;
  #retention: RetentionClock | undefined;

  constructor(options: DailyFilesOptions) {
    this.#options = options;
  }

  joins(one: number, other: number): boolean {
    return dayOf(one) === dayOf(other);
  }

  async append(lines: string, at: number): Promise<void> {
    const file = await this.#fileOf(dayOf(at));
    const bytes = Buffer.from(lines);
    try {
      await file.handle.appendFile(bytes);
      file.size += bytes.length;
    } catch (error) {
      // A part of the lines may have been written. Whoever opens the file anew ends a torn line.
      await file.handle.truncate(file.size).catch(() => {});
      await this.#close();
      throw error;
    }
  }

  /** Deletes what is too old. @throws what the system says. */
  async clean(): Promise<void> {
    const { folder, keepMs } = this.#options;
    const names = await readdir(folder).catch(() => []);
    this.#retention ??= await this.#retentionOf(names);
    const oldest = this.#retention.now() - keepMs;
    for (const name of names) {
      const end = Date.parse(NAME.exec(name)?.[1] ?? '') + DAY_MS;
      if (end <= oldest) await rm(join(folder, name), { force: true });
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }

  async #retentionOf(names: readonly string[]): Promise<RetentionClock> {
    const { folder, clock, clockDistrusted } = this.#options;
    const newest = names
      .filter((name) => NAME.test(name))
      .toSorted()
      .at(-1);
    const stats = newest === undefined ? undefined : await stat(join(folder, newest));
    return new RetentionClock(clock, stats?.mtimeMs, clockDistrusted);
  }

  async #fileOf(day: string): Promise<DayFile> {
    if (this.#file?.day === day) return this.#file;
    await this.#close();
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    const path = join(folder, `audit-${day}.jsonl`);
    const handle = await open(path, 'a+', FILE_MODE);
    try {
      closeToOthers([folder, path]);
      this.#file = { day, handle, size: await wholeSize(handle) };
      return this.#file;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close();
  }
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The size of the file, after the last line has its end: a gateway may have died in the middle of one. */
async function wholeSize(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat();
  if (size === 0) return 0;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  if (buffer[0] === LINE_FEED) return size;
  await handle.appendFile('\n');
  return size + 1;
}
