import type { IncomingMessage, ServerResponse } from 'node:http';
import { decodePicture } from '@se5/core';
import { GatewayError } from '../errors.ts';
import type { ImageStore } from '../images/image-store.ts';
import { Slots } from '../slots.ts';
import { errorBody, sendJson } from './answer.ts';
import { sendFault } from './http-fault.ts';
import { conditionOf, sendUnmet } from './preconditions.ts';
import type { UnreadAnswers } from './unread-answers.ts';

/** What a browser may show; anything else, an SVG with a script in it above all, is a download. */
const SHOWN = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/bmp']);

/** Pictures that are read from the disk at a time, for all clients together. */
const RUNNING = 32;

/** Requests that may wait for one of these. */
const MAX_WAITING = 1_000;

export interface ImageRouteOptions {
  /** Requests that may wait for the disk. Default 1,000. */
  readonly maxWaiting?: number;
  /** In how many ms the client may ask for a picture; undefined, by default: now. */
  readonly retryAfterMs?: (request: IncomingMessage) => number | undefined;
  /** Told of a picture that is sent. */
  readonly seen?: (request: IncomingMessage, key: string) => void;
}

export type ImageRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  key: string,
) => Promise<void>;

/**
 * Serves one picture; answers 503 when more than `maxWaiting` requests wait for the disk, and 429 to a
 * client that may not ask now. Whoever knows the key may see it; no cache keeps it longer than we do.
 */
export function createImageRoute(
  images: Pick<ImageStore, 'get'>,
  unread: UnreadAnswers,
  {
    maxWaiting = MAX_WAITING,
    retryAfterMs = () => undefined,
    seen = () => {},
  }: ImageRouteOptions = {},
): ImageRoute {
  const refusal = () => new GatewayError('OVERLOADED', 'Too many pictures are being asked for.');
  const reads = new Slots(RUNNING, { queue: { maxWaiting, refusal } });
  return async (request, response, key) => {
    const waitMs = retryAfterMs(request);
    if (waitMs !== undefined) {
      sendTooOften(response, waitMs);
      return;
    }
    const stored = await reads
      .run(async () => images.get(key))
      .catch((error: unknown) => {
        if (error instanceof GatewayError) return error;
        throw error;
      });
    if (stored instanceof GatewayError) {
      sendFault(response, {
        status: 503,
        code: stored.code,
        message: `${stored.message} Try again in a moment.`,
        headers: { 'Retry-After': '1' },
      });
      return;
    }
    if (stored === undefined) {
      const message = 'There is no such picture, or it is not kept any more.';
      sendFault(response, { status: 404, code: 'NOT_FOUND', message });
      return;
    }

    const { picture, expiresAt } = stored;

    // A key stands for one picture for ever, so it serves as the picture's tag.
    const tag = `"${key}"`;
    const maxAge = Math.max(0, Math.floor((expiresAt - Date.now()) / 1_000));
    response.setHeader('ETag', tag);
    // A picture in a page bears no Origin: whether it may be read there was judged by its Referer.
    response.setHeader('Vary', 'Origin, Referer');
    response.setHeader('Cache-Control', `private, max-age=${maxAge}, immutable`);
    const condition = conditionOf(request, tag);
    if (condition !== 'met') {
      sendUnmet(response, condition);
      return;
    }

    const shown = SHOWN.has(picture.contentType);
    const headers = {
      'Content-Type': shown ? picture.contentType : 'application/octet-stream',
      'Content-Disposition': shown ? 'inline' : 'attachment',
      'Content-Length': picture.byteLength,
    };
    if (request.method === 'HEAD') {
      response.writeHead(200, headers).end();
      return;
    }
    seen(request, key);
    unread.send(request, response, { status: 200, headers, body: decodePicture(picture) });
  };
}

function sendTooOften(response: ServerResponse, retryAfterMs: number): void {
  const message = 'Too many pictures are asked for from this address (limits.picturesPerMinute).';
  sendJson(response, 429, errorBody('RATE_LIMITED', message, { retryAfterMs }), {
    'Retry-After': Math.ceil(retryAfterMs / 1_000),
  });
}
