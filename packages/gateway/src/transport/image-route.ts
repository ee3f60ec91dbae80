import type { IncomingMessage, ServerResponse } from 'node:http';
import { decodePicture } from '@se5/core';
import { GatewayError } from '../errors.ts';
import type { ImageStore } from '../images/image-store.ts';
import type { OpenedAddress, PictureAddresses } from '../images/picture-addresses.ts';
import { Slots } from '../slots.ts';
import { errorBody, sendJson } from './answer.ts';
import { type HttpFault, sendFault } from './http-fault.ts';
import { conditionOf, sendUnmet } from './preconditions.ts';
import type { UnreadAnswers } from './unread-answers.ts';

/**
 * The types that a browser may show, each proven by the picture's first bytes; anything else, an
 * SVG with a script in it above all, is a download.
 */
const SHOWN = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/bmp']);

/** Pictures that are read from the disk at a time, for all clients together. */
const RUNNING = 32;

/** Requests that may wait for one of these. */
const MAX_WAITING = 1_000;

/** Whatever the bytes are taken for, they run nothing, load nothing and are in no frame. */
const POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";

const NOT_FOUND: HttpFault = {
  status: 404,
  code: 'NOT_FOUND',
  message: 'There is no such picture, or it is not kept any more.',
};

const REFUSALS: Readonly<Record<Exclude<OpenedAddress['kind'], 'good'>, HttpFault>> = {
  unknown: NOT_FOUND,
  expired: {
    status: 410,
    code: 'ADDRESS_EXPIRED',
    message: 'This address has expired. Ask for the event again: it has a new one.',
  },
  revoked: {
    status: 410,
    code: 'ADDRESS_REVOKED',
    message:
      'The rights for which this address was made have changed. Ask for the event again: it has ' +
      'a new one for whoever may still see the picture.',
  },
};

export interface ImageRouteOptions {
  /** Requests that may wait for the disk. Default 1,000. */
  readonly maxWaiting?: number;
  /** In how many ms the client may ask for a picture; undefined, by default: now. */
  readonly retryAfterMs?: (request: IncomingMessage, classKey: string) => number | undefined;
  /** Told of a picture that is sent. */
  readonly seen?: (request: IncomingMessage, key: string, classKey: string) => void;
}

/** @param path what follows `PICTURES_PATH`. */
export type ImageRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
) => Promise<void>;

/**
 * Serves one picture to whoever has an address of it that is good; answers 503 when more than
 * `maxWaiting` requests wait for the disk, and 429 to a client that may not ask now. No cache keeps
 * it longer than we do, or longer than its address is good.
 */
export function createImageRoute(
  images: Pick<ImageStore, 'get'>,
  addresses: Pick<PictureAddresses, 'open'>,
  unread: UnreadAnswers,
  {
    maxWaiting = MAX_WAITING,
    retryAfterMs = () => undefined,
    seen = () => {},
  }: ImageRouteOptions = {},
): ImageRoute {
  const refusal = () => new GatewayError('OVERLOADED', 'Too many pictures are requested at once.');
  const reads = new Slots(RUNNING, { queue: { maxWaiting, refusal } });
  return async (request, response, path) => {
    const opened = addresses.open(path);
    const classKey = opened.kind === 'good' ? opened.classKey : '';
    const waitMs = retryAfterMs(request, classKey);
    if (waitMs !== undefined) {
      sendTooOften(response, waitMs);
      return;
    }
    if (opened.kind !== 'good') {
      sendFault(response, REFUSALS[opened.kind]);
      return;
    }
    const { key, leftMs } = opened;
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
      sendFault(response, NOT_FOUND);
      return;
    }

    const { picture, expiresAt } = stored;

    // A key stands for one picture for ever, so it serves as the picture's tag, under every address.
    const tag = `"${key}"`;
    const maxAge = Math.max(0, Math.floor(Math.min(expiresAt - Date.now(), leftMs) / 1_000));
    response.setHeader('ETag', tag);
    // A picture in a page bears no Origin: whether it may be read there was judged by its Referer.
    response.setHeader('Vary', 'Origin, Referer');
    response.setHeader('Content-Security-Policy', POLICY);
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
    seen(request, key, classKey);
    unread.send(request, response, { status: 200, headers, body: decodePicture(picture) });
  };
}

function sendTooOften(response: ServerResponse, retryAfterMs: number): void {
  const message = 'Too many pictures are asked for from this address (limits.picturesPerMinute).';
  sendJson(response, 429, errorBody('RATE_LIMITED', message, { retryAfterMs }), {
    'Retry-After': Math.ceil(retryAfterMs / 1_000),
  });
}
