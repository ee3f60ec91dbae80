import { expect, it } from 'vitest';
import { acceptsEventStream, acceptsOnlyEventStream } from '../../src/transport/accept.ts';

it.each<[accept: string | undefined, stream: boolean, nothingElse: boolean]>([
  [undefined, true, false],
  ['*/*', true, false],
  ['text/*', true, true],
  ['text/event-stream', true, true],
  ['Text/Event-Stream', true, true],
  ['text/event-stream, application/json', true, false],
  ['text/event-stream, application/graphql-response+json;q=0.5', true, false],
  ['text/event-stream, */*', true, false],
  ['text/event-stream;q=0, */*', false, false],
  ['application/json', false, false],
])(
  'who accepts %s takes a stream of events: %s, and no JSON: %s',
  (accept, stream, nothingElse) => {
    const request = { headers: accept === undefined ? {} : { accept } };
    expect(acceptsEventStream(request)).toBe(stream);
    expect(acceptsOnlyEventStream(request)).toBe(nothingElse);
  },
);
