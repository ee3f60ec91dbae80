import { Agent, type ClientRequestArgs, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { Duplex, pipeline, Transform, type TransformCallback } from 'node:stream';

/** An answer's status line and header fields may have so many bytes. */
const MAX_HEAD_BYTES = 16_384;

/** The line that ends a head, behind the end of the line before. */
const HEAD_END = /\r?\n\r?\n/;

const STATUS_LINE = /^(?:HTTP\/\d(?:\.\d)?|ICY) +(\d{3})(?= |$)/;

/** What is needed to read the body. */
const KEPT = new Set(['transfer-encoding', 'content-length', 'content-type', 'content-encoding']);

/**
 * Connections to a server that writes the head of an answer otherwise than RFC 9112 says: with a
 * lone LF at the end of a line, one Content-Length twice, a Content-Length beside a
 * Transfer-Encoding, folded lines, or lines that are no header fields.
 *
 * To read those would be unsafe where one connection carries several answers, since two readers
 * could disagree on where one ends. So each request has a connection of its own, which is closed
 * behind the answer. Two different Content-Lengths remain an error, as does a body that ends too
 * soon, or is wrong in its chunks.
 */
export class TolerantAgent extends Agent {
  /** @param connections at a time; more requests wait. */
  constructor(connections: number) {
    super({ keepAlive: false, maxSockets: connections });
  }

  override createConnection({ host, port }: ClientRequestArgs): Duplex {
    const socket = connect(Number(port), host ?? undefined);
    const head = new MendedHead();
    pipeline(socket, head, () => undefined);
    return Duplex.from({ readable: head, writable: socket });
  }
}

/** @returns the answer, once its head is there. */
export function tolerantGet(
  agent: TolerantAgent,
  address: { readonly host: string; readonly port: number; readonly path: string },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request({ ...address, agent, signal })
    .on('response', resolve)
    .on('error', reject)
    .end();
  return promise;
}

/** Passes on an answer, its head in the form of RFC 9112. What it can't mend it does not change. */
class MendedHead extends Transform {
  #head: Buffer | undefined = Buffer.alloc(0);

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    done(null, this.#head === undefined ? chunk : this.#whole(Buffer.concat([this.#head, chunk])));
  }

  /** @returns undefined as long as the head is not all there. */
  #whole(received: Buffer): Buffer | undefined {
    const text = received.toString('latin1');
    const end = HEAD_END.exec(text);
    this.#head = end || received.length > MAX_HEAD_BYTES ? undefined : received;
    if (this.#head) return undefined;
    if (!end) return received;
    const head = Buffer.from(mended(text.slice(0, end.index)), 'latin1');
    return Buffer.concat([head, received.subarray(end.index + end[0].length)]);
  }

  override _flush(done: TransformCallback): void {
    done(null, this.#head);
  }
}

/** @returns the head with its last line's end, and the one that ends it. */
function mended(head: string): string {
  const [first = '', ...lines] = head.split(/\r?\n/);
  const status = STATUS_LINE.exec(first)?.[1];
  const fields = new Map<string, Set<string>>();
  for (const line of lines) {
    const [, name = '', value = ''] = /^([\w-]+)[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    const key = name.toLowerCase();
    if (!KEPT.has(key) || value === '') continue;
    const values = fields.get(key) ?? new Set();
    fields.set(key, values);
    for (const each of key === 'content-length' ? value.split(/\s*,\s*/) : [value])
      values.add(each);
  }
  // RFC 9112, 6.3: chunks overrule a length.
  if (fields.has('transfer-encoding')) fields.delete('content-length');
  const kept = [...fields].flatMap(([name, values]) =>
    [...values].map((value) => `${name}: ${value}`),
  );
  const statusLine = status === undefined ? first : `HTTP/1.1 ${status} `;
  return [statusLine, ...kept, 'connection: close', '', ''].join('\r\n');
}
