import { type FSWatcher, watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

const CHUNK_BYTES = 65_536;

/** Reads the lines that are appended to a file, as they come. */
export class FollowedFile implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #watcher: FSWatcher;
  readonly #line: (line: string) => void;
  readonly #decoder = new TextDecoder();
  #position: number;
  #begun = '';
  #reading: Promise<void> = Promise.resolve();

  private constructor(
    path: string,
    file: FileHandle,
    position: number,
    line: (line: string) => void,
  ) {
    this.#file = file;
    this.#position = position;
    this.#line = line;
    this.#watcher = watch(path, () => this.#readOn());
  }

  /** Begins behind the lines that are there already. */
  static async follow(path: string, line: (line: string) => void): Promise<FollowedFile> {
    const file = await open(path, 'r');
    const { size } = await file.stat();
    return new FollowedFile(path, file, size, line);
  }

  /** Settles when all that was appended has been read. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#watcher.close();
    this.#readOn();
    await this.#reading;
    await this.#file.close();
  }

  #readOn(): void {
    this.#reading = this.#reading.then(() => this.#read());
  }

  async #read(): Promise<void> {
    for (;;) {
      const buffer = Buffer.alloc(CHUNK_BYTES);
      const { bytesRead } = await this.#file.read(buffer, 0, CHUNK_BYTES, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      const text = this.#decoder.decode(buffer.subarray(0, bytesRead), { stream: true });
      const lines = `${this.#begun}${text}`.split('\n');
      this.#begun = lines.pop() ?? '';
      for (const line of lines) this.#line(line);
    }
  }
}
