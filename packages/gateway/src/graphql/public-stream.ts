import type { ExecutionResult } from 'graphql';
import type { ToPublicError } from './errors.ts';

export type ResultStream = AsyncGenerator<ExecutionResult, void, void>;

/**
 * The same results; what is thrown while they are made becomes a public error: what it says is not
 * for the user. Tells once that the stream has ended, however that came, and
 * how many results it had.
 */
export class PublicStream implements ResultStream {
  readonly #results: ResultStream;
  readonly #toPublicError: ToPublicError;
  #ended: ((results: number) => void) | undefined;
  #count = 0;

  /** @param ended must not throw. */
  constructor(
    results: ResultStream,
    toPublicError: ToPublicError,
    ended: (results: number) => void,
  ) {
    this.#results = results;
    this.#toPublicError = toPublicError;
    this.#ended = ended;
  }

  async next(): Promise<IteratorResult<ExecutionResult, void>> {
    try {
      const step = await this.#results.next();
      if (step.done) this.#end();
      else this.#count += 1;
      return step;
    } catch (error) {
      this.#end();
      throw this.#toPublicError(error);
    }
  }

  return(): Promise<IteratorResult<ExecutionResult, void>> {
    this.#end();
    return this.#results.return();
  }

  throw(error: unknown): Promise<IteratorResult<ExecutionResult, void>> {
    this.#end();
    return this.#results.throw(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    await this.#results[Symbol.asyncDispose]();
  }

  #end(): void {
    const ended = this.#ended;
    this.#ended = undefined;
    ended?.(this.#count);
  }
}
