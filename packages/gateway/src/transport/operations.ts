import type { Outbox } from '../fanout/outbox.ts';
import { Operation } from '../graphql/operation.ts';

/** Everything that one socket has begun and that has not ended. */
export class Operations {
  readonly #outbox: Outbox;
  readonly #active = new Map<string, Operation>();
  /** Completed by the client before they were answered: they take their place until they are. */
  readonly #abandoned = new Set<Operation>();

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  get size(): number {
    return this.#active.size + this.#abandoned.size;
  }

  /** Whether an operation with this id has not ended, as far as the client can know. */
  has(id: string): boolean {
    return this.#active.has(id);
  }

  /** Begins an operation; its id must be free. */
  begin(id: string): Operation {
    const operation = new Operation(this.#outbox, id);
    this.#active.set(id, operation);
    return operation;
  }

  /** The client has completed the operation; one that it has not begun is passed over. */
  complete(id: string): void {
    const operation = this.#active.get(id);
    if (!operation) return;
    this.#active.delete(id);
    if (operation.isPending) this.#abandoned.add(operation);
    operation.end();
  }

  /** The network has the last message of the operation, or there is nobody to send it to. */
  ended(operation: Operation): void {
    this.#abandoned.delete(operation);
    // Another may have its id by now.
    if (this.#active.get(operation.id) === operation) this.#active.delete(operation.id);
  }

  /** The socket is gone, or going: all end. */
  endAll(): void {
    for (const operation of this.#active.values()) operation.end();
    this.#active.clear();
  }
}
