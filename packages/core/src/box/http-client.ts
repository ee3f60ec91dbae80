import { errors, Pool } from 'undici';
import { inUtf8 } from '../protocol/charset.ts';
import type { BoxRequest } from '../protocol/dialect.ts';
import { BoxError } from '../protocol/errors.ts';
import type { JsonValue } from '../protocol/json.ts';
import { holdsMoreValues } from '../protocol/json-size.ts';
import type { JsonReader } from '../protocol/json-text.ts';
import { type Picture, pictureFromBytes } from '../protocol/picture.ts';
import { refusalIn } from '../protocol/refusal.ts';
import { uncompressed } from './content-encoding.ts';
import { authority, networkError } from './network-error.ts';
import { TolerantAgent, tolerantGet } from './tolerant-request.ts';

/** The largest answer that is read, in bytes; a list of thousands of devices stays below it. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** What an answer may hold, in members and items; a page of stored events has some 50,000 at most. */
const MAX_ANSWER_VALUES = 100_000;

/** A box is a small machine: so many connections to its HTTP side at a time. */
const CONNECTIONS = 2;

export interface HttpClientOptions {
  readonly host: string;
  readonly port: number;
  /** Bound of a whole exchange, from connecting to the last byte. */
  readonly timeoutMs: number;
  /** Of the box's dialect. */
  readonly readJson: JsonReader;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/** With its body as sent. */
interface RawAnswer {
  readonly status: number;
  /** By its name in lower case; `''` when absent. */
  readonly header: (name: string) => string;
  readonly body: Buffer;
}

/** The HTTP side of one box. Connections are kept for a few seconds, for what follows at once. */
export class HttpClient implements AsyncDisposable {
  readonly #origin: string;
  readonly #timeoutMs: number;
  readonly #readJson: JsonReader;
  readonly #address: { readonly host: string; readonly port: number };
  readonly #pool: Pool;
  readonly #tolerantAgent = new TolerantAgent(CONNECTIONS);
  /** Whether the box was found to answer so that only the tolerant agent can read it. */
  #isTolerant = false;
  readonly #closing = new AbortController();

  constructor({ host, port, timeoutMs, readJson }: HttpClientOptions) {
    this.#address = { host, port };
    this.#readJson = readJson;
    this.#origin = `http://${authority(host, port)}`;
    this.#timeoutMs = timeoutMs;
    this.#pool = new Pool(this.#origin, {
      connections: CONNECTIONS,
      maxResponseSize: MAX_ANSWER_BYTES,
      // The bound of the whole exchange stands for these.
      headersTimeout: 0,
      bodyTimeout: 0,
      // A pool that is destroyed does not end the connections it is only trying to make.
      connect: { timeout: timeoutMs, signal: this.#closing.signal },
    });
  }

  /**
   * Asks for JSON.
   *
   * @param signal ends it: its reason is thrown.
   * @throws {BoxError} UNREACHABLE, TIMEOUT or CLOSED when there was no whole answer,
   * BOX_REFUSED when it was the box's error envelope, PROTOCOL when it was anything else than
   * JSON with status 200, or longer than `MAX_ANSWER_BYTES`, or more than `MAX_ANSWER_VALUES`.
   */
  async json(request: BoxRequest, signal?: AbortSignal): Promise<JsonValue> {
    const { status, body, contentType } = await this.#exchange(request, signal);
    const answer = this.#jsonIn(body, contentType);
    const refusal = answer === undefined ? undefined : refusalIn(answer, status);
    if (refusal) throw refusal;
    if (status === 200 && answer !== undefined) return answer;
    throw this.#unexpected(request, status, body, 'JSON');
  }

  /**
   * Asks for a picture.
   *
   * @throws {BoxError} as `json` does; PROTOCOL when the answer is not a picture of a known format,
   * with status 200 and its length when it is something else.
   */
  async picture(request: BoxRequest, signal?: AbortSignal): Promise<Picture> {
    const { status, body, contentType } = await this.#exchange(request, signal);
    const picture = pictureFromBytes(body);
    if (status === 200 && picture !== undefined) return picture;
    const answer = this.#jsonIn(body, contentType);
    throw (
      (answer === undefined ? undefined : refusalIn(answer, status)) ??
      this.#unexpected(request, status, body, 'a picture')
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#tolerantAgent.destroy();
    await this.#pool.destroy();
  }

  #unexpected(request: BoxRequest, status: number, body: Buffer, expected: string): BoxError {
    const found = status === 200 ? `${body.length} bytes of something else` : `HTTP ${status}`;
    const message = `${this.#urlOf(request)} answered ${found} instead of ${expected} with HTTP 200`;
    return new BoxError('PROTOCOL', message, { status, messageBytes: body.length });
  }

  /** For messages: what stands in a query is nobody's business. */
  #urlOf({ path }: BoxRequest): string {
    return this.#origin + path.split('?', 1);
  }

  async #exchange(request: BoxRequest, given?: AbortSignal): Promise<Answer> {
    given?.throwIfAborted();
    const url = this.#urlOf(request);
    const overdue = Promise.withResolvers<never>();
    const deadline = new AbortController();
    const signal = given ? AbortSignal.any([deadline.signal, given]) : deadline.signal;
    // undici does not heed the signal before it has a connection.
    signal.addEventListener('abort', () => overdue.reject(signal.reason));
    const timer = setTimeout(() => {
      deadline.abort(new BoxError('TIMEOUT', `${url} did not answer within ${this.#timeoutMs} ms`));
    }, this.#timeoutMs);
    try {
      return await Promise.race([this.#send(request, signal), overdue.promise]);
    } catch (error) {
      given?.throwIfAborted();
      if (error instanceof BoxError) throw error;
      if (error instanceof errors.ResponseExceededMaxSizeError) {
        throw new BoxError('PROTOCOL', `${url} answered more than ${MAX_ANSWER_BYTES} bytes`);
      }
      throw networkError(error, url);
    } finally {
      clearTimeout(timer);
    }
  }

  async #send(request: BoxRequest, signal: AbortSignal): Promise<Answer> {
    const { status, header, body } = await this.#sendAsItCan(request, signal);
    const plain = await uncompressed(body, header('content-encoding'), MAX_ANSWER_BYTES);
    if (plain === undefined) throw new errors.ResponseExceededMaxSizeError();
    return { status, contentType: header('content-type'), body: plain };
  }

  async #sendAsItCan(request: BoxRequest, signal: AbortSignal): Promise<RawAnswer> {
    // The tolerant way knows no other method and no body.
    if (request.method !== 'GET') return this.#sendStrictly(request, signal);
    if (!this.#isTolerant) {
      try {
        return await this.#sendStrictly(request, signal);
      } catch (error) {
        if (!isFramingError(error)) throw error;
      }
    }
    const answer = await this.#getTolerantly(request.path, signal);
    this.#isTolerant = true;
    return answer;
  }

  async #sendStrictly({ method, path, body }: BoxRequest, signal: AbortSignal): Promise<RawAnswer> {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const options = { method, path, headers, body: body ?? null, signal };
    const answer = await this.#pool.request(options);
    return {
      status: answer.statusCode,
      header: (name) => String(answer.headers[name] ?? ''),
      body: Buffer.from(await answer.body.arrayBuffer()),
    };
  }

  async #getTolerantly(path: string, signal: AbortSignal): Promise<RawAnswer> {
    const answer = await tolerantGet(this.#tolerantAgent, { ...this.#address, path }, signal);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) throw new errors.ResponseExceededMaxSizeError();
      chunks.push(chunk);
    }
    return {
      status: answer.statusCode ?? 0,
      header: (name) => String(answer.headers[name] ?? ''),
      body: Buffer.concat(chunks),
    };
  }

  #jsonIn(body: Buffer, contentType: string): JsonValue | undefined {
    try {
      const text = inUtf8(body, contentType);
      return holdsMoreValues(text, MAX_ANSWER_VALUES) ? undefined : this.#readJson(text);
    } catch {
      return undefined;
    }
  }
}

/** What undici says of an answer with an interim status like 100, which nobody asked for. */
const INTERIM_ANSWER = 'bad response';

/** Whether the head of an answer, or its length, is not what RFC 9112 says or undici expects. */
const isFramingError = (error: unknown): boolean =>
  error instanceof errors.HTTPParserError ||
  error instanceof errors.ResponseContentLengthMismatchError ||
  (error instanceof errors.SocketError && error.message === INTERIM_ANSWER);
