import type { BoxError } from '../protocol/errors.ts';

/**
 * Where the event link to a box stands. `since` is when this state was entered, in ms since
 * the Unix epoch by our clock.
 *
 * - `CONNECTING`: a socket is being opened and configured, or waits for the first list of
 *   devices, and then `lastError` says why that can't be had; `attempts` counts from 1.
 * - `LIVE`: configured, and something has come within `silentAfter`.
 * - `SILENT`: configured, but nothing has come for `silentAfter`. Nights are quiet: this is
 *   information, not a fault.
 * - `BACKING_OFF`: the last attempt or connection failed; the next attempt is at `retryAt`.
 * - `STOPPED`: disposed, or not started yet.
 */
export type LinkState =
  | {
      readonly name: 'CONNECTING';
      readonly since: number;
      readonly attempts: number;
      readonly lastError: BoxError | undefined;
    }
  | { readonly name: 'LIVE'; readonly since: number }
  | { readonly name: 'SILENT'; readonly since: number }
  | {
      readonly name: 'BACKING_OFF';
      readonly since: number;
      readonly attempts: number;
      readonly retryAt: number;
      readonly lastError: BoxError;
    }
  | { readonly name: 'STOPPED'; readonly since: number };
