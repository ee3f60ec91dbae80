import { once } from 'node:events';

const ID = '1';

const SUBSCRIBE = JSON.stringify({
  id: ID,
  type: 'subscribe',
  payload: { query: 'subscription { recognitionEvents { id } }' },
});

const COMPLETE = JSON.stringify({ id: ID, type: 'complete' });

/** Until the gateway has let it in and closed, in ms; longer than one that is being restarted takes. */
const PATIENCE_MS = 30_000;

/**
 * A client that changes its mind, and goes: it subscribes, completes and subscribes again under the
 * same id in one go, and closes at once. Settles when it is gone, or was not let in.
 *
 * @param url of the gateway.
 * @param token of a viewer, where the gateway has tokens.
 */
export async function beHasty(url: string, token?: string): Promise<void> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const init = JSON.stringify({ type: 'connection_init', payload: { token } });
  socket.addEventListener('open', () => socket.send(init));
  socket.addEventListener(
    'message',
    () => {
      for (const message of [SUBSCRIBE, COMPLETE, SUBSCRIBE]) socket.send(message);
      socket.close();
    },
    { once: true },
  );
  // Behind an error comes a close too.
  await once(socket, 'close', { signal }).catch(() => socket.close());
}
