import { type BackoffBounds, backoffDelay } from './backoff.ts';
import type { ClientError } from './errors.ts';

/**
 * Where the connection for subscriptions stands; queries don't need one. Times in ms since the
 * Unix epoch.
 *
 * - `idle`: nothing is subscribed, so nothing is open.
 * - `connecting`: a token is asked for, if need be, and a socket is being opened.
 * - `live`: the gateway at `url` has acknowledged the connection. `url` is absolute, without
 *   `/graphql` and without a slash at the end.
 * - `waiting`: the attempt or the connection failed, for `reason`; the next attempt is at `retryAt`.
 *   That is at once for another address. With the code `UNAUTHENTICATED` of the reason, the next
 *   attempt asks for another token.
 * - `failed`: the gateway refused in a way that asking again can't mend. Every subscription has
 *   ended with this error; a new one tries again.
 * - `stopped`: disposed.
 *
 * `attempt` counts the attempts in a row from 1, and begins anew after a connection that was
 * stable. To go on at once at another address is part of the same attempt.
 */
export type ClientState =
  | { readonly name: 'idle' }
  | { readonly name: 'connecting'; readonly attempt: number }
  | {
      readonly name: 'live';
      readonly attempt: number;
      readonly since: number;
      readonly url: string;
    }
  | {
      readonly name: 'waiting';
      readonly attempt: number;
      readonly retryAt: number;
      readonly reason: ClientError;
    }
  | { readonly name: 'failed'; readonly error: ClientError }
  | { readonly name: 'stopped' };

/** What can happen to the connection. `at`: ms since the Unix epoch. */
export type StateInput =
  /** There is a subscription. */
  | { readonly type: 'wanted' }
  /** There is none any more. */
  | { readonly type: 'unwanted' }
  | { readonly type: 'acknowledged'; readonly at: number; readonly url: string }
  /** `random`: uniform in [0, 1). */
  | {
      readonly type: 'lost';
      readonly at: number;
      readonly error: ClientError;
      readonly random: number;
      readonly retry: Retry;
    }
  /** The back-off is over, or there is a hint that waiting on is pointless. */
  | { readonly type: 'retry' }
  | { readonly type: 'dispose' };

/** When to try again: `later` is after a back-off, `never` ends every subscription. */
export type Retry = 'at once' | 'later' | 'never';

export interface ReconnectPolicy {
  readonly backoffMs: BackoffBounds;
  /** A connection that was live for so long starts the back-off anew. */
  readonly stableAfterMs: number;
}

/**
 * The one place where the state changes. An input that means nothing in a state gives back the
 * same object; nothing leads out of `stopped`.
 */
export function transition(
  state: ClientState,
  input: StateInput,
  policy: ReconnectPolicy,
): ClientState {
  if (state.name === 'stopped') return state;
  switch (input.type) {
    case 'wanted':
      return state.name === 'idle' || state.name === 'failed'
        ? { name: 'connecting', attempt: 1 }
        : state;
    case 'unwanted':
      return state.name === 'idle' || state.name === 'failed' ? state : { name: 'idle' };
    case 'acknowledged':
      return state.name === 'connecting'
        ? { name: 'live', attempt: state.attempt, since: input.at, url: input.url }
        : state;
    case 'lost': {
      if (state.name !== 'connecting' && state.name !== 'live') return state;
      const { at, error, random, retry } = input;
      if (retry === 'never') return { name: 'failed', error };
      const atOnce = retry === 'at once';
      const attempt = isStable(state, at, policy) ? 1 : state.attempt + (atOnce ? 0 : 1);
      const delay = atOnce ? 0 : backoffDelay(attempt, policy.backoffMs, random);
      return { name: 'waiting', attempt, retryAt: at + delay, reason: error };
    }
    case 'retry':
      return state.name === 'waiting' ? { name: 'connecting', attempt: state.attempt } : state;
    case 'dispose':
      return { name: 'stopped' };
  }
}

/** Whether the connection has been live for long enough to forget what went wrong before it. */
export const isStable = (
  state: ClientState,
  at: number,
  { stableAfterMs }: ReconnectPolicy,
): boolean => state.name === 'live' && at - state.since >= stableAfterMs;
