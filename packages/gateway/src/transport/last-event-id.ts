import type { IncomingMessage } from 'node:http';

/**
 * Names in the query, in lower case, by which polyfills of EventSource say what a browser says
 * in the header `Last-Event-ID`: `lastEventId` (Yaffle's event-source-polyfill), `lastEventID` and
 * `Last-Event-ID` (clients of Mercure), `evs_last_event_id` (amvtek's eventsource-polyfill).
 */
const QUERY_NAMES: ReadonlySet<string> = new Set([
  'lasteventid',
  'last-event-id',
  'evs_last_event_id',
]);

/**
 * The id of the last event that the client has: of the header, else of the query, where the
 * last one counts, since a polyfill adds its own behind what the page has put there. Undefined
 * when there is none, or only empty ones: nothing has come yet.
 */
export function lastEventIdOf({
  headers,
  url = '',
}: Pick<IncomingMessage, 'headers' | 'url'>): string | undefined {
  const header = headers['last-event-id'];
  if (header !== undefined && header.length > 0) return header.toString();
  const start = url.indexOf('?');
  if (start < 0) return undefined;
  let id: string | undefined;
  for (const [name, value] of new URLSearchParams(url.slice(start))) {
    if (value !== '' && QUERY_NAMES.has(name.toLowerCase())) id = value;
  }
  return id;
}
