import type { LimitsConfig } from '../config/limits.ts';
import type { BoundedList } from '../schema/context.ts';
import type { ClientTurns } from '../turns.ts';
import { limitError, type PublicError } from './errors.ts';

/** One for all: an error of its own for each answer would cost more than some answers. */
const ENDED = new Error('aborted: the answer has ended');

/** Items that a query may have in one turn without a look at the time. */
const ITEMS_AT_ONCE = 100;

export type AnswerLimits = Pick<LimitsConfig, 'base64Bytes' | 'answerBytes' | 'answerTimeMs'>;

/**
 * What the answer to one query may take, which the text of its operation can't tell: how long it
 * takes, and its pictures as base64. A picture has 5 KB or 5 MB.
 */
export class AnswerBudget implements Disposable {
  readonly #limits: AnswerLimits;
  readonly #turns: ClientTurns;
  readonly #ending = new AbortController();
  readonly #timeout: NodeJS.Timeout;
  readonly #client: AbortSignal | undefined;
  /** Items that this turn, or those before without a pause, have had at once. */
  #itemsAtOnce = 0;
  #base64Bytes = 0;
  #pictures = 0;

  /**
   * @param turns of the client that asks.
   * @param client is aborted when nobody waits for the answer any more.
   */
  constructor(limits: AnswerLimits, turns: ClientTurns, client: AbortSignal | undefined) {
    this.#limits = limits;
    this.#turns = turns;
    this.#client = client;
    this.#timeout = setTimeout(() => {
      this.#ending.abort(tooSlow(limits.answerTimeMs));
    }, limits.answerTimeMs).unref();
    client?.addEventListener('abort', this.#leave);
    if (client?.aborted) this.#leave();
  }

  /** Aborted with the reason why there will be no answer: a PublicError, or that the client left. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Pictures in base64 that were admitted to the answer. */
  get pictures(): number {
    return this.#pictures;
  }

  /** Of an answer with the pictures that it holds. */
  get answerBytes(): number {
    return this.#limits.answerBytes + this.#base64Bytes;
  }

  /**
   * Counts the base64 of the answer before it is fetched. One picture may exceed the limit, so
   * that an event alone can always be had.
   *
   * @throws {PublicError} ANSWER_TOO_LARGE.
   */
  readonly admitBase64 = (byteLength: number): void => {
    const { base64Bytes } = this.#limits;
    if (this.#base64Bytes >= base64Bytes) {
      throw limitError(
        'ANSWER_TOO_LARGE',
        `The answer would have more than ${base64Bytes} bytes of pictures as base64. Ask for fewer events at once, or for url instead of base64.`,
      );
    }
    this.#base64Bytes += byteLength;
    this.#pictures += 1;
  };

  /**
   * Prepares the items of a list for completion: a long list is completed with pauses for others,
   * and no further once there will be no answer.
   *
   * @param isFlat Whether the items have leaf fields only. graphql-js (17.1) leaves rejections of
   *   items of an async iterable unhandled, which would end the process: items that may reject come
   *   as promises. Flat items can't, and an async iterable needs less memory for them.
   */
  readonly list: BoundedList = (items, isFlat) => {
    this.#itemsAtOnce += items.length;
    if (this.#itemsAtOnce <= ITEMS_AT_ONCE) return items;
    return isFlat ? this.#iterateInTurns(items) : this.#resolveInTurns(items);
  };

  /** Ends the work on the answer too. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timeout);
    this.#client?.removeEventListener('abort', this.#leave);
    this.#ending.abort(ENDED);
  }

  async *#iterateInTurns<Item>(items: readonly Item[]): AsyncGenerator<Item> {
    for (const item of items) {
      await this.#turn();
      yield item;
    }
  }

  #resolveInTurns<Item>(items: readonly Item[]): Promise<Item>[] {
    const waiting = items.map((item) => ({ item, ...Promise.withResolvers<Item>() }));
    void this.#release(waiting);
    return waiting.map(({ promise }) => promise);
  }

  /** One rejection ends the list: the items behind it stay as they are, and are forgotten. */
  async #release<Item>(waiting: readonly Waiting<Item>[]): Promise<void> {
    for (const { item, resolve, reject } of waiting) {
      try {
        await this.#turn();
      } catch (error) {
        reject(error);
        return;
      }
      resolve(item);
    }
  }

  /** Waits until the next item may be completed. @throws why there will be no answer. */
  async #turn(): Promise<void> {
    while (this.#turns.isSpent) {
      await this.#turns.next();
      this.#itemsAtOnce = 0;
    }
    this.signal.throwIfAborted();
  }

  readonly #leave = (): void => this.#ending.abort(this.#client?.reason);
}

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: (item: Item) => void;
  readonly reject: (error: unknown) => void;
}

const tooSlow = (ms: number): PublicError =>
  limitError(
    'ANSWER_TIMEOUT',
    `The answer took longer than ${ms} ms (limits.answerTime). Ask for less at once, or again when the gateway has less to do.`,
  );
