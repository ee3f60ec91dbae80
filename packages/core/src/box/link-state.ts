import type { BoxError } from '../protocol/errors.ts';

/**
 * Where the event link to a box stands. Times are in ms since the Unix epoch by our clock.
 *
 * `since` is when this state was entered; of CONNECTING and BACKING_OFF, when the link was lost, or
 * first tried: what follows each other without success is one absence. `attemptedAt` is when the
 * newest attempt in it began, undefined before the first.
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
      readonly attemptedAt: number;
      readonly attempts: number;
      readonly lastError: BoxError | undefined;
    }
  | { readonly name: 'LIVE'; readonly since: number }
  | { readonly name: 'SILENT'; readonly since: number }
  | {
      readonly name: 'BACKING_OFF';
      readonly since: number;
      readonly attemptedAt: number | undefined;
      readonly attempts: number;
      readonly retryAt: number;
      readonly lastError: BoxError;
    }
  | { readonly name: 'STOPPED'; readonly since: number };
