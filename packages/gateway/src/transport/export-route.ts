import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { Viewer } from '../access/viewer.ts';
import { ExportFailed, eventPages } from '../export/event-pages.ts';
import { readExportRequest } from '../export/export-request.ts';
import { type ExportFormat, FORMATS } from '../export/formats.ts';
import type { EventFilter } from '../journal/filter.ts';
import { sendJson } from './answer.ts';
import { endedAccess } from './ended-access.ts';
import type { GraphQLServer } from './graphql.ts';
import { type HttpFault, sendFault } from './http-fault.ts';

/** Downloads at a time, of all clients together. */
const MAX_RUNNING = 8;

/** Seconds after which a client that found none free may ask again. */
const RETRY_AFTER_S = 10;

export const EXPORT_PATH = '/export/events.';

/** @param format what follows `EXPORT_PATH`. */
export type ExportRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  viewer: Viewer,
  format: string,
) => Promise<void>;

const FORBIDDEN: HttpFault = {
  status: 403,
  code: 'FORBIDDEN',
  message: 'None of the roles of this credential may export events (export: true).',
};

const UNKNOWN_FORMAT: HttpFault = {
  status: 404,
  code: 'NOT_FOUND',
  message: `There is no such export. There are ${Object.keys(FORMATS)
    .map((name) => `${EXPORT_PATH}${name}`)
    .join(' and ')}.`,
};

const OVERLOADED: HttpFault = {
  status: 503,
  code: 'OVERLOADED',
  message: `${MAX_RUNNING} exports are under way. Ask again when one has ended.`,
  headers: { 'Retry-After': RETRY_AFTER_S },
};

/**
 * Sends the events of the history as a file, as fast as its client reads it. A download that ends
 * early ends without the last chunk, so that a client can tell; it goes on `after` the cursor of
 * the last line that came.
 */
export function createExportRoute(graphql: GraphQLServer): ExportRoute {
  const { access, addresses, audit, connect, pipeline } = graphql;
  let running = 0;
  return async (request, response, viewer, formatName) => {
    const format = FORMATS[formatName];
    if (!format) return sendFault(response, UNKNOWN_FORMAT);
    const address = addresses.clients.of(request);
    if (!viewer.rights.export) {
      audit.permissionRefused({ viewer, address, transport: 'http' }, 'FORBIDDEN');
      return sendFault(response, FORBIDDEN);
    }
    const asked = readExportRequest(request.url ?? '/');
    if (typeof asked === 'string') {
      return sendFault(response, { status: 400, code: 'BAD_USER_INPUT', message: asked });
    }
    const ended = access.endOf(viewer);
    if (ended !== undefined) return sendFault(response, endedAccess(ended));
    if (running >= MAX_RUNNING) return sendFault(response, OVERLOADED);
    running += 1;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    using _held = access.hold(viewer, () => response.destroy());
    const connection = connect(viewer, { address });
    let events = 0;
    let filter: EventFilter = {};
    const historyRead = (read: EventFilter) => {
      filter = read;
    };
    try {
      const pages = eventPages(pipeline, connection, asked, { leaving: gone.signal, historyRead });
      const first = await pages.next();
      startDownload(response, formatName, format);
      if (request.method === 'HEAD') return void response.end();
      for (let page = first; !page.done; page = await pages.next()) {
        await write(response, format.lines(page.value), gone.signal);
        events += page.value.length;
      }
      response.end();
    } catch (error) {
      if (!(error instanceof ExportFailed)) throw error;
      if (response.headersSent || gone.signal.aborted) response.destroy();
      else sendErrors(response, error.errors);
    } finally {
      running -= 1;
      if (response.headersSent) audit.exported(connection, { format: formatName, filter, events });
    }
  };
}

function startDownload(
  response: ServerResponse,
  name: string,
  { contentType, head }: ExportFormat,
) {
  response.writeHead(200, {
    'Content-Type': contentType,
    'Content-Disposition': `attachment; filename="events.${name}"`,
    'Cache-Control': 'no-store',
  });
  if (response.req.method !== 'HEAD' && head !== '') response.write(head);
}

/** Settles when the client has taken what waited for it. One that takes nothing is given up by the server. */
async function write(response: ServerResponse, text: string, gone: AbortSignal): Promise<void> {
  if (text === '' || response.write(text)) return;
  await once(response, 'drain', { signal: gone }).catch(() => {
    throw new ExportFailed([]);
  });
}

/** Of what GraphQL says of a page, by the code of its first error. */
const STATUSES: ReadonlyMap<unknown, number> = new Map([
  ['BAD_USER_INPUT', 400],
  ['INVALID_CURSOR', 400],
  ['LIST_TOO_LONG', 400],
  ['OVERLOADED', 503],
  ['ANSWER_TIMEOUT', 503],
  ['SHUTTING_DOWN', 503],
]);

function sendErrors(response: ServerResponse, errors: readonly GraphQLError[]): void {
  const status = STATUSES.get(errors[0]?.extensions['code']) ?? 500;
  sendJson(response, status, JSON.stringify({ errors }));
}
