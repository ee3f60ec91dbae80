import type { ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnswerFault } from './conditions.ts';
import type { JsonValue } from './json.ts';

/** What a route has to say, before anything goes wrong with it. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

export const jsonAnswer = (body: JsonValue, status = 200): Answer => ({
  status,
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify(body)),
});

/** The vendor's error envelope [vendor]. */
const errorAnswer = (status: number, code: number, message: string, name: string): Answer =>
  jsonAnswer({ error: { code, message, status: name } }, status);

export const NOT_FOUND = errorAnswer(404, 40400, 'not found', 'NOT_FOUND');
export const BAD_QUERY = errorAnswer(400, 40003, 'bad query', 'PARAM_ERROR');

const PADDING = Buffer.alloc(2 ** 20, ' ');
const PADDINGS = 64;

/** The same with white space of 64 MiB in front of its end. */
function* padded(body: Buffer): Generator<Buffer> {
  yield body.subarray(0, -1);
  for (let count = 0; count < PADDINGS; count += 1) yield PADDING;
  yield body.subarray(-1);
}

const TRICKLES = 40;
const TRICKLE_MS = 100;

async function* trickling(body: Buffer): AsyncGenerator<Buffer> {
  const size = Math.ceil(body.length / TRICKLES);
  for (let at = 0; at < body.length; at += size) {
    yield body.subarray(at, at + size);
    await sleep(TRICKLE_MS, undefined, { ref: false });
  }
}

const send = (response: ServerResponse, { status, contentType, body }: Answer): void => {
  response
    .writeHead(status, { 'content-type': contentType, 'content-length': body.length })
    .end(body);
};

const stream = (
  response: ServerResponse,
  answer: Answer,
  body: Iterable<Buffer> | AsyncIterable<Buffer>,
) => {
  response.writeHead(answer.status, { 'content-type': answer.contentType });
  // A client that has enough hangs up: that is no fault of the box.
  pipeline(Readable.from(body), response, () => undefined);
};

const FAULTS: Readonly<Record<AnswerFault, (response: ServerResponse, answer: Answer) => void>> = {
  status: (response) => response.writeHead(500, { 'content-length': 0 }).end(),
  envelope: (response) => send(response, errorAnswer(200, 50072, 'failed', 'FAILED')),
  'not-json': (response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please sign in</html>'),
  unanswered: () => undefined,
  slow: (response, answer) => stream(response, answer, trickling(answer.body)),
  huge: (response, answer) => stream(response, answer, padded(answer.body)),
  missing: (response) => send(response, NOT_FOUND),
};

/** Says it, or does what goes wrong instead. */
export const sendAnswer = (
  response: ServerResponse,
  answer: Answer,
  fault: AnswerFault | undefined,
): void => (fault === undefined ? send : FAULTS[fault])(response, answer);
