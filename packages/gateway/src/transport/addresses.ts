import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import type { LimitsConfig } from '../config/limits.ts';
import { createNetworks } from '../config/network.ts';

export const TOO_MANY_FROM_ADDRESS =
  'Too many sockets and event streams are open from this address; close some, and use one socket for many operations.';

const LOOPBACK = ['127.0.0.0/8', '::1'];

/** Groups of an IPv6 address that one customer has at least: he may take any address of his /64. */
const GROUPS_OF_A_NETWORK = 4;

/** Counts what is open from each address; an address that has nothing open is forgotten. */
export class OpenByAddress {
  readonly #limit: number;
  readonly #isTrusted: (address: string) => boolean;
  readonly #open = new Map<string, number>();

  constructor({ socketsPerAddress, proxies }: Pick<LimitsConfig, 'socketsPerAddress' | 'proxies'>) {
    this.#limit = socketsPerAddress;
    this.#isTrusted = createNetworks([...LOOPBACK, ...proxies]).has;
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
    const address = this.#addressOf(request);
    if (address === undefined) return NOT_COUNTED;
    const open = this.#open.get(address) ?? 0;
    if (open >= this.#limit) return undefined;
    this.#open.set(address, open + 1);
    return { [Symbol.dispose]: () => this.#release(address) };
  }

  #release(address: string): void {
    const open = this.#open.get(address) ?? 0;
    if (open > 1) this.#open.set(address, open - 1);
    else this.#open.delete(address);
  }

  /** Each proxy adds whom it forwards for at the end: the last that is no proxy of ours is right. */
  #addressOf({ socket, headers }: IncomingMessage): string | undefined {
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
    const address = [...forwarded, socket.remoteAddress ?? '']
      .map((text) => text.trim().replace(/^::ffff:(?=\d+\.)/i, ''))
      .findLast((candidate) => candidate !== '' && !this.#isTrusted(candidate));
    if (address === undefined) return undefined;
    return isIPv6(address) ? networkOf(address) : address;
  }
}

const NOT_COUNTED: Disposable = { [Symbol.dispose]() {} };

/** The /64 that an address is in, in one way of writing. */
function networkOf(address: string): string {
  const [head = '', tail] = address.toLowerCase().replace(/%.*$/, '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  const groups = tail === undefined ? before : [...before, ...zeros, ...after];
  return groups
    .slice(0, GROUPS_OF_A_NETWORK)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
