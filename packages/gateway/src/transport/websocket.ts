import type { Duplex } from 'node:stream';
import { CloseCode, handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Admit } from '../access/admission.ts';
import { requestCredential } from '../access/credential.ts';
import { Framer } from '../fanout/framing.ts';
import type { Outbox } from '../fanout/outbox.ts';
import { SharedTimeout } from '../shared-timeout.ts';
import { ClientSocket, type Peer } from './client-socket.ts';
import { closeReason } from './close-reason.ts';
import type { GraphQLServer } from './graphql.ts';
import { badRequest } from './http-fault.ts';
import { MessageTurns } from './message-turns.ts';
import { closeWithFault } from './raw-answer.ts';
import { ReasonedWebSocket } from './reasoned-websocket.ts';
import { limitByAddress, type UpgradeListener } from './upgrade.ts';
import { UpgradeQueue } from './upgrade-queue.ts';
import { WEBSOCKET_FRAMING } from './websocket-framing.ts';
import { createProtocol } from './websocket-protocol.ts';

/** Between pings, in ms. */
const KEEP_ALIVE_MS = 10_000;

/** For `connection_init` to come, in ms. */
const INIT_TIMEOUT_MS = 3_000;

/** For a message of a client to be finished, in ms: as long as for a request by HTTP. */
const MESSAGE_TIMEOUT_MS = 30_000;

/** For clients to answer that they close, in ms. */
const CLOSING_GRACE_MS = 1_000;

/** What Node reads of a socket at once: a read that brings as much says that more waits. */
const FULL_READ_BYTES = 65_536;

/** To a client: come back in a while (RFC 6455's registry: Service Restart). */
const SERVICE_RESTART = 1012;

/**
 * Of what a client may send until its `connection_init` is accepted, in bytes: everybody may open
 * sockets, and a message that is not complete stays in memory.
 */
const MAX_EARLY_BYTES = 128 * 1024;

/** Of RFC 6455, as `ws` says it. */
const MESSAGE_TOO_BIG = 1009;

const TOO_MUCH_TOO_EARLY = closeReason(
  'REQUEST_ENTITY_TOO_LARGE',
  `more than ${MAX_EARLY_BYTES} bytes came before connection_ack`,
);

/** Of the handshake, that `ws` speaks. */
const VERSIONS: readonly number[] = [13, 8];

const UPGRADE_HEADERS = {
  Upgrade: 'websocket',
  Connection: 'Upgrade, close',
  'Sec-WebSocket-Version': VERSIONS.join(', '),
};

export interface WebSocketOptions {
  readonly admit: Admit;
  /** Between pings, in ms. Default 10,000. */
  readonly keepAliveMs?: number;
  /** For `connection_init` to come, in ms; then the socket is closed with 4408. Default 3,000. */
  readonly initTimeoutMs?: number;
  /** For a message to be finished, in ms; then the socket is closed with 4408. Default 30,000. */
  readonly messageTimeoutMs?: number;
}

export interface WebSocketTransport extends AsyncDisposable {
  /** For a request whose Host, Origin and path are all right. */
  readonly upgrade: UpgradeListener;
  /** Sockets that are open. */
  readonly sockets: ReadonlySet<ClientSocket>;
}

/**
 * GraphQL over WebSocket, by the protocol graphql-transport-ws. Beyond
 * its letter, the payloads of `connection_ack` and of the server's pings hold `{ cursor }`, the
 * point up to which this socket has everything, and a client renews its credential by a ping with
 * `{ token }` as its payload. The messages of a socket are dealt with in their
 * order, though maybe in a later turn of the event loop (`MessageTurns`): a cursor that comes after
 * the pong to a ping covers the subscriptions that were begun before that ping.
 *
 * Messages don't go out through `ws` but through an outbox of the socket's own, onto the same
 * stream: events are encoded and framed once for many sockets, and several leave in one write.
 * Disposing closes all sockets with 1012, so that clients come back.
 */
export function createWebSocketTransport(
  graphql: GraphQLServer,
  {
    admit,
    keepAliveMs = KEEP_ALIVE_MS,
    initTimeoutMs = INIT_TIMEOUT_MS,
    messageTimeoutMs = MESSAGE_TIMEOUT_MS,
  }: WebSocketOptions,
): WebSocketTransport {
  const { limits, slowClients, addresses } = graphql;
  const receive = createProtocol(graphql, admit);
  const messages = new MessageTurns<ClientSocket>((client, message) =>
    receive(client, client.received(message)),
  );
  const sockets = new Set<ClientSocket>();
  const pings = new SharedTimeout<ClientSocket>(keepAliveMs, (client) => {
    client.ping();
    pings.start(client);
  });
  const stalls = new SharedTimeout<Outbox>(slowClients.stalledAfterMs, (outbox) =>
    outbox.stalled(),
  );
  const initialisations = new SharedTimeout<ClientSocket>(initTimeoutMs, (client) =>
    client.close(
      CloseCode.ConnectionInitialisationTimeout,
      closeReason('REQUEST_TIMEOUT', 'connection_init did not come in time'),
    ),
  );
  const unfinished = new SharedTimeout<ClientSocket>(messageTimeoutMs, (client) =>
    client.unfinished(),
  );
  const closings = new SharedTimeout<ClientSocket>(CLOSING_GRACE_MS, ({ socket }) =>
    socket.terminate(),
  );
  const shared = {
    outbox: { framer: new Framer(WEBSOCKET_FRAMING), budget: slowClients, stalls },
    unread: graphql.unread,
    initialisations,
    unfinished,
    closings,
  };

  const server = new WebSocketServer({
    noServer: true,
    maxPayload: limits.messageBytes,
    perMessageDeflate: false,
    clientTracking: false,
    WebSocket: ReasonedWebSocket,
    handleProtocols,
  });

  // A request that is not the handshake of a WebSocket; with another version, the client may ask
  // again (RFC 6455, section 4.4).
  server.on('wsClientError', ({ message }, socket, { headers }) => {
    const fault = badRequest(`${message}.`);
    const version = Number(headers['sec-websocket-version']);
    if (VERSIONS.includes(version)) closeWithFault(socket, fault);
    else closeWithFault(socket, { ...fault, status: 426, headers: UPGRADE_HEADERS });
  });

  function accept(socket: WebSocket, stream: Duplex, peer: Peer): void {
    const client = new ClientSocket(socket, stream, shared, peer);
    sockets.add(client);
    pings.start(client);
    socket.on('message', (message) => messages.take(client, message));
    let earlyBytes = 0;
    stream.on('data', (bytes: Buffer) => {
      client.heard(bytes);
      const { length } = bytes;
      if (!client.connection) {
        earlyBytes += length;
        if (earlyBytes > MAX_EARLY_BYTES && client.isOpen) {
          client.close(MESSAGE_TOO_BIG, TOO_MUCH_TOO_EARLY);
          // Until it is closed, nothing more of it goes into memory.
          client.hold();
        }
      }
      if (length < FULL_READ_BYTES) return;
      // Else Node reads on, up to 32 times, before it turns to anybody else.
      const hold = client.hold();
      setImmediate(() => hold[Symbol.dispose]());
    });
    socket.on('pong', () => client.pong());
    // `ws` has said why it closes the socket. To cut it off at once could lose that.
    socket.on('error', () => client.close());
    socket.on('close', () => {
      sockets.delete(client);
      pings.cancel(client);
      messages.forget(client);
      client.closed();
    });
    if (!socket.protocol) {
      client.close(
        CloseCode.SubprotocolNotAcceptable,
        closeReason('BAD_REQUEST', 'The subprotocol is graphql-transport-ws'),
      );
    }
  }

  const queue = new UpgradeQueue((request, stream, head) => {
    const credential = requestCredential(request.headers);
    const peer = { credential, address: addresses.clients.of(request) };
    server.handleUpgrade(request, stream, head, (socket) => accept(socket, stream, peer));
  });

  return {
    sockets,
    upgrade: limitByAddress(addresses, queue.upgrade),
    async [Symbol.asyncDispose]() {
      queue[Symbol.dispose]();
      server.close();
      await Promise.all(
        [...sockets].map((client) => {
          const closed = new Promise((resolve) => client.socket.once('close', resolve));
          client.close(
            SERVICE_RESTART,
            closeReason('SHUTTING_DOWN', 'The gateway is shutting down; reconnect.'),
          );
          return closed;
        }),
      );
      messages[Symbol.dispose]();
      pings[Symbol.dispose]();
      initialisations[Symbol.dispose]();
      unfinished[Symbol.dispose]();
      closings[Symbol.dispose]();
      stalls[Symbol.dispose]();
    },
  };
}
