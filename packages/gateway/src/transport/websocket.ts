import type { IncomingMessage } from 'node:http';
import { handleProtocols, MessageType, makeServer, stringifyMessage } from 'graphql-ws';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { type Authenticate, bearerCredential, payloadCredential } from '../access/token.ts';
import type { Connection } from './connection-cursor.ts';
import type { GraphQLServer } from './graphql.ts';
import type { UpgradeListener } from './upgrade.ts';

/** Bound of a message from a client, in bytes. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/** Between pings, in ms. */
const KEEP_ALIVE_MS = 10_000;

/** A client that has answered none of so many pings is gone; a slow one may be late. */
const MAX_MISSED_PONGS = 3;

/** For clients to answer that they close, in ms. */
const CLOSING_GRACE_MS = 1_000;

/** To a client: come back in a while (RFC 6455's registry: Service Restart). */
const SERVICE_RESTART = 1012;

const INTERNAL_ERROR = 1011;

export interface WebSocketOptions {
  readonly authenticate: Authenticate;
  /** Between pings, in ms. Default 10,000. */
  readonly keepAliveMs?: number;
}

export interface WebSocketTransport extends AsyncDisposable {
  /** For a request whose Host, Origin and path are all right. */
  readonly upgrade: UpgradeListener;
}

/** What graphql-ws carries along for a socket. */
interface Extra {
  readonly request: IncomingMessage;
  /** Undefined until `connection_init` has been accepted. */
  connection: Connection | undefined;
}

/**
 * GraphQL over WebSocket, by the protocol graphql-transport-ws. Beyond its letter, the payloads
 * of `connection_ack` and of the server's pings hold `{ cursor }`, the point up to which this
 * socket has everything. A subscription counts from the turn of the event loop in which its
 * message came, so a cursor that comes after the pong to a later ping is one of it, too.
 *
 * A socket whose client reads slowly is written to slowly: the next event is pulled when the
 * last one has left. Disposing closes all sockets with 1012, so that clients come back.
 */
export function createWebSocketTransport(
  { pipeline, toPublicError, connect }: GraphQLServer,
  { authenticate, keepAliveMs = KEEP_ALIVE_MS }: WebSocketOptions,
): WebSocketTransport {
  const protocol = makeServer<Record<string, unknown>, Extra>({
    onConnect({ connectionParams, extra }) {
      const { authorization } = extra.request.headers;
      const viewer = authenticate(
        payloadCredential(connectionParams) ?? bearerCredential(authorization),
      );
      if (!viewer) return false;
      extra.connection = connect(viewer);
      return { cursor: extra.connection.cursor.current };
    },
    onSubscribe({ extra: { connection } }, _id, request) {
      if (!connection) throw new Error('subscribed to before connection_init was accepted');
      const operation = pipeline.prepare(request, connection);
      return 'errors' in operation ? operation.errors : operation;
    },
    execute: pipeline.execute,
    subscribe: pipeline.subscribe,
    onError: (_context, _id, _request, errors) =>
      errors.map((error) => toPublicError(error).toJSON()),
  });

  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols,
  });
  server.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const extra: Extra = { request, connection: undefined };
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => send(socket, data),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (handle) =>
          socket.on('message', (data) => {
            // What is the client's fault is answered by graphql-ws; what is left is ours.
            handle(textOf(data)).catch((error: unknown) =>
              socket.close(INTERNAL_ERROR, toPublicError(error).message),
            );
          }),
      },
      extra,
    );
    const stopPinging = ping(socket, extra, keepAliveMs);
    // Whatever is wrong with the socket, `close` follows.
    socket.on('error', () => socket.terminate());
    socket.once('close', (code, reason) => {
      stopPinging();
      void closed(code, String(reason));
    });
  });

  return {
    upgrade(request, socket, head) {
      server.handleUpgrade(request, socket, head, (accepted) =>
        server.emit('connection', accepted, request),
      );
    },
    async [Symbol.asyncDispose]() {
      server.close();
      const sockets = [...server.clients];
      const impatience = setTimeout(() => {
        for (const socket of sockets) socket.terminate();
      }, CLOSING_GRACE_MS);
      await Promise.all(
        sockets.map((socket) => {
          socket.close(SERVICE_RESTART, 'The gateway is going away; come back.');
          return new Promise((resolve) => socket.once('close', resolve));
        }),
      );
      clearTimeout(impatience);
    },
  };
}

function textOf(message: RawData): string {
  if (Buffer.isBuffer(message)) return message.toString('utf8');
  return Buffer.concat(Array.isArray(message) ? message : [Buffer.from(message)]).toString('utf8');
}

/**
 * Resolves when the message has left for the network. When it can't, never: then nothing more is
 * pulled for a socket that is closing, and its `close` ends what waits here.
 */
const send = (socket: WebSocket, data: string): Promise<void> =>
  new Promise((resolve) => {
    socket.send(data, (error) => {
      if (!error) resolve();
    });
  });

/**
 * Two kinds of ping: frames of WebSocket, which every client answers without knowing, find out
 * which sockets are dead; messages of graphql-transport-ws carry the cursor.
 */
function ping(socket: WebSocket, extra: Extra, intervalMs: number): () => void {
  let unanswered = 0;
  socket.on('pong', () => {
    unanswered = 0;
  });
  const timer = setInterval(() => {
    if (unanswered === MAX_MISSED_PONGS) return socket.terminate();
    unanswered += 1;
    socket.ping();
    const cursor = extra.connection?.cursor.current;
    if (cursor) socket.send(stringifyMessage({ type: MessageType.Ping, payload: { cursor } }));
  }, intervalMs);
  return () => clearInterval(timer);
}
