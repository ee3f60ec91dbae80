import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';
import { EVENT_STREAM } from './event-stream.ts';

type Asking = Pick<IncomingMessage, 'headers'>;

const JSON_TYPES = ['application/json', 'application/graphql-response+json'];

/** Whether a stream of events is among what the client takes. Who says nothing takes anything. */
export const acceptsEventStream = (request: Asking): boolean => accepts(request, [EVENT_STREAM]);

/** Whether it takes streams of events and no JSON. */
export const acceptsOnlyEventStream = (request: Asking): boolean =>
  acceptsEventStream(request) && !accepts(request, JSON_TYPES);

const accepts = (request: Asking, types: string[]): boolean =>
  new Negotiator(request).mediaTypes(types).length > 0;
