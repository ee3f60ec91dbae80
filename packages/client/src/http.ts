import { type Addresses, isOfAddress } from './addresses.ts';
import { type BackoffBounds, backoffDelay } from './backoff.ts';
import { isKeyed, isMutation } from './document.ts';
import type { Endpoint } from './endpoint.ts';
import { ClientError, gatewayError } from './errors.ts';
import { type ExecutionResult, fieldsOf } from './execution-result.ts';
import { dataOf, isElsewhere, noSocket, notGraphQL, parseBody, redirected } from './http-answer.ts';
import { type Fetch, type FetchResponse, platform } from './platform.ts';
import type { TokenSource } from './token-source.ts';
import type { GraphQLRequest } from './wire.ts';

/** The part of the standard `AbortSignal` that the client uses. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface HttpOptions {
  readonly addresses: Addresses;
  /** Told of an address that is at fault: the next request may begin with another one. */
  readonly leave: (endpoint: Endpoint) => void;
  /** Undefined: the platform's. */
  readonly fetch: Fetch | undefined;
  readonly tokens: TokenSource;
  readonly timeoutMs: number;
  /** Between two rounds over all addresses. */
  readonly backoffMs: BackoffBounds;
}

const ANY_QUERY: GraphQLRequest = { query: '{ __typename }', variables: {} };

const ignore = (_error: ClientError): void => undefined;

/** The end of an exchange, in the forms that `fetch` and promises take. */
interface Bounds {
  readonly signal: AbortSignal | undefined;
  readonly cancelled: Promise<never>;
}

interface Answer {
  readonly result: ExecutionResult;
  /** Where it came from; undefined unless a redirect was followed. */
  readonly redirectedTo: string | undefined;
}

/** Queries over HTTP, each with an end: its answer, its time-out, the caller's signal, or ours. */
export class HttpTransport {
  readonly #options: HttpOptions;
  readonly #exchanges = new Set<(error: ClientError) => void>();
  #disposed = false;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  /**
   * @returns data, and no errors.
   * @throws {ClientError} any code; GRAPHQL for an answer with errors, even where it has data too.
   */
  execute(request: GraphQLRequest, signal?: AbortSignalLike): Promise<object> {
    return this.#bounded(
      (bounds) => this.#options.tokens.using((token) => this.#askInTurn(request, token, bounds)),
      signal,
    );
  }

  /**
   * Asks each address once, beginning with the current one, until one is not at fault. An act with
   * a key may have been done by one whose answer was lost, so it goes round until there is an answer.
   */
  async #askInTurn(
    request: GraphQLRequest,
    token: string | undefined,
    { signal, cancelled }: Bounds,
  ): Promise<object> {
    const { addresses, leave, backoffMs } = this.#options;
    const first = addresses.current;
    let endpoint = first;
    for (let round = 1; ; ) {
      try {
        const answer = this.#post(endpoint, request, token, signal);
        const { result } = await Promise.race([cancelled, answer]);
        return dataOf(result);
      } catch (error) {
        if (!(error instanceof ClientError && isOfAddress(error))) throw error;
        leave(endpoint);
        endpoint = addresses.after(endpoint);
        if (!isRepeatable(request, error)) throw error;
        if (endpoint !== first) continue;
        if (!error.retryable || !isKeyed(request.query)) throw error;
        await pause(backoffDelay(round, backoffMs, Math.random()), cancelled);
        round += 1;
      }
    }
  }

  async #bounded<T>(ask: (bounds: Bounds) => Promise<T>, signal?: AbortSignalLike): Promise<T> {
    if (this.#disposed) throw new ClientError('CLOSED', 'The client is disposed.');
    const controller = platform.AbortController && new platform.AbortController();
    let cancel = ignore;
    const cancelled = new Promise<never>((_, reject) => {
      cancel = reject;
    });
    const abort = (): void => cancel(new ClientError('ABORTED', 'The query was aborted.'));
    const { timeoutMs } = this.#options;
    const timer = platform.setTimeout(
      () => cancel(new ClientError('TIMEOUT', `No answer to a query in ${timeoutMs} ms.`)),
      timeoutMs,
    );
    this.#exchanges.add(cancel);
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    try {
      return await Promise.race([cancelled, ask({ signal: controller?.signal, cancelled })]);
    } finally {
      controller?.abort();
      platform.clearTimeout(timer);
      this.#exchanges.delete(cancel);
      signal?.removeEventListener('abort', abort);
    }
  }

  /**
   * Why no WebSocket could be opened, as far as HTTP tells: final for a client that is refused, and
   * for an address at which no gateway is. Undefined when the gateway can't be asked, or is away.
   * At an address where a gateway has been, anything else that answers is taken for a proxy whose
   * gateway is away: some answer 404 meanwhile.
   */
  async refusal(endpoint: Endpoint): Promise<ClientError | undefined> {
    const { addresses, tokens } = this.#options;
    try {
      const { result, redirectedTo } = await this.#bounded(async ({ signal }) =>
        this.#post(endpoint, ANY_QUERY, await tokens.current(), signal),
      );
      if (redirectedTo !== undefined) throw redirected(endpoint.http, redirectedTo);
      dataOf(result);
      return noSocket(endpoint.http);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      const { code } = error;
      const isFinal =
        code === 'FORBIDDEN' ||
        code === 'UNAUTHENTICATED' ||
        (code === 'PROTOCOL' && !addresses.known.has(endpoint));
      return isFinal ? error : undefined;
    }
  }

  /** Rejects what is on its way. */
  dispose(): void {
    this.#disposed = true;
    for (const cancel of this.#exchanges) {
      cancel(new ClientError('CLOSED', 'The client was disposed.'));
    }
  }

  async #post(
    endpoint: Endpoint,
    request: GraphQLRequest,
    token: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    const { addresses, fetch = platform.fetch } = this.#options;
    const url = endpoint.http;
    if (fetch === undefined) {
      throw new ClientError(
        'UNSUPPORTED_PLATFORM',
        'Queries need fetch, and this platform has none: pass one to createClient.',
      );
    }
    let response: FetchResponse;
    let text: string;
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: {
          accept: 'application/graphql-response+json, application/json',
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(request),
        ...(signal !== undefined && { signal }),
      });
      text = await response.text();
    } catch (cause) {
      const refusal = await this.#originRefusal(endpoint, fetch, signal);
      if (refusal !== undefined) throw refusal;
      throw new ClientError('NETWORK', `The gateway at ${url} could not be reached.`, { cause });
    }
    const result = parseBody(text);
    if (result === undefined || isElsewhere(response, result)) throw notGraphQL(url, response);
    const redirectedTo = response.redirected === true ? (response.url ?? '') : undefined;
    // An answer from elsewhere says nothing about this address.
    if (redirectedTo === undefined) addresses.known.add(endpoint);
    return { result, redirectedTo };
  }

  /**
   * Browsers keep the refusal of a page's origin from the page, as if the gateway were away. The
   * gateway says it to any page at an address of its own. Sent without a header that a browser
   * would first ask about, and by POST, which always names the origin.
   */
  async #originRefusal(
    { base }: Endpoint,
    fetch: Fetch,
    signal: AbortSignal | undefined,
  ): Promise<ClientError | undefined> {
    if (platform.location === undefined) return undefined;
    const originUrl = `${base}/origin`;
    try {
      const init = {
        method: 'POST',
        headers: {},
        body: '',
        ...(signal !== undefined && { signal }),
      };
      const response = await fetch(originUrl, init);
      if (response.status !== 403) return undefined;
      const errors = parseBody(await response.text())?.errors ?? [];
      return errors.length > 0 ? gatewayError(errors) : notGraphQL(originUrl, response);
    } catch {
      // The gateway is away, as its caller says then.
      return undefined;
    }
  }
}

/** Whether another address may be asked after this error. */
function isRepeatable({ query }: GraphQLRequest, { code, cause }: ClientError): boolean {
  if (code === 'TIMEOUT') return false;
  if (!isMutation(query) || isKeyed(query)) return true;
  const reason = cause instanceof Error ? fieldsOf(cause.cause)['code'] : undefined;
  return typeof reason === 'string' && NEVER_CONNECTED.test(reason);
}

/** Codes of Node for a connection that was never made. Browsers do not tell. */
const NEVER_CONNECTED = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/;

/** Ends early, by rejecting, with the exchange. */
async function pause(ms: number, cancelled: Promise<never>): Promise<void> {
  let timer: unknown;
  const over = new Promise<void>((resolve) => {
    timer = platform.setTimeout(resolve, ms);
  });
  try {
    await Promise.race([cancelled, over]);
  } finally {
    platform.clearTimeout(timer);
  }
}
