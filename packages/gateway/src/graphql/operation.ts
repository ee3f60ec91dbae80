import type { ExecutionResult, GraphQLError } from 'graphql';
import { MessageType } from 'graphql-ws';
import type { Outbox } from '../fanout/outbox.ts';
import type { Payload } from '../fanout/payload.ts';
import type { SubscriptionSink } from '../fanout/subscription-sink.ts';
import { textOf } from './answer-text.ts';
import type { ResultStream } from './public-stream.ts';

const END_OF_MESSAGE = Buffer.from('}');

/**
 * One operation of a socket, and everything that is sent under its id. Once it has ended, nothing
 * more of it leaves, so that its id may be used again.
 */
export class Operation implements SubscriptionSink {
  readonly id: string;
  readonly outbox: Outbox;
  /** What its messages `next` begin with. */
  readonly #next: Buffer;
  /** What its last message begins with; undefined until that is sent. */
  #last: Buffer | undefined;
  #results: ResultStream | undefined;
  #isAnswered = false;
  #hasEnded = false;
  #leaving: AbortController | undefined;

  constructor(outbox: Outbox, id: string) {
    this.outbox = outbox;
    this.id = id;
    this.#next = beginningOf(id, MessageType.Next);
  }

  /** It is a query that has no result yet, or a subscription that has no stream yet. */
  get isPending(): boolean {
    return !this.#isAnswered;
  }

  /** Aborted when the operation ends: made for those who ask for it, which no subscription does. */
  get signal(): AbortSignal {
    this.#leaving ??= new AbortController();
    return this.#leaving.signal;
  }

  /** An event of a subscription to recognitions. */
  event(payload: Payload): void {
    if (!this.#hasEnded) this.outbox.event(this.#next, payload, END_OF_MESSAGE);
  }

  /** Takes what it was answered with. A stream is returned at once when the operation has ended. */
  answered(results: ResultStream | ExecutionResult): void {
    this.#isAnswered = true;
    if (!(Symbol.asyncIterator in results)) return;
    this.#results = results;
    if (this.#hasEnded) void results.return();
  }

  /** Resolves when the network has the result, or at once when the operation has ended. */
  async next(result: ExecutionResult): Promise<void> {
    await this.nextText(textOf(result));
  }

  /**
   * The same with the JSON of the result.
   *
   * @param share is disposed of when the result is no longer in memory.
   */
  async nextText(text: string, share?: Disposable): Promise<void> {
    if (this.#hasEnded) share?.[Symbol.dispose]();
    else await this.outbox.message(this.#next, text, END_OF_MESSAGE, share);
  }

  /** Says that there are no more results. Resolves as `next` does. */
  async complete(): Promise<void> {
    if (this.#hasEnded) return;
    this.#last = Buffer.from(`{"id":${JSON.stringify(this.id)},"type":"${MessageType.Complete}"`);
    await this.outbox.message(this.#last, '', END_OF_MESSAGE);
  }

  /** Says what is wrong with it, as its last message. Resolves as `next` does. */
  async fail(errors: readonly GraphQLError[]): Promise<void> {
    this.#isAnswered = true;
    if (this.#hasEnded) return;
    this.#last = beginningOf(this.id, MessageType.Error);
    await this.outbox.message(this.#last, JSON.stringify(errors), END_OF_MESSAGE);
  }

  /** Ends it without a word: its subscription, and what waits in the outbox. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#leaving?.abort();
    this.outbox.withdraw((before) => before === this.#next || before === this.#last);
    void this.#results?.return();
  }
}

const beginningOf = (id: string, type: MessageType): Buffer =>
  Buffer.from(`{"id":${JSON.stringify(id)},"type":"${type}","payload":`);
