import type { ExecutionResult } from 'graphql';
import type { Payload } from '../../src/fanout/payload.ts';
import type { Outlet, SubscriptionSink } from '../../src/fanout/subscription-sink.ts';
import type { ResultStream } from '../../src/graphql/public-stream.ts';

/** What the next event of a subscription holds of a field. @throws when it has errors. */
export async function nextIn(stream: ResultStream, field: string): Promise<unknown> {
  const { value } = await stream.next();
  if (value?.errors) throw new Error(JSON.stringify(value.errors));
  return value?.data?.[field];
}

/** Takes a subscription's events, and hands them out as a stream: for tests that need no transport. */
export class Results implements SubscriptionSink {
  readonly outbox: Outlet = {
    level: 'clear',
    isUnflushed: false,
    flush: () => {},
    onClear: () => ({ [Symbol.dispose]() {} }),
  };
  readonly #events: ExecutionResult[] = [];
  #news = Promise.withResolvers<void>();

  event({ parts }: Payload): void {
    this.#events.push(JSON.parse(Buffer.concat(parts).toString()) as ExecutionResult);
    this.#news.resolve();
  }

  /** Events that come here, and what the stream itself yields, until the stream ends. */
  until(stream: ResultStream): ResultStream {
    let ending: Promise<IteratorResult<ExecutionResult, void>> | undefined;
    const next = async (): Promise<IteratorResult<ExecutionResult, void>> => {
      for (;;) {
        const event = this.#events.shift();
        if (event) return { done: false, value: event };
        ending ??= stream.next();
        this.#news = Promise.withResolvers();
        const step = await Promise.race([ending, this.#news.promise]);
        if (!step) continue;
        ending = undefined;
        return step;
      }
    };
    return {
      next,
      return: () => stream.return(),
      throw: (error: unknown) => stream.throw(error),
      [Symbol.asyncIterator]() {
        return this;
      },
      [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose](),
    };
  }
}
