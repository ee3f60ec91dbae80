import type { ExecutionResult } from 'graphql';
import type { FetchAPI, Plugin } from 'graphql-yoga';
import { errorBody } from './answer.ts';
import type { Connection, ConnectionCursor } from './connection-cursor.ts';
import type { ToPublicError } from './errors.ts';

/** What a request brings along through Yoga. */
export interface ServerContext {
  readonly connection: Connection;
}

export interface EventStreamOptions {
  /** Between signs of life on a quiet stream, in ms. */
  readonly keepAliveMs: number;
  readonly toPublicError: ToPublicError;
}

const EVENT_STREAM = 'text/event-stream';

/** Each response needs its own: Yoga's keep the object, and write into it. */
const headers = () => ({
  'Content-Type': EVENT_STREAM,
  'Cache-Control': 'no-store',
  // nginx would collect events before it passes them on.
  'X-Accel-Buffering': 'no',
});

/**
 * GraphQL over server-sent events in its "distinct connections mode", with a cursor as the id
 * of each event, and now and then an id without an event: the point up to which the client has
 * everything, so that one with a quiet filter can go on from there.
 *
 * `complete` is final to a client, so it follows only the answer to what was no subscription,
 * or could not become one. A subscription's stream ends without it: then the gateway goes
 * away, and the client shall come back.
 */
export const eventStreamPlugin = (options: EventStreamOptions): Plugin<object, ServerContext> => ({
  onResultProcess(processing) {
    const { request, result, serverContext } = processing;
    if (Array.isArray(result)) return;
    const accepted = request.headers.get('accept') ?? '*/*';
    if (Symbol.asyncIterator in result) {
      const results = result[Symbol.asyncIterator]();
      if (!/text\/(event-stream|\*)|\*\/\*/.test(accepted)) {
        void results.return?.();
        processing.setResultProcessor((_result, { Response }) => notAcceptable(Response), '');
        return;
      }
      const { cursor } = serverContext.connection;
      processing.setResultProcessor((_result, { Response, ReadableStream }) => {
        const source = eventSource(results, cursor, request.signal, options);
        return new Response(new ReadableStream(source), { headers: headers() });
      }, EVENT_STREAM);
    } else if (accepted.includes(EVENT_STREAM) && !/application\/|\*\/\*/.test(accepted)) {
      const body = nextFrame(result, undefined) + COMPLETE_FRAME;
      processing.setResultProcessor(
        (_result, { Response }) => new Response(body, { headers: headers() }),
        EVENT_STREAM,
      );
    }
  },
});

const notAcceptable = (Response: FetchAPI['Response']) =>
  new Response(
    errorBody(
      'BAD_USER_INPUT',
      `A subscription is answered as a stream of events: accept ${EVENT_STREAM}, or use a WebSocket.`,
    ),
    { status: 406, headers: { 'Content-Type': 'application/json; charset=utf-8' } },
  );

const COMPLETE_FRAME = 'event: complete\ndata:\n\n';

const nextFrame = (result: ExecutionResult, id: string | undefined): string =>
  `event: next\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(result)}\n\n`;

/** Pulls results as the client takes them; ends with the client, also while nothing comes. */
function eventSource(
  results: AsyncIterator<ExecutionResult>,
  cursor: ConnectionCursor,
  gone: AbortSignal,
  { keepAliveMs, toPublicError }: EventStreamOptions,
): UnderlyingDefaultSource<Uint8Array> {
  const encoder = new TextEncoder();
  let told: string | undefined;
  let isQuiet = false;
  let timer: NodeJS.Timeout | undefined;

  const signOfLife = (): Uint8Array => {
    const { current = told } = cursor;
    if (current === told) return encoder.encode(':\n\n');
    told = current;
    return encoder.encode(`id: ${current}\n\n`);
  };
  const nextResult = (result: ExecutionResult, id: string | undefined): Uint8Array => {
    told = id ?? told;
    return encoder.encode(nextFrame(result, id));
  };
  const stop = (): void => {
    clearInterval(timer);
    void results.return?.();
  };
  gone.addEventListener('abort', stop, { once: true });
  if (gone.aborted) stop();

  return {
    start(controller) {
      if (gone.aborted) return;
      controller.enqueue(signOfLife());
      timer = setInterval(() => {
        if (isQuiet) controller.enqueue(signOfLife());
      }, keepAliveMs);
    },
    async pull(controller) {
      try {
        isQuiet = true;
        const step = await results.next();
        isQuiet = false;
        if (!step.done) return controller.enqueue(nextResult(step.value, cursor.latest));
      } catch (error) {
        controller.enqueue(nextResult({ errors: [toPublicError(error)] }, undefined));
      }
      stop();
      controller.close();
    },
  };
}
