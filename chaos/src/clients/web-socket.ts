import { createClient } from '@se5/client';
import type { Transport } from './subscriber.ts';

/** Shorter than by default, so that a short run has time for some reconnects. In ms. */
const TIMES = {
  pingMs: 3_000,
  pongTimeoutMs: 3_000,
  connectTimeoutMs: 3_000,
  backoffMs: { min: 50, max: 2_000 },
} as const;

/** The typed client over WebSocket, which takes another gateway when one fails. */
export const webSocket: Transport = (
  { urls: [url = '', ...others], interest, after, token, isPatient = false },
  observer,
) => {
  const client = createClient({ url: [url, ...others], token, ...(!isPatient && TIMES) });
  client.recognitionEvents({ ...interest.wish, after }).subscribe({
    next: (event) => observer.next(event),
    error: (error) => observer.ended(`${error.code}: ${error.message}`),
    complete: () => observer.ended('completed'),
  });
  return {
    get state() {
      return client.state.name;
    },
    [Symbol.asyncDispose]: () => client.dispose(),
  };
};
