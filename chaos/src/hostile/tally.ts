import { z } from 'zod';

export const tallySchema = z.object({
  tries: z.number(),
  /** What became of them, and how often. One try may have several outcomes, or none. */
  outcomes: z.record(z.string(), z.number()),
});

export type Counts = z.infer<typeof tallySchema>;

/** Counts what was tried, and what the attacker got for it. */
export class Tally {
  #tries = 0;
  readonly #outcomes = new Map<string, number>();

  get counts(): Counts {
    return { tries: this.#tries, outcomes: Object.fromEntries(this.#outcomes) };
  }

  tried(count = 1): void {
    this.#tries += count;
  }

  got(outcome: string, count = 1): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + count);
  }

  add({ tries, outcomes }: Counts): void {
    this.tried(tries);
    for (const [outcome, count] of Object.entries(outcomes)) this.got(outcome, count);
  }
}
