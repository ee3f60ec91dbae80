import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { closeToOthers } from '../../storage/private-file.ts';

/** Digits of a name that name the folder it is in: 256 folders. */
const SHARD_DIGITS = 2;
const SHARD = /^[0-9a-f]{2}$/;

/** The files of a folder, each written whole or not at all. Errors of the system come through. */
export class PictureFiles {
  readonly #path: string;
  readonly #drafts: string;
  #written = 0;
  /** The names of files that could not be removed. */
  readonly stuck = new Set<string>();

  constructor(path: string) {
    this.#path = path;
    this.#drafts = join(path, 'tmp');
    // What a crash has left: nobody else writes here.
    rmSync(this.#drafts, { recursive: true, force: true });
    mkdirSync(this.#drafts, { recursive: true, mode: 0o700 });
  }

  has(name: string): boolean {
    return existsSync(this.#pathOf(name));
  }

  /** Undefined when there is none. */
  read(name: string): Buffer | undefined {
    try {
      return readFileSync(this.#pathOf(name));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** @param name Of hex digits. A file that has it is replaced. */
  write(name: string, bytes: Uint8Array): void {
    const path = this.#pathOf(name);
    const draft = join(this.#drafts, String(this.#written++));
    writeFileSync(draft, bytes, { mode: 0o600 });
    try {
      renameSync(draft, path);
    } catch (error) {
      if (!isMissing(error)) throw error;
      mkdirSync(join(this.#path, name.slice(0, SHARD_DIGITS)), { mode: 0o700 });
      renameSync(draft, path);
    }
  }

  /** As many as can be removed. @throws what stops the first of the others. */
  remove(names: readonly string[]): void {
    const failures: unknown[] = [];
    for (const name of names) {
      try {
        rmSync(this.#pathOf(name), { force: true });
      } catch (error) {
        this.stuck.add(name);
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** The folders of the files. */
  shards(): readonly string[] {
    return readdirSync(this.#path, { withFileTypes: true })
      .filter((each) => each.isDirectory() && SHARD.test(each.name))
      .map(({ name }) => name);
  }

  /** Removes the files of a shard that are not known, and closes the others to other users. */
  sweep(shard: string, isKnown: (name: string) => boolean): void {
    closeToOthers([join(this.#path, shard)]);
    for (const name of readdirSync(join(this.#path, shard))) {
      const file = join(this.#path, shard, name);
      if (isKnown(name)) closeToOthers([file]);
      else rmSync(file, { force: true });
    }
  }

  #pathOf(name: string): string {
    return join(this.#path, name.slice(0, SHARD_DIGITS), name);
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
