import { Agent, type ClientRequestArgs, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { Duplex, pipeline, Transform, type TransformCallback } from 'node:stream';
import { MendedChunks } from './mended-chunks.ts';

/** An answer's status line and header fields may have so many bytes, with what stands before them. */
const MAX_HEAD_BYTES = 16_384;

/** The line that ends a head, behind the end of the line before. */
const HEAD_END = /\r?\n\r?\n/;

const STATUS_LINE = /^(?:HTTP\/\d(?:\.\d)?|ICY) +(\d{3})(?= |$)/;

/** Empty lines in front of a head. */
const EMPTY_LINES = /^[\r\n]*/;

/** The status of an answer that goes before the answer; 101 would be the last of HTTP. */
const INTERIM = /^HTTP\/1\.1 1(?!01)\d\d /;

const CHUNKED = /^transfer-encoding:.*\bchunked\r$/m;

/** What is needed to read the body. */
const KEPT = new Set(['transfer-encoding', 'content-length', 'content-type', 'content-encoding']);

/**
 * Connections to a server that writes the head of an answer otherwise than RFC 9112 says: with a
 * lone LF at the end of a line, one Content-Length twice, a Content-Length beside a
 * Transfer-Encoding, folded lines, or lines that are no header fields. Chunks may have lone LFs
 * too. Empty lines and interim answers (100 Continue) before the answer are passed over.
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
    const answer = new MendedAnswer();
    pipeline(socket, answer, () => undefined);
    return Duplex.from({ readable: answer, writable: socket });
  }
}

/** @returns the answer, once its head is there. */
export function tolerantGet(
  agent: TolerantAgent,
  address: { readonly host: string; readonly port: number; readonly path: string },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  let answer: IncomingMessage | undefined;
  request({ ...address, agent, signal })
    .on('response', (response) => {
      answer = response;
      resolve(response);
    })
    .on('error', (error) => {
      // Else the body ends as if the connection had, whatever the parser found in it.
      answer?.destroy(error);
      reject(error);
    })
    .end();
  return promise;
}

/** Passes on an answer in the form of RFC 9112. What it can't mend it does not change. */
class MendedAnswer extends Transform {
  #head: Buffer | undefined = Buffer.alloc(0);
  #skippedBytes = 0;
  #chunks: MendedChunks | undefined;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#head === undefined) done(null, this.#body(chunk));
    else done(null, this.#whole(Buffer.concat([this.#head, chunk])));
  }

  /** @returns undefined as long as the head is not all there. */
  #whole(received: Buffer): Buffer | undefined {
    const text = received.toString('latin1');
    const start = EMPTY_LINES.exec(text)?.[0].length ?? 0;
    const rest = text.slice(start);
    const end = HEAD_END.exec(rest);
    const isTooLong = this.#skippedBytes + received.length > MAX_HEAD_BYTES;
    this.#head = end || isTooLong ? undefined : received;
    if (this.#head) return undefined;
    if (!end) return received;
    const head = mended(rest.slice(0, end.index));
    const bodyStart = start + end.index + end[0].length;
    const behind = received.subarray(bodyStart);
    if (INTERIM.test(head) && this.#skippedBytes <= MAX_HEAD_BYTES) {
      this.#skippedBytes += bodyStart;
      return this.#whole(behind);
    }
    if (CHUNKED.test(head)) this.#chunks = new MendedChunks();
    return Buffer.concat([Buffer.from(head, 'latin1'), this.#body(behind)]);
  }

  #body(chunk: Buffer): Buffer {
    return this.#chunks?.mend(chunk) ?? chunk;
  }

  override _flush(done: TransformCallback): void {
    done(null, this.#head ?? this.#chunks?.unread);
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
