import type { IncomingMessage, ServerResponse } from 'node:http';
import { decodePicture } from '@se5/core';
import type { ImageStore } from '../images/image-store.ts';
import { sendText } from './answer.ts';
import type { UnreadAnswers } from './unread-answers.ts';

/** What a browser may show; anything else, an SVG with a script in it above all, is a download. */
const SHOWN = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/bmp']);

export type ImageRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  key: string,
) => Promise<void>;

/** Serves one picture. Whoever knows the key may see it; no cache keeps it longer than we do. */
export function createImageRoute(images: ImageStore, unread: UnreadAnswers): ImageRoute {
  return async (request, response, key) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendText(response, 405, 'A picture can be read only: GET or HEAD.\n', { Allow: 'GET, HEAD' });
      return;
    }
    const stored = await images.get(key);
    if (stored === undefined) {
      sendText(response, 404, 'There is no such picture, or it is not kept any more.\n');
      return;
    }

    const { picture, expiresAt } = stored;

    // A key stands for one picture for ever, so it serves as the picture's tag.
    const tag = `"${key}"`;
    const maxAge = Math.max(0, Math.floor((expiresAt - Date.now()) / 1_000));
    response.setHeader('ETag', tag);
    response.setHeader('Cache-Control', `private, max-age=${maxAge}, immutable`);
    if (matches(request.headers['if-none-match'], tag)) {
      response.writeHead(304).end();
      return;
    }

    const shown = SHOWN.has(picture.contentType);
    const headers = {
      'Content-Type': shown ? picture.contentType : 'application/octet-stream',
      'Content-Disposition': shown ? 'inline' : 'attachment',
      'Content-Length': picture.byteLength,
    };
    if (request.method === 'HEAD') response.writeHead(200, headers).end();
    else unread.send(request, response, { status: 200, headers, body: decodePicture(picture) });
  };
}

const matches = (ifNoneMatch: string | undefined, tag: string): boolean =>
  ifNoneMatch?.split(',').some((candidate) => {
    const wanted = candidate.trim().replace(/^W\//, '');
    return wanted === tag || wanted === '*';
  }) ?? false;
