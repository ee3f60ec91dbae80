import { expect, it } from 'vitest';
import {
  acceptsEventStream,
  acceptsHtml,
  acceptsOnlyEventStream,
  answerType,
} from '../../src/transport/accept.ts';

it.each<[accept: string | undefined, stream: boolean, nothingElse: boolean]>([
  [undefined, true, false],
  ['*/*', true, false],
  ['text/*', true, true],
  ['text/event-stream', true, true],
  ['text/event-stream;charset=UTF8;retry=1', true, true],
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

const JSON_TYPE = 'application/json';
const RESPONSE_TYPE = 'application/graphql-response+json';

it.each<[accept: string, type: string | undefined]>([
  ['', JSON_TYPE],
  ['*/*', JSON_TYPE],
  [`${RESPONSE_TYPE}, ${JSON_TYPE};q=0.9`, RESPONSE_TYPE],
  [`text/event-stream, ${RESPONSE_TYPE};q=0.5, ${JSON_TYPE};q=0.4`, RESPONSE_TYPE],
  [`${JSON_TYPE};charset=utf-8`, JSON_TYPE],
  ['text/event-stream', 'text/event-stream'],
  [`${JSON_TYPE}; charset=utf8`, JSON_TYPE],
  [`${JSON_TYPE} ; Charset = "UTF8"`, JSON_TYPE],
  [`${JSON_TYPE};charset=*`, JSON_TYPE],
  [`${RESPONSE_TYPE}; charset=UTF-8; q=0.9; ext=1`, RESPONSE_TYPE],
  [`${JSON_TYPE};odata=verbose;q=0.5`, JSON_TYPE],
  [`${JSON_TYPE};profile="a, b; q=0"`, JSON_TYPE],
  [`${JSON_TYPE};profile="a\\"; q=0"`, JSON_TYPE],
  [`${JSON_TYPE};q=0.1;ext, ${RESPONSE_TYPE};version=1;q=0.2`, RESPONSE_TYPE],
  [`${JSON_TYPE};q=high`, JSON_TYPE],
  [`${JSON_TYPE};Q=.2`, JSON_TYPE],
  [', ,', JSON_TYPE],
  [`,${JSON_TYPE};,`, JSON_TYPE],
  ['*; q=.2', JSON_TYPE],
  ['*/*;charset=utf8;q=0.1', JSON_TYPE],
  [`${JSON_TYPE};charset=iso-8859-1, */*;q=0.1`, JSON_TYPE],
  ['image/jpeg', undefined],
  [`${JSON_TYPE};charset=utf-16`, undefined],
  [`${JSON_TYPE};ext=1;q=0`, undefined],
  ['json', undefined],
])('a query that accepts %j is answered as %s', (accept, type) => {
  expect(answerType({ headers: { accept } })).toBe(type);
});

it.each<[accept: string | undefined, html: boolean]>([
  [undefined, false],
  ['*/*', false],
  ['text/*', false],
  ['Text/HTML, */*;q=0.8', true],
  ['text/html;q=0, */*', false],
  ['application/json, text/html;q=0.1', false],
  ['text/html, application/json;q=0.1', true],
  ['text/html;level=1;charset=utf8, */*;q=0.8', true],
  ['text/html-like', false],
])('a client that accepts %s is a browser: %s', (accept, html) => {
  expect(acceptsHtml({ headers: accept === undefined ? {} : { accept } })).toBe(html);
});

// A parser that backtracks takes longer than a test may.
it.each([',', ';', '"', '\\', '" ', 'q= ', ';q="', 'a/b;', '*/*;q=.1,'])(
  'reads a header of 16 KiB that repeats %j',
  (piece) => {
    const accept = piece.repeat(16_384 / piece.length);
    expect(() => answerType({ headers: { accept } })).not.toThrow();
  },
);

it('parses the header of a request once', () => {
  let reads = 0;
  const request = {
    headers: {
      get accept() {
        reads += 1;
        return 'text/event-stream';
      },
    },
  };
  answerType(request);
  const once = reads;
  expect(acceptsEventStream(request)).toBe(true);
  expect(acceptsOnlyEventStream(request)).toBe(true);
  expect(reads).toBe(once);
});
