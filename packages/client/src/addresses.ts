import { type Endpoint, resolveEndpoint } from './endpoint.ts';
import { ClientError } from './errors.ts';
import type { Retry } from './state.ts';

/**
 * The addresses of gateways that behave as one, and the address in use. The first one in use is
 * random, so that clients spread over the gateways; the others follow round robin.
 */
export class Addresses {
  readonly #first: Endpoint;
  readonly #all: readonly Endpoint[];
  #current: Endpoint;
  /** The newest failure of each address since `forget`. */
  readonly #failures = new Map<Endpoint, ClientError>();
  /** The addresses at which a gateway has answered. */
  readonly known = new Set<Endpoint>();

  /**
   * @param random uniform in [0, 1).
   * @throws {ClientError} INVALID_ARGUMENT for an empty list, and for an address that is no gateway's.
   */
  constructor(url: string | readonly string[], random: () => number) {
    const all = [url].flat().map((one) => resolveEndpoint(one));
    const [first] = all;
    if (first === undefined) {
      throw new ClientError(
        'INVALID_ARGUMENT',
        'url is an empty list: pass at least one address of a gateway.',
      );
    }
    this.#first = first;
    this.#all = all;
    this.#current = all[Math.floor(random() * all.length)] ?? first;
  }

  /** The address that connections and requests go to. */
  get current(): Endpoint {
    return this.#current;
  }

  /** The next address, round robin: the same one where there is no other. */
  after(endpoint: Endpoint): Endpoint {
    return this.#all[this.#all.indexOf(endpoint) + 1] ?? this.#first;
  }

  /** Goes on to the next address if this one is still in use. */
  leave(endpoint: Endpoint): void {
    if (endpoint === this.#current) this.#current = this.after(endpoint);
  }

  /**
   * Goes on to the next address, because the connection to the current one failed.
   *
   * @returns when to try the next one: `at once` as long as it has not failed; `never` when all have
   *   failed, and none in a way that may pass.
   */
  failed(error: ClientError): Retry {
    this.#failures.set(this.#current, error);
    this.leave(this.#current);
    if (!this.#failures.has(this.#current)) return 'at once';
    const mayPass = [...this.#failures.values()].some(({ retryable }) => retryable);
    return mayPass ? 'later' : 'never';
  }

  /** Forgets the failures: every address may be tried at once again. */
  forget(): void {
    this.#failures.clear();
  }
}

/** Codes of a gateway that can't serve now, whoever asks. */
const AWAY: ReadonlySet<string | undefined> = new Set([
  'SHUTTING_DOWN',
  'OVERLOADED',
  'ISSUER_UNAVAILABLE',
]);

/**
 * Whether the address or its gateway is at fault, so that another address may do better. A
 * credential, a rate or an operation that one gateway refuses is refused by all.
 */
export const isOfAddress = ({ code, errors }: ClientError): boolean =>
  code === 'NETWORK' ||
  code === 'TIMEOUT' ||
  code === 'PROTOCOL' ||
  errors.some((error) => AWAY.has(error.code));
