import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Admit, TOO_MANY_ATTEMPTS_MESSAGE } from '../access/admission.ts';
import {
  isPreflight,
  sendPreflight,
  setCorsHeaders,
  setOpenCorsHeaders,
  setSecurityHeaders,
} from '../access/browser-headers.ts';
import { isOpenTo } from '../access/openness.ts';
import { judgeOrigin, judgeRead, type OriginPolicy } from '../access/origin.ts';
import { bearerCredential, UNAUTHENTICATED_MESSAGE } from '../access/token.ts';
import type { Viewer } from '../access/viewer.ts';
import type { Openness } from '../config/config.ts';
import type { Health } from '../telemetry/health.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { errorBody, sendJson, sendText } from './answer.ts';
import type { ClientAddresses } from './client-addresses.ts';
import type { ImageRoute } from './image-route.ts';
import type { SchemaRoute } from './schema-route.ts';
import type { UnreadAnswers } from './unread-answers.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface Routes {
  readonly policy: OriginPolicy;
  readonly admit: Admit;
  readonly clients: ClientAddresses;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly image: ImageRoute;
  readonly schema: SchemaRoute;
  readonly unread: UnreadAnswers;
  readonly graphql: (request: IncomingMessage, response: ServerResponse, viewer: Viewer) => unknown;
  /** The page to try queries on. It holds no data: a browser's user enters a token there. */
  readonly graphiql: { readonly openness: Openness; readonly send: Handler };
  /** All other paths. */
  readonly fallback: Handler | undefined;
  /** Told why a request was refused by its Host or Origin. */
  readonly refused: (message: string) => void;
  /** Told of what a route threw, or rejected with; the answer is a 500 without details. */
  readonly fault: (error: unknown) => void;
}

/** From a request to its answer, by way of who asks and from where. */
export function createRouter(routes: Routes): RequestListener {
  return (request, response) => {
    setSecurityHeaders(response);
    answer(routes, request, response).catch((error: unknown) => {
      routes.fault(error);
      if (response.headersSent) response.destroy();
      else
        sendText(response, 500, 'Something went wrong inside the gateway; its log tells more.\n');
    });
  };
}

async function answer(
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<unknown> {
  const path = pathOf(request);
  if (path === '/healthz') return sendText(response, 200, 'alive\n');
  if (path === '/readyz') return sendReadiness(routes.health, response);

  const isPage = path === '/graphql' && routes.graphiql.openness !== false && wantsPage(request);
  const isRead = path === '/graphql' && request.method === 'GET' && !isPage;
  const verdict = (isRead ? judgeRead : judgeOrigin)(routes.policy, request.headers);
  const readable = verdict.kind === 'listed' && isForOtherPages(path) ? verdict.origin : undefined;
  if (path === ORIGIN) setOpenCorsHeaders(response);
  else setCorsHeaders(response, readable);
  if (verdict.kind === 'refused') {
    routes.refused(verdict.message);
    return sendJson(response, verdict.status, errorBody('FORBIDDEN', verdict.message));
  }
  if (path === ORIGIN) return response.writeHead(204, { 'Cache-Control': 'no-store' }).end();
  if (readable !== undefined && isPreflight(request)) return sendPreflight(request, response);

  if (path === '/graphql') {
    const { openness, send } = routes.graphiql;
    if (isPage && openness === true) return send(request, response);
    const viewer = await admitted(routes, request, response);
    if (viewer === undefined) return;
    if (isPage && isOpenTo(openness, viewer)) return send(request, response);
    // It was let through as one that wants a page, so it gets no data.
    if (isPage) return sendUnauthenticated(response);
    return routes.graphql(request, response, viewer);
  }
  if (path === '/metrics') {
    const viewer = await admitted(routes, request, response);
    return viewer && sendMetrics(routes, request, response);
  }
  if (path === SCHEMA) {
    const viewer = await admitted(routes, request, response);
    return viewer && routes.schema(request, response, viewer);
  }
  if (path.startsWith(IMAGES)) return routes.image(request, response, path.slice(IMAGES.length));
  if (routes.fallback !== undefined) return routes.fallback(request, response);
  return sendText(response, 404, 'There is nothing here; GraphQL is at /graphql.\n');
}

const IMAGES = '/images/';

const SCHEMA = '/schema.graphql';

/**
 * Says whether the page that asks may ask. Browsers keep every other refusal from the page: its
 * author would see no difference from a gateway that is down. Nothing but the verdict is told.
 */
const ORIGIN = '/origin';

/** What pages of listed origins are given. The figures, and the pages of the fallback, are not. */
const isForOtherPages = (path: string): boolean =>
  path === '/graphql' || path === SCHEMA || path.startsWith(IMAGES);

export const pathOf = ({ url = '/' }: IncomingMessage): string => url.replace(/\?.*$/s, '');

/** A browser's address bar, as opposed to a client. */
const wantsPage = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && headers.accept?.includes('text/html') === true;

/** Who asks; undefined when that is nobody who may, who has been answered then. */
async function admitted(
  { admit, clients }: Routes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Viewer | undefined> {
  const admission = await admit(
    bearerCredential(request.headers.authorization),
    clients.of(request),
  );
  switch (admission.kind) {
    case 'admitted':
      return admission.viewer;
    case 'unauthenticated':
      sendUnauthenticated(response);
      return undefined;
    case 'too many attempts':
      sendJson(response, 429, errorBody('TOO_MANY_ATTEMPTS', TOO_MANY_ATTEMPTS_MESSAGE), {
        'Retry-After': admission.retryAfterS,
      });
      return undefined;
  }
}

const sendUnauthenticated = (response: ServerResponse): void =>
  sendJson(response, 401, errorBody('UNAUTHENTICATED', UNAUTHENTICATED_MESSAGE), {
    'WWW-Authenticate': 'Bearer',
  });

function sendReadiness(health: Health, response: ServerResponse): void {
  const readiness = health.readiness();
  sendJson(response, readiness.ready ? 200 : 503, JSON.stringify(readiness));
}

async function sendMetrics(
  { metrics, unread }: Routes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' };
  const body = Buffer.from(await metrics.render());
  unread.send(request, response, { status: 200, headers, body });
}
