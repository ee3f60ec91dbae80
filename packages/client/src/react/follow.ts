import type { Client } from '../client.ts';
import type { ClientError } from '../errors.ts';
import type { Stream } from '../stream.ts';

/** What every hook returns that follows a stream. */
export interface LiveStatus {
  /** Whether the gateway is connected. The client reconnects by itself, and misses nothing. */
  readonly isLive: boolean;
  /** Why the stream has ended; undefined while it goes on, be it without a connection. */
  readonly error: ClientError | undefined;
  /** Follows again after an error. The same function at each rendering. */
  readonly retry: () => void;
}

export interface Follower<T> {
  next(value: T): void;
  /** Told at once, and whenever it may have changed. */
  status(status: Pick<LiveStatus, 'isLive' | 'error'>): void;
}

/** Follows a stream and the connection that carries it. @returns ends that. */
export function follow<T>(client: Client, stream: Stream<T>, follower: Follower<T>): () => void {
  let hasEnded = false;
  const ended = (error: ClientError | undefined): void => {
    hasEnded = true;
    follower.status({ isLive: false, error });
  };
  const tell = (): void => {
    if (!hasEnded) follower.status({ isLive: client.state.name === 'live', error: undefined });
  };
  const endState = client.onState(tell);
  const endStream = stream.subscribe({
    next: (value) => follower.next(value),
    error: ended,
    complete: () => ended(undefined),
  });
  tell();
  return () => {
    endState();
    endStream();
  };
}
