import { canonicalJson } from '../canonical-json.ts';
import type { Delivery } from './delivery.ts';
import type { Payload } from './payload.ts';
import type { Shape } from './shape.ts';

export interface AnswersOptions {
  /** Of what is kept, beside the newest answer. */
  readonly maxBytes: number;
  /** An older answer is made anew, in ms: the addresses of its pictures expire. Default: none is. */
  readonly maxAgeMs?: number | undefined;
  /** In ms, of any origin. Default: `Date.now`. */
  readonly now?: () => number;
}

interface KeptAnswer {
  readonly payload: Payload;
  readonly madeAt: number;
}

/**
 * Makes answers, and keeps the newest for those who need the same one a little later. Bounded
 * in bytes, the oldest go first; an answer keeps the messages of its pictures in memory.
 */
export class Answers {
  readonly #maxBytes: number;
  readonly #maxAgeMs: number;
  readonly #now: () => number;
  #kept = new Map<string, KeptAnswer>();
  #bytes = 0;
  #executions = 0;

  constructor({ maxBytes, maxAgeMs = Infinity, now = Date.now }: AnswersOptions) {
    this.#maxBytes = maxBytes;
    this.#maxAgeMs = maxAgeMs;
    this.#now = now;
  }

  /** How many answers were made. */
  get executions(): number {
    return this.#executions;
  }

  /** Now, unless a resolver takes its time. */
  of(shape: Shape, delivery: Delivery): Payload | Promise<Payload> {
    const key = keyOf(shape, delivery);
    const known = this.#kept.get(key);
    if (known) {
      if (this.#now() - known.madeAt < this.#maxAgeMs) return known.payload;
      this.#drop(key, known);
    }
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
    this.#kept.set(key, { payload, madeAt: this.#now() });
    this.#bytes += payload.byteLength;
    for (const [oldest, kept] of this.#kept) {
      if (this.#bytes <= this.#maxBytes || oldest === key) break;
      this.#drop(oldest, kept);
    }
    return payload;
  }

  #drop(key: string, { payload }: KeptAnswer): void {
    this.#kept.delete(key);
    this.#bytes -= payload.byteLength;
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
