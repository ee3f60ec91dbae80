import { setTimeout as pause } from 'node:timers/promises';
import type { BoxId } from '../config/ids.ts';
import type { BoxEntry } from '../fleet/directory.ts';
import type { NatsJournal } from '../journal/nats/nats-journal.ts';
import { ownerOf } from './assignment.ts';
import type { HandOver } from './hand-over.ts';
import type { Members } from './members.ts';

/** So long the link of the one who takes a box over may take before the box changes hands, in ms. */
const LINK_MS = 3_000;

/** So long the end of the gateway waits for the log, in ms. */
const DRAIN_MS = 3_000;

/** After it was lost, a box is not taken again for so long, in ms. */
const LOST_MS = 1_000;

export interface OwnershipOptions {
  /** The boxes of the sites that this gateway can reach. */
  readonly boxes: readonly BoxEntry[];
  readonly journal: Pick<NatsJournal, 'expect' | 'own' | 'release' | 'drained' | 'onLost'>;
  readonly members: Members;
  readonly connect: (boxId: BoxId) => void;
  readonly disconnect: (boxId: BoxId) => Promise<void>;
  /** Resolves when the link to the box is up, or when the signal aborts. */
  readonly linked: (boxId: BoxId, signal: AbortSignal) => Promise<void>;
  readonly handOver: HandOver;
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
  readonly ready: PromiseWithResolvers<void>;
  isOwned: boolean;
}

/**
 * The boxes that this gateway listens to: those of which it is the owner among the living.
 *
 * It opens the link to a box first and owns it then, so that nothing is missed while the box
 * changes hands: both gateways hear it meanwhile, and what both hear has one id. It lets a box go
 * when the log says that another one owns it, and not before.
 */
export class Ownership implements AsyncDisposable {
  readonly #options: OwnershipOptions;
  readonly #held = new Map<BoxId, Held>();
  /** Boxes that were lost a moment ago. */
  readonly #lost = new Map<BoxId, NodeJS.Timeout>();
  readonly #releases = new Set<Promise<void>>();
  readonly #watch = new DisposableStack();
  #isClosed = false;

  constructor(options: OwnershipOptions) {
    this.#options = options;
    const { journal, members } = options;
    this.#watch.use(members.onChange(() => this.#reconcile()));
    this.#watch.use(options.handOver.onAsked((boxId) => void this.#letGo(boxId)));
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

  /** Resolves when this gateway owns the box; rejects when it is lost before. */
  async ready(boxId: BoxId): Promise<void> {
    await this.#held.get(boxId)?.ready.promise;
  }

  /** Lets all boxes go, once what they said is in the log as far as that can be reached. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#watch[Symbol.dispose]();
    await Promise.all(this.#held.keys().map((boxId) => this.#letGo(boxId)));
    await Promise.all(this.#releases);
    for (const timer of this.#lost.values()) clearTimeout(timer);
  }

  /** Never rejects. Stops listening to the box: once all that was heard is in the log, it is another gateway's. */
  async #letGo(boxId: BoxId): Promise<void> {
    const held = this.#held.get(boxId);
    if (!held) return;
    const { disconnect, journal, handOver, observer } = this.#options;
    await disconnect(boxId).catch((error: unknown) => observer.fault(boxId, error));
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
      if (ownerOf(box, living)?.process === self?.process) void this.#take(box.id);
    }
  }

  /** Never rejects. */
  async #take(boxId: BoxId): Promise<void> {
    const { journal, connect, linked, handOver, observer } = this.#options;
    const held: Held = {
      ended: new AbortController(),
      ready: Promise.withResolvers(),
      isOwned: false,
    };
    held.ready.promise.catch(() => {});
    this.#held.set(boxId, held);
    const { signal } = held.ended;
    try {
      await journal.expect(boxId);
      if (signal.aborted) return;
      connect(boxId);
      await linked(boxId, AbortSignal.any([signal, AbortSignal.timeout(LINK_MS)]));
      if (signal.aborted) return;
      // What its owner heard before this gateway did goes into the log first.
      await handOver.ask(boxId, AbortSignal.any([signal, AbortSignal.timeout(LINK_MS)]));
      if (signal.aborted) return;
      await journal.own(boxId);
      held.isOwned = true;
      held.ready.resolve();
      observer.taken(boxId);
    } catch (error) {
      if (signal.aborted) return;
      observer.fault(boxId, error);
      this.#lose(boxId, undefined);
    }
  }

  #lose(boxId: BoxId, to: string | undefined): void {
    if (!this.#held.has(boxId)) return;
    this.#options.observer.lost(boxId, to);
    this.#lost.set(
      boxId,
      setTimeout(() => this.#lost.delete(boxId), LOST_MS),
    );
    this.#release(boxId);
  }

  #release(boxId: BoxId): void {
    const held = this.#held.get(boxId);
    if (!held) return;
    this.#held.delete(boxId);
    held.ended.abort();
    held.ready.reject(held.ended.signal.reason);
    this.#options.journal.release(boxId);
    const release = this.#options
      .disconnect(boxId)
      .catch((error: unknown) => this.#options.observer.fault(boxId, error));
    this.#releases.add(release);
    void release.then(() => this.#releases.delete(release));
  }
}
