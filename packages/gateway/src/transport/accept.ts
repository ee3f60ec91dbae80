import type { IncomingMessage } from 'node:http';

type Asking = Pick<IncomingMessage, 'headers'>;

/** Whether a stream of events is among what the client takes. */
export const acceptsEventStream = (request: Asking): boolean =>
  /text\/(event-stream|\*)|\*\/\*/.test(acceptOf(request));

/** Whether it takes streams of events and no JSON. */
export const acceptsOnlyEventStream = (request: Asking): boolean =>
  /event-stream/.test(acceptOf(request)) && !/application\/|\*\/\*/.test(acceptOf(request));

/** Who says nothing takes anything. */
const acceptOf = ({ headers }: Asking): string => headers.accept ?? '*/*';
