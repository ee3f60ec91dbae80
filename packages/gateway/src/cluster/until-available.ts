import { setTimeout as pause } from 'node:timers/promises';
import { ClusterError } from './cluster-error.ts';
import { jetStreamFailure } from './nats-failures.ts';

/** Between two attempts, in ms. */
const RETRY_MS = 500;

export interface WaitingOptions {
  /** The name of the stream, for messages. */
  readonly stream: string;
  /** Told of each attempt that failed for now; must not throw. */
  readonly waiting: (error: ClusterError) => void;
  /** Ends the waiting between two attempts. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does something with NATS, again and again until NATS is there.
 *
 * @throws {ClusterError} when waiting does not help; the signal's reason when it aborts.
 */
export async function untilAvailable<Result>(
  attempt: () => Promise<Result>,
  { stream, waiting, signal }: WaitingOptions,
): Promise<Result> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      const failure = jetStreamFailure(error, stream);
      if (!(failure instanceof ClusterError && failure.mayPass)) throw failure;
      waiting(failure);
    }
    await pause(RETRY_MS, undefined, { ...(signal && { signal }) }).catch(() => undefined);
  }
}
