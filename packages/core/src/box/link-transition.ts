import type { BoxError } from '../protocol/errors.ts';
import type { LinkState } from './link-state.ts';

/** What can happen to a link. `at`: ms since the Unix epoch by our clock. */
export type LinkInput =
  /** The link's life begins. */
  | { readonly type: 'start'; readonly at: number }
  /** A socket is open and was sent its configuration. */
  | { readonly type: 'configured'; readonly at: number }
  /** A socket is open, and nobody can say which devices to ask for. */
  | { readonly type: 'unlisted'; readonly error: BoxError }
  | { readonly type: 'event'; readonly at: number }
  /** No event for `silentAfterMs`. */
  | { readonly type: 'silence'; readonly at: number }
  /** The attempt or the connection failed, for the `attempts`th time in a row. */
  | {
      readonly type: 'failed';
      readonly at: number;
      readonly error: BoxError;
      readonly attempts: number;
      readonly retryAt: number;
    }
  /** The back-off is over. */
  | { readonly type: 'retry'; readonly at: number }
  | { readonly type: 'stop'; readonly at: number };

/**
 * The one place where a link's state changes. An input that means nothing in a state gives
 * back the same object. STOPPED is left by `start` alone, which a link is given once, before
 * anything else: a link that was stopped stays so.
 */
export function transition(state: LinkState, input: LinkInput): LinkState {
  switch (input.type) {
    case 'start':
      return state.name === 'STOPPED'
        ? {
            name: 'CONNECTING',
            since: input.at,
            attemptedAt: input.at,
            attempts: 1,
            lastError: undefined,
          }
        : state;
    case 'configured':
      return state.name === 'CONNECTING' ? { name: 'LIVE', since: input.at } : state;
    case 'unlisted':
      return state.name === 'CONNECTING' ? { ...state, lastError: input.error } : state;
    case 'event':
      return state.name === 'SILENT' ? { name: 'LIVE', since: input.at } : state;
    case 'silence':
      return state.name === 'LIVE' ? { name: 'SILENT', since: input.at } : state;
    case 'failed': {
      if (state.name === 'STOPPED' || state.name === 'BACKING_OFF') return state;
      const { at, error, attempts, retryAt } = input;
      const isLost = state.name !== 'CONNECTING';
      return {
        name: 'BACKING_OFF',
        since: isLost ? at : state.since,
        attemptedAt: isLost ? undefined : state.attemptedAt,
        attempts,
        retryAt,
        lastError: error,
      };
    }
    case 'retry':
      return state.name === 'BACKING_OFF'
        ? {
            name: 'CONNECTING',
            since: state.since,
            attemptedAt: input.at,
            attempts: state.attempts + 1,
            lastError: state.lastError,
          }
        : state;
    case 'stop':
      return state.name === 'STOPPED' ? state : { name: 'STOPPED', since: input.at };
  }
}
