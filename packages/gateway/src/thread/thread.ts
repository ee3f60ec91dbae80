import { Worker } from 'node:worker_threads';
import type { Answer, Call, Cancellation, Failure } from './serve.ts';

type Result<Method> = Method extends (...args: never[]) => infer Value ? Awaited<Value> : never;
type Arguments<Method> = Method extends (...args: infer Args) => unknown ? Args : never;
type UntilArguments<Method> = Method extends (...args: [...infer Args, AbortSignal?]) => unknown
  ? Args
  : never;

/** A thread that begins calls in the order in which they were made; answers may come in another. */
export class Thread<Methods> implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #calls = new Map<number, Omit<PromiseWithResolvers<unknown>, 'promise'>>();
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
    return this.#begin({ method, args }) as Promise<Result<Methods[Name]>>;
  }

  /**
   * The same for a method that takes a signal behind its arguments. Once `signal` is aborted, the
   * call rejects with its reason at once, and the method's own signal is aborted too.
   */
  async callUntil<Name extends keyof Methods & string>(
    signal: AbortSignal | undefined,
    method: Name,
    ...args: UntilArguments<Methods[Name]>
  ): Promise<Result<Methods[Name]>> {
    if (!signal) return this.#begin({ method, args }) as Promise<Result<Methods[Name]>>;
    signal.throwIfAborted();
    const id = this.#nextId;
    const called = this.#begin({ method, args, isCancellable: true });
    const cancel = (): void => {
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      if (!call) return;
      this.#worker.postMessage({ cancel: id } satisfies Cancellation);
      call.reject(signal.reason);
    };
    signal.addEventListener('abort', cancel);
    try {
      return (await called) as Result<Methods[Name]>;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }

  #begin(call: Omit<Call, 'id'>): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const id = this.#nextId++;
    if (this.#isGone) {
      reject(this.#toError(undefined));
    } else {
      this.#calls.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...call } satisfies Call);
    }
    return promise;
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
