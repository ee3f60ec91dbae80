import type { Token } from '@se5/client';
import { EventSource, type EventSourceFetchInit } from 'eventsource';
import { z } from 'zod';
import { bearer } from '../access/bearer.ts';
import type { Transport } from './subscriber.ts';

const QUERY = `subscription (
  $deviceIds: [ID!], $withImages: Boolean, $withBase64: Boolean = false,
  $filter: RecognitionEventFilter, $after: String
) {
  recognitionEvents(
    deviceIds: $deviceIds, withImages: $withImages, filter: $filter, after: $after
  ) {
    id cursor receivedAt delivery replayed extra
    device { id }
    faceImage { base64 @include(if: $withBase64) }
    gapsBefore { reason from to boxId count }
  }
}`;

/** Longer than between the gateway's signs of life (10 s): a stream without one is dead. In ms. */
const SILENCE_MS = 13_000;

const messageSchema = z.object({
  data: z.object({ recognitionEvents: z.unknown() }),
  errors: z.undefined().optional(),
});

const STATES = ['connecting', 'live', 'closed'];

/**
 * What a browser does: EventSource comes back by itself and says where it was with
 * `Last-Event-ID`. As EventSource has no idea of a connection that is open and dead, it gets one
 * that ends when nothing comes; and as it gives up for good when it is refused, that is told.
 */
export const eventSource: Transport = ({ urls: [url = ''], interest, after, token }, observer) => {
  const variables = JSON.stringify({ ...interest.wish, after });
  const search = new URLSearchParams({ query: QUERY, variables });
  const source = new EventSource(`${url}/graphql?${search.toString()}`, {
    fetch: async (address, init) => fetchThatNoticesSilence(address, await withToken(init, token)),
  });
  source.addEventListener('next', (event) => {
    const data = String(event.data);
    const { success, data: message } = messageSchema.safeParse(JSON.parse(data));
    if (success) observer.next(message.data.recognitionEvents);
    else observer.ended(`got ${data}`);
  });
  source.addEventListener('complete', () => observer.ended('completed'));
  source.addEventListener('error', ({ code, message }) => {
    if (source.readyState === EventSource.CLOSED) observer.ended(`${code} ${message}`);
  });
  return {
    get state() {
      return STATES[source.readyState] ?? 'unknown';
    },
    [Symbol.asyncDispose]: async () => source.close(),
  };
};

async function withToken(
  init: EventSourceFetchInit,
  token: Token | undefined,
): Promise<EventSourceFetchInit> {
  const text = typeof token === 'function' ? await token() : token;
  return { ...init, headers: { ...init.headers, ...bearer(text) } };
}

async function fetchThatNoticesSilence(
  url: string | URL,
  init: EventSourceFetchInit,
): Promise<Response> {
  const silence = new AbortController();
  const end = () => silence.abort(new Error('nothing came'));
  const timer = setTimeout(end, SILENCE_MS).unref();
  const signal = AbortSignal.any([z.instanceof(AbortSignal).parse(init.signal), silence.signal]);
  const response = await fetch(url, { ...init, signal });
  const heard = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      timer.refresh();
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body?.pipeThrough(heard) ?? null, response);
}
