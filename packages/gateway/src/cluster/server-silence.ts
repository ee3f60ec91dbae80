import { once } from 'node:events';
import { connect } from 'node:net';

/** How long a server may take to answer, in ms. */
const ANSWER_MS = 2_000;

const DEFAULT_PORT = 4222;

/**
 * Why a server does not answer within 2 s; undefined for one that takes a connection and speaks
 * NATS. The client of NATS would leave a connection open to a server that says nothing on it.
 */
export async function reasonOfSilence(server: string): Promise<string | undefined> {
  const { hostname, port } = new URL(server);
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? DEFAULT_PORT : Number(port),
  });
  try {
    const [greeting] = (await once(socket, 'data', {
      signal: AbortSignal.timeout(ANSWER_MS),
    })) as unknown[];
    // https://docs.nats.io/reference/reference-protocols/nats-protocol#info
    return String(greeting).startsWith('INFO ') ? undefined : 'it is no NATS server';
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    if (error.name === 'AbortError') return `no answer within ${ANSWER_MS} ms`;
    return 'code' in error ? String(error.code) : error.message;
  } finally {
    socket.on('error', () => {});
    socket.destroy();
  }
}
