import type { Outbox } from '../fanout/outbox.ts';
import { type Answer, textOf } from '../graphql/answer-text.ts';
import { limitError } from '../graphql/errors.ts';
import type { Operation } from '../graphql/operation.ts';
import { Slots } from '../slots.ts';
import { tooManyUnread, type UnreadAnswers } from './unread-answers.ts';

/** Queries of one socket that are executed at once: as many as a browser asks at once by HTTP/1.1. */
const AT_ONCE = 6;

/**
 * Executes the queries of one socket, a few at a time. While the client is behind with reading
 * (its outbox is at level `hard`), no further query begins. Each answer has a share of the unread
 * answers until it is no longer in memory.
 */
export class SocketQueries {
  readonly #outbox: Outbox;
  readonly #share: (bytes: number) => ReturnType<UnreadAnswers['acquire']>;
  readonly #slots = new Slots(AT_ONCE);

  /** @param share takes a share of the unread answers for one answer. */
  constructor(outbox: Outbox, share: (bytes: number) => ReturnType<UnreadAnswers['acquire']>) {
    this.#outbox = outbox;
    this.#share = share;
  }

  /**
   * Executes a query when its turn comes, and sends the answer. Resolves when the network has the
   * answer, or at once when the operation has ended.
   *
   * @throws {PublicError} TOO_MANY_UNREAD_ANSWERS; what `execute` throws.
   */
  async answer(operation: Operation, execute: () => Promise<Answer>): Promise<void> {
    try {
      const { sent } = await this.#slots.run(async () => {
        while (this.#outbox.level === 'hard') await this.#cleared();
        // In an object, or the slot would be taken until the network has the answer.
        return { sent: this.#send(operation, await execute()) };
      }, operation.signal);
      await sent;
    } catch (error) {
      // The operation has ended before its turn came.
      if (error !== operation.signal.reason) throw error;
    }
  }

  #cleared(): Promise<void> {
    return new Promise((resolve) => {
      const listener = this.#outbox.onClear(() => {
        listener[Symbol.dispose]();
        resolve();
      });
    });
  }

  async #send(operation: Operation, answer: Answer): Promise<void> {
    operation.answered(answer);
    const text = textOf(answer);
    const share = this.#share(Buffer.byteLength(text));
    if (typeof share === 'string')
      throw limitError('TOO_MANY_UNREAD_ANSWERS', tooManyUnread(share));
    await operation.nextText(text, share);
  }
}
