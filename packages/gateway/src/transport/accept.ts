import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';
import { EVENT_STREAM } from './event-stream.ts';

type Asking = Pick<IncomingMessage, 'headers'>;

const CHARSET = '; charset=utf-8';

/** For a client that takes both alike, the first. */
const JSON_TYPES = ['application/json', 'application/graphql-response+json'].map(
  (type) => type + CHARSET,
);

/** Whether the client takes a stream of events. A missing Accept header accepts any type. */
export const acceptsEventStream = (request: Asking): boolean =>
  accepted(request, [EVENT_STREAM + CHARSET]).length > 0;

/** Whether it takes streams of events and no JSON. */
export const acceptsOnlyEventStream = (request: Asking): boolean =>
  acceptsEventStream(request) && accepted(request, JSON_TYPES).length === 0;

/** The type of the answer to a query, without parameters; undefined when the client takes none. */
export function answerType(request: Asking): string | undefined {
  const [preferred] = accepted(request, JSON_TYPES);
  if (preferred !== undefined) return preferred.slice(0, -CHARSET.length);
  return acceptsEventStream(request) ? EVENT_STREAM : undefined;
}

/** Whether the client names HTML, as browsers' address bars do; a wildcard is not enough. */
export const acceptsHtml = (request: Asking): boolean =>
  new Negotiator(request).mediaTypes().some((type) => type.toLowerCase() === 'text/html');

/** Of these types, those that the client takes, the one that it likes best first. */
const accepted = ({ headers }: Asking, types: string[]): string[] => {
  // An empty list says as much as none.
  const accept = headers.accept?.trim() ? headers.accept : '*/*';
  return new Negotiator({ headers: { accept } }).mediaTypes(types);
};
