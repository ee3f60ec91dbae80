import type { BoxConfig } from '../config/config.ts';

/**
 * Brings the scores of one box to a scale of 0 to 1.
 *
 * Boxes say 0.78 or 82.05, by firmware, and never which [vendor]. `auto` takes scores as 0 to 1
 * until one above 1 has come, and all from then on as 0 to 100: so the first low scores of a
 * box that says 0 to 100 (0.9 of 100) may be taken too high, and configuring the scale avoids it.
 */
export class SimilarityScale {
  #scale: BoxConfig['scoreScale'];

  constructor(scale: BoxConfig['scoreScale']) {
    this.#scale = scale;
  }

  /** 0 to 1; what lies beyond the scale is taken for its end. */
  similarity(score: number): number {
    if (this.#scale === 'auto' && score > 1) this.#scale = 100;
    const outOf = this.#scale === 100 ? 100 : 1;
    return Math.min(Math.max(score / outOf, 0), 1);
  }
}
