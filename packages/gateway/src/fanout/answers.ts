import { canonicalJson } from '../canonical-json.ts';
import type { Delivery } from './delivery.ts';
import type { Payload } from './payload.ts';
import type { Shape } from './shape.ts';

/**
 * Makes answers, and keeps the newest for those who need the same one a little later. Bounded
 * in bytes, the oldest go first; an answer keeps the messages of its pictures in memory.
 */
export class Answers {
  readonly #maxBytes: number;
  #kept = new Map<string, Payload>();
  #bytes = 0;
  #executions = 0;

  /** @param maxBytes of what is kept, beside the newest answer. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** How many answers were made. */
  get executions(): number {
    return this.#executions;
  }

  /** Now, unless a resolver takes its time. */
  of(shape: Shape, delivery: Delivery): Payload | Promise<Payload> {
    const key = keyOf(shape, delivery);
    const known = this.#kept.get(key);
    if (known) return known;
    this.#executions += 1;
    const answer = shape.answer(delivery);
    if (!(answer instanceof Promise)) return this.#keep(key, answer);
    // What was begun before all was dropped is not kept after it.
    const kept = this.#kept;
    return answer.then((payload) => (kept === this.#kept ? this.#keep(key, payload) : payload));
  }

  clear(): void {
    this.#kept = new Map();
    this.#bytes = 0;
  }

  #keep(key: string, payload: Payload): Payload {
    if (this.#kept.has(key)) return payload;
    this.#kept.set(key, payload);
    this.#bytes += payload.byteLength;
    for (const [oldest, { byteLength }] of this.#kept) {
      if (this.#bytes <= this.#maxBytes || oldest === key) break;
      this.#kept.delete(oldest);
      this.#bytes -= byteLength;
    }
    return payload;
  }
}

/** Everything in which deliveries of one shape can differ. */
function keyOf(
  shape: Shape,
  { position, replayed, isPast, imagesOmitted, gapsBefore }: Delivery,
): string {
  const gaps = gapsBefore.length === 0 ? '' : canonicalJson(gapsBefore);
  return `${shape.id} ${position} ${replayed} ${isPast} ${imagesOmitted} ${gaps}`;
}
