import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Admit, TOO_MANY_ATTEMPTS_MESSAGE } from '../access/admission.ts';
import { bearerCredential, payloadCredential } from '../access/token.ts';
import { Framer } from '../fanout/framing.ts';
import type { Outbox } from '../fanout/outbox.ts';
import { SharedTimeout } from '../shared-timeout.ts';
import { TOO_MANY_FROM_ADDRESS } from './addresses.ts';
import { errorBody } from './answer.ts';
import { ClientSocket, OperationSink, type Peer } from './client-socket.ts';
import { limitError } from './errors.ts';
import type { GraphQLServer } from './graphql.ts';
import { refuseUpgrade, type UpgradeListener } from './upgrade.ts';
import { WEBSOCKET_FRAMING } from './websocket-framing.ts';

/** Between pings, in ms. */
const KEEP_ALIVE_MS = 10_000;

/** For `connection_init` to come, in ms. */
const INIT_TIMEOUT_MS = 3_000;

/** For clients to answer that they close, in ms. */
const CLOSING_GRACE_MS = 1_000;

/** To a client: come back in a while (RFC 6455's registry: Service Restart). */
const SERVICE_RESTART = 1012;

export interface WebSocketOptions {
  readonly admit: Admit;
  /** Between pings, in ms. Default 10,000. */
  readonly keepAliveMs?: number;
  /** For `connection_init` to come, in ms; then the socket is closed with 4408. Default 3,000. */
  readonly initTimeoutMs?: number;
}

export interface WebSocketTransport extends AsyncDisposable {
  /** For a request whose Host, Origin and path are all right. */
  readonly upgrade: UpgradeListener;
  /** Sockets that are open. */
  readonly sockets: ReadonlySet<ClientSocket>;
}

/**
 * GraphQL over WebSocket, by the protocol graphql-transport-ws, which graphql-ws speaks. Beyond
 * its letter, the payloads of `connection_ack` and of the server's pings hold `{ cursor }`, the
 * point up to which this socket has everything. A subscription counts from the turn of the event
 * loop in which its message came, so a cursor that comes after the pong to a later ping is one of
 * it, too.
 *
 * Messages don't go out through `ws` but through an outbox of the socket's own, onto the same
 * stream: events are encoded and framed once for many sockets, and several leave in one write.
 * Disposing closes all sockets with 1012, so that clients come back.
 */
export function createWebSocketTransport(
  { pipeline, toPublicError, connect, limits, slowClients, addresses }: GraphQLServer,
  { admit, keepAliveMs = KEEP_ALIVE_MS, initTimeoutMs = INIT_TIMEOUT_MS }: WebSocketOptions,
): WebSocketTransport {
  const sockets = new Set<ClientSocket>();
  const pings = new SharedTimeout<ClientSocket>(keepAliveMs, (client) => {
    client.ping();
    pings.start(client);
  });
  const stalls = new SharedTimeout<Outbox>(slowClients.stalledAfterMs, (outbox) =>
    outbox.stalled(),
  );
  const closings = new SharedTimeout<ClientSocket>(CLOSING_GRACE_MS, ({ socket }) =>
    socket.terminate(),
  );
  const shared = {
    outbox: { framer: new Framer(WEBSOCKET_FRAMING), budget: slowClients, stalls },
    closings,
    toPublicError,
  };

  const protocol = makeServer<Record<string, unknown>, ClientSocket>({
    connectionInitWaitTimeout: initTimeoutMs,
    async onConnect({ connectionParams, extra: client }) {
      const { authorization, address } = client.peer ?? {};
      const admission = await admit(
        payloadCredential(connectionParams) ?? bearerCredential(authorization),
        address,
      );
      if (admission.kind === 'too many attempts') {
        client.close(CloseCode.Forbidden, TOO_MANY_ATTEMPTS_MESSAGE);
      }
      if (admission.kind !== 'admitted') return false;
      client.peer = undefined;
      client.connection = connect(admission.viewer);
      return { cursor: client.connection.cursor.current };
    },
    onSubscribe({ extra: { connection, outbox }, subscriptions }, id, request) {
      if (!connection) throw new Error('subscribed to before connection_init was accepted');
      if (Object.keys(subscriptions).length > limits.operationsPerSocket) {
        const allowed = `more than ${limits.operationsPerSocket} operations at once on one socket`;
        const message = `There may not be ${allowed}: complete some, or open another.`;
        return [limitError('TOO_MANY_OPERATIONS', message)];
      }
      const operation = pipeline.prepare(request, connection, new OperationSink(outbox, id));
      // graphql-ws holds the request for as long as the operation lasts, and never looks at it again.
      Object.assign(request, { query: '', variables: undefined });
      return 'errors' in operation ? operation.errors : operation;
    },
    execute: pipeline.execute,
    subscribe: pipeline.subscribe,
    onError: (_context, _id, _request, errors) =>
      errors.map((error) => toPublicError(error).toJSON()),
  });

  const server = new WebSocketServer({
    noServer: true,
    maxPayload: limits.messageBytes,
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols,
  });

  function accept(socket: WebSocket, stream: Duplex, peer: Peer): void {
    const client = new ClientSocket(socket, stream, shared, peer);
    const closed = protocol.opened(client, client);
    sockets.add(client);
    pings.start(client);
    socket.on('message', (message) => client.received(message));
    socket.on('pong', () => client.pong());
    // Whatever is wrong with the socket, `close` follows.
    socket.on('error', () => socket.terminate());
    socket.on('close', (code, reason) => {
      sockets.delete(client);
      pings.cancel(client);
      client.closed();
      void closed(code, String(reason));
    });
  }

  return {
    sockets,
    upgrade(request: IncomingMessage, stream, head) {
      const place = addresses.acquire(request);
      if (!place) {
        refuseUpgrade(stream, 429, errorBody('TOO_MANY_CONNECTIONS', TOO_MANY_FROM_ADDRESS));
        return;
      }
      stream.on('close', () => place[Symbol.dispose]());
      const { authorization } = request.headers;
      const peer = { authorization, address: addresses.clients.of(request) };
      server.handleUpgrade(request, stream, head, (socket) => accept(socket, stream, peer));
    },
    async [Symbol.asyncDispose]() {
      server.close();
      await Promise.all(
        [...sockets].map((client) => {
          const closed = new Promise((resolve) => client.socket.once('close', resolve));
          client.close(SERVICE_RESTART, 'The gateway is going away; come back.');
          return closed;
        }),
      );
      pings[Symbol.dispose]();
      closings[Symbol.dispose]();
      stalls[Symbol.dispose]();
    },
  };
}
