import { type BackoffBounds, backoffDelay } from './backoff.ts';
import { ClientError } from './errors.ts';
import { platform } from './platform.ts';
import type { TokenSource } from './token-source.ts';

/** How long before the expiry a renewal begins at the latest. */
const MARGIN_MS = 10_000;

/**
 * The shortest time between two renewals: also where the function gives the same token again, and where
 * this clock is ahead of the gateway's. The gateway's grace after an expiry, 25 s, is longer.
 */
const MIN_DELAY_MS = 10_000;

/** The longest that platforms' timers take: about 25 days. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** By which part of it a delay may be shorter, so that clients with equal tokens don't ask together. */
const JITTER = 0.1;

/**
 * How long to wait before a token is renewed, in ms: 80 % of the life that it has left, jitter off,
 * and at least 10 s before its end where that leaves 10 s of delay.
 *
 * @param random uniform in [0, 1).
 */
export function renewalDelay(leftMs: number, random: number): number {
  const latest = Math.min(0.8 * leftMs, leftMs - MARGIN_MS);
  const delay = latest * (1 - JITTER * random);
  return Math.min(MAX_DELAY_MS, Math.max(MIN_DELAY_MS, delay));
}

export interface RenewalOptions {
  readonly tokens: TokenSource;
  /** Between calls of a token function that fails. */
  readonly backoffMs: BackoffBounds;
  /** Gives the gateway the new token, on the connection that there is. */
  readonly send: (token: string) => void;
  /** Told of each token that could not be had. */
  readonly failed: (error: ClientError) => void;
}

/** Renews the token of a connection before it expires. */
export class Renewal {
  readonly #options: RenewalOptions;
  #timer: unknown;
  /** Counts what a call of the token function may have been overtaken by. */
  #turn = 0;

  constructor(options: RenewalOptions) {
    this.#options = options;
  }

  /** @param expiresAt of the token that the gateway has now, in ms since the Unix epoch. */
  schedule(expiresAt: number): void {
    this.stop();
    if (!this.#options.tokens.isRenewable) return;
    this.#renewIn(renewalDelay(expiresAt - Date.now(), Math.random()), expiresAt, 1);
  }

  stop(): void {
    this.#turn += 1;
    platform.clearTimeout(this.#timer);
  }

  #renewIn(delayMs: number, expiresAt: number, attempt: number): void {
    this.#timer = platform.setTimeout(() => void this.#renew(expiresAt, attempt), delayMs);
  }

  async #renew(expiresAt: number, attempt: number): Promise<void> {
    const { tokens, backoffMs, send, failed } = this.#options;
    const turn = this.#turn;
    try {
      const token = await tokens.fresh();
      if (turn === this.#turn && token !== undefined) send(token);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      if (turn !== this.#turn) return;
      failed(error);
      const delay = backoffDelay(attempt, backoffMs, Math.random());
      // Afterwards the gateway ends the connection, and the next one asks for a token.
      if (Date.now() + delay < expiresAt) this.#renewIn(delay, expiresAt, attempt + 1);
    }
  }
}
