import type { CredentialFault } from './authentication.ts';
import type { Viewer } from './viewer.ts';

/** Why a connection may not go on as it is: a fault of its credential, or other rights than before. */
export type AccessEnd = CredentialFault | 'changed';

/** A connection that lasts: it is told when its viewer may not go on. */
export interface HeldViewer extends Disposable {
  /** A newer credential of the same viewer, with the same rights, counts from here on. */
  readonly renew: (viewer: Viewer) => void;
}

/** How long a client has to renew a credential that has expired, in ms. */
const EXPIRY_GRACE_MS = 25_000;

/** How often expiries are looked at, in ms. */
const LOOK_MS = 1_000;

export interface LiveViewersOptions {
  /** In ms since the Unix epoch. */
  readonly now: () => number;
  /** How often expiries are looked at, in ms. Default 1,000. */
  readonly lookMs?: number | undefined;
}

interface Held {
  viewer: Viewer;
  readonly end: (why: AccessEnd) => void;
}

/**
 * The viewers of all WebSockets and event streams. One timer serves all of them, and runs only
 * while some credential expires: no time-out is longer than a timer can be.
 */
export class LiveViewers implements Disposable {
  readonly #held = new Set<Held>();
  readonly #expiring = new Set<Held>();
  readonly #now: () => number;
  readonly #lookMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor({ now, lookMs = LOOK_MS }: LiveViewersOptions) {
    this.#now = now;
    this.#lookMs = lookMs;
  }

  /** @param end called once at most, and not after the disposal. */
  hold(viewer: Viewer, end: (why: AccessEnd) => void): HeldViewer {
    const held: Held = { viewer, end };
    this.#held.add(held);
    this.#watch(held);
    return {
      renew: (newer) => {
        if (!this.#held.has(held)) return;
        held.viewer = newer;
        this.#watch(held);
      },
      [Symbol.dispose]: () => this.#letGo(held),
    };
  }

  /**
   * Ends those who may not go on.
   *
   * @returns how many that were.
   */
  review(judge: (viewer: Viewer) => AccessEnd | undefined): number {
    let ended = 0;
    for (const held of this.#held) {
      const why = judge(held.viewer);
      if (why === undefined) continue;
      ended += 1;
      this.#end(held, why);
    }
    return ended;
  }

  [Symbol.dispose](): void {
    this.#held.clear();
    this.#expiring.clear();
    this.#stop();
  }

  #watch(held: Held): void {
    if (held.viewer.expiresAt === undefined) {
      this.#expiring.delete(held);
      return;
    }
    this.#expiring.add(held);
    this.#timer ??= setInterval(() => this.#look(), this.#lookMs).unref();
  }

  #look(): void {
    const limit = this.#now() - EXPIRY_GRACE_MS;
    for (const held of this.#expiring) {
      if ((held.viewer.expiresAt ?? Infinity) <= limit) this.#end(held, 'expired');
    }
    if (this.#expiring.size === 0) this.#stop();
  }

  #end(held: Held, why: AccessEnd): void {
    this.#letGo(held);
    held.end(why);
  }

  #letGo(held: Held): void {
    this.#held.delete(held);
    this.#expiring.delete(held);
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
