import { ClientError } from './errors.ts';
import { platform } from './platform.ts';

/** A credential of the gateway as text, or a function that gives one, at once or by a promise. */
export type Token = string | (() => string | PromiseLike<string>);

const CLOSED = 'The client is disposed.';

/** Gives connections and queries their token. */
export class TokenSource {
  /** Whether asking again may give another token. */
  readonly isRenewable: boolean;
  readonly #token: Token | undefined;
  readonly #timeoutMs: number;
  #latest: string | undefined;
  #asked: Promise<string> | undefined;
  #cancel: (error: ClientError) => void = () => undefined;
  #disposed = false;

  /** @param timeoutMs bounds one call of the function. */
  constructor(token: Token | undefined, timeoutMs: number) {
    this.isRenewable = typeof token === 'function';
    this.#token = token;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * A new token; undefined where the client has none. Callers at the same time share one call of
   * the function.
   *
   * @throws {ClientError} by its promise: TOKEN_UNAVAILABLE, or what the function threw when that is
   *   a ClientError; INVALID_ARGUMENT when it gave no text; CLOSED.
   */
  fresh(): string | undefined | Promise<string> {
    if (typeof this.#token !== 'function') return this.#token;
    if (this.#disposed) return Promise.reject(new ClientError('CLOSED', CLOSED));
    this.#asked ??= this.#ask(this.#token).finally(() => {
      this.#asked = undefined;
    });
    return this.#asked;
  }

  /** The newest token that the function gave, or its first. Throws as `fresh`. */
  current(): string | undefined | Promise<string> {
    return this.#latest ?? this.fresh();
  }

  /** Makes a request, and makes it once more with another token when its token was refused. */
  async using<T>(request: (token: string | undefined) => Promise<T>): Promise<T> {
    const token = await this.current();
    try {
      return await request(token);
    } catch (error) {
      if (!this.isRenewable || !isRefusal(error)) throw error;
      // Another request, or the connection, may have got a new one meanwhile.
      return request(this.#latest === token ? await this.fresh() : this.#latest);
    }
  }

  /** Rejects the call on its way. */
  dispose(): void {
    this.#disposed = true;
    this.#cancel(new ClientError('CLOSED', CLOSED));
  }

  async #ask(give: Exclude<Token, string>): Promise<string> {
    let timer: unknown;
    const cancelled = new Promise<never>((_, reject) => {
      this.#cancel = reject;
      const message = `The token function gave no token within ${this.#timeoutMs} ms.`;
      timer = platform.setTimeout(
        () => reject(new ClientError('TOKEN_UNAVAILABLE', message)),
        this.#timeoutMs,
      );
    });
    try {
      const token: unknown = await Promise.race([cancelled, (async () => give())()]);
      if (typeof token !== 'string') {
        const message = `The token function gave ${token === null ? 'null' : typeof token}; it has to give text.`;
        throw new ClientError('INVALID_ARGUMENT', message);
      }
      this.#latest = token;
      return token;
    } catch (cause) {
      if (cause instanceof ClientError) throw cause;
      const message = 'The token function failed; its error is the cause of this one.';
      throw new ClientError('TOKEN_UNAVAILABLE', message, { cause });
    } finally {
      platform.clearTimeout(timer);
    }
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof ClientError && error.code === 'UNAUTHENTICATED';
