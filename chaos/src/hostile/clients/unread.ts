import { connect, type Socket } from 'node:net';
import { pause } from '../at-rate.ts';
import { codeIn, type HostileRequest, headersOf } from './request.ts';

/** What a client that has read nothing reads at last, in ms at most. */
const READ_MS = 5_000;

/** Bytes that are looked at for a status and a code. */
const HEAD_BYTES = 16_384;

/** A browser's, to be given the page. */
const BROWSER = {
  accept: 'text/html',
  'accept-encoding': 'gzip',
  'user-agent': 'Mozilla/5.0',
  'sec-fetch-site': 'none',
};

/**
 * Asks, and reads nothing until the signal aborts. Then it reads what there is.
 *
 * @returns the answer's status and code, and whether it was whole. Never rejects.
 */
export async function askUnread(asked: HostileRequest, signal: AbortSignal): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: asked.target.port });
  // How it ended is read off what came.
  socket.on('error', () => undefined);
  socket.write(textOf(asked));
  await pause(2 ** 30, signal);
  return readAtLast(socket);
}

function textOf({ body, ...asked }: HostileRequest): string {
  const content = body === undefined ? '' : JSON.stringify(body);
  const headers = {
    host: `127.0.0.1:${asked.target.port}`,
    connection: 'close',
    ...headersOf(asked),
    ...(body === undefined
      ? BROWSER
      : {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(content)),
        }),
  };
  return [
    `${body === undefined ? 'GET' : 'POST'} /graphql HTTP/1.1`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    content,
  ].join('\r\n');
}

async function readAtLast(socket: Socket): Promise<string> {
  let head = '';
  let end = 'not whole in time';
  const { promise, resolve } = Promise.withResolvers<void>();
  const impatience = setTimeout(resolve, READ_MS);
  socket.setEncoding('latin1').on('data', (chunk) => {
    if (head.length < HEAD_BYTES) head += String(chunk);
  });
  socket.once('end', () => {
    end = '';
  });
  const closed = () => {
    if (end !== '') end = 'cut off';
    resolve();
  };
  socket.once('close', closed);
  if (socket.destroyed) closed();
  await promise;
  clearTimeout(impatience);
  socket.destroy();
  const status = /^HTTP\/1\.1 (\d+)/.exec(head)?.[1];
  if (status === undefined) return end === '' ? 'closed unanswered' : end;
  return [status, codeIn(head), end].filter((part) => part !== '').join(' ');
}
