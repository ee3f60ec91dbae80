import { ClientError, gatewayError } from './errors.ts';
import { type ExecutionResult, parseExecutionResult } from './execution-result.ts';
import { type Fetch, platform } from './platform.ts';
import type { GraphQLRequest } from './wire.ts';

/** The part of the standard `AbortSignal` that the client uses. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface HttpOptions {
  readonly url: string;
  /** Where the gateway says whether a page's origin may ask. */
  readonly originUrl: string;
  /** Undefined: the platform's. */
  readonly fetch: Fetch | undefined;
  readonly token: string | undefined;
  readonly timeoutMs: number;
}

const ANY_QUERY: GraphQLRequest = { query: '{ __typename }', variables: {} };

const ignore = (_error: ClientError): void => undefined;

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
  async execute(request: GraphQLRequest, signal?: AbortSignalLike): Promise<object> {
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
      return await Promise.race([cancelled, this.#exchange(request, controller?.signal)]);
    } finally {
      controller?.abort();
      platform.clearTimeout(timer);
      this.#exchanges.delete(cancel);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Why the gateway refuses this client for good; undefined when it does not, or can't be asked. */
  async refusal(): Promise<ClientError | undefined> {
    try {
      await this.execute(ANY_QUERY);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      if (error.code === 'FORBIDDEN' || error.code === 'UNAUTHENTICATED') return error;
    }
    return undefined;
  }

  /** Rejects what is on its way. */
  dispose(): void {
    this.#disposed = true;
    for (const cancel of this.#exchanges) {
      cancel(new ClientError('CLOSED', 'The client was disposed.'));
    }
  }

  async #exchange(request: GraphQLRequest, signal: AbortSignal | undefined): Promise<object> {
    const { data, errors } = await this.#post(request, signal);
    if (data === null || errors.length > 0) throw gatewayError(errors);
    return data;
  }

  async #post(request: GraphQLRequest, signal: AbortSignal | undefined): Promise<ExecutionResult> {
    const { url, token } = this.#options;
    const fetch = this.#options.fetch ?? platform.fetch;
    if (fetch === undefined) {
      throw new ClientError(
        'UNSUPPORTED_PLATFORM',
        'Queries need fetch, and this platform has none: give one to createClient.',
      );
    }
    let status: number;
    let text: string;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          accept: 'application/graphql-response+json, application/json',
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(request),
        ...(signal !== undefined && { signal }),
      });
      status = response.status;
      text = await response.text();
    } catch (cause) {
      const refusal = await this.#originRefusal(fetch, signal);
      if (refusal !== undefined) throw refusal;
      throw new ClientError('NETWORK', `The gateway at ${url} could not be reached.`, { cause });
    }
    const result = parseBody(text);
    if (result !== undefined) return result;
    throw statusError(url, status);
  }

  /**
   * Browsers keep the refusal of a page's origin from the page, as if the gateway were away. The
   * gateway says it to any page at an address of its own. Sent without a header that a browser
   * would first ask about, and by POST, which always names the origin.
   */
  async #originRefusal(
    fetch: Fetch,
    signal: AbortSignal | undefined,
  ): Promise<ClientError | undefined> {
    if (platform.location === undefined) return undefined;
    const { originUrl } = this.#options;
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
      return errors.length > 0 ? gatewayError(errors) : statusError(originUrl, 403);
    } catch {
      // The gateway is away, as its caller says then.
      return undefined;
    }
  }
}

function parseBody(text: string): ExecutionResult | undefined {
  try {
    return parseExecutionResult(JSON.parse(text));
  } catch {
    // Not JSON: what it means is in the status.
    return undefined;
  }
}

function statusError(url: string, status: number): ClientError {
  const answer = `${url} answered ${status}, not with a GraphQL answer`;
  switch (status) {
    case 401:
      return new ClientError('UNAUTHENTICATED', `${answer}: the token is missing or wrong.`);
    case 403:
      return new ClientError('FORBIDDEN', `${answer}: this origin or host may not ask.`);
    case 502:
    case 503:
    case 504:
      return new ClientError('NETWORK', `${answer}: the gateway is away.`);
    default:
      return new ClientError('PROTOCOL', `${answer}: is this the address of a gateway?`);
  }
}
