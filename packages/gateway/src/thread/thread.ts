import { Worker } from 'node:worker_threads';
import type { Answer, Call, Failure } from './serve.ts';

type Result<Method> = Method extends (...args: never[]) => infer Value ? Awaited<Value> : never;
type Arguments<Method> = Method extends (...args: infer Args) => unknown ? Args : never;

/** A thread that answers calls in the order in which they were made. */
export class Thread<Methods> implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #toError: (failure: Failure | undefined, cause?: unknown) => Error;
  #nextId = 0;
  #isGone = false;

  /**
   * @param module What runs in the thread: it calls `serve`.
   * @param toError Makes the error of a call that failed; undefined when the thread has ended.
   */
  constructor(
    module: URL,
    workerData: unknown,
    toError: (failure: Failure | undefined, cause?: unknown) => Error,
  ) {
    this.#toError = toError;
    this.#worker = new Worker(module, { workerData });
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end());
  }

  call<Name extends keyof Methods & string>(
    method: Name,
    ...args: Arguments<Methods[Name]>
  ): Promise<Result<Methods[Name]>> {
    const call = Promise.withResolvers<unknown>();
    if (this.#isGone) {
      call.reject(this.#toError(undefined));
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
    if ('failure' in answer) call?.reject(this.#toError(answer.failure));
    else call?.resolve(answer.result);
  }

  #end(cause?: unknown): void {
    this.#isGone = true;
    for (const call of this.#calls.values()) call.reject(this.#toError(undefined, cause));
    this.#calls.clear();
  }
}
