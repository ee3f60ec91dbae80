import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '@se5/core';
import type { BoxId } from '../config/ids.ts';
import type { BoxEntry } from '../fleet/directory.ts';
import type { Ask } from '../journal/nats/log-message.ts';
import type { NatsJournal } from '../journal/nats/nats-journal.ts';
import { type Candidate, ownerOf } from './assignment.ts';
import type { HandOver } from './hand-over.ts';
import type { Members } from './members.ts';

/** So long the link of the one who takes a box over may take before the box changes hands, in ms. */
const LINK_MS = 3_000;

/** So long a gateway that lets a box go waits for the log, in ms. */
const DRAIN_MS = 3_000;

/** The longest time that the owner may take to let a box go: the link and the log; ms. */
const ASK_MS = 6_000;

/** After it was lost, a box is not taken again for so long, in ms. */
const LOST_MS = 1_000;

export interface OwnershipOptions {
  /** The boxes of the sites that this gateway can reach. */
  readonly boxes: readonly BoxEntry[];
  readonly journal: Pick<
    NatsJournal,
    'expect' | 'own' | 'handOver' | 'release' | 'drained' | 'onLost'
  >;
  readonly members: Members;
  readonly connect: (boxId: BoxId) => void;
  /**
   * Stops listening. Resolves with whether all that the box said up to an instant after the call was
   * appended to the journal, or a gap.
   */
  readonly disconnect: (boxId: BoxId) => Promise<boolean>;
  /** Resolves when the link to the box is up, or when the signal aborts. */
  readonly linked: (boxId: BoxId, signal: AbortSignal) => Promise<void>;
  readonly handOver: HandOver;
  readonly clock: Clock;
  /** Must not throw. */
  readonly observer: OwnershipObserver;
}

export interface OwnershipObserver {
  taken(boxId: BoxId): void;
  /** Another gateway has the box, by its name where that is known. */
  lost(boxId: BoxId, to: string | undefined): void;
  fault(boxId: BoxId, error: unknown): void;
}

interface Held {
  readonly ended: AbortController;
  readonly ready: PromiseWithResolvers<number | undefined>;
  isOwned: boolean;
  /** While this gateway lets it go. */
  leaving?: Promise<void>;
}

/**
 * The boxes that this gateway listens to: those of which it is the owner among the living.
 *
 * It opens the link to a box first and owns it then, so that nothing is missed while the box
 * changes hands: both gateways hear it meanwhile, and what both hear has one id. It lets a box go
 * when another one asks that hears it, or when the log says that another one owns it, and not before.
 */
export class Ownership implements AsyncDisposable {
  readonly #options: OwnershipOptions;
  readonly #held = new Map<BoxId, Held>();
  /** Boxes that were lost a moment ago, or are still being let go. */
  readonly #lost = new Set<BoxId>();
  readonly #releases = new Set<Promise<unknown>>();
  readonly #watch = new DisposableStack();
  #isClosed = false;

  constructor(options: OwnershipOptions) {
    this.#options = options;
    const { journal, members } = options;
    this.#watch.use(members.onChange(() => this.#reconcile()));
    this.#watch.use(options.handOver.onAsked(({ boxId, ask }) => void this.#letGo(boxId, ask)));
    this.#watch.use(journal.onLost(({ boxId, to }) => this.#lose(boxId, to)));
  }

  /** How many boxes this gateway owns, or is about to. */
  get size(): number {
    return this.#held.size;
  }

  owns(boxId: BoxId): boolean {
    return this.#held.get(boxId)?.isOwned ?? false;
  }

  holds(boxId: BoxId): boolean {
    return this.#held.has(boxId);
  }

  /** Whether some of these gateways can take a box that this one owns, or is about to. */
  canGoTo(others: readonly Candidate[]): boolean {
    return this.#options.boxes.some((box) => this.#held.has(box.id) && ownerOf(box, others));
  }

  /**
   * Resolves when this gateway owns the box, or has lost it.
   *
   * @returns the instant up to which another gateway has heard it: the owner before, as far as it
   *   handed the box over; infinity when another one has it.
   */
  async ready(boxId: BoxId): Promise<number | undefined> {
    return this.#held.get(boxId)?.ready.promise;
  }

  /** Lets all boxes go, once what they said is in the log as far as that can be reached. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#watch[Symbol.dispose]();
    await Promise.all(this.#held.keys().map((boxId) => this.#letGo(boxId)));
    await Promise.all(this.#releases);
  }

  /**
   * Never rejects. Stops listening to the box: once all that was heard is in the log, it is another
   * gateway's.
   *
   * @param ask Of a gateway that hears the box already.
   */
  async #letGo(boxId: BoxId, ask?: Ask): Promise<void> {
    const held = this.#held.get(boxId);
    if (!held) return;
    held.leaving ??= this.#leave(boxId, held, ask);
    await held.leaving;
  }

  async #leave(boxId: BoxId, held: Held, ask: Ask | undefined): Promise<void> {
    const { journal, handOver } = this.#options;
    const isWhole = await this.#disconnect(boxId);
    if (isWhole && ask && this.#held.get(boxId) === held) journal.handOver(boxId, ask);
    await Promise.race([journal.drained(boxId), pause(DRAIN_MS, undefined, { ref: false })]);
    if (this.#held.get(boxId) === held) this.#lose(boxId, undefined);
    handOver.done(boxId);
  }

  #reconcile(): void {
    const living = this.#options.members.living;
    if (!living || this.#isClosed) return;
    const [self] = living;
    for (const box of this.#options.boxes) {
      if (this.#held.has(box.id) || this.#lost.has(box.id)) continue;
      if (ownerOf(box, living)?.process === self?.process) void this.#take(box);
    }
  }

  /** Never rejects. */
  async #take(box: BoxEntry): Promise<void> {
    const { id: boxId } = box;
    const { journal, connect, linked, handOver, clock, observer } = this.#options;
    const held: Held = {
      ended: new AbortController(),
      ready: Promise.withResolvers(),
      isOwned: false,
    };
    this.#held.set(boxId, held);
    const { signal } = held.ended;
    try {
      await journal.expect(boxId);
      if (signal.aborted) return;
      connect(boxId);
      await linked(boxId, AbortSignal.any([signal, AbortSignal.timeout(LINK_MS)]));
      if (signal.aborted) return;
      if (this.#isOfAnother(box)) {
        this.#lose(boxId, undefined);
        return;
      }
      const askedAt = clock.elapsed();
      // What its owner heard before this gateway did goes into the log first.
      const ask = await handOver.ask(boxId, AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]));
      if (signal.aborted) return;
      const isHanded = await journal.own(boxId, ask);
      held.isOwned = true;
      held.ready.resolve(isHanded ? askedAt : undefined);
      observer.taken(boxId);
    } catch (error) {
      if (signal.aborted) return;
      observer.fault(boxId, error);
      this.#lose(boxId, undefined);
    }
  }

  /** The one who was taken for dead is back, or a better one has come. */
  #isOfAnother(box: BoxEntry): boolean {
    const living = this.#options.members.living;
    return living !== undefined && ownerOf(box, living)?.process !== living[0]?.process;
  }

  #lose(boxId: BoxId, to: string | undefined): void {
    const held = this.#held.get(boxId);
    if (!held) return;
    this.#options.observer.lost(boxId, to);
    this.#held.delete(boxId);
    held.ended.abort();
    held.ready.resolve(Number.POSITIVE_INFINITY);
    this.#options.journal.release(boxId);
    void this.#release(boxId, held);
  }

  async #release(boxId: BoxId, { leaving }: Held): Promise<void> {
    this.#lost.add(boxId);
    const release = Promise.all([this.#disconnect(boxId), leaving]);
    this.#releases.add(release);
    await Promise.all([release, pause(LOST_MS, undefined, { ref: false })]);
    this.#releases.delete(release);
    this.#lost.delete(boxId);
  }

  /** Never rejects. */
  async #disconnect(boxId: BoxId): Promise<boolean> {
    try {
      return await this.#options.disconnect(boxId);
    } catch (error) {
      this.#options.observer.fault(boxId, error);
      return false;
    }
  }
}
