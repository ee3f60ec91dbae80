import type { IncomingMessage } from 'node:http';
import { ClientShares } from '../client-shares.ts';
import type { LimitsConfig } from '../config/limits.ts';
import { ClientAddresses } from './client-addresses.ts';

export const TOO_MANY_FROM_ADDRESS =
  'Too many sockets and event streams are open from this address; close some, and use one socket for many operations.';

/** Counts the WebSockets and event streams that are open from each address. */
export class OpenByAddress {
  readonly clients: ClientAddresses;
  readonly #open: ClientShares;

  constructor({ socketsPerAddress, proxies }: Pick<LimitsConfig, 'socketsPerAddress' | 'proxies'>) {
    this.clients = new ClientAddresses(proxies);
    this.#open = new ClientShares(socketsPerAddress);
  }

  /** Addresses from which something is open. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * One more from where the request came; disposed of when it is closed. Undefined when it would
   * be one too many. What comes from this machine or a proxy itself, and is not forwarded for
   * somebody else, is not counted.
   */
  acquire(request: IncomingMessage): Disposable | undefined {
    return this.#open.acquire(this.clients.of(request));
  }
}
