import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { JournalError } from '../journal-error.ts';
import type { Answer, Call } from './serve.ts';

type Result<Method> = Method extends (...args: never[]) => infer Value ? Awaited<Value> : never;
type Arguments<Method> = Method extends (...args: infer Args) => unknown ? Args : never;

/** A thread that answers calls in the order in which they were made. */
export class Thread<Methods> implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #path: string;
  #nextId = 0;
  #isGone = false;

  /** @param name Of a file beside this one, without its ending. */
  constructor(name: string, workerData: { readonly path: string }) {
    this.#path = workerData.path;
    const url = new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);
    this.#worker = new Worker(url, { workerData });
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end());
  }

  /** @throws {JournalError} */
  call<Name extends keyof Methods & string>(
    method: Name,
    ...args: Arguments<Methods[Name]>
  ): Promise<Result<Methods[Name]>> {
    const call = Promise.withResolvers<unknown>();
    if (this.#isGone) {
      call.reject(this.#gone());
    } else {
      const id = this.#nextId++;
      this.#calls.set(id, call);
      this.#worker.postMessage({ id, method, args } satisfies Call);
    }
    return call.promise as Promise<Result<Methods[Name]>>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(answer: Answer): void {
    const call = this.#calls.get(answer.id);
    this.#calls.delete(answer.id);
    if ('failure' in answer) {
      call?.reject(new JournalError(answer.failure.code, answer.failure.message));
    } else {
      call?.resolve(answer.result);
    }
  }

  #end(cause?: unknown): void {
    this.#isGone = true;
    for (const call of this.#calls.values()) call.reject(this.#gone(cause));
    this.#calls.clear();
  }

  #gone(cause?: unknown): JournalError {
    const message = `the thread of the journal ${this.#path} has ended`;
    return new JournalError('UNAVAILABLE', message, { cause });
  }
}
