import { setTimeout as sleep } from 'node:timers/promises';
import { BoxError } from '@se5/core';
import type { BackfillStatus } from './directory.ts';
import { FillIn, type FillInContext } from './fill-in.ts';
import { type Measured, type Outage, planReading } from './outage.ts';
import type { KnownEvents } from './sink.ts';

export interface BackfillHandlers {
  /** What the journal knows of the box from before a time by our clock; it is asked at once. */
  known(before: number): Promise<KnownEvents>;
  /** Makes the context of one fill-in. */
  context(handlers: Pick<FillInContext, 'progress' | 'forgotten'>): FillInContext;
  /** How it goes, at each step. */
  status(status: BackfillStatus): void;
  /** A span that could not be had, by our clock. */
  lost(from: number, to: number): void;
  /** Something of ours threw. */
  fault(error: unknown): void;
}

/**
 * Fills in what one box said while nobody listened, one outage at a time: as long as the link is
 * up, from where it was interrupted. What can't be had after some attempts is lost, and said.
 */
export class Backfill implements AsyncDisposable {
  readonly #handlers: BackfillHandlers;
  readonly #retryMs: readonly number[];
  /** Outages that nobody has looked at yet, in the order in which they ended. */
  #due: Outage[] = [];
  #current: FillIn | undefined;
  #up = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(retryMs: readonly number[], handlers: BackfillHandlers) {
    this.#retryMs = retryMs;
    this.#handlers = handlers;
  }

  /**
   * Up to when what the box said is in the journal or a gap, where it was heard until `heardAt`;
   * undefined while nobody has looked how far that is. ms by our clock.
   */
  settledTo(heardAt: number | undefined): number | undefined {
    if (this.#current) return this.#current.settledTo;
    const [first] = this.#due;
    return first ? first.from : heardAt;
  }

  /** The link is up again. An outage before the last one was filled in extends that. */
  missed(outage: Outage, measured: Measured): void {
    if (this.#disposed) return;
    const up = new AbortController();
    this.#up = up;
    this.#due.push(outage);
    // Not later: what is heard from now on must not count as known from before.
    const known = this.#handlers.known(outage.from ?? outage.to);
    this.#running = this.#work(this.#running, outage, measured, known, up.signal);
  }

  /** The link is lost: asking would only fail. */
  pause(): void {
    this.#up.abort();
  }

  /** What has not been read by now stays owed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.pause();
    await this.#running;
  }

  async #work(
    previous: Promise<void>,
    outage: Outage,
    measured: Measured,
    known: Promise<KnownEvents>,
    up: AbortSignal,
  ): Promise<void> {
    try {
      const [events] = await Promise.all([known, previous]);
      if (this.#current) this.#current.extend(outage.to);
      else this.#current = this.#begin(outage, measured, events);
      this.#due.shift();
      if (this.#current && !up.aborted) await this.#fill(this.#current, up);
    } catch (error) {
      this.#handlers.fault(error);
      this.#due = this.#due.filter((each) => each !== outage);
      this.#current?.extend(outage.to);
      if (this.#current) this.#giveUp(this.#current, undefined);
      else if (outage.from !== undefined) this.#handlers.lost(outage.from, outage.to);
    }
  }

  #begin(outage: Outage, measured: Measured, known: KnownEvents): FillIn | undefined {
    const context = this.#handlers.context({
      progress: () => this.#tell('RUNNING'),
      forgotten: (from, to) => this.#handlers.lost(from, to),
    });
    const plan = planReading(outage, known, measured, context.options);
    return plan && new FillIn(plan, outage.to, context);
  }

  /** @throws what is no error of the box. */
  async #fill(fillIn: FillIn, up: AbortSignal): Promise<void> {
    this.#tell('RUNNING');
    let failures = 0;
    let readTo = fillIn.readTo;
    for (;;) {
      try {
        await fillIn.run(up);
        this.#tell(fillIn.isWhole ? 'COMPLETE' : 'INCOMPLETE');
        this.#current = undefined;
        return;
      } catch (error) {
        if (up.aborted) return;
        if (!(error instanceof BoxError)) throw error;
        if (fillIn.readTo > readTo) failures = 0;
        readTo = fillIn.readTo;
        const delayMs = error.code === 'NOT_SUPPORTED' ? undefined : this.#retryMs[failures];
        if (delayMs === undefined) {
          this.#giveUp(fillIn, error);
          return;
        }
        failures += 1;
        // Rejects when the link is lost; then `run` does so too.
        await sleep(delayMs, undefined, { signal: up }).catch(() => undefined);
      }
    }
  }

  #giveUp(fillIn: FillIn, error: BoxError | undefined): void {
    this.#handlers.lost(fillIn.lostFrom, fillIn.lostTo);
    this.#tell('INCOMPLETE', error);
    this.#current = undefined;
  }

  #tell(state: BackfillStatus['state'], error?: BoxError): void {
    if (!this.#current) return;
    const { from, to, recovered, missingPictures } = this.#current;
    this.#handlers.status({ state, from, to, recovered, missingPictures, error });
  }
}
