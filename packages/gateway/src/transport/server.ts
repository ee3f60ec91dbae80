import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GatewayConfig } from '../config/config.ts';
import { answerClientError, type ClientError } from './client-errors.ts';
import { type ConnectionLimits, limitConnections } from './connections.ts';
import { OpenResponses } from './open-responses.ts';
import { closeWithFault } from './raw-answer.ts';
import { ALL_METHODS, methodNotAllowed } from './route-methods.ts';
import { type UpgradeListener, wantsWebSocket } from './upgrade.ts';

/** For a request to be complete, headers and body, in ms. An answer may take for ever. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;

/** How often both are looked at, in ms: a request may take that much longer. */
const TIMEOUT_CHECK_MS = 5_000;

/** Requests of one connection that may wait for their answers before it is read on. */
const MAX_PIPELINED = 16;

/** For answers under way when the server goes away, in ms. */
const CLOSING_GRACE_MS = 1_500;

/**
 * Connections that may wait to be accepted, as far as the system allows (`net.core.somaxconn`).
 * All clients come back at once after a restart; whom the system turns away at the door learns it
 * by time-outs of seconds.
 */
const BACKLOG = 4_096;

export interface ServerOptions {
  readonly listen: GatewayConfig['listen'];
  readonly request: RequestListener;
  /**
   * How long a connection stays open without a request, in ms. A proxy in front has to be the first
   * to close one, or it sends a request into the closing: of common ones, 600 s is the longest.
   */
  readonly keepAliveMs: number;
  readonly connections: ConnectionLimits;
  /** An answer of which the client takes nothing for so long, in ms, is given up. */
  readonly stalledAfterMs: number;
  readonly upgrade: UpgradeListener;
  /** Told of a connection that could not be accepted: no file descriptors are left, say. */
  readonly fault: (error: unknown) => void;
}

export interface RunningServer extends AsyncDisposable {
  /** The one that is listened on; the system's choice when 0 was asked for. */
  readonly port: number;
}

/**
 * Resolves once connections are accepted. Disposing accepts no more, breaks off event streams
 * (to be ended properly would be final to their clients), and lets other answers finish for a
 * moment. Upgraded sockets belong to whoever took them.
 *
 * @throws what the system says when the address can't be had, with its `code`.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const open = new OpenResponses();
  const answer: RequestListener = (request, response) => {
    const { socket } = request;
    // Node does not read what comes in one piece behind a request whose upgrade was ignored.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
    // RFC 9112, section 6.1: where such a request ends is not certain.
    if (request.httpVersion === '1.0' && request.headers['transfer-encoding'] !== undefined) {
      response.shouldKeepAlive = false;
    }
    open.add(response);
    limitPipelined(open, request, response);
    // As long as nothing waits to be sent, the time is ours: the answer is not there yet.
    response.setTimeout(options.stalledAfterMs, () => {
      if (socket.writableLength > 0) socket.destroy();
    });
    // The rest of a body that nobody wants would hold up the next request on the connection.
    response.once('finish', () => {
      if (!request.complete) socket.destroySoon();
    });
    options.request(request, response);
  };
  const server = createServer(
    {
      // The router refuses a request without Host, with a code.
      requireHostHeader: false,
      // Behind an answer that is due, a WebSocket would begin before that answer.
      shouldUpgradeCallback: (request) =>
        wantsWebSocket(request) && open.on(request.socket).size === 0,
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      keepAliveTimeout: options.keepAliveMs,
    },
    answer,
  );
  // An expectation that Node does not know; the router refuses it.
  server.on('checkExpectation', answer);
  // An answer that is due or under way must not be mixed with another one.
  server.on('connect', (_request, socket) => {
    if (open.on(socket).size > 0) socket.destroy();
    else closeWithFault(socket, methodNotAllowed(ALL_METHODS));
  });
  server.on('clientError', (error: ClientError, socket) => {
    if ([...open.on(socket)].some(isDue)) socket.destroy();
    else answerClientError(error, socket);
  });
  limitConnections(server, options.connections);
  server.on('upgrade', options.upgrade);
  server.listen({ ...options.listen, backlog: BACKLOG });
  await once(server, 'listening');
  server.on('error', options.fault);

  return {
    port: portOf(server.address()),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const response of open) {
        if (isEventStream(response)) response.destroy();
        else if (!response.headersSent) response.setHeader('Connection', 'close');
      }
      const impatience = setTimeout(() => server.closeAllConnections(), CLOSING_GRACE_MS);
      await closed;
      clearTimeout(impatience);
    },
  };
}

/** Whether the answer is under way, or its request complete: not when only the request has begun. */
const isDue = ({ writableFinished, headersSent, req }: ServerResponse): boolean =>
  !writableFinished && (headersSent || req.complete);

/**
 * Stops reading a connection while too many of its requests wait for their answers. The rest of
 * one read, 64 KiB, still arrives.
 */
function limitPipelined(
  open: OpenResponses,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { socket } = request;
  const pauseIfMany = () => {
    if (open.on(socket).size > MAX_PIPELINED) socket.pause();
  };
  pauseIfMany();
  // Node resumes the connection whenever somebody reads the body of a request.
  request.once('end', pauseIfMany);
  response.once('close', () => {
    if (open.on(socket).size === MAX_PIPELINED) socket.resume();
  });
}

const isEventStream = (response: ServerResponse): boolean =>
  String(response.getHeader('Content-Type') ?? '').startsWith('text/event-stream');

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('listening on no port');
  return address.port;
}
