import type { BoxId } from '../config/ids.ts';
import type { Directory } from '../fleet/directory.ts';

/**
 * The boxes whose state somebody has not been told yet: each one at first, then each that changes.
 *
 * Only ids wait here, each once, so a slow reader gets the latest state of a box instead of
 * every state it had, and what waits is bounded by the number of boxes.
 */
export class BoxStatusStream implements AsyncIterableIterator<BoxId> {
  readonly #untold = new Set<BoxId>();
  readonly #subscriptions = new DisposableStack();
  #wake = Promise.withResolvers<void>();

  /** `boxIds`: undefined for every box; ids that no box has match nothing. */
  constructor(directory: Directory, boxIds: readonly string[] | undefined) {
    const wanted = boxIds && new Set(boxIds);
    const changed = (id: BoxId): void => {
      if (wanted && !wanted.has(id)) return;
      this.#untold.add(id);
      this.#wakeReader();
    };
    this.#subscriptions.use(directory.onStatus(({ boxId }) => changed(boxId)));
    this.#subscriptions.use(directory.onDevices(changed));
    for (const { id } of directory.boxes) changed(id);
  }

  async next(): Promise<IteratorResult<BoxId, undefined>> {
    for (;;) {
      if (this.#subscriptions.disposed) return { done: true, value: undefined };
      const [id] = this.#untold;
      if (id !== undefined) {
        this.#untold.delete(id);
        return { done: false, value: id };
      }
      await this.#wake.promise;
    }
  }

  /** Ends a waiting `next` at once. */
  async return(): Promise<IteratorResult<BoxId, undefined>> {
    this.#subscriptions.dispose();
    this.#wakeReader();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #wakeReader(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}
