import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Admit, TOO_MANY_ATTEMPTS_MESSAGE } from '../access/admission.ts';
import {
  type CredentialFault,
  ISSUER_UNAVAILABLE_MESSAGE,
  UNAUTHENTICATED_MESSAGES,
} from '../access/authentication.ts';
import {
  isPreflight,
  sendPreflight,
  setCorsHeaders,
  setOpenCorsHeaders,
  setSecurityHeaders,
} from '../access/browser-headers.ts';
import { requestCredential } from '../access/credential.ts';
import { isOpenTo } from '../access/openness.ts';
import {
  judgeOrigin,
  judgePage,
  judgeRead,
  mayUseCookie,
  type OriginPolicy,
} from '../access/origin.ts';
import type { Viewer } from '../access/viewer.ts';
import type { Audit } from '../audit/audit.ts';
import type { Openness } from '../config/config.ts';
import { PICTURES_PATH } from '../images/picture-addresses.ts';
import type { Health } from '../telemetry/health.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Turns } from '../turns.ts';
import { acceptsHtml } from './accept.ts';
import { errorBody, sendJson, sendText } from './answer.ts';
import type { ClientAddresses } from './client-addresses.ts';
import { EXPORT_PATH, type ExportRoute } from './export-route.ts';
import { sendFault } from './http-fault.ts';
import type { ImageRoute } from './image-route.ts';
import { readHead } from './request-head.ts';
import {
  ALL_METHODS,
  allow,
  methodNotAllowed,
  READ_METHODS,
  SESSION_METHODS,
} from './route-methods.ts';
import type { SchemaRoute } from './schema-route.ts';
import type { SessionRoute } from './session-route.ts';
import type { UnreadAnswers } from './unread-answers.ts';
import type { WallRoute } from './wall-route.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface Routes {
  /** In which connections are answered: a client may send many requests at once. */
  readonly turns: Turns;
  readonly policy: OriginPolicy;
  readonly admit: Admit;
  readonly clients: ClientAddresses;
  readonly audit: Pick<Audit, 'permissionRefused'>;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly image: ImageRoute;
  readonly schema: SchemaRoute;
  readonly session: SessionRoute;
  readonly export: ExportRoute;
  readonly unread: UnreadAnswers;
  readonly graphql: (request: IncomingMessage, response: ServerResponse, viewer: Viewer) => unknown;
  /** The page to try queries on. It holds no data: a browser's user enters a token there. */
  readonly graphiql: { readonly openness: Openness; readonly send: Handler };
  /** Undefined where it is disabled, or not built. */
  readonly wall: WallRoute | undefined;
  /** All other paths. */
  readonly fallback: Handler;
  /** Told why a request was refused by its Host or Origin. */
  readonly refused: (message: string) => void;
  /** Told of what a route threw, or rejected with; the answer is a 500 with the id alone. */
  readonly fault: (error: unknown, errorId: string) => void;
}

/** From a request to its answer, by way of who asks and from where. */
export function createRouter(routes: Routes): RequestListener {
  return (request, response) => {
    answer(routes, request, response).catch((error: unknown) => {
      const errorId = randomUUID();
      routes.fault(error, errorId);
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, internalErrorBody(errorId));
    });
  };
}

async function answer(
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<unknown> {
  const { turns } = routes;
  // A probe is answered at once, whatever others ask.
  while (!PROBES.has(pathOf(request)) && turns.isSpent) {
    await turns.next(request.socket);
    if (response.destroyed) return;
  }
  setSecurityHeaders(response);
  const fault = readHead(request);
  if (fault) return sendFault(response, fault);
  const path = pathOf(request);
  const methods = methodsOf(path, routes.wall);
  const isAllowed = methods === undefined || methods.includes(request.method ?? '');
  if (isAllowed && path === '/healthz') return sendText(response, 200, 'alive\n');
  if (isAllowed && path === '/readyz') return sendReadiness(routes.health, response);

  const isPage = path === '/graphql' && routes.graphiql.openness !== false && wantsPage(request);
  const isRead =
    (path === '/graphql' && isReading(request) && !isPage) || path.startsWith(EXPORT_PATH);
  const verdict = judgeOf(path, isRead)(routes.policy, request.headers);
  const readable = verdict.kind === 'listed' && isForOtherPages(path) ? verdict.origin : undefined;
  if (path === ORIGIN) setOpenCorsHeaders(response);
  else setCorsHeaders(response, readable);
  if (verdict.kind === 'refused') {
    routes.refused(verdict.message);
    return sendJson(response, verdict.status, errorBody('FORBIDDEN', verdict.message));
  }
  if (!mayUseCookie(routes.policy, verdict, request.headers, request.method)) {
    delete request.headers.cookie;
  }
  if (path === ORIGIN) return response.writeHead(204, { 'Cache-Control': 'no-store' }).end();
  if (readable !== undefined && isPreflight(request)) return sendPreflight(request, response);

  if (!isAllowed) {
    return request.method === 'OPTIONS'
      ? response.writeHead(204, { Allow: allow(methods) }).end()
      : sendFault(response, methodNotAllowed(methods));
  }

  if (path === '/graphql') {
    const { openness, send } = routes.graphiql;
    if (isPage && openness === true) return send(request, response);
    const viewer = await admitted(routes, request, response);
    if (viewer === undefined) return;
    if (isPage && isOpenTo(openness, viewer)) return send(request, response);
    // It was let through as one that wants a page, so it gets no data.
    if (isPage) return sendUnauthenticated(response, 'missing');
    return routes.graphql(request, response, viewer);
  }
  if (path === '/metrics') {
    const viewer = await admitted(routes, request, response);
    if (viewer === undefined) return;
    if (viewer.rights.metrics) return sendMetrics(routes, request, response);
    const address = routes.clients.of(request);
    routes.audit.permissionRefused({ viewer, address, transport: 'http' }, 'FORBIDDEN');
    const message = 'None of the roles of this credential may read the metrics.';
    return sendFault(response, { status: 403, code: 'FORBIDDEN', message });
  }
  if (path === SCHEMA) {
    const viewer = await admitted(routes, request, response);
    return viewer && routes.schema(request, response, viewer);
  }
  if (path === SESSION) {
    if (request.method === 'DELETE') return routes.session.end(response);
    const viewer = await admitted(routes, request, response);
    return viewer && routes.session.begin(request, response, viewer);
  }
  if (path.startsWith(EXPORT_PATH)) {
    const viewer = await admitted(routes, request, response);
    return viewer && routes.export(request, response, viewer, path.slice(EXPORT_PATH.length));
  }
  if (path.startsWith(PICTURES_PATH)) {
    return routes.image(request, response, path.slice(PICTURES_PATH.length));
  }
  if (routes.wall?.has(path)) return routes.wall.send(request, response, path);
  return routes.fallback(request, response);
}

/** @param note what else there is to know. */
export const nothingHere =
  (note = ''): Handler =>
  (_request, response) =>
    sendFault(response, {
      status: 404,
      code: 'NOT_FOUND',
      message: `There is nothing here; GraphQL is at /graphql.${note}`,
    });

/** Undefined for a path that is the fallback's, or nobody's. */
function methodsOf(path: string, wall: WallRoute | undefined): readonly string[] | undefined {
  if (path === '/graphql' || path === '*') return ALL_METHODS;
  if (path === SESSION) return SESSION_METHODS;
  const isRead =
    PROBES.has(path) ||
    path === '/metrics' ||
    path === SCHEMA ||
    path.startsWith(PICTURES_PATH) ||
    path.startsWith(EXPORT_PATH) ||
    wall?.has(path);
  return isRead ? READ_METHODS : undefined;
}

/** A scrape may call the gateway by any name; it has the token, and the figures hold no face. */
function judgeOf(path: string, isRead: boolean): typeof judgeOrigin {
  if (PROBES.has(path) || path === '/metrics' || path === '*') return judgePage;
  return isRead ? judgeRead : judgeOrigin;
}

const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

const SCHEMA = '/schema.graphql';

const SESSION = '/session';

/**
 * Says whether the page that asks may ask. Browsers keep every other refusal from the page: its
 * author would see no difference from a gateway that is down. Nothing but the verdict is told.
 */
const ORIGIN = '/origin';

/** What pages of listed origins are given. The figures, and the pages of the fallback, are not. */
const isForOtherPages = (path: string): boolean =>
  path === '/graphql' || path === SCHEMA || path.startsWith(PICTURES_PATH);

export const pathOf = ({ url = '/' }: IncomingMessage): string => url.replace(/\?.*$/s, '');

/** A browser's address bar, as opposed to a client. */
const wantsPage = (request: IncomingMessage): boolean => isReading(request) && acceptsHtml(request);

const isReading = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

/** Who asks; undefined when that is nobody who may, who has been answered then. */
async function admitted(
  { admit, clients }: Routes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Viewer | undefined> {
  const admission = await admit(requestCredential(request.headers), clients.of(request));
  switch (admission.kind) {
    case 'admitted':
      return admission.viewer;
    case 'unauthenticated':
      sendUnauthenticated(response, admission.credential);
      return undefined;
    case 'too many attempts':
      sendJson(response, 429, errorBody('TOO_MANY_ATTEMPTS', TOO_MANY_ATTEMPTS_MESSAGE), {
        'Retry-After': admission.retryAfterS,
      });
      return undefined;
    case 'issuer unavailable':
      sendJson(response, 503, errorBody('ISSUER_UNAVAILABLE', ISSUER_UNAVAILABLE_MESSAGE), {
        'Retry-After': admission.retryAfterS,
      });
      return undefined;
  }
}

/** RFC 6750, section 3: what is wrong is told only to a client that has sent a token. */
const sendUnauthenticated = (response: ServerResponse, credential: CredentialFault): void =>
  sendFault(response, {
    status: 401,
    code: 'UNAUTHENTICATED',
    message: UNAUTHENTICATED_MESSAGES[credential],
    headers: {
      'WWW-Authenticate': credential === 'missing' ? 'Bearer' : 'Bearer error="invalid_token"',
    },
  });

const internalErrorBody = (errorId: string): string =>
  errorBody(
    'INTERNAL_SERVER_ERROR',
    `The gateway failed internally. Its log has the details under ${errorId}.`,
    { errorId },
  );

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
